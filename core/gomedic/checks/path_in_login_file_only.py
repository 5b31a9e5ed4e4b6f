"""Go is put on PATH only by a file that login shells read, and terminals do not."""

import os
from collections.abc import Iterator

from gomedic.checks._words import kinds, seen, stopped, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.path import put_on_path
from gomedic.model import Finding, Fix, PathEntry, Session, Severity
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain, version_key

TITLE = N_("Terminals have the Go that logins have")
WHY = N_("A terminal window starts its shell without a login, so it never reads that file.")
NONE = N_("{file} puts {folder} on PATH for logins only; a new terminal has no `go`.")
OTHER = N_(
    "{file} puts Go {new} from {folder} on PATH for logins only; a new terminal runs Go {old} from {path}."
)
ADD = N_("Put {folder} on PATH for terminals too")
_LOGIN_FILES = (".profile", ".bash_profile", ".bash_login", ".zprofile", ".zlogin")


def _run(facts: Facts) -> Iterator[Finding]:
    terminal = facts.session("terminal")
    logins = [session for session in (facts.session("ssh"), facts.session("login")) if session is not None]
    if terminal is None or terminal.alias:
        return
    for login in logins:
        entry = _go_entry(facts, login)
        if (
            entry is None
            or entry.entry in {e.entry for e in terminal.path}
            or not _is_better(facts, login, entry, terminal)
        ):
            continue
        yield _finding(facts, terminal, login, entry)
        return


def _go_entry(facts: Facts, login: Session) -> PathEntry | None:
    """Return the first entry with a go, if a login file put it there."""
    entry = next((e for e in login.path if facts.holds_go(e.entry)), None)
    if entry is None or entry.origin.path is None:
        return None
    places = [entry.origin.path, *(call.rpartition(":")[0] for call in entry.origin.chain)]
    is_login_file = any(
        os.path.basename(p) in _LOGIN_FILES or p.startswith(("/etc/profile", "/etc/zsh/zprofile"))
        for p in places
    )
    return entry if is_login_file else None


def _is_better(facts: Facts, login: Session, entry: PathEntry, terminal: Session) -> bool:
    if terminal.go is None:
        return True
    tool = facts.toolchain_at(os.path.dirname(entry.entry))
    return tool is not None and version_key(tool.version) > version_key(terminal.go.version or "")


def _finding(facts: Facts, terminal: Session, login: Session, entry: PathEntry) -> Finding:
    tool = facts.toolchain_at(os.path.dirname(entry.entry))
    values: Values = {"file": facts.short(entry.origin.path or ""), "folder": entry.entry}
    evidence = [seen(entry.origin, login)]
    if terminal.go is None:
        message = Message(NONE, values)
        evidence.append(told("PATH=" + ":".join(e.entry for e in terminal.path), terminal))
    else:
        versions = {
            "new": plain(tool.version if tool else None),
            "old": plain(terminal.go.version),
            "path": terminal.go.path,
        }
        message = Message(OTHER, values | versions)
        evidence.append(told(terminal.go.path, terminal))
    steps = put_on_path(facts, entry.entry, ("terminal",), first=terminal.go is not None)
    grave = Severity.ERROR if terminal.go is None else Severity.WARNING
    return Finding(
        check="path-in-login-file-only",
        subject=entry.entry,
        # a terminal's dash reads no file: it has what the login handed on (dash(1), Invocation)
        severity=grave if steps else Severity.HINT,
        message=message,
        why=Message(WHY),
        evidence=(*evidence, *stopped([login])),
        fixes=(Fix("append", Message(ADD, {"folder": facts.short(entry.entry)}), steps, safe=True),),
        sessions=kinds([terminal]),
        because_of=f"shadowed-by-older-go@{entry.entry}",  # which Go terminals should get is settled there
        weight=50,
    )


CHECK = Check(
    "path-in-login-file-only",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING, Severity.HINT),
    example=Message(NONE, {"file": "~/.profile", "folder": "/usr/local/go/bin"}),
    found=N_(
        "A terminal's shell and that of a login are both started, and what they have on PATH is compared. The line that only the login reads is named."
    ),
    cured=N_(
        "The fix adds such a line to the file that terminals read, for example ~/.bashrc or ~/.zshrc. The old line stays for logins."
    ),
    threads=(
        "microsoft/vscode#243435",
        "golang/go#24756",
        "ohmybash/oh-my-bash#123",
        "fish-shell/fish-shell#3873",
    ),
)
