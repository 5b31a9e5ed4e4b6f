"""What the window shows of an image: the report, the launch-way table in words, set-ups that can be written."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from gomedic.model import Examination, Finding, MadeBy, Progress, Severity
from gomedic.texts import N_, Message

if TYPE_CHECKING:
    from gomedic.exporting import Generated, Kind
    from gomedic.host import Host
    from gomedic.images.model import ImageReport, LaunchWay, NotRead
    from gomedic.policy.model import Policy

_READ = N_("The image was read, nothing of it was started.")
_RUN = N_("The image's shells and its entry point were started, in a box without network.")


class SetUp(Struct, frozen=True):
    """A set-up as it would be written, and what to know of it; or why it cannot be written."""

    made: "Generated | None"
    notes: tuple[Message, ...] = ()


def checking(
    host: "Host", path: str, run: bool, policy: "Policy | None" = None
) -> "Iterator[Progress | ImageReport | NotRead]":
    """Yield progress and the report on an image. Imports what it takes only now: an examination must be quick."""
    from gomedic.images.checking import check_images

    return check_images([path], run_on=host if run else None, policy=policy)


def kinds() -> "tuple[Kind, ...]":
    """Return the kinds of set-up."""
    from gomedic.exporting import KINDS

    return KINDS


def set_up(kind: str, seen: Examination | None, goroot: str, china: bool) -> SetUp:
    """Return a set-up for the machine that was examined, or for the Go at `goroot`."""
    from msgspec.structs import replace

    from gomedic.exporting import ExportRefusedError, Options, generate, kind_named
    from gomedic.exporting.archives import CHINA_PROXY
    from gomedic.exporting.suggesting import Suggestion, suggested

    try:
        wanted = kind_named(kind)
        found = suggested(wanted, seen) if seen is not None and not goroot else Suggestion(Options())
        options = (
            replace(found.options, goroot=goroot) if goroot and "goroot" in wanted.uses else found.options
        )
        if "version" in wanted.uses and not options.version:
            options = replace(options, version="latest")
        if china and "goproxy" in wanted.uses:
            options = replace(options, goproxy=CHINA_PROXY)
        made = generate(wanted, options)
    except ExportRefusedError as refused:
        return SetUp(None, (refused.message,))
    return SetUp(made, (*found.notes, *made.warnings))


# ------------------------------------------------------------------ in words


def level_of(report: "ImageReport | NotRead") -> str:
    """Return the level of the sign beside an image."""
    from gomedic.images.model import NotRead

    if isinstance(report, NotRead):
        return "unknown"
    severities = [finding.severity for finding in report.examination.findings]
    worst = next((s for s in (Severity.ERROR, Severity.WARNING) if s in severities), None)
    return worst.value if worst else "ok"


def verdict_of_image(report: "ImageReport | NotRead", name: str) -> Message:
    """Return the verdict on an image in one sentence."""
    from gomedic.images.model import NotRead
    from gomedic.images.report import REFUSED, verdict

    if isinstance(report, NotRead):
        return Message(REFUSED, {"name": name, "reason": report.reason})
    return verdict(report, name)


def certainty(report: "ImageReport") -> Message:
    """Return whether the answers were read or measured."""
    return Message(_RUN if report.certainty == "measured" else _READ)


def where_from(made: MadeBy | None) -> Message | None:
    """Return the layer and the command that put something there."""
    from gomedic.images.report import made_by_message

    return made_by_message(made) if made is not None else None


def command_of(way: "LaunchWay") -> str:
    """Return the command that starts work that way."""
    from gomedic.images.report import COMMANDS

    return COMMANDS[way.way]


def found_in_words(way: "LaunchWay") -> Message:
    """Return whether a way finds go."""
    from gomedic.images.report import FOUND

    return Message(FOUND[way.found])


def grave_first(findings: tuple[Finding, ...]) -> list[Finding]:
    """Return the findings with hints last."""
    return sorted(findings, key=lambda finding: finding.severity is Severity.HINT)
