"""/etc/environment is written as if a shell read it."""

import re
from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import replace_line
from gomedic.model import Finding, Fix, Severity
from gomedic.sessions.pam_env import Setting, read_environment
from gomedic.texts import N_, Message, Values

TITLE = N_("/etc/environment holds plain values")
WHY = N_(
    "PAM reads /etc/environment and expands nothing: $PATH stays the five characters that it is written with."
)
FOUND = N_("/etc/environment sets {name} to {value}, which PAM takes word for word, in every login.")
PLAIN = N_("Write the folders of {name} out in /etc/environment")
FILE = "/etc/environment"
SYSTEM = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games"


def _run(facts: Facts) -> Iterator[Finding]:
    text = (facts.read(FILE) or b"").decode("utf-8", "surrogateescape")
    for setting in read_environment(text):
        if "$" in setting.value and (setting.name == "PATH" or setting.name.startswith("GO")):
            yield _finding(facts, setting)


def _finding(facts: Facts, setting: Setting) -> Finding:
    hit = [
        s
        for s in facts.judged_sessions
        if any(e.entry in setting.value.split(":") and "$" in e.entry for e in s.path)
    ]
    hit += [s for s in facts.judged_sessions if "$" in s.environment.get(setting.name, "") and s not in hit]
    values: Values = {"name": setting.name, "value": setting.value}
    step = replace_line(facts, FILE, setting.line, lambda line: _plain(line, facts.home))
    fix = Fix("plain", Message(PLAIN, values), (step,) if step else (), safe=False)
    return Finding(
        check="etc-environment-literal",
        subject=setting.name,
        severity=Severity.ERROR if hit else Severity.HINT,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(told(setting.text, hit[0] if hit else None, FILE, setting.line),),
        fixes=(fix,),
        sessions=kinds(hit),
        weight=75,
    )


def _plain(line: str, home: str) -> str | None:
    """Return the line with $PATH and $HOME written out; None where it holds other variables too."""
    line = re.sub(r"\$\{?PATH\}?", SYSTEM, line)
    line = re.sub(r"\$\{?HOME\}?", lambda _match: home, line)
    return None if "$" in line else line


CHECK = Check(
    "etc-environment-literal",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.HINT),
    example=Message(FOUND, {"name": "PATH", "value": "$PATH:/usr/local/go/bin"}),
    found=N_(
        "/etc/environment is read the way PAM reads it: a $ in PATH or in one of Go's variables is one that nobody will ever replace."
    ),
    cured=N_(
        "The fix writes the folders out in full, those of the system among them. It needs root, and takes effect at the next login."
    ),
    threads=("apertus-open-source-cinema/axiom-firmware#98", "linux-pam/linux-pam#944"),
)
