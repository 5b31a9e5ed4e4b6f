"""What an export is made for where the person says nothing: the Go that this machine has, and its settings."""

from msgspec import Struct
from msgspec.structs import replace

from gomedic.exporting.judging import judged
from gomedic.exporting.values import ExportRefusedError, Kind, Options
from gomedic.model import Examination, Session, Toolchain
from gomedic.texts import N_, Message
from gomedic.versions import is_official

_NO_GO = N_("No Go that works was found on this machine, so the set-up is made for {goroot}.")
_SECRET = N_("GOPROXY of this machine is left out, for it has a password in it; --goproxy sets one.")
_SESSIONS = (
    "terminal",
    "ssh",
    "login",
    "exec",
)  # the first that has a Go that works tells which is the person's


class Suggestion(Struct, frozen=True):
    """Options for a kind, and what a person should know of them."""

    options: Options
    notes: tuple[Message, ...] = ()


def suggested(kind: Kind, examination: Examination) -> Suggestion:
    """Return what a set-up of this kind is best made for on the machine that was examined."""
    session = _session(examination)
    toolchain = _toolchain(examination, session)
    options = Options(goroot=toolchain.root) if toolchain else Options()
    notes: tuple[Message, ...] = ()
    if session is not None:
        options, notes = _with_settings(kind, options, session)
    if "version" in kind.uses:
        known = toolchain is not None and is_official(toolchain.version)
        options = replace(options, version=toolchain.version if toolchain and known else "latest")
    elif toolchain is None:
        notes = (Message(_NO_GO, {"goroot": options.goroot}),)
    if "home" in kind.uses and examination.account.uid:
        options = replace(options, user=examination.account.name, home=examination.account.home)
    return Suggestion(options if _fits(kind, options) else Options(goroot=options.goroot), notes)


def _session(examination: Examination) -> Session | None:
    every = {session.kind: session for session in reversed(examination.sessions)}
    having = (every[kind] for kind in _SESSIONS if kind in every)
    return next((session for session in having if _healthy(examination, session)), None)


def _healthy(examination: Examination, session: Session) -> Toolchain | None:
    """Return the toolchain that a session runs, where it works."""
    root = session.go.root if session.go else None
    return next((tool for tool in examination.toolchains if tool.root == root and tool.healthy), None)


def _toolchain(examination: Examination, session: Session | None) -> Toolchain | None:
    """Return the person's own Go: what their sessions run, else the newest that works."""
    if session is not None:
        return _healthy(examination, session)
    return next((tool for tool in examination.toolchains if tool.healthy and tool.root), None)


def _with_settings(kind: Kind, options: Options, session: Session) -> tuple[Options, tuple[Message, ...]]:
    """Add GOPATH and GOPROXY where the person's sessions set them, and the kind can carry them."""
    proxy = _value(session, "GOPROXY")
    secret = "@" in proxy
    gopath = "" if kind.fetches else _gopath(session)  # what a build machine fetches into is its own
    for field, value in (("gopath", gopath), ("goproxy", "" if secret else proxy)):
        if value and field in kind.uses and _fits(kind, replace(options, **{field: value})):
            options = replace(options, **{field: value})
    return options, (Message(_SECRET),) if secret else ()


def _gopath(session: Session) -> str:
    """Return the first folder of GOPATH, below ~ where it lies in the home."""
    path = _value(session, "GOPATH").split(":")[0]
    home = _value(session, "HOME").rstrip("/")
    return "~" + path[len(home) :] if home and path.startswith(home + "/") else path


def _value(session: Session, name: str) -> str:
    return session.variables[name].value if name in session.variables else session.environment.get(name, "")


def _fits(kind: Kind, options: Options) -> bool:
    """Tell whether a kind can be made so; what was not asked for must not be what stops it."""
    try:
        kind.make(judged(kind, options))
    except ExportRefusedError:
        return False
    return True
