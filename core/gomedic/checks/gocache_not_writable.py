"""The build cache cannot be written."""

import os
from collections.abc import Iterator

from gomedic.checks import _folders
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.variables import in_go_env_file
from gomedic.model import Finding, Fix, Session
from gomedic.probes.go_settings import env_file
from gomedic.probes.places import Place
from gomedic.texts import N_, Message

TITLE = N_("The build cache can be written")
WHY = N_("go keeps everything that it compiles there, and builds nothing without it.")
FOUND = N_(
    "go keeps its build cache in {folder}, but {nearest} belongs to uid {owner} and {account} cannot write there."
)
ELSEWHERE = N_("Keep the build cache in {better}")


def _run(facts: Facts) -> Iterator[Finding]:
    for folder, sessions in _folders.by_folder(facts, _folders.build_cache):
        place = facts.place(folder)
        if not place.writable:
            values = {
                "folder": folder, "nearest": place.nearest, "owner": str(place.owner), "account": facts.account.name,
            }  # fmt: skip
            fixes = (*_folders.owner_fix(facts, place.nearest), *_elsewhere(facts, sessions, place))
            message, setting = Message(FOUND, values), facts.setting(sessions[0], "GOCACHE")
            yield _folders.finding(
                facts, "gocache-not-writable", place, sessions, message, WHY, fixes, setting
            )


def _elsewhere(facts: Facts, sessions: list[Session], place: Place) -> tuple[Fix, ...]:
    better = os.path.join(facts.home, ".gocache")
    path = env_file(sessions[0])
    if path is None or not facts.can_make(better) or place.path == better or not facts.writable(path):
        return ()
    steps = in_go_env_file(facts, path, "GOCACHE", better)
    return (Fix("elsewhere", Message(ELSEWHERE, {"better": facts.short(better)}), steps, safe=True),)


CHECK = Check("gocache-not-writable", TITLE, WHY, _run)
