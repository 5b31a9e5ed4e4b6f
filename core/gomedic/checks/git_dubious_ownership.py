"""git refuses the project because its folder belongs to somebody else."""

import os
import re
from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import append, with_folders
from gomedic.model import Finding, Fix, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("git trusts the project")
WHY = N_(
    "go build asks git for the version to stamp; git calls a repository of another owner dubious and answers nothing."
)
FOUND = N_(
    "{folder} belongs to uid {owner}, not to {account}: git refuses it, and go build cannot stamp the version."
)
TRUST = N_("Tell git that {folder} is safe")


def _run(facts: Facts) -> Iterator[Finding]:
    root = facts.repository
    if root is None or facts.place(root).owner in (facts.account.uid, -1):
        return
    config = os.path.join(facts.home, ".gitconfig")
    text = (facts.read(config) or b"").decode("utf-8", "surrogateescape")
    if re.search(rf"^\s*directory\s*=\s*(\*|{re.escape(root)}/?)\s*$", text, re.MULTILINE):
        return
    values: Values = {"folder": root, "owner": facts.place(root).owner, "account": facts.account.name}
    steps = with_folders(facts, append(facts, config, ["[safe]", f"\tdirectory = {root}"]))
    hit = [session for session in facts.judged_sessions if session.go]
    yield Finding(
        check="git-dubious-ownership",
        subject=root,
        severity=Severity.ERROR,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(told(f"{root}: uid {values['owner']}", file=root),),
        fixes=(Fix("safe-directory", Message(TRUST, values), steps, safe=True),),
        sessions=kinds(hit),
        weight=45,
    )


CHECK = Check(
    "git-dubious-ownership",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"folder": "/src", "owner": 0, "account": "student"}),
    found=N_(
        "The owner of the repository's folder is compared with your account, and the entries safe.directory of ~/.gitconfig are read."
    ),
    cured=N_(
        "The fix adds the folder to safe.directory in ~/.gitconfig. Other ways: give the folder to your account, or build without a stamped version, with -buildvcs=false."
    ),
    threads=(
        "golangci/golangci-lint#4033",
        "tablelandnetwork/go-tableland#467",
        "https://git-scm.com/docs/git-config",
    ),
)
