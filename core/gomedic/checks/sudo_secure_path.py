"""sudo has no go, and something here calls it that way."""

import os
from collections.abc import Iterator

from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import EditFile, Finding, Fix, Session, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("sudo go is found")
WHY = N_("sudo throws the caller's PATH away and takes the one of its own settings, secure_path.")
FOUND = N_(
    "sudo looks for programs in its secure_path alone ({path}), so `sudo go` is not found; Go lies in {folder}."
)
ADD = N_("Add {folder} to sudo's secure_path")
FILE = "/etc/sudoers.d/gomedic"


def _ahead(facts: Facts) -> None:
    if "sudo" in facts.usage:
        facts.ask_sudo()


def _run(facts: Facts) -> Iterator[Finding]:
    session, terminal = facts.sudo, facts.session("terminal")
    if session is None or session.go is not None or terminal is None or terminal.go is None:
        return
    used = facts.usage.get("sudo")
    folder = os.path.dirname(terminal.go.path)
    values: Values = {"path": session.environment["PATH"], "folder": folder}
    yield Finding(
        check="sudo-secure-path",
        subject=folder,
        severity=Severity.ERROR if used else Severity.HINT,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(
            told(f"secure_path={values['path']}", session, "/etc/sudoers"),
            told(used or "", None, used),
        ),
        fixes=_fixes(facts, session, folder, values),
        sessions=("sudo",),
        weight=18,
    )


def _fixes(facts: Facts, session: Session, folder: str, values: Values) -> tuple[Fix, ...]:
    """A folder that the account may write has no place in root's PATH."""
    if facts.can_make(folder) or facts.exists(FILE):
        return ()
    line = f'Defaults secure_path="{session.environment["PATH"]}:{folder}"\n'
    step = EditFile(path=FILE, before=None, after=line.encode(), mode=0o440, privileged=True)
    return (Fix("add", Message(ADD, values), (step,)),)


CHECK = Check(
    "sudo-secure-path",
    TITLE,
    WHY,
    _run,
    ahead=_ahead,
    severities=(Severity.ERROR, Severity.HINT),
    example=Message(FOUND, {"path": "/usr/sbin:/usr/bin:/sbin:/bin", "folder": "/usr/local/go/bin"}),
    found=N_(
        "Only where a Makefile, a script or the shell history calls `sudo go`: sudo is asked for the folders in which it looks for programs."
    ),
    cured=N_(
        "The fix adds the folder of Go to secure_path, in a file of its own in /etc/sudoers.d; it needs root. Mostly it is better not to use go with sudo at all: what root builds, your account cannot change later."
    ),
    threads=("lanlin/notes#121", "filecoin-project/lotus#2463", "wangyunfeifeifei/myIssueBlog#18"),
)
