"""No Go can be found anywhere on the machine."""

from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.install import install_go
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("Go is installed")
WHY = N_("Without Go on the machine, no session can run `go`.")
MISSING = N_("There is no Go on this machine: no session has `go`, and none lies in the usual places.")


def _run(facts: Facts) -> Iterator[Finding]:
    if facts.toolchains or any(session.go for session in facts.sessions) or _is_named(facts):
        return
    seen = tuple(
        told("go: not found in PATH=" + ":".join(e.entry for e in s.path), s) for s in facts.judged_sessions
    )
    yield Finding(
        check="no-go-installed",
        subject="go",
        severity=Severity.ERROR,
        message=Message(MISSING),
        why=Message(WHY),
        evidence=seen,
        fixes=(install_go(facts, "latest"),),
        sessions=kinds(facts.judged_sessions),
        weight=100,
    )


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
