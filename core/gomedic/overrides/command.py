"""`gomedic explain --overrides`: run the trial and print the table."""

import sys

from gomedic.console import Console
from gomedic.overrides.told import overrides_json, overrides_text
from gomedic.overrides.trying import try_overrides
from gomedic.texts import N_, Message

NO_SESSION = N_("There is no session {kind} here; there are {kinds}.")


def explain_overrides(console: Console, kind: str | None) -> bool:
    """Print the what-if table; `kind` limits it to one kind of session. False: there is no session of that kind."""
    found = console.follow(try_overrides(console.host))
    kinds = [session.kind for session in found.sessions]
    if kind is not None and kind not in kinds:
        console.say(Message(NO_SESSION, {"kind": kind, "kinds": ", ".join(kinds)}), to=sys.stderr)
        return False
    if console.as_json:
        console.document(overrides_json(found, kind, console.catalogue))
    else:
        console.lines(overrides_text(found, kind, console.catalogue))
    return True
