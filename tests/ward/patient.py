"""What a patient is: the file that says how to break a machine, what is seen then, and what must hold once cured."""

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, field

SessionKind = Literal["terminal", "ssh", "login", "command", "exec", "cron"]


class Claim(Struct, frozen=True, forbid_unknown_fields=True):
    """What a command shows in a session of some kind; regular expressions over its whole output."""

    session: SessionKind
    run: str
    prints: str | None = None
    silent_about: str | None = None
    fails: bool | None = None


class Expectation(Struct, frozen=True, forbid_unknown_fields=True):
    """The diagnosis: acceptable check names, and strings that the finding must mention."""

    finding: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Patient(Struct, frozen=True, forbid_unknown_fields=True):
    """One broken (or healthy) machine; the keys of its file, explained in README.md."""

    story: str
    source: str
    setup: str
    id: str = ""
    user: str = "student"
    shell: str = "/bin/bash"
    sudo: bool = True
    env: dict[str, str] = field(default_factory=dict)
    examine_from: SessionKind = "terminal"
    workdir: str = "~"
    symptom: tuple[Claim, ...] = ()
    cure: str | None = None
    well: tuple[Claim, ...] = ()
    expect: Expectation = Expectation()
    curable: bool = True
    userns: bool = True
    healthy: bool = False


class Report(Struct, kw_only=True, omit_defaults=True):
    """What came of one patient; a verdict that was not asked for is None and left out of the JSON."""

    id: str
    ok: bool | None = None
    ill: bool | None = None
    diagnosed: bool | None = None
    first: bool | None = None  # the diagnosis came before every other finding
    cured: bool | None = None
    restored: bool | None = None
    quiet: bool | None = None
    noise: int | None = None  # other findings that are no consequence of one
    seconds: float | None = None
    seen: list[str] = field(default_factory=list)  # what was otherwise than it had to be


VERDICTS = ("ill", "diagnosed", "first", "cured", "restored", "quiet", "ok")


def load(path: Path) -> Patient:
    """Return the patient of a file, its id the file's name. Raises msgspec.ValidationError for a key that is none."""
    patient = msgspec.toml.decode(path.read_bytes(), type=Patient)
    return patient if patient.id else msgspec.structs.replace(patient, id=path.stem)
