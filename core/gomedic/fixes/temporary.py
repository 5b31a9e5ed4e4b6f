"""Let go make its work folders in the account's own cache folder."""

from gomedic.facts import Facts
from gomedic.fixes.variables import in_go_env_file
from gomedic.model import Fix, MakeFolder, Session
from gomedic.probes.go_settings import env_file
from gomedic.texts import N_, Message

GOTMPDIR = N_("Let go keep its temporary files in {better}")
_ROOM = 256 << 20  # bytes that the other place should have


def elsewhere(facts: Facts, session: Session) -> tuple[Fix, ...]:
    """Return the fix that stores GOTMPDIR, where the account's cache folder is a better place; else ()."""
    better = facts.account_place("XDG_CACHE_HOME", ".cache", "go-tmp")
    place, path = facts.place(better), env_file(session)
    if (
        path is None
        or place.noexec
        or place.free < _ROOM
        or not facts.can_make(better)
        or not facts.writable(path)
    ):
        return ()
    folders = tuple(MakeFolder(path=folder, mode=0o700) for folder in facts.missing_folders(better))
    steps = (*folders, *in_go_env_file(facts, path, "GOTMPDIR", better))
    return (Fix("elsewhere", Message(GOTMPDIR, {"better": facts.short(better)}), steps, safe=True),)
