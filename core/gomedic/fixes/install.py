"""Fetch a Go release, verify it, and make it the account's own in every session."""

import os

from gomedic.facts import Facts
from gomedic.fixes.lines import merged
from gomedic.fixes.path import put_on_path, unset_for
from gomedic.fixes.variables import drop
from gomedic.host import Host
from gomedic.model import Fix, InstallToolchain, MakeLink, Step
from gomedic.texts import N_, Message

LATEST = N_("Download, verify and install the newest Go for this account")
VERSION = N_("Download, verify and install Go {version} for this account")
OTHER = N_("Use Go {version} in {root} instead")
NOTE = N_(
    "Its sum and its signature are checked before anything is unpacked. It needs a network, or a source in the settings."
)
_STARTED_BY = ("terminal", "ssh", "login", "command")


def install_go(_facts: Facts, version: str) -> Fix:
    """Return the fix that installs a release ("latest", "go1.22.10") and puts it first on PATH."""
    title = (
        Message(LATEST) if version == "latest" else Message(VERSION, {"version": version.removeprefix("go")})
    )
    return Fix("install", title, install=InstallToolchain(version), note=Message(NOTE))


def use_other(facts: Facts, broken: str, kinds: tuple[str, ...]) -> tuple[Fix, ...]:
    """Return the fix that puts another, whole Go in front of a broken one, where there is another."""
    other = next((tool for tool in facts.usable() if tool.root != broken), None)
    if other is None:
        return ()
    steps = put_on_path(facts, os.path.join(other.root, "bin"), kinds, first=True)
    title = Message(OTHER, {"version": other.version.removeprefix("go"), "root": facts.short(other.root)})
    return (Fix("use-other", title, steps, safe=True),)


def switch_steps(facts: Facts, root: str) -> tuple[Step, ...]:
    """Return the steps that make the tree at `root`, one of gomedic's own, the account's Go in all sessions.

    Start-up files name the link `current` beside it, so that the next switch is one step.
    """
    link = os.path.join(os.path.dirname(root), "current")
    name = os.path.basename(root)
    before = os.readlink(link) if os.path.islink(link) else None
    steps: list[Step] = [] if before == name else [MakeLink(path=link, before=before, after=name)]
    folder = os.path.join(link, "bin")
    lacking = [
        s.kind for s in facts.sessions if s.kind in _STARTED_BY and folder not in {e.entry for e in s.path}
    ]
    if lacking:
        steps += put_on_path(facts, folder, lacking, first=True)
    return merged((*steps, *_without_goroot(facts, root)))


def _without_goroot(facts: Facts, root: str) -> tuple[Step, ...]:
    """A GOROOT of another Go would spoil the new one."""
    spoilt = [
        s
        for s in facts.sessions
        if s.kind in _STARTED_BY and facts.setting(s, "GOROOT").value not in ("", root)
    ]
    if not spoilt:
        return ()
    origin = facts.setting(spoilt[0], "GOROOT").origin
    hit = tuple(session.kind for session in spoilt)
    if origin.path is not None and facts.writable(origin.path):
        return drop(facts, "GOROOT", origin, hit)
    return unset_for(facts, "GOROOT", hit)


def leave_steps(host: Host, version: str) -> tuple[Step, ...]:
    """Return the steps that take away the link `current`, where it leads to this version."""
    link = os.path.join(host.data_folder, "toolchains", "current")
    before = os.readlink(link) if os.path.islink(link) else None
    return (MakeLink(path=link, before=before, after=None),) if before == version else ()
