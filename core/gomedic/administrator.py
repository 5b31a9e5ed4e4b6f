"""Steps as shell commands, for an administrator to read and run where the doctor may not."""

import base64
import hashlib
import os
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from gomedic.model import EditFile, MakeFolder, MakeLink, Move, SetMode, SetOwner, Step

_MOST_PATHS = 50  # in one command
_PLAIN = re.compile(rb"(?:[\x20-\x7e\t]*\n)+")
_END = "GOMEDIC_END"


def commands_for_administrator(steps: Sequence[Step]) -> tuple[str, ...]:
    """Return POSIX shell commands, to be run by root in this order, that do what `steps` do.

    Each checks what it is about to change, and fails where that is not as expected.
    """
    return tuple(command for _key, group in groupby(steps, _kind) for command in _commands(list(group)))


def commands_to_unpack(archive: str, sha256: str, folder: str) -> tuple[str, ...]:
    """Return POSIX shell commands, to be run by root, that unpack a verified archive into a new folder.

    The archive is copied first: what is summed is what is unpacked, whatever becomes of the account's copy.
    """
    name, into = _quoted([f"{folder}.tar.gz"]), _quoted([folder])
    checked = f'test "$(sha256sum < {name})" = "{sha256}  -" && mkdir -m 0755 -- {into}'
    return (
        f"install -m 0600 -- {_quoted([archive])} {name}",
        f"{checked} && tar -xzf {name} --no-same-owner --strip-components=1 -C {into}",
        f"rm -- {name}",
    )


def _kind(step: Step) -> tuple[object, ...]:
    """Return what steps that fit into one command have in common."""
    return (SetOwner, step.after) if isinstance(step, SetOwner) else (id(step),)


def _commands(steps: Sequence[Step]) -> Iterator[str]:
    if isinstance(steps[0], SetOwner):
        owner = "{}:{}".format(*steps[0].after)
        paths = [step.path for step in steps if isinstance(step, SetOwner)]
        for start in range(0, len(paths), _MOST_PATHS):
            yield f"chown -h {owner} -- {_quoted(paths[start : start + _MOST_PATHS])}"
        return
    for step in steps:
        yield _command(step)


def _command(step: Step) -> str:
    match step:
        case EditFile():
            return _edit(step)
        case SetMode():
            return f"chmod {step.after:04o} -- {_quoted([step.path])}"
        case Move():
            source, target = _quoted([step.source]), _quoted([step.target])
            return f"test ! -e {target} && test ! -L {target} && mv -T -- {source} {target}"
        case MakeLink():
            return _link(step)
        case MakeFolder():
            path = _quoted([step.path])
            return f"mkdir -m {step.mode:04o} -- {path}" if step.exists else f"rmdir -- {path}"
        case SetOwner():
            return f"chown -h {step.after[0]}:{step.after[1]} -- {_quoted([step.path])}"


def _edit(step: EditFile) -> str:
    path = _quoted([step.path])
    if step.before is None:
        expected = f"test ! -e {path}"
    else:
        total = hashlib.sha256(step.before).hexdigest()
        expected = f'test "$(sha256sum < {path})" = "{total}  -"'
    if step.after is None:
        return f"{expected} && rm -- {path}"
    created = f" && install -m {step.mode:04o} /dev/null {path}" if step.before is None else ""
    return f"{expected}{created} && {_written(step.after, path)}"


def _written(content: bytes, path: str) -> str:
    """Write into the file, so that its owner, mode, links and attributes stay."""
    if _PLAIN.fullmatch(content) and _END.encode() not in content:
        return f"cat > {path} <<'{_END}'\n{content.decode('ascii')}{_END}"
    return f"printf %s {base64.b64encode(content).decode('ascii')} | base64 -d > {path}"


def _link(step: MakeLink) -> str:
    path = _quoted([step.path])
    was = "" if step.before is None else f'test "$(readlink -- {path})" = {_quoted([step.before])} && '
    if step.after is None:
        return f"{was}rm -- {path}"
    return f"{was}ln -s{'' if step.before is None else 'f'}nT -- {_quoted([step.after])} {path}"


def _quoted(paths: Iterable[str]) -> str:
    return " ".join(map(_quote, paths))


def _quote(path: str) -> str:
    """Quote a path for sh; bytes that are not UTF-8 go through printf, which every sh has."""
    data = os.fsencode(path)
    if path.isprintable():
        return shlex.quote(path)
    octal = "".join(
        f"\\{byte:03o}" if not 0x20 < byte < 0x7F or byte in b"%\\'\"" else chr(byte) for byte in data
    )
    return f"\"$(printf '{octal}')\""
