"""bash: every entry of PATH and every variable of Go's is traced to its line, in all four ways of starting."""

import os
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gomedic.model import Origin
from gomedic.sessions import bash
from gomedic.sessions.attribution import cached_lines, entry_origins, variable_origin
from gomedic.sessions.script import Mode
from gomedic.sessions.trace import WATCHED, Trace
from started import (
    as_nobody,
    base_of,
    environment,
    is_exported,
    last_change,
    open_home,
    snapshot,
    start,
    text,
    write_home,
)

TERMINAL = Mode(login=False, interactive=True)
LOGIN = Mode(login=True, interactive=False)
SSH = Mode(login=True, interactive=True)
COMMAND = Mode(login=False, interactive=False)
MODES = (TERMINAL, LOGIN, SSH, COMMAND)
BASE = Origin("base")

CORPUS = {
    ".bash_profile": r"""# ~/.bash_profile
PATH=/literal/one:/literal/two:/usr/bin:/bin
pathmunge() {
  case ":${PATH}:" in
    *:"$1":*) ;;
    *) if [ "$2" = after ]; then
         PATH=$PATH:$1
       else
         PATH=$1:$PATH
       fi ;;
  esac
}
pathmunge /function/front
pathmunge /function/back after
pathmunge /function/back after
. "$HOME/.cargo/env"
for d in /loop/one /loop/two; do
  PATH="$PATH:$d"
done
eval "$(printf 'export GOPATH=/eval/gopath\nPATH=$PATH:/eval/bin\n')"
set -a
GOCACHE=/allexport
set +a
: "${GOENV:=/default/env}"
export GOENV
read -r GOTMPDIR <<<"/read/tmp"
export GOTMPDIR
printf -v GOVCS '%s' "*:git"
export GOVCS
GOROOT=/unexported
( export GOWORK=/subshell; PATH=/subshell:$PATH )
GOWORK=/temporary true
GOWORK=$(GOWORK=/inner; echo) ; unset GOWORK
export PATH="$PATH:\
/continued/one:\
/continued/two"
PATH=${PATH//\/literal\/two:/}
OLDIFS=$IFS; IFS=:
for p in $PATH; do :; done
PATH="$PATH:/while/ifs"
IFS=$OLDIFS
PATH=$(printf %s "$PATH" | awk -v RS=: '!seen[$0]++ { if (n++) printf ":"; printf "%s", $0 }')
while read -r line; do PATH="$PATH:$line"; done < <(echo /from/process)
if [ -f ~/.bashrc ]; then . ~/.bashrc; fi
declare -x GOFLAGS="-mod=mod -x"
export GOPROXY=https://first.example GOSUMDB=off
export GOPROXY=https://last.example
export GO111MODULE=gone; unset GO111MODULE
{ GODEBUG=quiet=1; export GODEBUG; } 2>/dev/null
PATH="/tail:$PATH" && export GOARCH=amd64
return 0
PATH=/never:$PATH
""",
    ".cargo/env": """case ":${PATH}:" in
    *:"$HOME/.cargo/bin":*) ;;
    *) export PATH="$HOME/.cargo/bin:$PATH" ;;
esac
""",
    ".bashrc": """export PATH="$PATH:/rc"
case $- in *i*) ;; *) return ;; esac
PATH="$PATH:/interactive"
PROMPT_COMMAND='PATH=${PATH%:/prompt}:/prompt'
""",
}  # fmt: skip
OF_LOGIN = {
    "/tail": ("~/.bash_profile:50",),
    "@HOME@/.cargo/bin": ("~/.cargo/env:3", "~/.bash_profile:16"),
    "/function/front": ("~/.bash_profile:9", "~/.bash_profile:13"),
    "/literal/one": ("~/.bash_profile:2",),
    "/usr/bin": ("~/.bash_profile:2",),
    "/bin": ("~/.bash_profile:2",),
    "/function/back": ("~/.bash_profile:7", "~/.bash_profile:14"),
    "/loop/one": ("~/.bash_profile:18",),
    "/loop/two": ("~/.bash_profile:18",),
    "/eval/bin": ("~/.bash_profile:20",),
    "/continued/one": ("~/.bash_profile:34",),
    "/continued/two": ("~/.bash_profile:34",),
    "/while/ifs": ("~/.bash_profile:40",),
    "/from/process": ("~/.bash_profile:43",),
    "/rc": ("~/.bashrc:1", "~/.bash_profile:44"),
}
INTERACTIVE = {
    "/interactive": ("~/.bashrc:3", "~/.bash_profile:44"),
    "/prompt": ("~/.bashrc:4", "~/.bash_profile:44"),  # where the hook was set
}
VARIABLES = {
    "GOPATH": ("~/.bash_profile:20", True),
    "GOCACHE": ("~/.bash_profile:22", True),
    "GOENV": ("~/.bash_profile:24", True),
    "GOTMPDIR": ("~/.bash_profile:26", True),
    "GOVCS": ("~/.bash_profile:28", True),
    "GOROOT": ("~/.bash_profile:30", False),
    "GOFLAGS": ("~/.bash_profile:45", True),
    "GOPROXY": ("~/.bash_profile:47", True),
    "GOSUMDB": ("~/.bash_profile:46", True),
    "GODEBUG": ("~/.bash_profile:49", True),
    "GOARCH": ("~/.bash_profile:50", True),
}


@pytest.fixture
def home() -> Iterator[Path]:
    with open_home(CORPUS) as folder:
        yield folder


def both(base: dict[str, str], mode: Mode) -> tuple[dict[str, str], dict[str, str], Trace]:
    """Return the environment a plain bash ends with, that of the traced one, and its trace."""
    tracing = bash.traced_script(mode, base, WATCHED)
    ended = start(tracing, base)
    truth = environment(start(bash.plain_script(mode, base), base))
    return truth, environment(ended), bash.read_trace(ended.channels["trace"], tracing.nonce)


def held(base: dict[str, str]) -> list[tuple[str, Origin]] | None:
    return [(entry, BASE) for entry in base["PATH"].split(":")] if "PATH" in base else None


def told(origin: Origin, home: Path) -> tuple[str, ...]:
    """Return an origin and its call chain as "FILE:LINE", the home as ~."""
    if origin == BASE:
        return ("base",)
    places = (f"{origin.file}:{origin.line}", *origin.chain)
    return tuple(place.replace(str(home), "~") for place in places)


def entries(trace: Trace, base: dict[str, str], home: Path) -> list[tuple[str, tuple[str, ...]]]:
    found = entry_origins(held(base), trace.changes, cached_lines(text), "/built/in")
    return [(entry, told(origin, home)) for entry, origin in found]


def check_corpus(home: Path, mode: Mode) -> None:
    base = base_of(home)
    truth, found, trace = both(base, mode)
    assert trace.complete
    assert found["PATH"] == truth["PATH"]
    told_entries = entries(trace, base, home)
    assert ":".join(entry for entry, _places in told_entries) == truth["PATH"]
    expected = {**OF_LOGIN, **(INTERACTIVE if mode.interactive else {})}
    assert dict(told_entries) == {
        entry.replace("@HOME@", str(home)): places for entry, places in expected.items()
    }
    check_variables(home, trace, truth)


def check_variables(home: Path, trace: Trace, truth: dict[str, str]) -> None:
    for name, (place, exported) in VARIABLES.items():
        origin = variable_origin(name, trace.changes, None, cached_lines(text))
        assert (name, told(origin, home)[0], is_exported(trace, name)) == (name, place, exported)
        assert (name in truth) == exported
    for name in ("GOWORK", "GO111MODULE"):
        change = last_change(trace, name)
        assert name not in truth
        assert change is None or change.after is None


@pytest.mark.parametrize("mode", [SSH, LOGIN])
def test_every_entry_and_variable_is_traced_to_its_line(home: Path, mode: Mode) -> None:
    check_corpus(home, mode)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another account")
def test_an_ordinary_account_gets_the_same(home: Path) -> None:
    as_nobody(lambda: check_corpus(home, SSH))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "more", [{}, {"BASH_ENV": "@HOME@/.cargo/env"}, {"SHLVL": "4"}, {"GOROOT": "/given"}]
)
def test_the_traced_shell_ends_like_the_plain_one(home: Path, mode: Mode, more: dict[str, str]) -> None:
    base = base_of(home, **{name: value.replace("@HOME@", str(home)) for name, value in more.items()})
    truth, found, trace = both(base, mode)
    assert trace.complete
    # bash counts SHLVL down for the last command of -c; what a session's variable _ holds, nobody can use
    assert {**found, "_": "", "SHLVL": ""} == {**truth, "_": "", "SHLVL": ""}


def test_a_plain_terminal_reads_bashrc_alone(home: Path) -> None:
    _truth, _found, trace = both(base_of(home), TERMINAL)
    assert entries(trace, base_of(home), home) == [
        ("/img/bin", ("base",)),
        ("/usr/bin", ("base",)),
        ("/bin", ("base",)),
        ("/rc", ("~/.bashrc:1",)),
        ("/interactive", ("~/.bashrc:3",)),
        ("/prompt", ("~/.bashrc:4",)),
    ]


def test_bash_env_is_read_by_commands_and_after_a_login(home: Path) -> None:
    write_home(home, {".env": "export GOBIN=/from/env\n"})
    for mode in (COMMAND, LOGIN):
        truth, _found, trace = both(base_of(home, BASH_ENV=f"{home}/.env"), mode)
        change = last_change(trace, "GOBIN")
        assert truth["GOBIN"] == "/from/env"
        assert change is not None
        assert change.frames[0].file == f"{home}/.env"
        assert truth["BASH_ENV"] == f"{home}/.env"


def test_a_command_over_ssh_reads_bashrc_to_its_guard(home: Path) -> None:
    base = {**base_of(home), "SSH_CLIENT": "127.0.0.1 1 22"}
    script = bash.traced_script(COMMAND, base, WATCHED, over_ssh=True)
    trace = bash.read_trace(start(script, base).channels["trace"], script.nonce)
    plain = environment(start(bash.plain_script(COMMAND, base), base))
    assert plain["PATH"].endswith(":/rc")
    assert entries(trace, base, home)[-1] == ("/rc", ("~/.bashrc:1",))
    assert trace.returned[f"{home}/.bashrc"] == 2


def test_without_a_path_bash_starts_with_its_own(home: Path) -> None:
    base = base_of(home)
    del base["PATH"]
    write_home(home, {".bashrc": "PATH=/a:$PATH\n"})
    _truth, _found, trace = both(base, TERMINAL)
    change = last_change(trace, "PATH")
    assert change is not None
    own = (change.before or "").split(":")
    found = entry_origins(None, trace.changes, cached_lines(text), change.before)
    assert [entry for entry, _origin in found] == ["/a", *own]
    assert {origin.file for _entry, origin in found[1:]} == {"built in"}


HOOKS = [
    "PROMPT_COMMAND='PATH=$PATH:/hook'",
    "hook() {\n  PATH=$PATH:/hook\n}\nPROMPT_COMMAND=hook",
    "eval \"$(printf 'f() {\\n:\\n:\\nPATH=$PATH:/hook\\n}\\nPROMPT_COMMAND=f\\n')\"",
    "PROMPT_COMMAND=(: 'PATH=$PATH:/hook')",
]  # fmt: skip


@pytest.mark.parametrize("hook", HOOKS)
def test_what_a_prompt_changes_is_laid_to_the_line_that_set_its_hook(home: Path, hook: str) -> None:
    write_home(home, {".bashrc": f"{hook}\n"})
    truth, _found, trace = both(base_of(home), TERMINAL)
    assert truth["PATH"].endswith(":/hook")
    line = hook.count("\n") + 1
    assert entries(trace, base_of(home), home)[-1] == ("/hook", (f"~/.bashrc:{line}",))
    assert not [change for change in trace.changes if change.variable == "PROMPT_COMMAND"]


@pytest.mark.parametrize("way", ["source", "."])
def test_what_a_program_prints_is_laid_to_the_line_that_reads_it(home: Path, way: str) -> None:
    text = f"\n{way} <(printf 'export PATH=$PATH:%s\\n' /printed)\n"
    write_home(home, {".bashrc": text})
    _truth, _found, trace = both(base_of(home), TERMINAL)
    assert entries(trace, base_of(home), home)[-1] == ("/printed", ("~/.bashrc:2",))
    assert trace.files[-1:] == (str(home / ".bashrc"),)


def test_where_a_file_was_left_early_is_told(home: Path) -> None:
    _truth, _found, trace = both(base_of(home), LOGIN)
    assert {Path(file).name: line for file, line in trace.returned.items() if str(home) in file} == {
        ".bash_profile": 51,
        ".bashrc": 2,
    }


def test_nothing_is_written_to_the_home(home: Path) -> None:
    before = snapshot(home)
    for mode in MODES:
        both(base_of(home), mode)
    assert snapshot(home) == before


# ------------------------------------------------------------------ any edits of PATH against a simple model

Model = list[tuple[str, str]]  # entry, "FILE:LINE" or "base"
KINDS = ("prepend", "append", "both", "export", "function", "eval", "assign", "remove", "subshell", "untaken")


def line_of(kind: str, new: str, held: Model) -> str:
    """Return one line of a start-up file that edits PATH in one of the ways people do."""
    gone = held[len(new) % len(held)][0] if held else "/none"
    return {
        "prepend": f"PATH={new}:$PATH",
        "append": f'PATH="$PATH:{new}"',
        "both": f"export PATH={new}:$PATH:{new}/last",
        "export": f"export PATH=$PATH:{new}",
        "function": f"add {new}",
        "eval": f"eval 'PATH={new}:$PATH'",
        "assign": f"PATH={new}:/usr/bin",
        "remove": f'PATH=$(echo "$PATH" | /bin/sed "s|^{gone}:||; s|:{gone}:|:|; s|:{gone}$||")',
        "subshell": f"(PATH={new}:$PATH; export PATH)",
        "untaken": f"false && PATH={new}:$PATH",
    }[kind]


def after(kind: str, new: str, held: Model, place: str) -> Model:
    mine = [(new, place)]
    if kind in ("prepend", "eval"):
        return mine + held
    if kind in ("append", "export"):
        return held + mine
    if kind == "both":
        return mine + held + [(f"{new}/last", place)]
    if kind == "function":
        return [(new, "~/.bashrc:1"), *held]
    if kind == "assign":
        return [*mine, ("/usr/bin", place)]
    gone = held[len(new) % len(held)][0] if held else "/none"
    return [item for item in held if item[0] != gone] if kind == "remove" and len(held) > 1 else held


def told_by_model(kinds: Sequence[str]) -> tuple[str, Model]:
    lines, held = ["add() { PATH=$1:$PATH; }"], [("/usr/bin", "base"), ("/bin", "base")]
    for number, kind in enumerate(kinds, 2):
        new = f"/e{'x' * number}"
        lines.append(line_of(kind, new, held))
        held = after(kind, new, held, f"~/.bashrc:{number}")
    return "\n".join(lines) + "\n", held


def traced(home: Path, content: str) -> Model:
    (home / ".bashrc").write_text(content)
    base = {**base_of(home), "PATH": "/usr/bin:/bin"}
    script = bash.traced_script(TERMINAL, base, WATCHED)
    ended = start(script, base)
    found = entries(bash.read_trace(ended.channels["trace"], script.nonce), base, home)
    assert ":".join(entry for entry, _places in found) == environment(ended)["PATH"]
    return [(entry, places[0]) for entry, places in found if entry.startswith(("/e", "/usr/bin", "/bin"))]


@given(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None, database=None)
def test_any_edits_of_path_are_traced_to_their_lines(kinds: list[str]) -> None:
    content, expected = told_by_model(kinds)
    with open_home({}) as home:
        assert traced(home, content) == expected, content


def test_every_pair_of_edits_is_traced_to_its_lines() -> None:
    content, expected = told_by_model([kind for pair in product(KINDS, repeat=2) for kind in pair])
    with open_home({}) as home:
        assert traced(home, content) == expected, content
