"""The start-up files of each kind of shell, by its manual, and which of them a session passes over."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gomedic.files import HERE, Files
from gomedic.model import SkippedFile
from gomedic.sessions.script import Mode
from gomedic.sessions.trace import Trace

FAMILIES = {
    "bash": "bash", "rbash": "bash", "sh": "sh", "dash": "sh", "ash": "sh", "busybox": "sh",
    "zsh": "zsh", "fish": "fish",
}  # fmt: skip
SNIPPET_FOLDERS = {"profile.d": ".sh", "conf.d": ".fish", "environment.d": ".conf"}
"""The ending that names must have to be read, per name of folder."""
_PUT_ASIDE = (".bak", ".disabled", ".off", ".old", ".orig", ".save", "~")
_BASH_LOGIN = (".bash_profile", ".bash_login", ".profile")


def family_of(shell: str, files: Files = HERE) -> str:
    """Return which family of shells a program belongs to: bash, sh, zsh, fish; "" for another."""
    name = os.path.basename(shell)
    if name == "sh":
        name = os.path.basename(files.real(shell))
        return "sh" if name == "bash" else FAMILIES.get(name, "sh")
    return FAMILIES.get(name, "")


def candidates(family: str, home: str, env: Mapping[str, str], files: Files = HERE) -> list[str]:
    """Return every start-up file that a shell of `family` may read, in order, whether it exists or not."""
    if family in ("bash", "sh"):
        own = (
            [".bash_profile", ".bash_login", ".profile", ".bashrc", ".bash_aliases"]
            if family == "bash"
            else [".profile"]
        )
        system = [
            "/etc/profile",
            *_snippets("/etc/profile.d", files),
            *(["/etc/bash.bashrc"] if family == "bash" else []),
        ]
        return [*system, *(os.path.join(home, name) for name in own)]
    if family == "zsh":
        folders = dict.fromkeys([env.get("ZDOTDIR") or home, home])  # ~/.zshenv may be what moves the others
        names = ("zshenv", "zprofile", "zshrc", "zlogin")
        return [
            path
            for name in names
            for path in (f"/etc/zsh/{name}", *(os.path.join(folder, f".{name}") for folder in folders))
        ]
    if family == "fish":
        config = os.path.join(env.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "fish")
        snippets = [*_snippets(os.path.join(config, "conf.d"), files), *_snippets("/etc/fish/conf.d", files)]
        return [
            *snippets,
            "/etc/fish/config.fish",
            os.path.join(config, "config.fish"),
            os.path.join(config, "fish_variables"),
        ]
    return []


def all_candidates(home: str, env: Mapping[str, str], files: Files = HERE) -> dict[str, str]:
    """Return every start-up file with the family of shells it is for, those of PAM included.

    What both bash and sh read counts as for sh.
    """
    found = {
        path: family
        for family in ("fish", "zsh", "bash", "sh")
        for path in candidates(family, home, env, files)
    }
    return {**found, "/etc/environment": "pam"}


def _snippets(folder: str, files: Files) -> list[str]:
    try:
        return sorted(os.path.join(folder, name) for name in files.names(folder))
    except OSError:
        return []


def skipped(
    family: str,
    mode: Mode,
    home: str,
    trace: Trace,
    texts: Mapping[str, Sequence[str] | None],
    files: Files = HERE,
) -> tuple[SkippedFile, ...]:
    """Return the start-up files that a session of this kind should have read, and did not to their end."""
    found = [
        *_unreadable(_expected(family, mode, home, files), files),
        *_wrongly_named(family, mode, home, files),
        *_masked(family, mode, home, files),
    ]
    for file, line in trace.returned.items():
        lines = texts.get(file)
        text = lines[line - 1].strip() if lines and 0 < line <= len(lines) else None
        found.append(SkippedFile(file, "returned early", line, text))
    return tuple(found)


def _expected(family: str, mode: Mode, home: str, files: Files) -> list[str]:
    if family == "sh" or (family == "bash" and mode.login):
        first = ["/etc/profile", *(p for p in _snippets("/etc/profile.d", files) if p.endswith(".sh"))]
        own = next((p for p in _login_files(family, home) if files.is_there(p)), None)
        return [*first, *([own] if own else [])] if mode.login else []
    if family == "bash":
        return ["/etc/bash.bashrc", os.path.join(home, ".bashrc")]
    if family == "zsh":
        names = ["zshenv", *(["zprofile"] if mode.login else []), *(["zshrc"] if mode.interactive else [])]
        return [os.path.join(home, f".{name}") for name in names]
    return candidates(family, home, {}, files)


def _login_files(family: str, home: str) -> list[str]:
    return [os.path.join(home, name) for name in (_BASH_LOGIN if family == "bash" else (".profile",))]


def _unreadable(paths: Iterable[str], files: Files) -> Iterator[SkippedFile]:
    """Yield what cannot be read; a folder that cannot be searched once, instead of each file in it."""
    told = set()
    for path in paths:
        folder = os.path.dirname(path)
        if files.is_folder(folder) and not files.may(folder, os.X_OK):
            if folder not in told:
                told.add(folder)
                yield SkippedFile(folder, "unreadable")
        elif (files.exists(path) or _is_left_link(path, files)) and not files.may(path, os.R_OK):
            yield SkippedFile(path, "unreadable")


def _is_left_link(path: str, files: Files) -> bool:
    """Tell whether an account's own file is a link to nothing, as moved dotfiles leave it; packages leave such links too."""
    return os.path.basename(path).startswith(".") and files.is_there(path) and not files.exists(path)


def _wrongly_named(family: str, mode: Mode, home: str, files: Files) -> Iterator[SkippedFile]:
    of_fish = ("/etc/fish/conf.d", os.path.join(home, ".config/fish/conf.d"))
    of_logins = ("/etc/profile.d",) if family in ("bash", "sh") and mode.login else ()
    for folder in of_fish if family == "fish" else of_logins:
        for path in _snippets(folder, files):
            read = path.endswith(SNIPPET_FOLDERS[os.path.basename(folder)])
            if not read and not path.endswith(_PUT_ASIDE) and files.is_file(path):
                yield SkippedFile(path, "suffix")


def _masked(family: str, mode: Mode, home: str, files: Files) -> Iterator[SkippedFile]:
    """Of the three login files bash reads only the first that it can read (bash(1), INVOCATION)."""
    if family != "bash" or not mode.login:
        return
    readable = [path for path in _login_files(family, home) if files.may(path, os.R_OK)]
    for path in readable[1:]:
        yield SkippedFile(path, f"masked by {readable[0]}")
