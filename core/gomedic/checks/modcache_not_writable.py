"""Parts of the module cache belong to somebody else."""

from collections.abc import Iterator

from gomedic.checks import _folders
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("The module cache is the account's own")
WHY = N_(
    "go stores every module that it fetches there; what another account wrote into it, it can neither change nor add to."
)
FOUND = N_(
    "{path} in the module cache {folder} belongs to uid {owner}, so {account} cannot store modules there."
)
ELSEWHERE = N_("Keep modules in {better}")


def _run(facts: Facts) -> Iterator[Finding]:
    for folder, sessions in _folders.by_folder(facts, _folders.module_cache):
        foreign = (
            [item for item in facts.not_owned(folder) if facts.is_folder(item[0])]
            if facts.is_folder(folder)
            else []
        )
        closed = [item for item in foreign if not facts.writable(item[0])]
        if not closed or not facts.place(folder).writable:
            continue
        path, owner, _gid = closed[0]
        values = {"path": path, "folder": folder, "owner": str(owner), "account": facts.account.name}
        better = facts.account_place("XDG_CACHE_HOME", ".cache", "go-mod")
        elsewhere = _folders.elsewhere(facts, sessions[0], "GOMODCACHE", better, ELSEWHERE)
        fixes = (*_folders.owner_fix(facts, folder), *elsewhere)
        yield _folders.finding(
            facts, "modcache-not-writable", facts.place(path), sessions, Message(FOUND, values), WHY, fixes
        )


CHECK = Check(
    "modcache-not-writable",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND,
        {
            "path": "/home/student/go/pkg/mod/cache",
            "folder": "/home/student/go/pkg/mod",
            "owner": "0",
            "account": "student",
        },
    ),
    found=N_(
        "The owners of the folders in the module cache are looked at, and whether your account may write there."
    ),
    cured=N_(
        "The fix gives the cache back to your account, which needs root; mostly a `sudo go` had made parts of it root's. Another fix keeps modules in a new folder."
    ),
    threads=("vxcontrol/soldr#5", "golang/go#26814", "filecoin-project/lotus#912"),
)
