"""No Go can be found anywhere on the machine."""

import stat
from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.install import install_go
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("Go is installed")
WHY = N_("Without Go on the machine, no session can run `go`.")
MISSING = N_("There is no Go on this machine: no session has `go`, and none lies in the usual places.")
CLOSED = N_(
    "{folder} cannot be searched by {account}, so whatever Go lies there cannot be used; there is no other."
)
OPEN = N_("Whoever unpacked it can let everybody read it: sudo chmod -R a+rX {folder}")
_PLACES = ("/usr/local/go", "/usr/local/go/bin", "/opt/go", "/opt/go/bin")


def _run(facts: Facts) -> Iterator[Finding]:
    if facts.toolchains or any(session.go for session in facts.sessions) or _is_named(facts):
        return
    seen = tuple(
        told("go: not found in PATH=" + ":".join(e.entry for e in s.path), s) for s in facts.judged_sessions
    )
    closed = next((folder for folder in _PLACES if _is_closed(facts, folder)), None)
    values: Values = {"folder": closed or "", "account": facts.account.name}
    yield Finding(
        check="no-go-installed",
        subject="go",
        severity=Severity.ERROR,
        message=Message(CLOSED if closed else MISSING, values),
        why=Message(WHY),
        evidence=(*((told(_mode(facts, closed), None, closed),) if closed else ()), *seen),
        fixes=(install_go(facts, "latest"),),
        advice=(Message(OPEN, values),) if closed else (),
        sessions=kinds(facts.judged_sessions),
        weight=100,
    )


def _is_closed(facts: Facts, folder: str) -> bool:
    """Tell whether the account may not look up names in a folder: not even that of the folder itself."""
    return facts.is_folder(folder) and not facts.exists(f"{folder}/.")


def _mode(facts: Facts, folder: str) -> str:
    info = facts.stat(folder)
    return f"{stat.filemode(info.st_mode)} uid {info.st_uid} {folder}"


def _is_named(facts: Facts) -> bool:
    """Tell whether a start-up file, of whatever shell, names a folder with a go in it."""
    return any(
        facts.holds_go(mention.folder) for path in facts.startup for mention in facts.mentions_in(path)
    )


CHECK = Check(
    "no-go-installed",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(MISSING),
    found=N_(
        "`go` is looked for on every PATH, and in the places where Go is usually unpacked or installed."
    ),
    cured=N_(
        "The fix downloads the newest Go, checks its sum and its signature, and makes it the Go of your account, without root. In a container this may simply be the wrong image: the image golang has Go in it."
    ),
    threads=("docker-library/golang#164", "jenkins-x/jenkins-x-builders#253", "https://go.dev/doc/install"),
)
