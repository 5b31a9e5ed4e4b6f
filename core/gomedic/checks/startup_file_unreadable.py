"""A start-up file that the session should read cannot be read by the account."""

import os
import stat
from collections.abc import Iterator

from msgspec.structs import replace

from gomedic.checks._words import SSH, kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.ownership import give_back
from gomedic.fixes.path import put_on_path
from gomedic.model import Finding, Fix, Session, SetMode, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("Every start-up file can be read")
WHY = N_("Shells skip a start-up file that they cannot read without a word, and with it all that it sets.")
FILE = N_("{file} cannot be read by {account} (mode {mode}), so it is skipped without a word in {where}.")
FOLDER = N_(
    "{file} cannot be searched by {account} (mode {mode}), so every file in it is skipped without a word in {where}."
)
LINK = N_(
    "{file} is a link to {target}, which does not exist, so {where} reads nothing there and has no `go`."
)
READABLE = N_("Let everybody read {file}")
OWN = N_("Put {folder} on PATH in your own start-up files instead")


def _run(facts: Facts) -> Iterator[Finding]:
    files = dict.fromkeys(
        skip.file
        for s in facts.judged_sessions
        for skip in s.skipped_files
        if skip.why == "unreadable" and facts.exists(skip.file)
    )
    yield from _links(facts)
    for file in files:
        hit = [
            s
            for s in facts.judged_sessions
            if any(k.file == file and k.why == "unreadable" for k in s.skipped_files)
        ]
        yield _finding(facts, file, hit)


def _links(facts: Facts) -> Iterator[Finding]:
    """Yield the start-up files that are links to nothing, where Go is missing."""
    hit: dict[str, list[Session]] = {}
    for session in facts.lacking:
        for skip in session.skipped_files:
            if skip.why == "unreadable" and not facts.exists(skip.file):
                hit.setdefault(skip.file, []).append(session)
    tool = next(iter(facts.usable()), None)
    for file, sessions in hit.items():
        target = facts.real(file)
        values: Values = {"file": facts.short(file), "target": facts.short(target), "where": where(sessions)}
        fix = _own(facts, os.path.join(tool.root, "bin"), sessions) if tool else None
        yield Finding(
            check="startup-file-unreadable",
            subject=file,
            severity=Severity.ERROR,
            message=Message(LINK, values),
            why=Message(WHY),
            evidence=(told(f"{file} -> {target}", sessions[0], file),),
            fixes=(fix,) if fix else (),
            sessions=kinds(sessions),
            weight=65,
        )


def _own(facts: Facts, folder: str, sessions: list[Session]) -> Fix:
    steps = put_on_path(facts, folder, kinds(sessions), first=False)
    return Fix("own-files", Message(OWN, {"folder": folder}), steps, safe=True)


def _finding(facts: Facts, file: str, hit: list[Session]) -> Finding:
    info = facts.stat(file)
    mode = stat.S_IMODE(info.st_mode)
    folder = stat.S_ISDIR(info.st_mode)
    lacking = [session for session in hit if facts.lacks_go(session)]
    values: Values = {
        "file": file,
        "account": facts.account.name,
        "mode": f"{mode:04o}",
        "where": where(lacking or hit),
    }
    return Finding(
        check="startup-file-unreadable",
        subject=file,
        severity=Severity.ERROR if lacking else Severity.HINT,
        message=Message(FOLDER if folder else FILE, values),
        why=Message(WHY),
        evidence=(told(f"{stat.filemode(info.st_mode)} uid {info.st_uid} {file}", hit[0], file),),
        fixes=_fixes(facts, file, mode, folder, lacking),
        sessions=kinds(hit),
        weight=65 if lacking else 5,
    )


def _fixes(facts: Facts, file: str, mode: int, folder: bool, lacking: list[Session]) -> tuple[Fix, ...]:
    if not folder and facts.is_own(file) and facts.not_owned(file):
        return _back(facts, file, mode)
    owned = facts.stat(file).st_uid == facts.account.uid
    step = SetMode(
        path=file,
        before=mode,
        after=mode | (0o555 if folder else 0o444),
        privileged=not (owned or facts.is_root),
    )
    readable = Fix("readable", Message(READABLE, {"file": file}), (step,), safe=owned)
    tool = next(iter(facts.usable()), None)
    if tool is None or not lacking:
        return (readable,)
    own = _own(facts, os.path.join(tool.root, "bin"), lacking)
    return (readable, own) if owned or facts.may_become_root else (own, readable)


def _back(facts: Facts, file: str, mode: int) -> tuple[Fix, ...]:
    """A start-up file in the account's home is to belong to it: nobody else's reading would help."""
    readable = SetMode(path=file, before=mode, after=mode | 0o600)
    return tuple(
        replace(fix, steps=(*fix.steps, readable) if not mode & 0o400 else fix.steps)
        for fix in give_back(facts, file)
    )


CHECK = Check(
    "startup-file-unreadable",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.HINT),
    example=Message(
        FILE, {"file": "/etc/profile.d/golang.sh", "account": "student", "mode": "0600", "where": SSH}
    ),
    found=N_(
        "Every start-up file that a shell should read is tried with the rights of your account, and so are the folders around it."
    ),
    cured=N_(
        "The fix lets everybody read the file, which needs root in the system's folders; a file in your home that had become root's is given back to you. Or the folder of Go goes on PATH in your own files."
    ),
    threads=(
        "ComplianceAsCode/content#13711",
        "Angstrom-distribution/meta-angstrom#21",
        "udhos/update-golang#19",
    ),
)
