"""`gomedic explain --persistence` and `explain --limits`: what lasts in this container, and what it allows."""

import os
from collections.abc import Mapping

from gomedic import doctor
from gomedic.console import Console
from gomedic.model import Examination
from gomedic.persistence import Lasting, Persistence, persistence
from gomedic.persistence_words import CARRIERS, LASTS, REBUILD, RESTART, STORAGE, TERMINAL, notes_on
from gomedic.preview import shown
from gomedic.probes.cgroups import Bound
from gomedic.probes.sandbox import Sandbox, probe
from gomedic.report import Catalogue, Json, Line, origin_json
from gomedic.texts import N_, Message, in_language

_STATES = {True: N_("on"), False: N_("off"), None: N_("not known")}
NO_LIMIT = N_("no limit")
_ROWS: Mapping[str, str] = {
    "memory": N_("Memory"), "pids": N_("Processes and threads"), "cpus": N_("Processors"),
    "address_space": N_("Address space (ulimit -v)"), "file_size": N_("File size (ulimit -f)"),
    "open_files": N_("Open files (ulimit -n)"), "processes": N_("Processes of the account (ulimit -u)"),
}  # fmt: skip
_IN_BYTES = ("memory", "address_space", "file_size")
_READ_ONLY, _SECCOMP, _NO_NEW = (
    N_("Root file system read-only"),
    N_("System call filter"),
    N_("No new privileges"),
)
_USER_SPACE = N_("User namespace of its own")


def explain_persistence(console: Console, image: str | None = None) -> None:
    """Print what carries Go's variables here and how long they last; `image` is a file or folder with the image. Raises ImageRefused."""
    given = None if image is None else _environment_of(os.path.join(console.host.cwd, image))
    work = doctor.examine(console.host, only=("no-go-installed",))
    examination: Examination = console.follow(work)
    found = persistence(console.host, examination, given)
    if console.as_json:
        console.document(persistence_json(found))
    else:
        console.lines(persistence_text(found, console.catalogue))


def _environment_of(image: str) -> dict[str, str]:
    from gomedic.images.reading import open_image

    view = open_image(image)
    try:
        return dict(view.image.environment)
    finally:
        view.close()


def persistence_json(found: Persistence) -> Json:
    """Return the document of `gomedic explain --persistence --json` (schema 1); null: not known."""
    return {
        "schema": 1,
        "what": "persistence",
        "container": found.is_container,
        "process_1": "read" if found.first_process_known else "not readable",
        "variables": [_lasting_json(each) for each in found.lasting],
    }


def _lasting_json(each: Lasting) -> Json:
    return {
        "name": each.name,
        "value": each.value,
        "carrier": each.carrier,
        "origin": None if each.origin is None else origin_json(each.origin),
        "storage": each.storage,
        "survives": {"terminal": each.terminal, "restart": each.restart, "rebuild": each.rebuild},
    }


def persistence_text(found: Persistence, catalogue: Catalogue) -> list[Line]:
    """Return the same as lines for people."""
    lines: list[Line] = []
    for each in found.lasting:
        value = shown(f"{each.name}  {each.value}" if each.name == "PATH" else f"{each.name}={each.value}")
        lasts = (each.terminal, each.restart, *((each.rebuild,) if found.is_container else ()))
        style = "bold" if all(lasts) else "bold yellow" if False in lasts else "bold"
        lines += [
            (value, style),
            (f"    {_carried(each, catalogue)}", "dim"),
            (f"    {_answers(each, found, catalogue)}", ""),
        ]
    return [*lines, ("", ""), *((in_language(Message(note), catalogue), "dim") for note in notes_on(found))]


def _carried(each: Lasting, catalogue: Catalogue) -> str:
    said = in_language(Message(CARRIERS[each.carrier]), catalogue)
    if each.origin is not None:
        said += f": {shown(each.origin.path or each.origin.file)}" + (
            f":{each.origin.line}" if each.origin.line else ""
        )
    if each.storage is not None and each.storage in STORAGE:
        said += f" ({in_language(Message(STORAGE[each.storage]), catalogue)})"
    return said


def _answers(each: Lasting, found: Persistence, catalogue: Catalogue) -> str:
    asked = [(TERMINAL, each.terminal), (RESTART, each.restart)]
    asked += [(REBUILD, each.rebuild)] if found.is_container else []
    words = (
        (in_language(Message(name), catalogue), in_language(Message(LASTS[is_so]), catalogue))
        for name, is_so in asked
    )
    return " · ".join(f"{name}: {word}" for name, word in words)


# ------------------------------------------------------------------ limits


def explain_limits(console: Console) -> None:
    """Print what the sandbox allows here, and what says so."""
    found = probe(console.host)
    if console.as_json:
        console.document(limits_json(found))
    else:
        console.lines(limits_text(found, console.catalogue))


def limits_json(found: Sandbox) -> Json:
    """Return the document of `gomedic explain --limits --json` (schema 1); null: no limit, or not known."""
    limits = {
        name: None if bound is None else {"value": bound.value, "source": bound.source, "text": bound.text}
        for name, bound in _bounds(found).items()
    }
    return {
        "schema": 1,
        "what": "limits",
        "control_groups": found.groups.version,
        "limits": limits,
        "used": {"memory": found.groups.memory_used, "pids": found.groups.pids_used},
        "root_read_only": found.root_read_only,
        "seccomp": found.seccomp,
        "no_new_privileges": found.no_new_privileges,
        "own_user_namespace": found.own_user_namespace,
    }


def _bounds(found: Sandbox) -> dict[str, Bound | None]:
    groups = found.groups
    own = {name: found.resource(name) for name in _ROWS if name not in ("memory", "pids", "cpus")}
    return {"memory": groups.memory, "pids": groups.pids, "cpus": groups.cpus, **own}


def limits_text(found: Sandbox, catalogue: Catalogue) -> list[Line]:
    """Return the same as lines for people."""
    lines: list[Line] = []
    for name, bound in _bounds(found).items():
        heading = in_language(Message(_ROWS[name]), catalogue)
        if bound is None:
            lines.append((f"{heading}: {in_language(Message(NO_LIMIT), catalogue)}", ""))
            continue
        value = f"{int(bound.value) >> 20} MB" if name in _IN_BYTES else f"{bound.value:g}"
        lines.append((f"{heading}: {value}   {bound.source}", "bold"))
    switches = (
        (_READ_ONLY, found.root_read_only),
        (_NO_NEW, found.no_new_privileges),
        (_USER_SPACE, found.own_user_namespace),
    )
    for text, state in switches:
        lines.append(
            (
                f"{in_language(Message(text), catalogue)}: {in_language(Message(_STATES[state]), catalogue)}",
                "",
            )
        )
    filtered = {"off": False, "strict": True, "filter": True}.get(found.seccomp or "")
    lines.append(
        (
            f"{in_language(Message(_SECCOMP), catalogue)}: {in_language(Message(_STATES[filtered]), catalogue)}",
            "",
        )
    )
    return lines
