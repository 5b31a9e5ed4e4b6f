"""Start-up lines end in carriage returns, as Windows editors write them."""

from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import EditFile, Evidence, Finding, Fix, Session, Severity
from gomedic.probes.go_settings import env_file
from gomedic.probes.startup import StartupFile
from gomedic.texts import N_, Message, Values

TITLE = N_("Start-up files have Unix line ends")
WHY = N_("A shell takes the carriage return for a part of the value: a folder whose name nobody can type.")
FOUND = N_("{count} lines of {file} end in a carriage return; line {line} makes it a part of {name}.")
SYNTAX = N_("{count} lines of {file} end in a carriage return, so shells stumble over line {line}.")
REMOVE = N_("Take the carriage returns out of {file}")


def _run(facts: Facts) -> Iterator[Finding]:
    for file in facts.startup.values():
        if file.content and b"\r\n" in file.content and file.family != "":
            readers = [s for s in facts.judged_sessions if file.path in s.files]
            if readers or file.family == "pam":
                yield _finding(facts, file, readers)
    for path, sessions in _settings_files(facts).items():
        content = facts.read(path) or b""
        if b"\r\n" in content:
            file = StartupFile(path, "go", content, 0, facts.account.uid, facts.writable(path))
            yield _finding(facts, file, sessions)


def _settings_files(facts: Facts) -> dict[str, list[Session]]:
    """Return the files of `go env -w`, which go reads to the line feed, each with the sessions whose go does."""
    found: dict[str, list[Session]] = {}
    for session in facts.judged_sessions:
        path = env_file(session)
        if session.go and path:
            found.setdefault(path, []).append(session)
    return found


def _finding(facts: Facts, file: StartupFile, readers: list[Session]) -> Finding:
    numbers = [at for at, line in enumerate(file.lines, 1) if line.endswith("\r")]
    bad = list(_bad_settings(file) if file.family == "go" else _bad_values(file, readers))
    line = bad[0][1].line if bad else numbers[0]
    values: Values = {
        "file": facts.short(file.path),
        "count": len(numbers),
        "line": line or numbers[0],
        "name": bad[0][0] if bad else "",
    }
    evidence = [evidence for _name, evidence in bad] or [
        told(file.lines[numbers[0] - 1].rstrip("\r") + "␍", None, file.path, numbers[0])
    ]
    after = (file.content or b"").replace(b"\r\n", b"\n")
    step = EditFile(path=file.path, before=file.content, after=after, privileged=not file.writable)
    fix = Fix("unix-line-ends", Message(REMOVE, values), (step,), safe=file.writable)
    return Finding(
        check="rc-crlf",
        subject=file.path,
        severity=Severity.ERROR if bad or file.family == "go" else Severity.WARNING,
        message=Message(FOUND if bad else SYNTAX, values),
        why=Message(WHY),
        evidence=tuple(evidence),
        fixes=(fix,),
        sessions=kinds(readers),
        weight=70,
    )


def _bad_settings(file: StartupFile) -> Iterator[tuple[str, Evidence]]:
    for number, line in enumerate(file.lines, 1):
        name, equals, _value = line.partition("=")
        if line.endswith("\r") and equals and not line.startswith("#"):
            yield name, told(line.replace("\r", "␍"), None, file.path, number)


def _bad_values(file: StartupFile, readers: list[Session]) -> Iterator[tuple[str, Evidence]]:
    done = set()
    for session in readers:
        named = [(name, v.value, v.origin) for name, v in session.variables.items()]
        named += [("PATH", entry.entry, entry.origin) for entry in session.path]
        for name, value, origin in named:
            if "\r" in value and origin.path == file.path and (name, origin.line) not in done:
                done.add((name, origin.line))
                yield name, told(f"{name}={value}".replace("\r", "␍"), session, file.path, origin.line)


CHECK = Check(
    "rc-crlf",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(FOUND, {"count": 14, "file": "~/.bashrc", "line": 12, "name": "PATH"}),
    found=N_(
        "The bytes of every start-up file that a shell reads, and of the file of `go env -w`, are searched for carriage returns, and variables for those that became a part of their value."
    ),
    cured=N_(
        "The fix takes the carriage returns out and leaves every other byte as it is. If you edit the file on Windows, let the editor save with the line ends LF."
    ),
    threads=("microsoft/WSL#3011", "direnv/direnv#542"),
)
