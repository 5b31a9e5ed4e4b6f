"""Which Go an override is tried with: the newest other one on the machine, else a stand-in."""

import os

from gomedic.facts import Facts
from gomedic.fixes.lines import with_folders
from gomedic.model import EditFile, GoCommand, Step
from gomedic.overrides.values import Target

_NAMES = ("sdk/another-go", "another-go", ".another-go")
_PROGRAM = b"#!/bin/sh\nexit 0\n"  # start-up files that ask it learn nothing; nobody else runs it


def target_of(facts: Facts) -> Target:
    """Return the newest good Go beside one that some session runs; a stand-in in the home where there is no such."""
    running = {_tree(session.go) for session in facts.judged_sessions if session.go is not None}
    for tool in facts.usable():
        if not running <= {os.path.realpath(tool.root)} or not running:
            return Target(tool.root, tool.version)
    free = (os.path.join(facts.home, name) for name in _NAMES)
    return Target(next((path for path in free if not os.path.lexists(path)), ""), "", stand_in=True)


def _tree(go: GoCommand) -> str:
    return os.path.realpath(go.root or go.path)


def steps_to_show(facts: Facts, target: Target) -> tuple[Step, ...]:
    """Return the steps by which a stand-in shows in the view; () for a real tree."""
    if not target.stand_in:
        return ()
    program = EditFile(path=target.binary, before=None, after=_PROGRAM, mode=0o755)
    return with_folders(facts, program)
