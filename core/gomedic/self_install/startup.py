"""The start-up lines that put gomedic's own command on PATH: offered where it is not, taken out on request."""

from collections.abc import Iterator
from functools import partial

from msgspec import structs

from gomedic import journal
from gomedic.facts import Facts
from gomedic.fixes.install import STARTED_BY, without_blocks
from gomedic.fixes.lines import edit, merged
from gomedic.fixes.path import put_on_path
from gomedic.fixes.shell_text import path_line
from gomedic.host import Host
from gomedic.model import EditFile, Examination, Fix, Step
from gomedic.plans import starting
from gomedic.sessions.startup_files import all_candidates
from gomedic.texts import N_, Message

WISH = "install-self"  # stands for the finding in receipts
_ADD = N_("Put {folder} on PATH")
_REMOVE = N_("Take {folder} off PATH")


def lacking(examination: Examination, folder: str) -> list[str]:
    """Return the kinds of session of a person that have not `folder` on PATH."""
    return [
        session.kind
        for session in starting(examination)
        if session.kind in STARTED_BY and folder not in {entry.entry for entry in session.path}
    ]


def lines_to_add(host: Host, examination: Examination, folder: str) -> Fix:
    """Return the fix that puts `folder` last on PATH wherever it lacks: nothing that is there is hidden by it."""
    facts = Facts(host, starting(examination))
    steps = put_on_path(facts, folder, lacking(examination, folder), first=False)
    return Fix("start-up-lines", Message(_ADD, {"folder": facts.short(folder)}), steps)


def lines_to_remove(host: Host, folder: str) -> Fix:
    """Return the fix that takes those lines out again; a file that held nothing else goes if a fix made it."""
    facts = Facts(host, ())
    steps = merged(tuple(_removals(host, facts, folder)))
    return Fix("start-up-lines", Message(_REMOVE, {"folder": facts.short(folder)}), steps)


def _removals(host: Host, facts: Facts, folder: str) -> Iterator[Step]:
    words = {path_line(folder, host.home, family, first=False) for family in ("bash", "fish")}
    edits = [step for step in _edits(host) if step.path]
    paths = dict.fromkeys([*(step.path for step in edits), *all_candidates(host.home, host.env)])
    for path in paths:
        step = edit(facts, path, partial(without_blocks, words=words))
        if step.before is None or step.after == step.before or step.privileged:
            continue
        made = any(earlier.path == path and earlier.before is None for earlier in edits)
        yield structs.replace(step, after=None) if made and not step.after else step


def _edits(host: Host) -> Iterator[EditFile]:
    for receipt in journal.history(host.state_folder).receipts:
        if receipt.finding == WISH and receipt.state != "taken back":
            yield from (step for step in receipt.steps if isinstance(step, EditFile))
