"""What to write in the Dockerfile against a finding: the fixes' own steps, said in a Dockerfile's words."""

import posixpath
import re
import shlex
from collections.abc import Iterator

from gomedic.images.model import Advice
from gomedic.images.view import View
from gomedic.model import (
    EditFile,
    Finding,
    Fix,
    MakeFolder,
    MakeLink,
    Move,
    SetMode,
    SetOwner,
    Step,
)
from gomedic.texts import N_, Message

_MARK = "# gomedic"

CHANGE = N_("Change the Dockerfile's line “{old}”: {what}")
VALUE = N_("it sets {value}.")
TAKEN_AWAY = N_("it takes {path} away.")


def advice_for(view: View, finding: Finding) -> Iterator[Advice]:
    """Yield what to write against a finding: the guilty line of the image itself first, then lines to add."""
    guilty = _guilty(finding)
    if guilty is not None:
        yield guilty
    for fix in sorted(finding.fixes, key=lambda fix: not _is_for_all(fix)):
        lines = tuple(line for step in fix.steps for line in _lines(view, step))
        if fix.install is not None:
            version = fix.install.version.removeprefix("go")
            tag = "latest" if version == "latest" else version
            lines = (
                f"COPY --from=golang:{tag} /usr/local/go /usr/local/go",
                'ENV PATH="/usr/local/go/bin:$PATH"',
            )
        if lines:
            yield Advice(finding.id, fix.title, lines)
            return


def _is_for_all(fix: Fix) -> bool:
    """Whoever builds an image is root: the fix that helps every account is the best there."""
    return any(getattr(step, "path", "").startswith("/etc/") for step in fix.steps)


def _guilty(finding: Finding) -> Advice | None:
    """Return the advice to change the image's own line, where a variable of the image or a removal is the evidence."""
    for evidence in sorted(finding.evidence, key=lambda evidence: evidence.session != REMOVED):
        made = evidence.made_by
        if made is None or not made.created_by:
            continue
        if evidence.session == REMOVED:
            what = Message(TAKEN_AWAY, {"path": evidence.file or ""})
        elif made.layer is None and not re.search(r"\bPATH=", evidence.text):
            what = Message(VALUE, {"value": evidence.text})
        else:
            continue
        title = Message(CHANGE, {"old": _short(made.created_by), "what": what})
        return Advice(finding.id, title, (), replaces=made.created_by)
    return None


REMOVED = "removed"  # the `session` of evidence that tells of a whiteout


def _short(command: str) -> str:
    line = " ".join(command.split())
    return line if len(line) <= 120 else line[:120] + "…"


def _lines(view: View, step: Step) -> Iterator[str]:
    path = shlex.quote(getattr(step, "path", ""))
    match step:
        case SetMode():
            yield f"RUN chmod {step.after:04o} {path}"
        case SetOwner():
            yield f"RUN chown {step.after[0]}:{step.after[1]} {path}"
        case Move():
            yield f"RUN mv {shlex.quote(step.source)} {shlex.quote(step.target)}"
        case MakeLink():
            yield f"RUN ln -sfn {shlex.quote(step.after)} {path}" if step.after else f"RUN rm -f {path}"
        case MakeFolder():
            yield f"RUN mkdir -p {path}" if step.exists else f"RUN rmdir {path}"
        case EditFile():
            yield from _edited(step, path)


def _edited(step: EditFile, path: str) -> Iterator[str]:
    """Yield the shortest command that makes the change: lines appended, put first, or one line put in another's place."""
    before, after = step.before or b"", step.after
    if after is None:
        yield f"RUN rm -f {path}"
    elif step.before is None:
        yield f"RUN printf '%s\\n' {_quoted(after)} > {path} && chmod {step.mode:04o} {path}"
    elif after.startswith(before) and (not before or before.endswith(b"\n")):
        yield f"RUN printf '%s\\n' {_quoted(after[len(before) :])} >> {path}"
    elif (script := _sed(before, after)) is not None:
        yield f"RUN sed -i {shlex.quote(script)} {path}"
    else:
        yield f"COPY {posixpath.basename(step.path)} {step.path}"


def _quoted(added: bytes) -> str:
    lines = [
        line for line in added.decode("utf-8", "replace").splitlines() if line and not line.startswith(_MARK)
    ]
    return " ".join(shlex.quote(line) for line in lines)


def _sed(before: bytes, after: bytes) -> str | None:
    """Return the sed script that makes one text of the other, where they differ in few lines at the same places."""
    old, new = before.decode("utf-8", "replace").split("\n"), after.decode("utf-8", "replace").split("\n")
    if len(old) != len(new) and not after.endswith(before):
        gone = [at for at, line in enumerate(old) if old[:at] + old[at + 1 :] == new]
        return f"{gone[0] + 1}d" if gone else None
    if after.endswith(before):
        added = after[: len(after) - len(before)].decode("utf-8", "replace").splitlines()
        return "\n".join(f"1i {line}" for line in added if line and not line.startswith(_MARK)) or None
    changed = [(at, line) for at, line in enumerate(new) if line != old[at]]
    return "\n".join(f"{at + 1}c {line}" for at, line in changed) if len(changed) <= 5 else None
