"""Move what does not belong to a Go tree's release out of Go's sight, into a folder of the tree that Go never reads."""

import os
from collections.abc import Iterable

from gomedic.closed_list import ASIDE
from gomedic.facts import Facts
from gomedic.model import Fix, MakeFolder, Move, Step
from gomedic.probes.leftovers import Leftovers
from gomedic.texts import N_, Message, Values

MOVE = N_("Move what Go {version} does not have ({count} files and folders) to {place}")
NOTE = N_(
    "{archive} tells what belongs to the release: every file of it is in {root}, byte for byte. Nothing is unpacked from it."
)


def move_leftovers(facts: Facts, root: str, version: str, found: Leftovers) -> Fix:
    """Return the fix that moves a tree's leftovers aside; as root, where the tree is root's."""
    place = _free_place(facts, root)
    privileged = not all(
        map(facts.writable, {os.path.dirname(f"{root}/{path}") for path in found.paths} | {root})
    )
    folders = [MakeFolder(path=path, privileged=privileged) for path in _folders(place, found.paths)]
    moves = [
        Move(source=f"{root}/{path}", target=f"{place}/{path}", privileged=privileged) for path in found.paths
    ]
    steps: tuple[Step, ...] = (*folders, *moves)
    values: Values = {"version": version.removeprefix("go"), "count": len(moves), "place": facts.short(place)}
    note = Message(NOTE, {"archive": facts.short(found.archive), "root": facts.short(root)})
    return Fix("move-leftovers", Message(MOVE, values), steps, safe=not privileged, note=note)


def _free_place(facts: Facts, root: str) -> str:
    names = (f"{root}/{ASIDE}", *(f"{root}/{ASIDE}-{number}" for number in range(2, 10)))
    return next((name for name in names if not facts.exists(name)), names[0])


def _folders(place: str, paths: Iterable[str]) -> list[str]:
    """Return the folders that the leftovers need at their new place, outermost first."""
    found = {place}
    for path in paths:
        while path := os.path.dirname(path):
            found.add(f"{place}/{path}")
    return sorted(found)
