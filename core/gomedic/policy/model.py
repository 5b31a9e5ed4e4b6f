"""The values of a policy: what it demands, with the line of each demand, and what is known of the machine it is judged by."""

import re
from collections.abc import Mapping

from msgspec import Struct, field

from gomedic.limits import Limits
from gomedic.model import Account, Finding, Session
from gomedic.texts import Message
from gomedic.versions import version_key

_CONDITION = re.compile(
    r"(>=|<=|==|!=|>|<|)\s*((?:go)?\d+(?:\.\d+){0,2}(?:(?:rc|beta)\d+)?(?:-[\w.-]+)?)(\.x)?"
)


class Condition(Struct, frozen=True):
    """One bound of a range of versions."""

    sign: str  # >= <= == != > <, or "" for a series: 1.22 means every 1.22.x
    version: str

    def holds(self, version: str) -> bool:
        """Tell whether a release ("go1.22.10") keeps within the bound."""
        if self.sign == "":
            return re.match(rf"go{re.escape(self.version)}(?![0-9])", version) is not None
        found, bound = version_key(version), version_key(self.version)
        return {
            ">=": found >= bound, "<=": found <= bound, "==": found == bound, "!=": found != bound,
            ">": found > bound, "<": found < bound,
        }[self.sign]  # fmt: skip


class Versions(Struct, frozen=True):
    """A range of versions: all its conditions hold."""

    text: str
    conditions: tuple[Condition, ...]

    def hold(self, version: str) -> bool:
        """Tell whether a release is within the range."""
        return all(condition.holds(version) for condition in self.conditions)


def versions_of(text: str) -> Versions | None:
    """Return the range that a text means (">=1.22, <1.27", "1.22", "==1.22.10"); None where it means none."""
    conditions: list[Condition] = []
    for part in text.split(","):
        found = _CONDITION.fullmatch(part.strip())
        if found is None or (found[3] and found[1]):
            return None
        conditions.append(Condition(found[1], found[2].removeprefix("go")))
    return Versions(text, tuple(conditions))


class Line(Struct, frozen=True):
    """Where a policy demands something, word for word."""

    number: int
    text: str


class Signed(Struct, frozen=True):
    """What is known of a policy's signature."""

    state: str  # "good", "none", "not checked": there is one, but no key of the settings to check it by
    file: str | None = None
    signer: Message | None = None
    fingerprint: str | None = None
    made: str | None = None  # ISO 8601, UTC


class Policy(Struct, frozen=True):
    """What must hold. A demand that is None or empty is not made."""

    file: str
    name: str = ""
    versions: Versions | None = None
    sessions: tuple[str, ...] = ("terminal",)  # kinds where all of it must hold
    goroot: str | None = None
    variables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # each one of these values
    cache_writable: bool = False
    cache_warm: bool = False
    cache_room: int | None = None  # bytes
    no_root: bool = False
    limits: Limits | None = None
    forbidden: tuple[str, ...] = ()  # checks that must find nothing, hints included
    ignored: tuple[str, ...] = ()  # checks whose findings do not count
    lines: Mapping[str, Line] = field(default_factory=dict)  # by "table.key"
    signed: Signed = Signed("none")
    sha256: str = ""


class Cache(Struct, frozen=True):
    """The build cache of a session; None: not known."""

    folder: str
    writable: bool | None
    warm: bool | None
    room: int | None  # bytes


class Observed(Struct, frozen=True):
    """What a policy is judged by."""

    account: Account
    sessions: tuple[Session, ...]
    findings: tuple[Finding, ...]
    settings: Mapping[str, Mapping[str, str]]  # kind of session -> variable -> what its go takes
    caches: Mapping[str, Cache]  # by kind of session
