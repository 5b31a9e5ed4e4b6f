"""busybox ash without bash: it traces itself, and each change is laid to its file and line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gomedic.sessions import ash_trace, dash
from gomedic.sessions.script import Mode, Script
from gomedic.sessions.trace import WATCHED, Trace
from started import (
    base_of,
    chain,
    environment,
    last_change,
    open_home,
    path_entries,
    place,
    start,
    text,
    write_home,
)

SHELL = "/bin/busybox"
pytestmark = pytest.mark.skipif(not Path(SHELL).exists(), reason="busybox is not installed")
TERMINAL = Mode(login=False, interactive=True)
LOGIN = Mode(login=True, interactive=False)
SSH = Mode(login=True, interactive=True)
PROFILE = """# ~/.profile
export GOPROXY=https://proxy.example,direct
append_path () {
	case ":$PATH:" in
		*:"$1":*)
			;;
		*)
			PATH="${PATH:+$PATH:}$1"
			;;
	esac
}

append_path "/function"
append_path "/function"
for script in "$HOME"/profile.d/*.sh; do
	if [ -r "$script" ]; then
		. "$script"
	fi
done
unset script
for d in /loop/one /loop/two; do PATH="$PATH:$d"; done
GOROOT=/opt/go
GOBIN=$(GOBIN=/subshell; GOROOT=/subshell; echo /caught)
export GOBIN
export ENV=$HOME/.shrc
[ -d /nowhere ] && PATH=/nowhere:$PATH
: last
"""
HOME = {
    ".profile": PROFILE,
    "profile.d/1-empty.sh": "# nothing\n",
    "profile.d/2-go.sh": "\n\nexport GOPATH=/go\nappend_path $GOPATH/bin\n. '@HOME@/a b/env'\n",
    "profile.d/3-left.sh": '[ -n "$GOPATH" ] && return 0\nexport GOPATH=/never\n',
    "a b/env": "# cargo's\nPATH=/blank:$PATH\n",
    ".shrc": "PATH=/interactive:$PATH\n",
}
PATH_LINES = [
    ("/function", ["~/.profile:8"]),
    ("/go/bin", ["~/.profile:8", "~/profile.d/2-go.sh:4", "~/.profile:17"]),
    ("/blank", ["~/a b/env:2", "~/profile.d/2-go.sh:5", "~/.profile:17"]),
    ("/loop/one", ["~/.profile:21"]),
    ("/loop/two", ["~/.profile:21"]),
    ("/interactive", ["~/.shrc:1"]),
]


@pytest.fixture
def home() -> Iterator[Path]:
    with open_home(HOME) as folder:
        yield folder


def traced(base: dict[str, str], mode: Mode) -> tuple[Script, Trace, dict[str, str]]:
    script = ash_trace.traced_script(mode, base, WATCHED, shell=SHELL)
    ended = start(script, base)
    found = environment(ended)
    return script, ash_trace.read_trace(ended.channels["trace"], script, text, found), found


def test_every_entry_is_laid_to_its_line(home: Path) -> None:
    _script, trace, _found = traced(base_of(home), SSH)
    entries = path_entries(trace, home)
    assert [(entry, entries.get(entry)) for entry, _chain in PATH_LINES] == [(e, c[0]) for e, c in PATH_LINES]
    made = {
        e: c
        for c in trace.changes
        if c.variable == "PATH"
        for e, _chain in PATH_LINES
        if e in (c.after or "") and e not in (c.before or "")
    }
    assert [(entry, chain(made[entry], home)) for entry, _chain in PATH_LINES[1:3]] == PATH_LINES[1:3]
    assert "/nowhere" not in entries
    assert trace.complete


def test_variables_are_laid_to_their_lines_and_a_subshell_tells_nothing(home: Path) -> None:
    _script, trace, found = traced(base_of(home), SSH)
    assert [
        (n, place(change, home), change.after)
        for n in ("GOPROXY", "GOPATH", "GOROOT", "GOBIN")
        if (change := last_change(trace, n))
    ] == [
        ("GOPROXY", "~/.profile:2", "https://proxy.example,direct"),
        ("GOPATH", "~/profile.d/2-go.sh:3", "/go"),
        ("GOROOT", "~/.profile:22", "/opt/go"),
        ("GOBIN", "~/.profile:23", "/caught"),
    ]
    assert ("GOROOT" in found, found["GOBIN"]) == (False, "/caught")


@pytest.mark.parametrize("mode", [TERMINAL, LOGIN, SSH])
@pytest.mark.parametrize("more", [{}, {"ENV": "$HOME/.shrc"}])
def test_the_traced_shell_ends_like_the_plain_one(home: Path, mode: Mode, more: dict[str, str]) -> None:
    base = base_of(home, **more)
    _script, trace, found = traced(base, mode)
    truth = environment(start(dash.plain_script(mode, base, SHELL), base))
    assert {k: v for k, v in found.items() if k != "_"} == {k: v for k, v in truth.items() if k != "_"}
    assert trace.complete


def test_an_early_return_and_a_stop_are_told(home: Path) -> None:
    _script, trace, _found = traced(base_of(home), LOGIN)
    assert trace.returned == {f"{home}/profile.d/3-left.sh": 1}
    write_home(home, {"a b/env": "export GOBIN=/a\nsleep 1000\n"})
    script = ash_trace.traced_script(LOGIN, base_of(home), WATCHED, shell=SHELL)
    ended = start(script, base_of(home), 1.0)
    trace = ash_trace.read_trace(ended.channels["trace"], script, text, None)
    assert (ended.timed_out, trace.complete, trace.last_command) == (True, False, "sleep 1000")
    assert (trace.last[0].file, trace.last[0].line) == (f"{home}/a b/env", 2)
