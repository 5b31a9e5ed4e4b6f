"""A policy file, read strictly, its signature verified before anything in it is used."""

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from msgspec.structs import replace

from gomedic import checks
from gomedic.host import Host
from gomedic.limits import Limits, LimitsError, limits_of
from gomedic.policy.model import Line, Policy, Signed, Versions, versions_of
from gomedic.settings import Settings, SettingsError
from gomedic.texts import N_, Message

LARGEST = 1 << 20  # bytes of a policy
SIGNATURES = (".asc", ".sig")
KINDS = ("terminal", "ssh", "login", "command", "exec", "run", "cron", "sudo", "editor")

_NO_FILE = N_("The policy {file} cannot be read.")
_TOO_LARGE = N_("The policy {file} is larger than a policy can be.")
_NOT_TOML = N_("The policy {file} is not valid TOML: {why}.")
_UNKNOWN = N_("{file}:{line}: “{key}” is nothing that a policy demands; known here are {known}.")
_WRONG = N_("{file}:{line}: “{key}” must be {expected}, not {found}.")
_UNSIGNED = N_(
    "The policy {file} is not signed, and the settings demand that policies are: nothing was judged by it."
)
_NO_KEY = N_(
    "The policy {file} is signed, but the settings name no key for policies (policy_keys), and they demand that it is verified."
)
_BAD = N_("The signature of the policy {file} is refused: {reason}")
_TEXT = Message(N_("a text"))
_VERSIONS = Message(N_("a range of versions, such as “>=1.22, <1.27”, “1.22” or “==1.22.10”"))
_SWITCH = Message(N_("true or false"))
_SESSIONS = Message(N_("a list of sessions: {known}"), {"known": ", ".join(KINDS)})
_VALUES = Message(N_("a text, or a list of the texts that will do"))
_SIZE = Message(N_("a size, such as “200m”"))
_CHECKS = Message(N_("a list of names of checks"))
_FOLDER = Message(N_("an absolute folder"))
_LIMITS = Message(N_("limits, such as “memory=512m,pids=128”"))
_TABLE = Message(N_("a table"))
_HEAD = re.compile(r"\s*\[\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"\s*([\w-]+|\"[^\"]*\"|'[^']*')\s*[=.]")


class PolicyError(SettingsError):
    """A policy that cannot be followed, or must not be; `message` says why in a sentence."""


def read_policy(host: Host, settings: Settings, path: str) -> Policy:
    """Return the policy in a file, verified first where a signature lies beside it. Raises PolicyError.

    The bytes that were verified are the ones that are read.
    """
    file = os.path.join(host.cwd, path)
    data = host.read(file)
    if data is None:
        raise PolicyError(_NO_FILE, file=path)
    if len(data) > LARGEST:
        raise PolicyError(_TOO_LARGE, file=path)
    signed = _verified(host, settings, file, data)
    try:
        policy = policy_of(data.decode("utf-8-sig"), file)
    except UnicodeDecodeError as error:
        raise PolicyError(_NOT_TOML, file=path, why=str(error)) from None
    return replace(policy, signed=signed, sha256=hashlib.sha256(data).hexdigest())


def _verified(host: Host, settings: Settings, file: str, data: bytes) -> Signed:
    from gomedic.toolchain import signature  # slow, and most policies are not signed
    from gomedic.toolchain.errors import ToolchainError

    beside = next((file + ending for ending in SIGNATURES if os.path.lexists(file + ending)), None)
    if beside is None:
        if settings.signed_policies:
            raise PolicyError(_UNSIGNED, file=file)
        return Signed("none")
    if not settings.policy_keys:
        if settings.signed_policies:
            raise PolicyError(_NO_KEY, file=file)
        return Signed("not checked", beside)
    try:
        keys = tuple(signature.key_in(host, path) for path in settings.policy_keys)
        question = signature.Question("", file, host.read(beside) or b"", beside, keys)
        good = signature.check_bytes(host, data, question)
    except ToolchainError as error:
        raise PolicyError(_BAD, file=file, reason=error.message) from None
    return Signed("good", beside, good.signer, good.primary, good.made)


def policy_of(text: str, file: str) -> Policy:
    """Return the policy that a text writes down. Raises PolicyError, which names key and line."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PolicyError(_NOT_TOML, file=file, why=str(error)) from None
    return _Judge(file, text.split("\n")).policy(data)


class _Judge:
    """Decodes one file."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self._file = file
        self._lines = lines
        self._used: dict[str, Line] = {}

    def policy(self, data: Mapping[str, Any]) -> Policy:
        fields: dict[str, Any] = {}
        for key, value in data.items():
            if key == "variables":
                fields["variables"] = self._variables(value)
            elif key in _TABLES:
                if not isinstance(value, dict):
                    self._wrong("", key, _TABLE, value)
                for inner, found in value.items():
                    fields |= self._field(key, inner, found, _TABLES[key])
            else:
                fields |= self._field("", key, value, _TOP)
        return Policy(self._file, **fields, lines=self._used)

    def _field(self, table: str, key: str, value: object, known: "_Fields") -> dict[str, Any]:
        if key not in known:
            names = [*known, *(() if table else (*_TABLES, "variables"))]
            self._refuse(_UNKNOWN, table, key, key=key, known=", ".join(names))
        name, read, expected = known[key]
        decoded = read(value)
        if decoded is None:
            self._wrong(table, key, expected, value)
        self._used[f"{table}.{key}".lstrip(".")] = self._line(table, key)
        return {name: decoded}

    def _variables(self, value: object) -> dict[str, tuple[str, ...]]:
        if not isinstance(value, dict):
            self._wrong("", "variables", _TABLE, value)
        found: dict[str, tuple[str, ...]] = {}
        for name, demanded in value.items():
            values = (demanded,) if isinstance(demanded, str) else demanded
            if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
                self._refuse(_UNKNOWN, "variables", name, key=name, known="GOPROXY, GO111MODULE, …")
            if (
                not isinstance(values, tuple | list)
                or not all(isinstance(each, str) for each in values)
                or not values
            ):
                self._wrong("variables", name, _VALUES, demanded)
            found[name] = tuple(values)
            self._used[f"variables.{name}"] = self._line("variables", name)
        return found

    def _wrong(self, table: str, key: str, expected: Message, found: object) -> NoReturn:
        self._refuse(_WRONG, table, key, key=key, expected=expected, found=f"{found!r:.60}")

    def _refuse(self, text: str, table: str, name: str, /, **values: str | Message) -> NoReturn:
        raise PolicyError(text, file=self._file, line=self._line(table, name).number, **values)

    def _line(self, table: str, key: str) -> Line:
        """Return the line of a key in a table; of the table's head where it is not found."""
        inside, head = "", 1
        for number, text in enumerate(self._lines, 1):
            if (found := _HEAD.match(text)) is not None:
                inside = found[1].strip("\"'")
                head = number if inside == (table or key) else head
            elif (
                (assigned := _KEY.match(text)) is not None
                and inside == table
                and assigned[1].strip("\"'") == key
            ):
                return Line(number, text.strip())
        return Line(head, self._lines[head - 1].strip() if self._lines else "")


# ------------------------------------------------------------------ what a key may hold


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _switch(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _needs_no_root(value: object) -> bool | None:
    return not value if isinstance(value, bool) else None


def _range(value: object) -> Versions | None:
    return versions_of(value) if isinstance(value, str) else None


def _folder(value: object) -> str | None:
    return value if isinstance(value, str) and value.startswith("/") else None


def _given_limits(value: object) -> Limits | None:
    try:
        return limits_of(value) if isinstance(value, str) and value else None
    except LimitsError:
        return None


def _size(value: object) -> int | None:
    found = _given_limits(f"memory={value}") if isinstance(value, str) else None
    return found.memory if found is not None else None


def _kinds(value: object) -> tuple[str, ...] | None:
    return (
        tuple(value) if isinstance(value, list) and value and all(kind in KINDS for kind in value) else None
    )


def _names(value: object) -> tuple[str, ...] | None:
    known = {check.id for check in checks.ALL}
    return tuple(value) if isinstance(value, list) and all(name in known for name in value) else None


_Fields = Mapping[str, tuple[str, Callable[[object], Any], Message]]
_TOP: _Fields = {"name": ("name", _text, _TEXT), "limits": ("limits", _given_limits, _LIMITS)}
_TABLES: Mapping[str, _Fields] = {
    "go": {
        "version": ("versions", _range, _VERSIONS),
        "sessions": ("sessions", _kinds, _SESSIONS),
        "root": ("goroot", _folder, _FOLDER),
    },
    "cache": {
        "writable": ("cache_writable", _switch, _SWITCH),
        "warm": ("cache_warm", _switch, _SWITCH),
        "room": ("cache_room", _size, _SIZE),
    },
    "account": {"root": ("no_root", _needs_no_root, _SWITCH)},
    "findings": {"forbid": ("forbidden", _names, _CHECKS), "ignore": ("ignored", _names, _CHECKS)},
}
