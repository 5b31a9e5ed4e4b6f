"""The image's PATH has Go, and a login shell builds PATH anew without it."""

from collections.abc import Iterator

from gomedic.checks._words import SSH, kinds, seen, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.path import put_on_path
from gomedic.model import EditFile, Evidence, Finding, Fix, Session, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("Logins keep the Go of the image")
WHY = N_(
    "/etc/profile builds PATH from a fixed list, so what the image put on PATH with ENV is lost in every login."
)
FOUND = N_(
    "The image puts {folder} on PATH, but logins build PATH anew without it: {where} cannot find `go`."
)
OWN = N_("Put {folder} on PATH in your start-up files")
FOR_ALL = N_("Put {folder} on PATH for every account, in /etc/profile.d")
SNIPPET = "/etc/profile.d/golang.sh"


def _run(facts: Facts) -> Iterator[Finding]:
    image = next((s for s in (facts.session("exec"), facts.session("terminal")) if s and s.go), None)
    if image is None:
        return
    entry = next(e for e in image.path if facts.holds_go(e.entry))
    if entry.origin.file != "image environment" or facts.mentions(entry.entry):
        return
    lost = [s for s in (facts.session("ssh"), facts.session("login")) if s is not None and facts.lacks_go(s)]
    if not lost:
        return
    judged = [session for session in lost if facts.judged(session)]
    yield Finding(
        check="login-shell-path-reset",
        subject=entry.entry,
        severity=Severity.ERROR if judged else Severity.HINT,
        message=Message(FOUND, {"folder": entry.entry, "where": where(judged or lost)}),
        why=Message(WHY),
        evidence=(told(f"PATH={':'.join(e.entry for e in image.path)}", image), *_resets(lost)),
        fixes=_fixes(facts, entry.entry, kinds(lost)),
        sessions=kinds(lost),
        weight=50,
    )


def _resets(lost: list[Session]) -> list[Evidence]:
    first = ((session, next(iter(session.path), None)) for session in lost)
    return [seen(entry.origin, session) for session, entry in first if entry is not None]


def _fixes(facts: Facts, folder: str, lost: tuple[str, ...]) -> tuple[Fix, ...]:
    values: Values = {"folder": folder}
    own = Fix("own", Message(OWN, values), put_on_path(facts, folder, lost, first=True), safe=True)
    if facts.exists(SNIPPET):
        return (own,)
    text = f"export PATH={folder}:$PATH\n".encode()
    step = EditFile(path=SNIPPET, before=None, after=text, mode=0o644, privileged=not facts.writable(SNIPPET))
    return (own, Fix("for-all", Message(FOR_ALL, values), (step,)))


CHECK = Check(
    "login-shell-path-reset",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.HINT),
    example=Message(FOUND, {"folder": "/usr/local/go/bin", "where": SSH}),
    found=N_(
        "PATH as the container's image sets it is compared with PATH after a login, and the line that builds it anew is named."
    ),
    cured=N_(
        "The fix puts the folder on PATH in your own start-up files. Another one does so for every account, in /etc/profile.d, which needs root."
    ),
    threads=("stacklok/brood-box#83", "open-telemetry/opentelemetry-ebpf-profiler#646"),
)
