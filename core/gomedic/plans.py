"""What using or removing a toolchain of ours would do: a fix, which can be shown before it is carried out."""

import os

from gomedic.facts import Facts
from gomedic.fixes.install import leave_steps, switch_steps
from gomedic.host import Host
from gomedic.model import Examination, Finding, Fix, InstallToolchain, Session, Severity
from gomedic.texts import N_, Message

WISH = "toolchain"  # stands for the check
INSTALL = N_("Install Go {version}")
NEWEST = N_("Install the newest Go")
USE = N_("Use Go {version}")
REMOVE = N_("Remove Go {version}")


def to_install(version: str, source: str | None = None, to: str | None = None) -> Fix:
    """Return the fix that fetches a release, verifies it and puts it into its place."""
    wanted = InstallToolchain(version, source, to)
    return Fix("install", title(NEWEST if version == "latest" else INSTALL, version), install=wanted)


def to_use(host: Host, examination: Examination, version: str, to: str | None = None) -> Fix:
    """Return the fix that makes an installed toolchain the account's Go, with `to` "/opt" that of all accounts.

    Raises NotInstalled.
    """
    from gomedic.toolchain.command import installed_path
    from gomedic.toolchain.targets import steps_to_switch, target

    place = target(host, to, None)
    if place.shared:
        steps = steps_to_switch(place, host, version)
    else:
        steps = switch_steps(Facts(host, starting(examination)), installed_path(host, version))
    return Fix("use", title(USE, version), steps)


def to_remove(host: Host, examination: Examination, version: str) -> Fix:
    """Return the fix that takes a toolchain of ours away, with what leads to it. Raises NotInstalled."""
    from gomedic.toolchain.command import installed_path, steps_to_remove

    root = installed_path(host, version)
    leave = leave_steps(host, Facts(host, starting(examination)), root)
    return Fix("remove", title(REMOVE, os.path.basename(root)), (*leave, *steps_to_remove(host, version)))


def wish(fix: Fix, sessions: tuple[str, ...] = ()) -> Finding:
    """Return what stands for the finding where a person asks for a toolchain outright; `sessions` it concerns."""
    version = str(fix.title.values["version"])
    return Finding(WISH, version, Severity.HINT, fix.title, Message(""), (), sessions=sessions)


def is_wish(finding: Finding) -> bool:
    """Tell whether a finding is what `wish` returned."""
    return finding.check == WISH


def removes(fix: Fix) -> bool:
    """Tell whether a fix is what `to_remove` returned."""
    return fix.id == "remove" and fix.title.text == REMOVE


def starting(examination: Examination) -> list[Session]:
    """Return the sessions that are ways of starting, not running processes."""
    return [session for session in examination.sessions if not session.is_process]


def title(text: str, version: str) -> Message:
    """Return one of the titles above."""
    return Message(text, {"version": version.removeprefix("go")})
