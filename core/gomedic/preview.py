"""Steps in words and diffs, for people to read before they agree."""

import difflib
from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import asdict

from gomedic.model import EditFile, MakeFolder, MakeLink, Move, SetMode, SetOwner, Step
from gomedic.texts import N_, Message

MORE = N_("… and {count} more like these")
_MANY, _FEW = 8, 5
_CARRIAGE_RETURN = "␍"
_NAMES = {
    EditFile: "edit", SetMode: "mode", SetOwner: "owner", Move: "move", MakeLink: "link", MakeFolder: "folder",
}  # fmt: skip


class StepPreview(Struct, frozen=True):
    """One step as people see it."""

    do: str  # edit mode owner move link folder
    path: str
    words: Message
    diff: str | None = None  # unified; of edits
    privileged: bool = False


def preview(steps: Sequence[Step]) -> tuple[StepPreview, ...]:
    """Return each step in words, edits with a unified diff."""
    return tuple(_preview(step) for step in steps)


def outline(steps: Sequence[Step]) -> tuple[StepPreview, ...]:
    """Return the same for reading: of many steps of a kind in a row the first few, and how many more there are."""
    found: list[StepPreview] = []
    for _kind, run in groupby(steps, type):
        same = list(run)
        cut = len(same) if len(same) <= _MANY or isinstance(same[0], EditFile) else _FEW
        found += preview(same[:cut])
        if rest := preview(same[cut:]):
            more = Message(MORE, {"count": len(rest)})
            found.append(StepPreview(rest[0].do, rest[0].path, more, privileged=rest[0].privileged))
    return tuple(found)


def _preview(step: Step) -> StepPreview:
    path = step.source if isinstance(step, Move) else step.path
    diff = unified_diff(step) if isinstance(step, EditFile) else None
    return StepPreview(_NAMES[type(step)], shown(path), words(step), diff, step.privileged)


def words(step: Step) -> Message:
    """Return what a step does, as one sentence without its full stop."""
    values: dict[str, str | int | Message] = {
        name: f"{value:04o}" if isinstance(step, SetMode) and name != "path" else shown(str(value))
        for name, value in asdict(step).items()
        if name != "privileged" and not isinstance(value, bytes | tuple)
    }
    if isinstance(step, SetOwner):
        values |= {"owner": "{}:{}".format(*step.after), "was": "{}:{}".format(*step.before)}
    return Message(_sentence(step), values)


def _sentence(step: Step) -> str:
    match step:
        case EditFile(before=None):
            return N_("Create {path}")
        case EditFile(after=None):
            return N_("Remove {path}")
        case EditFile():
            return N_("Change {path}")
        case SetMode():
            return N_("Change the permissions of {path} from {before} to {after}")
        case SetOwner():
            return N_("Give {path} to owner {owner} (it is {was})")
        case Move():
            return N_("Rename {source} to {target}")
        case MakeLink(before=None):
            return N_("Make the link {path} to {after}")
        case MakeLink(after=None):
            return N_("Remove the link {path} to {before}")
        case MakeLink():
            return N_("Let the link {path} lead to {after} instead of {before}")
        case MakeFolder(exists=True):
            return N_("Make the folder {path}")
    return N_("Remove the folder {path} if it is empty")


def shown(text: str) -> str:
    r"""Return `text` fit for any screen: bytes that are not UTF-8 as \xff, control characters as \x1b."""
    plain = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in plain)


def unified_diff(step: EditFile) -> str:
    """Return what an edit changes, as `diff -u` would, carriage returns made visible."""
    old = "/dev/null" if step.before is None else shown(step.path)
    new = "/dev/null" if step.after is None else shown(step.path)
    lines = difflib.unified_diff(_lines(step.before), _lines(step.after), old, new, lineterm="")
    return "".join(f"{line}\n" for line in lines).replace(_NO_NEWLINE, _NO_NEWLINE_LINE)


_NO_NEWLINE = "\0"
_NO_NEWLINE_LINE = "\n\\ No newline at end of file"


def _lines(content: bytes | None) -> list[str]:
    """Return lines as shown; the last one is marked if no newline ends it."""
    if not content:
        return []
    *lines, last = content.split(b"\n")
    texts = [_line(line) for line in lines]
    return [*texts, _line(last) + _NO_NEWLINE] if last else texts


def _line(line: bytes) -> str:
    text = line.decode("utf-8", "surrogateescape")
    return "".join(shown(part) + _CARRIAGE_RETURN for part in text.split("\r")).removesuffix(_CARRIAGE_RETURN)
