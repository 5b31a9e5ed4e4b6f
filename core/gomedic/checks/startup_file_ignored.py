"""A file in a snippet folder is passed over because of its name."""

import os
from collections.abc import Iterator

from gomedic.checks._words import SSH, kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.path import put_on_path
from gomedic.model import Finding, Fix, Move, Session, Severity
from gomedic.probes.mentions import Mention
from gomedic.sessions.startup_files import SNIPPET_FOLDERS
from gomedic.texts import N_, Message, Values

TITLE = N_("Every Go line stands in a file whose name is read")
WHY = N_(
    "Files in such a folder are read by the ending of their name, and any other is passed over without a word."
)
FOUND = N_(
    "{file} puts {folder} on PATH, but its name does not end in {suffix}, so it is never read in {where}."
)
RENAME = N_("Rename {file} to {target}")
OWN = N_("Put {folder} on PATH in your own start-up files instead")


def _run(facts: Facts) -> Iterator[Finding]:
    skipped = dict.fromkeys(
        k.file for s in facts.judged_sessions for k in s.skipped_files if k.why == "suffix"
    )
    for file in skipped:
        mention = next((m for m in facts.mentions_in(file) if facts.holds_go(m.folder)), None)
        hit = [s for s in facts.judged_sessions if any(k.file == file for k in s.skipped_files)]
        if mention is not None and any(mention.folder not in {e.entry for e in s.path} for s in hit):
            yield _finding(facts, mention, hit)


def _finding(facts: Facts, mention: Mention, hit: list[Session]) -> Finding:
    suffix = SNIPPET_FOLDERS.get(os.path.basename(os.path.dirname(mention.file)), ".sh")
    target = mention.file + suffix
    lacking = [session for session in hit if facts.lacks_go(session)]
    values: Values = {
        "file": mention.file,
        "folder": mention.folder,
        "suffix": suffix,
        "target": target,
        "where": where(hit),
    }
    step = Move(
        source=mention.file, target=target, privileged=not facts.writable(os.path.dirname(target) + "/.")
    )
    rename = Fix("rename", Message(RENAME, values), (step,), safe=not step.privileged)
    steps = put_on_path(facts, mention.folder, kinds(lacking or hit), first=False)
    own = Fix("own-files", Message(OWN, values), steps, safe=True)
    return Finding(
        check="startup-file-ignored",
        subject=mention.file,
        severity=Severity.ERROR if lacking else Severity.WARNING,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(told(mention.text, None, mention.file, mention.line),),
        fixes=(rename, own) if facts.may_become_root or not step.privileged else (own, rename),
        sessions=kinds(hit),
        weight=65,
    )


CHECK = Check(
    "startup-file-ignored",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(
        FOUND, {"file": "/etc/profile.d/golang", "folder": "/usr/local/go/bin", "suffix": ".sh", "where": SSH}
    ),
    found=N_(
        "Folders whose files are read by the ending of their name are looked through for a line that sets up Go: /etc/profile.d wants .sh, the conf.d of fish wants .fish, environment.d wants .conf."
    ),
    cured=N_(
        "The fix gives the file the right ending, which needs root in the system's folders. Another one puts the folder on PATH in your own start-up files."
    ),
    threads=("dnanexus/dx-toolkit#135", "rancher/k3os#175"),
)
