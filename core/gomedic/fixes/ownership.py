"""Give files in the account's own home back to the account."""

import os

from gomedic.facts import Facts
from gomedic.model import Fix, SetOwner, Step
from gomedic.texts import N_, Message

GIVE_FILE_BACK = N_("Give {folder} back to {account}")
GIVE_BACK = N_("Give {folder} and all in it back to {account}")


def give_back(facts: Facts, folder: str) -> tuple[Fix, ...]:
    """Return the fix, which needs root; () where everything is the account's already."""
    account = facts.account
    steps: list[Step] = [
        SetOwner(path=path, before=(uid, gid), after=(account.uid, account.gid), privileged=not facts.is_root)
        for path, uid, gid in facts.not_owned(folder)
    ]
    if not steps:
        return ()
    title = Message(
        GIVE_BACK if facts.is_folder(folder) else GIVE_FILE_BACK,
        {"folder": facts.short(folder), "account": account.name},
    )
    return (Fix("owner", title, tuple(sorted(steps, key=_depth))),)


def _depth(step: Step) -> int:
    return step.path.count(os.sep) if isinstance(step, SetOwner) else 0
