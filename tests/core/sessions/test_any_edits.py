"""Any edits of PATH, in each shell's own words, are traced to their lines: as a simple model says."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from gomedic import processes
from gomedic.model import Origin
from gomedic.sessions import bash, dash, fish, zsh
from gomedic.sessions.attribution import cached_lines, entry_origins
from gomedic.sessions.script import Mode, Script
from gomedic.sessions.trace import WATCHED, Trace
from started import base_of, environment, open_home, start, text

TERMINAL = Mode(login=False, interactive=True)
BASE = Origin("base")
Model = list[tuple[str, str]]  # entry, "FILE:LINE" or "base"

POSIX = {
    "prepend": "PATH={new}:$PATH",
    "append": 'PATH="$PATH:{new}"',
    "both": "export PATH={new}:$PATH:{new}/last",
    "export": "export PATH; PATH=$PATH:{new}",
    "quoted": "PATH='{new} and more':\"$PATH\"",
    "function": "add {new}",
    "eval": "eval 'PATH={new}:$PATH'",
    "loop": 'for d in {new}/a {new}/b; do PATH="$PATH:$d"; done',
    "source": ". ~/{name}",
    "case": 'case ":$PATH:" in *:{new}:*) ;; *) PATH="{new}:$PATH" ;; esac',
    "assign": "PATH={new}:/usr/bin",
    "remove": 'PATH=$(echo "$PATH" | /bin/sed "s|^{gone}:||; s|:{gone}:|:|; s|:{gone}$||")',
    "subshell": "(PATH={new}:$PATH; export PATH)",
    "untaken": "false && PATH={new}:$PATH",
    "temporary": "PATH={new}:$PATH /bin/true",
}
ZSH = {
    **POSIX,
    "prepend": "path=({new} $path)",
    "export": "path+=({new})",
    "assign": "path=({new} /usr/bin)",
    "remove": "path=(${{path:#'{gone}'}})",
}
FISH = {
    "prepend": "set -gx PATH {new} $PATH",
    "append": 'set PATH $PATH "{new}"',
    "both": "set --export PATH {new} $PATH {new}/last",
    "export": "set -a PATH {new}",
    "quoted": "set PATH '{new} and more' $PATH",
    "function": "add {new}",
    "eval": "eval 'set PATH {new} $PATH'",
    "loop": "for d in {new}/a {new}/b; set PATH $PATH $d; end",
    "source": "source ~/{name}",
    "case": "if not contains {new} $PATH; set -p PATH {new}; end",
    "assign": "set PATH {new} /usr/bin",
    "remove": "set PATH (string match --invert -- '{gone}' $PATH)",
    "subshell": "begin; set -lx PATH {new} $PATH; true; end",
    "untaken": "false; and set PATH {new} $PATH",
    "temporary": "PATH={new} true",
}


class Dialect(Struct, frozen=True):
    """A shell, the file it reads, and how PATH is edited in its words."""

    shell: str
    file: str
    mode: Mode
    edits: Mapping[str, str]
    helper: str  # the first line: a function `add` that prepends
    sourced: str
    more: Mapping[str, str]  # of the environment
    script: Callable[..., Script]
    read: Callable[[processes.Ended, Script, dict[str, str]], Trace]


def _by_nonce(ended: processes.Ended, script: Script, _base: dict[str, str]) -> Trace:
    return bash.read_trace(ended.channels["trace"], script.nonce)


def _of_zsh(ended: processes.Ended, script: Script, _base: dict[str, str]) -> Trace:
    return zsh.read_trace(ended.channels["trace"], script.nonce, text)


def _of_fish(ended: processes.Ended, script: Script, base: dict[str, str]) -> Trace:
    return fish.read_trace(ended.channels["trace"], script, base, text, hung=ended.timed_out)


_ADD = "add() { PATH=$1:$PATH; }"
_FISH_ADD = "function add; set PATH $argv[1] $PATH; end"
DIALECTS = {
    "bash": Dialect("bash", ".bashrc", TERMINAL, POSIX, _ADD, POSIX["prepend"], {}, bash.traced_script, _by_nonce),
    "dash": Dialect("dash", ".shrc", TERMINAL, POSIX, _ADD, POSIX["prepend"], {"ENV": "@HOME@/.shrc"}, dash.traced_script, _by_nonce),
    "zsh": Dialect("zsh", ".zshrc", TERMINAL, ZSH, _ADD, ZSH["prepend"], {}, zsh.traced_script, _of_zsh),
    "fish": Dialect(
        "fish", ".config/fish/config.fish", TERMINAL, FISH, _FISH_ADD, FISH["prepend"], {}, fish.traced_script, _of_fish
    ),
}  # fmt: skip
KINDS = tuple(POSIX)


def gone_from(new: str, held: Model) -> str:
    """Return the entry that an edit takes away, which is not the only one."""
    return held[len(new) % len(held)][0] if len(held) > 1 else "/none"


def after(kind: str, new: str, held: Model, places: Mapping[str, str]) -> Model:
    """Return what PATH holds after an edit; `places` has its line, the function's and the sourced file's."""
    here = places["line"]
    if kind in ("prepend", "eval", "case"):
        return [(new, here), *held]
    if kind in ("append", "export"):
        return [*held, (new, here)]
    if kind == "both":
        return [(new, here), *held, (f"{new}/last", here)]
    if kind == "quoted":
        return [(f"{new} and more", here), *held]
    if kind in ("function", "source"):
        return [(new, places[kind]), *held]
    if kind == "loop":
        return [*held, (f"{new}/a", here), (f"{new}/b", here)]
    if kind == "assign":
        return [(new, here), ("/usr/bin", here)]
    gone = gone_from(new, held)
    return [item for item in held if item[0] != gone] if kind == "remove" else held


def told_by_model(dialect: Dialect, kinds: Sequence[str]) -> tuple[dict[str, str], Model]:
    """Return the files of a home whose start-up file edits PATH in these ways, and what it holds in the end."""
    file = f"~/{dialect.file}"
    lines, held, files = [dialect.helper], [("/usr/bin", "base"), ("/bin", "base")], {}
    for number, kind in enumerate(kinds, 2):
        new, name = f"/e{'x' * number}", f"sourced-{number}"
        places = {"line": f"{file}:{number}", "function": f"{file}:1", "source": f"~/{name}:1"}
        lines.append(dialect.edits[kind].format(new=new, name=name, gone=gone_from(new, held)))
        files[name] = dialect.sourced.format(new=new) + "\n"
        held = after(kind, new, held, places)
    return {**files, dialect.file: "\n".join(lines) + "\n"}, held


def traced(dialect: Dialect, home: Path) -> Model:
    more = {name: value.replace("@HOME@", str(home)) for name, value in dialect.more.items()}
    base = {**base_of(home), "PATH": "/usr/bin:/bin", **more}
    path = shutil.which(dialect.shell) or ""
    script = dialect.script(dialect.mode, base, WATCHED, shell=path)
    try:
        ended = start(script, base)
        trace = dialect.read(ended, script, base)
    finally:
        shutil.rmtree(script.scratch or "", ignore_errors=True)
    held = [(entry, BASE) for entry in ("/usr/bin", "/bin")]
    found = entry_origins(held, trace.changes, cached_lines(text), "/built/in")
    assert ":".join(entry for entry, _origin in found) == environment(ended)["PATH"]
    return [(entry, place(origin, home)) for entry, origin in found]


def place(origin: Origin, home: Path) -> str:
    return "base" if origin == BASE else f"{origin.file}:{origin.line}".replace(str(home), "~")


@pytest.fixture(params=DIALECTS.values(), ids=DIALECTS.keys())
def dialect(request: pytest.FixtureRequest) -> Dialect:
    chosen: Dialect = request.param
    if shutil.which(chosen.shell) is None:
        pytest.skip(f"{chosen.shell} is not installed")
    return chosen


def check(dialect: Dialect, kinds: Sequence[str]) -> None:
    files, expected = told_by_model(dialect, kinds)
    with open_home({}) as home:
        for name, content in files.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(content)
        assert traced(dialect, home) == expected, files[dialect.file]


@pytest.mark.parametrize("kind", KINDS)
def test_each_edit_is_traced_to_its_line(dialect: Dialect, kind: str) -> None:
    check(dialect, ["append", kind, "prepend"])


def test_every_pair_of_edits_is_traced_to_its_lines(dialect: Dialect) -> None:
    check(dialect, [kind for pair in product(KINDS, repeat=2) for kind in pair])


@pytest.mark.parametrize("name", DIALECTS)
def test_any_edits_are_traced_to_their_lines(name: str) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")

    @given(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=10))
    @settings(max_examples=15, deadline=None, database=None)
    def run(kinds: list[str]) -> None:
        check(DIALECTS[name], kinds)

    run()
