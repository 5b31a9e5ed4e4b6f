"""fish: who set what, on real configuration files and the real shell."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gomedic import processes
from gomedic.sessions import fish
from gomedic.sessions.script import MARK, Mode, environment_of
from gomedic.sessions.trace import WATCHED, Trace
from started import (
    as_nobody,
    base_of,
    chain,
    environment,
    is_exported,
    last_change,
    open_home,
    path_entries,
    place,
    snapshot,
    start,
    text,
    write_home,
)

pytestmark = pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")

TERMINAL = Mode(login=False, interactive=True)
LOGIN = Mode(login=True, interactive=False)
SSH = Mode(login=True, interactive=True)
COMMAND = Mode(login=False, interactive=False)

CONFIG = ".config/fish/config.fish"
CORPUS = {
    ".config/fish/conf.d/00-first.fish": "set -gx GOPROXY off\n",
    ".config/fish/conf.d/-early.fish": "\nset -gx GOSUMDB off\n",
    ".config/fish/functions/autoloaded.fish": """function autoloaded
    set -gx GOFLAGS -v
end
""",
    ".config/fish/fish_variables": r"""# This file contains fish universal variable definitions.
# VERSION: 3.0
SETUVAR --export GOPRIVATE:corp\x2eexample
SETUVAR fish_user_paths:/universal/one\x1e/universal/two
""",
    CONFIG: """# ~/.config/fish/config.fish
set -gx GOPATH ~/go
set GOBIN /unexported
function prepend
    set -gx PATH $argv[1] $PATH
end
prepend /function
for dir in /loop/one /loop/two
    set -gx PATH $PATH $dir
end
fish_add_path -g @HOME@/bin
eval "set -gx GOOS plan9"
source ~/chained.fish
begin
    set -lx GOROOT /decoy
    true
end
echo 'set -gx GOARCH arm' | source
set -gx GOENV \\
    off
if test -n "$HOME"
    set -gx GODEBUG x=1
else
    set -gx GODEBUG x=2
end
set -gx GOVCS gone
set -e GOVCS
autoloaded
set -Ux GOTMPDIR /var/tmp
set -gx PATH (status dirname)/scripts $PATH
set -gx GOWORK "a b  c"
function hook --on-event fish_prompt
    set -gx PATH $PATH /hook
end
set -x GOCACHE /x
set -u GOCACHE /y
return 0
set -gx GOCACHE /never
""",
    "chained.fish": "\nset -gx GOINSECURE '*'\nset PATH $PATH /chained\n",
    "bin/tool": "",
}
PATH_LINES = [
    ("/universal/one", "~/.config/fish/fish_variables:4"),
    ("/universal/two", "~/.config/fish/fish_variables:4"),
    ("/function", f"~/{CONFIG}:5"),
    ("/loop/one", f"~/{CONFIG}:9"),
    ("/loop/two", f"~/{CONFIG}:9"),
    ("@HOME@/bin", f"~/{CONFIG}:11"),
    ("/chained", "~/chained.fish:3"),
    ("@HOME@/.config/fish/scripts", f"~/{CONFIG}:30"),
    ("/hook", f"~/{CONFIG}:33"),
]
VARIABLES = [
    ("GOPROXY", "~/.config/fish/conf.d/00-first.fish:1", True),
    ("GOSUMDB", "~/.config/fish/conf.d/-early.fish:2", True),
    ("GOPRIVATE", "~/.config/fish/fish_variables:3", True),
    ("GOPATH", f"~/{CONFIG}:2", True),
    ("GOBIN", f"~/{CONFIG}:3", False),
    ("GOOS", f"~/{CONFIG}:12", True),
    ("GOINSECURE", "~/chained.fish:2", True),
    ("GOARCH", f"~/{CONFIG}:18", True),
    ("GOENV", f"~/{CONFIG}:19", True),
    ("GODEBUG", f"~/{CONFIG}:22", True),
    ("GOVCS", f"~/{CONFIG}:27", False),
    ("GOFLAGS", "~/.config/fish/functions/autoloaded.fish:2", True),
    ("GOTMPDIR", f"~/{CONFIG}:29", True),
    ("GOWORK", f"~/{CONFIG}:31", True),
    ("GOCACHE", f"~/{CONFIG}:36", False),
]


@pytest.fixture
def home() -> Iterator[Path]:
    with open_home(CORPUS) as folder:
        yield folder


def traced(base: dict[str, str], mode: Mode, timeout: float = 20.0) -> tuple[processes.Ended, Trace]:
    script = fish.traced_script(mode, base, WATCHED)
    try:
        ended = start(script, base, timeout)
        trace = fish.read_trace(ended.channels["trace"], script, base, text, hung=ended.timed_out)
        return ended, trace
    finally:
        shutil.rmtree(script.scratch or "")


def plain(base: dict[str, str], mode: Mode, timeout: float = 20.0) -> processes.Ended:
    script = fish.plain_script(mode, base)
    try:
        return start(script, base, timeout)
    finally:
        shutil.rmtree(script.scratch or "")


def check_corpus(home: Path) -> None:
    ended, trace = traced(base_of(home), SSH)
    assert environment(ended) == environment(plain(base_of(home), SSH))
    assert trace.complete
    entries = path_entries(trace, home)
    for entry, line in PATH_LINES:
        assert (entry, entries[entry.replace("@HOME@", str(home))]) == (entry, line)
    for name, line, exported in VARIABLES:
        change = last_change(trace, name)
        assert change is not None, name
        assert (name, place(change, home), is_exported(trace, name)) == (name, line, exported)
    assert not [change for change in trace.changes if change.variable == "GOROOT"]


def test_every_entry_and_variable_is_traced_to_its_line(home: Path) -> None:
    check_corpus(home)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another account")
def test_an_ordinary_account_gets_the_same(home: Path) -> None:
    as_nobody(lambda: check_corpus(home))


@pytest.mark.parametrize("mode", [TERMINAL, LOGIN, SSH, COMMAND])
def test_a_traced_start_ends_like_a_plain_one(home: Path, mode: Mode) -> None:
    ended, trace = traced(base_of(home), mode)
    assert environment(ended) == environment(plain(base_of(home), mode))
    assert trace.complete


def test_the_person_s_own_folders_are_restored(home: Path) -> None:
    (home / ".config").rename(home / "settings")
    base = base_of(home, XDG_CONFIG_HOME=f"{home}/settings", XDG_CACHE_HOME=f"{home}/cached")
    ended, trace = traced(base, TERMINAL)
    found = environment(ended)
    assert found["XDG_CONFIG_HOME"] == f"{home}/settings"
    assert found["XDG_CACHE_HOME"] == f"{home}/cached"
    assert "XDG_DATA_HOME" not in found
    assert found == environment(plain(base, TERMINAL))
    change = last_change(trace, "GOPATH")
    assert change is not None
    assert place(change, home) == "~/settings/fish/config.fish:2"


ALIKE = """set a /x
set b /x
function one
    set -gx GOBIN $a # set -gx GOBIN /x
end
function two
    set -q XYZ; or set -gx GOBIN $a
    set -gx GOFLAGS "-v \\
        -x"
end
if false
    set -gx GOPATH $a
else
    set -gx GOPATH $b
end
two
set -e GOBIN
one
set -gx GOBIN /y
echo set -gx GOENV $b; set -gx GOENV $b
echo off | read -gx GOPROXY
begin
    set -gx GOROOT $a
end >/dev/null
"""
ALIKE_LINES = [
    ("GOPATH", [14]),
    ("GOBIN", [7, 17, 4, 19]),
    ("GOFLAGS", [8]),
    ("GOENV", [20]),
    ("GOPROXY", [21]),
    ("GOROOT", [23]),
]


def as_fish_4(data: bytes) -> bytes:
    """Return a trace as fish 4.0 writes it: its stacks end before the event."""
    return re.sub(rb"\x1cin event handler: [^\x1c]*\x1c\tcalled on line [^\x1e\x1c]*", b"", data)


@pytest.mark.parametrize("written", [bytes, as_fish_4])
def test_commands_that_look_alike_are_told_apart(tmp_path: Path, written: Callable[[bytes], bytes]) -> None:
    write_home(tmp_path, {CONFIG: ALIKE})
    base = base_of(tmp_path)
    script = fish.traced_script(LOGIN, base, WATCHED)
    data = written(start(script, base).channels["trace"])
    shutil.rmtree(script.scratch or "")
    assert written is bytes or b"event handler" not in data
    told: dict[str, list[int]] = {}
    for change in fish.read_trace(data, script, base, text).changes:
        if change.frames and change.frames[0].file == f"{tmp_path}/{CONFIG}":
            told.setdefault(change.variable, []).append(change.frames[0].line)
    assert [(name, told.get(name)) for name, _lines in ALIKE_LINES] == ALIKE_LINES


def test_a_path_of_many_kilobytes_is_read_whole(tmp_path: Path) -> None:
    folders = [f"/é/{'x' * 90}/{number}" for number in range(80)]
    lines = [f"set -gx PATH $PATH {folder}" for folder in folders]
    write_home(tmp_path, {CONFIG: "\n".join(lines)})
    ended, trace = traced(base_of(tmp_path), COMMAND)
    assert environment(ended)["PATH"].split(":")[-80:] == folders
    entries = path_entries(trace, tmp_path)
    assert list(entries.items()) == [
        (folder, f"~/{CONFIG}:{number}") for number, folder in enumerate(folders, 1)
    ]


TOOL = """#!/bin/sh
case $1 in
init) cat <<'E'
set -gx GOTMPDIR /tool
function __tool_hook --on-event fish_prompt --description tool
    ~/tool prompt | source
end
E
;;
prompt) echo 'set -gx PATH /tool/go $PATH; set -gx GOROOT /tool/go' ;;
esac
"""


def test_what_a_version_manager_does_at_the_prompt_is_told(tmp_path: Path) -> None:
    write_home(tmp_path, {CONFIG: "set -gx GOBIN /a\n\n~/tool init | source\n", "tool": TOOL})
    (tmp_path / "tool").chmod(0o755)
    _ended, trace = traced(base_of(tmp_path), TERMINAL)
    assert path_entries(trace, tmp_path) == {"/tool/go": f"~/{CONFIG}:3"}
    for name in ("GOTMPDIR", "GOROOT"):
        change = last_change(trace, name)
        assert change is not None
        assert place(change, tmp_path) == f"~/{CONFIG}:3"


def test_the_call_chain_files_and_early_return_are_told(home: Path) -> None:
    _ended, trace = traced(base_of(home), SSH)
    chained = next(c for c in trace.changes if c.variable == "GOINSECURE")
    assert chain(chained, home) == ["~/chained.fish:2", f"~/{CONFIG}:13"]
    ours = [file.removeprefix(f"{home}/") for file in trace.files if file.startswith(str(home))]
    assert ours == [
        ".config/fish/conf.d/-early.fish",
        ".config/fish/conf.d/00-first.fish",
        CONFIG,
        "chained.fish",
    ]
    assert trace.returned == {f"{home}/{CONFIG}": 37}
    assert trace.reached[f"{home}/{CONFIG}"] >= {2, 3, 5, 7, 9, 11, 12, 13, 19, 22, 28, 37}
    assert not trace.reached[f"{home}/{CONFIG}"] & {24, 38}


STOPS = [
    ("sleep 1000", None, "sleep 1000"),
    ("set x (sleep 1000)", None, "sleep 1000"),
    ("while true; end", None, "true"),
    ("exit 3", 3, "exit 3"),
    ("exec /bin/false", 1, "exec /bin/false"),
]


@pytest.mark.parametrize(("line", "code", "command"), STOPS)
@pytest.mark.parametrize("mode", [TERMINAL, COMMAND])
def test_where_a_start_up_stops_is_told(
    home: Path, mode: Mode, line: str, code: int | None, command: str
) -> None:
    write_home(home, {CONFIG: f"set -gx GOBIN /a\n\n{line}\nset -gx GOBIN /b\n"})
    ended, trace = traced(base_of(home), mode, 1.5)
    if line == "exit 3":  # leaves the file only
        assert (environment(ended)["GOBIN"], trace.complete) == ("/a", True)
    else:
        assert environment_of(ended.channels["env"]) is None
        assert not trace.complete
        assert ended.timed_out == (code is None)
        assert code is None or ended.code == code
    assert [(frame.file, frame.line) for frame in trace.last] == [(f"{home}/{CONFIG}", 3)]
    assert trace.last_command == command


def test_a_hang_in_a_function_is_told_with_its_call(home: Path) -> None:
    write_home(home, {CONFIG: "function stop\n  sleep 1000\nend\nstop\n"})
    _ended, trace = traced(base_of(home), COMMAND, 1.0)
    assert [frame.line for frame in trace.last] == [2, 4]


def test_a_cut_trace_tells_what_it_can(home: Path) -> None:
    base = base_of(home)
    script = fish.traced_script(COMMAND, base, WATCHED)
    data = start(script, base).channels["trace"]
    shutil.rmtree(script.scratch or "")
    for size in range(0, data.rindex(MARK.encode()), len(data) // 50):
        assert not fish.read_trace(data[:size], script, base, text).complete
        fish.read_trace(data[size:], script, base, text)


def test_a_hang_at_the_prompt_is_told(home: Path) -> None:
    write_home(home, {CONFIG: "\nfunction stop --on-event fish_prompt\n  sleep 1000\nend\n"})
    _ended, trace = traced(base_of(home), TERMINAL, 1.0)
    assert not trace.complete
    assert [frame.line for frame in trace.last] == [2]


HOSTILE = [
    "if then fi (",
    "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2",
    "sleep 300 &",
    "setsid nohup sleep 300 >/dev/null 2>&1 &",
    "function printf; end; function set_color; end; function env; end",
    "read line",
    "set -e PATH",
    "set -gx XDG_CONFIG_HOME /elsewhere",
    "set -g fish_trace",
    "function fish_prompt; exit 1; end",
]


@pytest.mark.parametrize("line", HOSTILE)
def test_hostile_files_do_not_hide_the_environment(home: Path, line: str) -> None:
    write_home(home, {".config/fish/conf.d/x.fish": f"{line}\n", CONFIG: "set -gx GOBIN /b\n"})
    ended, trace = traced(base_of(home), SSH)
    assert environment(ended) == environment(plain(base_of(home), SSH))
    assert environment(ended)["GOBIN"] == "/b"
    assert trace.complete


def test_an_alias_of_go_is_told(home: Path) -> None:
    write_home(home, {CONFIG: "alias go 'go1.20 -x'\n"})
    found = environment_of(plain(base_of(home), TERMINAL).channels["env"])
    assert found is not None
    assert "go1.20 -x" in (found[1] or "")


def test_a_home_without_any_configuration_works(tmp_path: Path) -> None:
    ended, trace = traced(base_of(tmp_path), TERMINAL)
    assert environment(ended) == environment(plain(base_of(tmp_path), TERMINAL))
    assert trace.complete
    assert not trace.changes
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_to_the_home(home: Path) -> None:
    before = snapshot(home)
    traced(base_of(home), SSH)
    plain(base_of(home), SSH)
    assert snapshot(home) == before


@pytest.mark.parametrize("search", ["/usr/bin:/bin", "/nowhere"])
def test_files_that_only_the_view_has_are_read(tmp_path: Path, search: str) -> None:
    """The script is made from the machine as it is, and started where a change is tried."""
    write_home(tmp_path, {".config/fish/fish_variables": "# VERSION: 3.0\nSETUVAR --export GOFLAGS:old\n"})
    base = base_of(tmp_path, PATH=search)
    script = fish.plain_script(TERMINAL, base)
    write_home(
        tmp_path,
        {
            CONFIG: "set -gx GOPROXY off\n",
            ".config/fish/conf.d/go.fish": "set -gx GOSUMDB off\n",
            ".config/fish/fish_variables": "# VERSION: 3.0\nSETUVAR --export GOFLAGS:new\n",
        },
    )
    try:
        found = environment(start(script, base))
    finally:
        shutil.rmtree(script.scratch or "")
    assert {name: found.get(name) for name in ("GOPROXY", "GOSUMDB", "GOFLAGS")} == {
        "GOPROXY": "off",
        "GOSUMDB": "off",
        "GOFLAGS": "new",
    }


def test_universal_variables_without_end_are_passed_over(tmp_path: Path) -> None:
    write_home(tmp_path, {CONFIG: "set -gx GOPROXY off\n"})
    (tmp_path / ".config/fish/fish_variables").symlink_to("/dev/zero")
    assert environment(plain(base_of(tmp_path), TERMINAL))["GOPROXY"] == "off"
