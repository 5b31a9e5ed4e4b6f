"""Take a variable's bad value away at the line that sets it, or set a better one there."""

import os
import re

from gomedic.facts import Facts
from gomedic.fixes.lines import append, edit, remove_lines, replace_line, with_folders
from gomedic.fixes.path import unset_for
from gomedic.fixes.shell_text import is_only_assignment, with_value, without_export, without_variable
from gomedic.model import EditFile, Origin, Step


def drop(facts: Facts, name: str, origin: Origin, kinds: tuple[str, ...]) -> tuple[Step, ...]:
    """Return the steps after which programs no longer get `name` from `origin` in these kinds of session.

    At the guilty line where there is one the account may write: the line goes, or, where later lines use the
    variable, it merely stops being exported. Elsewhere the account's own files take it back.
    """
    step = drop_at_line(facts, name, origin)
    if step is not None and not step.privileged:
        return (step,)
    own = unset_for(facts, name, kinds)
    return own if own else (step,) if step is not None else ()


def drop_at_line(facts: Facts, name: str, origin: Origin) -> EditFile | None:
    """Return the step that changes the guilty line itself; None when there is none or it is not understood."""
    if origin.path is None or origin.line is None:
        return None
    lines = (facts.read(origin.path) or b"").decode("utf-8", "surrogateescape").split("\n")
    if not 0 < origin.line <= len(lines):
        return None
    line, used = lines[origin.line - 1], _used_later(lines, name, origin.line)
    if _is_settings_file(origin.path) or (is_only_assignment(line, name) and not used):
        return remove_lines(facts, origin.path, {origin.line, *_exports_alone(lines, name)})
    if is_only_assignment(line, name):
        return replace_line(facts, origin.path, origin.line, without_export)
    return replace_line(facts, origin.path, origin.line, lambda line: without_variable(line, name, keep=used))


def set_value(facts: Facts, name: str, origin: Origin, value: str) -> EditFile | None:
    """Return the step that gives `name` another value at the guilty line; None when it is not understood."""
    if origin.path is None or origin.line is None:
        return None
    return replace_line(facts, origin.path, origin.line, lambda line: with_value(line, name, value))


def in_go_env_file(facts: Facts, path: str, name: str, value: str | None) -> tuple[Step, ...]:
    """Return the steps that do what `go env -w NAME=VALUE` (or, with None, `go env -u NAME`) does."""
    if value is None:
        return (edit(facts, path, lambda lines: [line for line in lines if not line.startswith(f"{name}=")]),)
    existing = facts.read(path)
    if existing is not None and re.search(rf"^{name}=".encode(), existing, re.MULTILINE):
        new = f"{name}={value}\n"
        return (
            edit(facts, path, lambda lines: [new if line.startswith(f"{name}=") else line for line in lines]),
        )
    return with_folders(facts, append(facts, path, [f"{name}={value}"]))


def _is_settings_file(path: str) -> bool:
    """A go env file, /etc/environment and fish's own variables hold one variable a line, and nothing depends on it."""
    return os.path.basename(path) in ("env", "environment", "fish_variables", "go.env")


def _used_later(lines: list[str], name: str, number: int) -> bool:
    uses = re.compile(rf"\$\{{?{name}\b")
    rest = lines[number - 1].partition(f"{name}=")[2]
    return any(uses.search(line) for line in (rest, *lines[number:]))


def _exports_alone(lines: list[str], name: str) -> set[int]:
    """Return lines that only export the variable, which would be left without a value."""
    return {at for at, line in enumerate(lines, 1) if re.fullmatch(rf"\s*export\s+{name}\s*", line)}
