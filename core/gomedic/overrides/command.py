"""`gomedic explain --overrides`: run the trial and print the table."""

from gomedic.console import Console
from gomedic.overrides.told import overrides_json, overrides_text
from gomedic.overrides.trying import try_overrides


def explain_overrides(console: Console, kind: str | None) -> None:
    """Print the what-if table; `kind` limits it to one kind of session."""
    found = console.follow(try_overrides(console.host))
    if console.as_json:
        console.document(overrides_json(found, kind, console.catalogue))
    else:
        console.lines(overrides_text(found, kind, console.catalogue))
