"""Go finds no certificates of authorities, so it trusts no server."""

from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Evidence, Finding, Session, Severity
from gomedic.probes.certificates import FILES
from gomedic.texts import N_, Message, Values

TITLE = N_("Go finds the certificates of authorities")
WHY = N_(
    "go fetches modules and toolchains over HTTPS; without a list of authorities each download ends with: certificate signed by unknown authority."
)
FOUND = N_(
    "There are no certificates of authorities where Go looks for them, in {file} and elsewhere: install the package ca-certificates."
)


def _run(facts: Facts) -> Iterator[Finding]:
    hit = [
        s for s in facts.judged_sessions if s.go and not _authorities(facts, s) and not _is_offline(facts, s)
    ]
    if hit:
        values: Values = {"file": FILES[0]}
        shown: tuple[Evidence, ...] = tuple(told(f"missing: {file}", hit[0], file) for file in FILES)
        yield Finding(
            check="ca-bundle-missing",
            subject=FILES[0],
            severity=Severity.WARNING,
            message=Message(FOUND, values),
            why=Message(WHY),
            evidence=shown,
            sessions=kinds(hit),
            weight=34,
        )


def _authorities(facts: Facts, session: Session) -> bool:
    env = session.environment
    return facts.machine.has_authorities(env.get("SSL_CERT_FILE", ""), env.get("SSL_CERT_DIR", ""))


def _is_offline(facts: Facts, session: Session) -> bool:
    return facts.setting(session, "GOPROXY").value.split(",")[0] == "off"


CHECK = Check(
    "ca-bundle-missing",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(FOUND, {"file": FILES[0]}),
    found=N_(
        "Every place where Go looks for certificates is looked at, SSL_CERT_FILE and SSL_CERT_DIR among them: none of them has any. With GOPROXY=off go asks nobody, so nothing is said."
    ),
    cured=N_(
        "Install the package ca-certificates as root: apt install ca-certificates, or apk add ca-certificates. gomedic installs no packages of the system."
    ),
    threads=("docker-library/golang#390", "goproxy/goproxy.cn#103", "golang/go#35702"),
)
