"""The rules of docs/development.md that a machine can check."""

import ast
import importlib
import pkgutil
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from loading import ROOT

LONGEST_FUNCTION = 60  # lines, docstring included
LONGEST_MODULE = 300  # lines that are not blank
SOURCES = sorted(path for top in ("core", "gui", "resources") for path in (ROOT / top).rglob("*.py"))
CORE = [path for path in SOURCES if path.is_relative_to(ROOT / "core")]
# What only the machine of whoever wrote a line has; a "work" folder below a home or in a test's own tree is none.
FOREIGN = re.compile(r"(?<![\w$~}.)/-])/(?:work|farm)/|/root/\.pyenv|\.\./shared")
FOREIGN_ALLOWED = {"tests/test_house_rules.py"}

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no git here: cannot tell the repository's files from others")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_there_are_sources_to_check() -> None:
    assert len(CORE) > 10


def check_modules() -> dict[str, ModuleType]:
    """Return the modules of checks by name; those with a leading underscore only help them."""
    package = importlib.import_module("gomedic.checks")
    names = [name for _finder, name, _package in pkgutil.iter_modules(package.__path__)]
    return {
        name: importlib.import_module(f"gomedic.checks.{name}") for name in names if not name.startswith("_")
    }


def test_every_check_stands_in_the_list_once() -> None:
    listed = [check.id for check in importlib.import_module("gomedic.checks").ALL]
    assert sorted(listed) == sorted(module.CHECK.id for module in check_modules().values())


def test_a_check_is_named_like_its_file() -> None:
    ids = {name: module.CHECK.id for name, module in check_modules().items()}
    assert {name: id_ for name, id_ in ids.items() if id_ != name.replace("_", "-")} == {}


def test_a_check_signs_its_findings_with_its_own_name() -> None:
    foreign = {
        f"{name}:{node.value.lineno}": node.value.value
        for name, module in check_modules().items()
        for node in ast.walk(tree(Path(str(module.__file__))))
        if isinstance(node, ast.keyword) and node.arg == "check" and isinstance(node.value, ast.Constant)
        if node.value.value != module.CHECK.id
    }
    assert foreign == {}


def test_core_knows_nothing_of_qt() -> None:
    assert [name_of(path) for path in CORE if imports(path) & {"PySide6", "shiboken6", "PyQt6"}] == []


def test_a_module_is_no_longer_than_its_one_sentence_bears() -> None:
    lengths = {
        name_of(path): sum(1 for line in path.read_text().splitlines() if line.strip()) for path in SOURCES
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_a_function_fits_a_screen() -> None:
    lengths = {
        f"{name_of(path)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_every_module_says_in_a_sentence_what_it_is_for() -> None:
    silent = [
        name_of(path) for path in SOURCES if (module := tree(path)).body and not ast.get_docstring(module)
    ]
    assert silent == []


def test_what_is_public_says_what_its_caller_gets() -> None:
    silent = [
        f"{name_of(path)}:{node.name}"
        for path in SOURCES
        for node in tree(path).body
        if isinstance(node, Definition) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_message_is_marked_for_translation() -> None:
    unmarked = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Message"
        and node.args
        and has_words(node.args[0])
    ]
    assert unmarked == []


def has_words(argument: ast.expr) -> bool:
    """Whether it is a literal with words of its own, not just places for values."""
    literal = argument.value if isinstance(argument, ast.Constant) else None
    return isinstance(literal, str) and re.search(r"[^\W\d_]", re.sub(r"\{\w*\}", "", literal)) is not None


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    found = []
    for path in tracked_files():
        if name_of(path) in FOREIGN_ALLOWED or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if FOREIGN.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()[:120]}")
    assert found == []


@pytest.mark.parametrize(
    ("line", "foreign"),
    [
        ('open("{}/main/x")'.format("/work"), True),
        ("see {}/facts".format("../shared"), True),
        ("/root/{}/bin".format(".pyenv"), True),
        ("export GOPATH=$HOME/work/go", False),
        ("hello ~/work/hello", False),
        ("hello /workspace", False),
    ],
)
def test_the_pattern_for_foreign_paths(line: str, foreign: bool) -> None:
    assert bool(FOREIGN.search(line)) is foreign
