"""The ways to override the machine's Go that root, or whoever makes the image, would have to go."""

import os
import shlex
from collections.abc import Iterator, Mapping

import psutil

from gomedic.facts import Facts
from gomedic.fixes.lines import edit
from gomedic.fixes.shell_text import path_line, set_line
from gomedic.model import IMAGE, EditFile, Origin
from gomedic.overrides.judging import judge_path
from gomedic.overrides.own_ways import IN_FILE, added, has_goroot, typed
from gomedic.overrides.values import ACCOUNT, IMAGE_AUTHOR, ROOT, Target, Way
from gomedic.sessions.base import Base
from gomedic.texts import N_, Message

PROFILE_D = N_("a script in /etc/profile.d")
LINK = N_("a link to go in {folder}")
ALTERNATIVES = N_("update-alternatives, a link in /usr/bin")
ETC_ENVIRONMENT = N_("PATH in /etc/environment (PAM)")
IMAGE_ENV = N_("ENV in the image")
ENTRYPOINT = N_("export in the image's entrypoint")
LEAVES_ALONE = N_("update-alternatives leaves {path} alone, for it is a file and no link.")
CRON_PASSES_OVER = N_("cron passes over the PATH of /etc/environment.")
NO_PAM = N_("This is not started through PAM.")
NEXT_DESKTOP_LOGIN = N_("A terminal gets it with the next login to the desktop, which cannot be tried here.")
NOT_FROM_IMAGE = N_("This starts with an environment of its own, not with the image's.")
BESIDE_ENTRYPOINT = N_("docker exec starts beside the entrypoint, with the environment of the image.")
STARTED_BESIDE = N_("This terminal was not started by the entrypoint, but beside it.")
PROFILE_FILE = "/etc/profile.d/zz-go.sh"  # sorts behind the others, which run in this order
ENVIRONMENT = "/etc/environment"
_USUAL = (
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # Ubuntu's own line, but for the games
)


def other_ways(facts: Facts, target: Target, *, has_alternatives: bool) -> Iterator[Way]:
    """Yield them; for root they are its own. `has_alternatives`: update-alternatives is on the machine."""
    root = ACCOUNT if facts.is_root else ROOT
    if os.path.isdir(os.path.dirname(PROFILE_FILE)) and not os.path.lexists(PROFILE_FILE):
        yield _profile_d(facts, target, root)
    yield _system_link("system-link", LINK, "/usr/local/bin", target, root)
    if has_alternatives:
        yield _alternatives(target, root)
    if os.path.isfile(ENVIRONMENT):
        yield _etc_environment(facts, target, root)
    if facts.in_container:
        yield from _of_the_image(facts, target)


def _lines(facts: Facts, target: Target) -> list[str]:
    goroot = [set_line("GOROOT", target.root, "", "sh")] if has_goroot(facts, target) else []
    return [*goroot, path_line(target.folder, "", "sh", first=True)]


def _profile_d(facts: Facts, target: Target, by: str) -> Way:
    content = "".join(f"{line}\n" for line in _lines(facts, target)).encode("utf-8", "surrogateescape")
    steps = (EditFile(path=PROFILE_FILE, before=None, after=content, privileged=True),)
    return Way(
        "profile-d",
        by,
        Message(PROFILE_D),
        judge_path,
        tuple(added(facts, steps)),
        steps,
        folder=target.folder,
    )


def _system_link(name: str, title: str, folder: str, target: Target, by: str) -> Way:
    path = os.path.join(folder, "go")
    how = shlex.join(["ln", "-sfn", target.binary, path])
    return Way(
        name, by, Message(title, {"folder": folder}), judge_path, (typed(how),), links=(path,), folder=folder
    )


def _alternatives(target: Target, by: str) -> Way:
    path, title = "/usr/bin/go", Message(ALTERNATIVES)
    how = (typed(shlex.join(["update-alternatives", "--install", path, "go", target.binary, "100"])),)
    if os.path.lexists(path) and not os.path.islink(path):
        every = _for_all(Message(LEAVES_ALONE, {"path": path}))
        return Way("alternatives", by, title, judge_path, how, folder="/usr/bin", beyond=every)
    return Way("alternatives", by, title, judge_path, how, links=(path,), folder="/usr/bin")


def _for_all(reason: Message) -> Mapping[str, Message]:
    return dict.fromkeys(("terminal", "ssh", "login", "command", "exec", "cron", "sudo"), reason)


# ------------------------------------------------------------------ before any start-up file


def _etc_environment(facts: Facts, target: Target, by: str) -> Way:
    """pam_env expands nothing: the whole PATH must be written out."""
    text = (facts.read(ENVIRONMENT) or b"").decode("utf-8", "surrogateescape")
    found = (line.partition("=")[2] for line in text.split("\n") if line.startswith("PATH="))
    given = next(found, _USUAL).strip("\"'")
    new = [f'PATH="{target.folder}:{given}"']
    if has_goroot(facts, target):
        new.append(f"GOROOT={target.root}")
    steps = (_without(facts, new),)
    here = Message(NO_PAM) if facts.in_container else Message(NEXT_DESKTOP_LOGIN)
    beyond = {"cron": Message(CRON_PASSES_OVER), "exec": Message(NO_PAM), "sudo": Message(NO_PAM)}
    if facts.in_container:
        beyond["terminal"] = here
    return Way(
        "etc-environment", by, Message(ETC_ENVIRONMENT), judge_path, tuple(Message(IN_FILE, {"file": ENVIRONMENT, "line": line}) for line in new),
        steps, folder=target.folder, rebase=lambda bases: bases, beyond=beyond,
        untried={} if facts.in_container else {"terminal": here},
    )  # fmt: skip


def _without(facts: Facts, new: list[str]) -> EditFile:
    """Return the step that sets variables in /etc/environment in place of what it says of them now."""
    names = tuple(line.partition("=")[0] + "=" for line in new)

    def change(lines: list[str]) -> list[str]:
        kept = [line if line.endswith("\n") else line + "\n" for line in lines if not line.startswith(names)]
        return [*kept, *(f"{line}\n" for line in new)]

    step = edit(facts, ENVIRONMENT, change)
    return EditFile(path=step.path, before=step.before, after=step.after, privileged=True)


def _of_the_image(facts: Facts, target: Target) -> Iterator[Way]:
    variables = {"GOROOT": target.root} if has_goroot(facts, target) else {}
    others = dict.fromkeys(("ssh", "login", "command", "cron", "sudo"), Message(NOT_FROM_IMAGE))
    shown = [*(f"{name}={value}" for name, value in variables.items()), f"PATH={target.folder}:$PATH"]
    yield Way(
        "image-env", IMAGE_AUTHOR, Message(IMAGE_ENV), judge_path, tuple(typed(f"ENV {line}") for line in shown),
        folder=target.folder, beyond=others, rebase=lambda bases: _with(bases, ("terminal", "exec"), target, variables),
    )  # fmt: skip
    under = _started_by_the_first_process()
    beyond = (
        others
        | {"exec": Message(BESIDE_ENTRYPOINT)}
        | ({} if under else {"terminal": Message(STARTED_BESIDE)})
    )
    yield Way(
        "entrypoint", IMAGE_AUTHOR, Message(ENTRYPOINT), judge_path, tuple(typed(f"export {line}") for line in shown),
        folder=target.folder, beyond=beyond,
        rebase=lambda bases: _with(bases, ("terminal",) if under else (), target, variables),
    )  # fmt: skip


def _started_by_the_first_process() -> bool:
    """Tell whether this process descends from process 1; what docker exec starts does not."""
    return any(parent.pid == 1 for parent in psutil.Process().parents())


def _with(
    bases: Mapping[str, Base], kinds: tuple[str, ...], target: Target, variables: Mapping[str, str]
) -> Mapping[str, Base]:
    """Return the base environments with the target first on PATH where it comes from the image."""
    return {kind: _first(base, target, variables) if kind in kinds else base for kind, base in bases.items()}


def _first(base: Base, target: Target, variables: Mapping[str, str]) -> Base:
    if base.origin("PATH") != IMAGE:
        return base
    path = f"{target.folder}:{base.env.get('PATH', '')}".rstrip(":")
    origins: Mapping[str, Origin] = {**base.origins, **dict.fromkeys(variables, IMAGE)}
    return Base({**base.env, **variables, "PATH": path}, origins)
