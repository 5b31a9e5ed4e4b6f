"""The ways to override the machine's Go that need nobody but the account itself."""

import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from difflib import ndiff

from gomedic.facts import Facts
from gomedic.fixes.lines import MARK, append, replace_matching
from gomedic.fixes.path import add_lines
from gomedic.fixes.shell_text import path_line, set_line
from gomedic.fixes.variables import in_go_env_file
from gomedic.model import EditFile, MakeFolder, MakeLink, Session, Step
from gomedic.overrides.judging import judge_path
from gomedic.overrides.judging_settings import (
    TYPED,
    judge_alias,
    judge_beside,
    judge_chosen,
    judge_goroot,
    judge_toolchain,
)  # fmt: skip
from gomedic.overrides.shims import tree_of
from gomedic.overrides.values import ACCOUNT, STARTED, Outcome, Seen, Target, Way
from gomedic.probes.go_settings import env_file
from gomedic.texts import N_, Message

EXPORT_PATH = N_("export PATH, in {files}")
EXPORT_BOTH = N_("export GOROOT and PATH, in {files}")
EXPORT_GOROOT = N_("export GOROOT alone, in {files}")
EXPORT_TOOLCHAIN = N_("export GOTOOLCHAIN, in {files}")
ALIAS = N_("alias go, in {files}")
LINK = N_("a link to go in {folder}")
EXPORT_PATH_AT_END = N_("export PATH, at the end of {files}")
EXPORT_BOTH_AT_END = N_("export GOROOT and PATH, at the end of {files}")
IN_FILE = N_("{file}: {line}")
AT_TOP = N_("{file}, at the top: {line}")
GO_ENV = N_("go env -w {name}")
BESIDE = N_("go install golang.org/dl/{name}@latest")
CHOOSE = N_("a choice of {manager}, in {file}")
SCRIPTS_DO_NOT = N_("Scripts, make and editors do not see an alias.")
NEEDS_NETWORK = N_("It needs a network and a module proxy, and was not tried.")
_GOROOT, _TOOLCHAIN = "GOROOT", "GOTOOLCHAIN"


def own_ways(facts: Facts, target: Target) -> Iterator[Way]:
    """Yield them, the most usual first."""
    yield from _exports(facts, target)
    yield _link(facts, target)
    yield from _alias(facts, target)
    yield from _go_env(facts, target)
    yield from _chosen(facts, target)
    yield _beside(facts, target)


def has_goroot(facts: Facts, target: Target) -> bool:
    """Tell whether some session sets GOROOT to another tree, so that to change PATH alone is not enough."""
    values = (facts.setting(session, _GOROOT).value for session in facts.sessions)
    return any(value and os.path.realpath(value) != os.path.realpath(target.root) for value in values)


def _exports(facts: Facts, target: Target) -> Iterator[Way]:
    def path(family: str) -> str:
        return path_line(target.folder, facts.home, family, first=True)

    def goroot(family: str) -> str:
        return set_line(_GOROOT, target.root, facts.home, family)

    def toolchain(family: str) -> str:
        return set_line(_TOOLCHAIN, target.name, facts.home, family)

    lines = _Lines(facts, target)
    if has_goroot(facts, target):
        yield from lines.first_or_last(
            "export-goroot-path", (EXPORT_BOTH, EXPORT_BOTH_AT_END), lambda f: [goroot(f), path(f)]
        )
        yield from lines.way("export-path", EXPORT_PATH, judge_path, lambda f: [path(f)])
    else:
        yield from lines.first_or_last("export-path", (EXPORT_PATH, EXPORT_PATH_AT_END), lambda f: [path(f)])
    yield from lines.way("export-goroot", EXPORT_GOROOT, judge_goroot, lambda f: [goroot(f)])
    yield from lines.way("export-gotoolchain", EXPORT_TOOLCHAIN, judge_toolchain, lambda f: [toolchain(f)])


class _Lines:
    """Builds the ways that are lines in the account's start-up files, as the doctor's fixes would add them."""

    def __init__(self, facts: Facts, target: Target) -> None:
        self._facts = facts
        self._target = target

    def first_or_last(
        self, name: str, titles: tuple[str, str], lines: Callable[[str], Sequence[str]]
    ) -> Iterator[Way]:
        """Yield the way that is for every session, and, where that is not at the end of the file, the one that is."""
        ways = [*self.way(name, titles[0], judge_path, lines)]
        at_end = [*self.way(f"{name}-at-end", titles[1], judge_path, lines, TYPED)]
        yield from ways
        if [way.steps for way in ways] != [way.steps for way in at_end]:
            yield from at_end

    def way(
        self,
        name: str,
        title: str,
        judge: Callable[[Seen], Outcome],
        lines: Callable[[str], Sequence[str]],
        kinds: Sequence[str] = STARTED,
        note: Message | None = None,
    ) -> Iterator[Way]:
        steps = add_lines(self._facts, kinds, lines)
        if not steps:  # no shell here reads a file of the account's
            return
        files = [self._facts.short(step.path) for step in steps if isinstance(step, EditFile)]
        yield Way(
            name, ACCOUNT, Message(title, {"files": ", ".join(files)}), judge, tuple(added(self._facts, steps)), steps,
            folder=self._target.folder, note=note,
        )  # fmt: skip


def added(facts: Facts, steps: Sequence[Step]) -> Iterator[Message]:
    """Yield the lines that steps add, each with its file, and that they come first where they do."""
    for step in steps:
        if isinstance(step, EditFile):
            told = [
                line for line in ndiff(_lines(step.before), _lines(step.after)) if not line.startswith("?")
            ]
            text = AT_TOP if step.before and told[0].startswith("+") else IN_FILE
            for line in told:
                if line.startswith("+ ") and line[2:].strip() and line[2:] != MARK:
                    yield Message(text, {"file": facts.short(step.path), "line": line[2:]})


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "surrogateescape").split("\n")


# ------------------------------------------------------------------ a link


def typed(line: str) -> Message:
    """Return a line to be typed, as it is."""
    return Message("{line}", {"line": line})


def _link(facts: Facts, target: Target) -> Way:
    """A link in the folder of the home that comes first on PATH in most sessions, else in ~/.local/bin."""
    folder = _early_folder(facts) or os.path.join(facts.home, ".local/bin")
    path = os.path.join(folder, "go")
    before = os.readlink(path) if os.path.islink(path) else None
    made = facts.missing_folders(folder)
    how = (
        *([shlex.join(["mkdir", "-p", folder])] if made else []),
        shlex.join(["ln", "-s", target.binary, path]),
    )
    return Way(
        "link", ACCOUNT, Message(LINK, {"folder": facts.short(folder)}), judge_path, tuple(map(typed, how)),
        (*(MakeFolder(path=name) for name in made), MakeLink(path=path, before=before, after=target.binary)),
        (path,), folder,
    )  # fmt: skip


def _early_folder(facts: Facts) -> str | None:
    """Return the folder of the home that comes before any go on PATH in most sessions."""
    counted: dict[str, int] = {}
    for session in facts.judged_sessions:
        for folder in _before_go(facts, session):
            counted[folder] = counted.get(folder, 0) + 1
    return max(counted, key=lambda folder: counted[folder], default=None)


def _before_go(facts: Facts, session: Session) -> Iterator[str]:
    home = os.path.realpath(facts.home).rstrip("/") + "/"
    trees = {os.path.realpath(os.path.join(tool.root, "bin")) for tool in facts.toolchains}
    for entry in session.path:
        folder, real = entry.entry, os.path.realpath(entry.entry)
        if facts.holds_go(folder):
            return
        if (
            folder.startswith("/")
            and f"{real}/".startswith(home)
            and facts.can_make(real)
            and real not in trees
        ):
            yield folder


# ------------------------------------------------------------------ an alias


def _alias(facts: Facts, target: Target) -> Iterator[Way]:
    def line(family: str) -> str:
        return f"alias go {target.binary}" if family == "fish" else f"alias go={shlex.quote(target.binary)}"

    yield from _Lines(facts, target).way(
        "alias", ALIAS, judge_alias, lambda family: [line(family)], TYPED, Message(SCRIPTS_DO_NOT)
    )


# ------------------------------------------------------------------ go's own settings


def _go_env(facts: Facts, target: Target) -> Iterator[Way]:
    """What `go env -w` writes goes into one file, that of the first session where it could be typed."""
    session = next((s for s in facts.judged_sessions if s.go is not None), None)
    path = env_file(session) if session is not None else None
    if path is None:
        return
    for name, value, judge in (
        (_GOROOT, target.root, judge_goroot),
        (_TOOLCHAIN, target.name, judge_toolchain),
    ):
        yield Way(
            f"go-env-{name.lower()}", ACCOUNT, Message(GO_ENV, {"name": name}), judge, (typed(f"go env -w {name}={value}"),),
            in_go_env_file(facts, path, name, value), folder=target.folder,
        )  # fmt: skip


def _chosen(facts: Facts, target: Target) -> Iterator[Way]:
    """Where a version manager's shim runs and the target is one of its own, it can be told."""
    found = (facts.manager(session) for session in facts.judged_sessions)
    manager = next((manager for manager in found if manager is not None), None)
    versions = manager.installed if manager is not None else ()
    version = next(
        (
            v
            for v in versions
            if manager and os.path.realpath(tree_of(manager, v)) == os.path.realpath(target.root)
        ),
        None,
    )
    if manager is None or version is None:
        return
    line = manager.choice_line.format(version=version)
    start = manager.choice_line.partition("{")[0]
    step = replace_matching(facts, manager.choice_file, start, line)
    step = step or append(facts, manager.choice_file, [line])
    title = Message(CHOOSE, {"manager": manager.name, "file": facts.short(manager.choice_file)})
    yield Way(
        "version-manager",
        ACCOUNT,
        title,
        judge_chosen,
        tuple(added(facts, (step,))),
        (step,),
        folder=target.folder,
    )


def _beside(facts: Facts, target: Target) -> Way:
    """The command goes where the first session with a go would have it (go help install)."""
    session = next((s for s in facts.judged_sessions if s.go is not None), facts.sessions[0])
    gopath = facts.gopath(session)
    folder = facts.setting(session, "GOBIN").value or os.path.join(gopath[0] if gopath else facts.home, "bin")
    how = (typed(f"go install golang.org/dl/{target.name}@latest"), typed(f"{target.name} download"))
    title = Message(BESIDE, {"name": target.name})
    return Way("golang-dl", ACCOUNT, title, judge_beside, how, folder=folder, note=Message(NEEDS_NETWORK))
