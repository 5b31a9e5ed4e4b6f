"""Fetch a Go release, verify it, and make it the account's own in every session."""

import os
from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import structs

from gomedic import journal
from gomedic.facts import Facts
from gomedic.fixes.lines import MARK, edit, merged
from gomedic.fixes.path import put_on_path, unset_for
from gomedic.fixes.shell_text import path_line, unset_line
from gomedic.fixes.variables import drop
from gomedic.host import Host
from gomedic.model import EditFile, Fix, InstallToolchain, MakeLink, Step
from gomedic.texts import N_, Message

LATEST = N_("Download, verify and install the newest Go for this account")
VERSION = N_("Download, verify and install Go {version} for this account")
OTHER = N_("Use Go {version} in {root} instead")
NOTE = N_(
    "Its sum and its signature are checked before anything is unpacked. It needs a network, or a source in the settings."
)
STARTED_BY = ("terminal", "ssh", "login", "command")


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
        s.kind for s in facts.sessions if s.kind in STARTED_BY and folder not in {e.entry for e in s.path}
    ]
    if lacking:
        steps += put_on_path(facts, folder, lacking, first=True)
    return merged((*steps, *_without_goroot(facts, root)))


def _without_goroot(facts: Facts, root: str) -> tuple[Step, ...]:
    """A GOROOT of another Go would spoil the new one."""
    spoilt = [
        s
        for s in facts.sessions
        if s.kind in STARTED_BY and facts.setting(s, "GOROOT").value not in ("", root)
    ]
    if not spoilt:
        return ()
    origin = facts.setting(spoilt[0], "GOROOT").origin
    hit = tuple(session.kind for session in spoilt)
    if origin.path is not None and facts.writable(origin.path):
        return drop(facts, "GOROOT", origin, hit)
    return unset_for(facts, "GOROOT", hit)


def leave_steps(host: Host, facts: Facts, root: str) -> tuple[Step, ...]:
    """Return the steps that take away what `switch_steps` put there: the link `current`, and the lines that name it.

    None where the link leads to another toolchain, which stays the account's Go.
    """
    link = os.path.join(os.path.dirname(root), "current")
    before = os.readlink(link) if os.path.islink(link) else None
    if before != os.path.basename(root):
        return ()
    lines = _without_our_lines(host, facts, os.path.join(link, "bin"))
    return (*lines, MakeLink(path=link, before=before, after=None))


def _without_our_lines(host: Host, facts: Facts, folder: str) -> Iterator[EditFile]:
    """Take back the lines that fixes of ours added for `folder`; a file that they made goes with its last line."""
    for path, words in _added_lines(host, facts, folder).items():
        step = edit(facts, path, partial(without_blocks, words=words))
        if step.before is not None and step.after != step.before and not step.privileged:
            made = any(before.path == path and before.before is None for before in _edits(host))
            yield structs.replace(step, after=None) if made and not step.after else step


def _added_lines(host: Host, facts: Facts, folder: str) -> dict[str, set[str]]:
    """Return, for each file into which a fix put `folder`, the lines that are to go."""
    families = ("bash", "fish")
    ours = {path_line(folder, facts.home, family, first=True) for family in families}
    unset = {unset_line("GOROOT", family) for family in families}
    found: dict[str, set[str]] = {}
    for step in _edits(host):
        new = set(_lines(step.after)) - set(_lines(step.before))
        if new & ours:
            found.setdefault(step.path, set()).update(new & (ours | unset))
    for path in {path for session in facts.sessions for path in session.files}:  # where no receipt tells
        if ours & set(_lines(facts.read(path))):
            found.setdefault(path, set()).update(ours)
    return found


def _edits(host: Host) -> Iterator[EditFile]:
    for receipt in journal.history(host.state_folder).receipts:
        if receipt.state != "taken back":
            yield from (step for step in receipt.steps if isinstance(step, EditFile))


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "surrogateescape").splitlines()


def without_blocks(lines: Sequence[str], words: set[str]) -> list[str]:
    """Leave out each of the lines, with the mark before it and the empty line that was added with both."""
    kept: list[str] = []
    rest = list(lines)
    while rest:
        line = rest.pop(0)
        if line.rstrip("\n") not in words or not kept or kept[-1].rstrip("\n") != MARK:
            kept.append(line)
            continue
        kept.pop()
        if kept and kept[-1] == "\n":
            kept.pop()
        elif not kept and rest and rest[0] == "\n":
            rest.pop(0)
    return kept
