"""Whether an override that goes without PATH would do: an alias, GOROOT, GOTOOLCHAIN, a command beside go."""

import os

from gomedic.model import GoCommand, Session
from gomedic.overrides.judging import failed, first_go, is_target, judge_path, told, with_settings, works
from gomedic.overrides.shims import manager_of
from gomedic.overrides.values import Outcome, Seen
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain, version_key

TYPED_ONLY = N_("An alias counts only where somebody types.")
ALIAS_LOST = N_("The alias is not set there.")
SAME_COMMAND = N_(
    "`go` stays {path}, Go {version}; with the files of another release it stops: the versions do not match."
)
STAYS = N_("`go` stays {path}, Go {version}.")
NO_GO = N_("No `go` is on PATH there, and this puts none on it.")
TOO_OLD = N_("Go {version} does not know GOTOOLCHAIN; Go 1.21 was the first that does.")
OVERRULED = N_("{place} sets {name}={value}, which counts instead.")
UNKNOWN_RELEASE = N_("It cannot be told which release {path} is.")
CHOSEN_BY = N_("{chosen_in} chooses Go {chosen} for {path}.")
NOT_SET = N_("{name} is not set there.")
PROXY_OFF = N_(
    "go finds no {name} on PATH or in its module cache, and GOPROXY=off in {place} forbids the download."
)
WOULD_DOWNLOAD = N_(
    "go finds no {name} on PATH or in its module cache, and would download it; that was not tried."
)
BESIDE = N_("`go` stays Go {version}; {name} is a command beside it.")
BESIDE_NOT_ON_PATH = N_("`go` stays Go {version}; {name} comes into {folder}, which is not on PATH there.")
ALONE = N_("No `go` is on PATH there; {name} is a command of its own.")
TYPED = ("terminal", "ssh")  # kinds of session in which somebody types
_KNOWS_TOOLCHAINS = "1.21"


def judge_alias(seen: Seen) -> Outcome:
    """Tell whether a person who types `go` gets the target."""
    session = seen.after
    if session.kind in TYPED and session.alias is not None and seen.target.binary in session.alias:
        target = seen.target
        return with_settings(
            seen, GoCommand(target.binary, target.binary, target.version or None, target.root)
        )
    _entry, go = first_go(session, seen)
    if go is not None and is_target(go, seen.target):
        return judge_path(seen)
    return failed(seen, go, Message(ALIAS_LOST if session.kind in TYPED else TYPED_ONLY))


def judge_goroot(seen: Seen) -> Outcome:
    """Tell what GOROOT alone does: the command stays the one that PATH leads to."""
    _entry, go = first_go(seen.after, seen)
    if go is None:
        return failed(seen, None, Message(NO_GO))
    if is_target(go, seen.target):
        return judge_path(seen)
    root = seen.settings.get(seen.after, "GOROOT")
    values: Values = {"path": go.path, "version": plain(go.version)}
    if os.path.realpath(root.value or "/") == os.path.realpath(seen.target.root):
        return failed(seen, go, Message(SAME_COMMAND, values))
    if root.value:
        values = {"name": "GOROOT", "value": root.value, "place": told(seen, root.origin)}
        return failed(seen, go, Message(OVERRULED, values), seen.now(root.origin))
    return failed(seen, go, Message(STAYS, values))


def judge_chosen(seen: Seen) -> Outcome:
    """Tell whether a version manager's shim is what runs, and heeds the choice."""
    _entry, go = first_go(seen.after, seen)
    if go is None:
        return failed(seen, None, Message(NO_GO))
    if is_target(go, seen.target):
        return judge_path(seen)
    manager = manager_of(seen.host, seen.after, go)
    if manager is not None and manager.chosen is not None:
        values: Values = {"chosen": manager.chosen, "chosen_in": manager.chosen_in or "", "path": go.path}
        return failed(seen, go, Message(CHOSEN_BY, values))
    return failed(seen, go, Message(STAYS, {"path": go.path, "version": plain(go.version)}))


def judge_toolchain(seen: Seen) -> Outcome:
    """Tell whether the go that runs would hand over to the target (go.dev/doc/toolchain)."""
    _entry, go = first_go(seen.after, seen)
    if go is None:
        return failed(seen, None, Message(NO_GO))
    if is_target(go, seen.target):
        return judge_path(seen)
    if go.version is None:
        reason = Message(UNKNOWN_RELEASE, {"path": go.path})
        return Outcome(seen.after.kind, "untried", None, go.path, reason=reason)
    if version_key(go.version) < version_key(_KNOWS_TOOLCHAINS):
        return failed(seen, go, Message(TOO_OLD, {"version": plain(go.version)}))
    chosen, name = seen.settings.get(seen.after, "GOTOOLCHAIN"), seen.target.name
    if chosen.value != name:
        values: Values = {"name": "GOTOOLCHAIN", "value": chosen.value, "place": told(seen, chosen.origin)}
        reason = Message(OVERRULED if chosen.where == "environment" else NOT_SET, values)
        return failed(seen, go, reason, seen.now(chosen.origin))
    return _handed_over(seen, go, name)


def _handed_over(seen: Seen, go: GoCommand, name: str) -> Outcome:
    if (path := _at_hand(seen, name)) is not None:
        return works(seen, name, path)
    proxy = seen.settings.get(seen.after, "GOPROXY")
    if proxy.value.split(",")[0] == "off":
        values: Values = {"name": name, "place": told(seen, proxy.origin)}
        return failed(seen, go, Message(PROXY_OFF, values), seen.now(proxy.origin))
    return Outcome(
        seen.after.kind, "untried", go.version, go.path, reason=Message(WOULD_DOWNLOAD, {"name": name})
    )


def _at_hand(seen: Seen, name: str) -> str | None:
    """Return the command go1.22.10 on PATH, or the tree of that release in the module cache."""
    for entry in seen.after.path:
        path = os.path.join(entry.entry, name)
        if entry.entry.startswith("/") and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    cached = os.path.join(
        _module_cache(seen), f"golang.org/toolchain@v0.0.1-{name}.linux-{seen.facts.native_arch}"
    )
    return cached if seen.facts.is_folder(cached) else None


def _module_cache(seen: Seen) -> str:
    gopath = seen.settings.get(seen.after, "GOPATH").value.split(":")[0]
    return seen.settings.get(seen.after, "GOMODCACHE").value or os.path.join(gopath, "pkg", "mod")


def judge_beside(seen: Seen) -> Outcome:
    """Tell what `go install golang.org/dl/go1.22.10@latest` gives: a command of its own, in a folder that PATH may lack."""
    _entry, go = first_go(seen.after, seen)
    if go is not None and is_target(go, seen.target):
        return judge_path(seen)
    reachable = _is_on_path(seen.after, seen.way.folder)
    values: Values = {"name": seen.target.name, "folder": seen.facts.short(seen.way.folder)}
    if go is None:
        return failed(seen, None, Message(ALONE if reachable else NO_GO, values))
    values |= {"version": plain(go.version)}
    return failed(seen, go, Message(BESIDE if reachable else BESIDE_NOT_ON_PATH, values))


def _is_on_path(session: Session, folder: str) -> bool:
    return any(os.path.realpath(entry.entry) == os.path.realpath(folder) for entry in session.path)
