"""dash and busybox ash: who set what, by a replay that must end as the shell itself does."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gomedic.sessions import dash
from gomedic.sessions.script import Mode, environment_of
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

SHELLS = [shell for shell in ("/bin/dash", "/bin/busybox") if Path(shell).exists()]
pytestmark = pytest.mark.skipif(not SHELLS, reason="neither dash nor busybox is installed")

TERMINAL = Mode(login=False, interactive=True)
LOGIN = Mode(login=True, interactive=False)
SSH = Mode(login=True, interactive=True)
COMMAND = Mode(login=False, interactive=False)
OF_BASH = {"_", "OLDPWD"}  # bash exports these, and they are no start-up file's

CORPUS = {
    ".profile": """# ~/.profile
export GOPROXY=https://proxy.example,direct
if [ -n "$BASH_VERSION" ]; then
  export GOFLAGS=-bash
fi
. "$HOME/.cargo/env"
prepend() {
  case ":$PATH:" in *":$1:"*) return ;; esac
  PATH="$1:$PATH"
}
prepend /function
prepend /function
for d in /loop/one /loop/two; do
  PATH="$PATH:$d"
done
eval "export GOPATH=/eval/gopath
PATH=\\$PATH:/eval/bin
"
GOROOT=/opt/go
set -a
GOCACHE=/allexport
set +a
: $(GOWORK=/subshell; export GOWORK)
export GOVCS=gone; unset GOVCS
GOBIN="a b  c"
export GOBIN
source ~/.bashisms
PATH=$(echo "$PATH" | sed 's|/img/bin:||')
export ENV=$HOME/.shrc
[ -d /nowhere ] && PATH=/nowhere:$PATH
return 0
PATH=/never:$PATH
""",
    ".cargo/env": """case ":${PATH}:" in
    *:"$HOME/.cargo/bin":*) ;;
    *) export PATH="$HOME/.cargo/bin:$PATH" ;;
esac
""",
    ".shrc": """PATH=/interactive:$PATH
case $- in *i*) GOENV=off ;; esac
""",
    ".bashisms": "",
}
PATH_LINES = [
    ("/interactive", "~/.shrc:1"),
    ("/function", "~/.profile:9"),
    ("@HOME@/.cargo/bin", "~/.cargo/env:3"),
    ("/loop/one", "~/.profile:14"),
    ("/loop/two", "~/.profile:14"),
    ("/eval/bin", "~/.profile:18"),  # bash gives the last line of a command
]
VARIABLES = [
    ("GOPROXY", "~/.profile:2", True),
    ("GOPATH", "~/.profile:18", True),
    ("GOROOT", "~/.profile:19", False),
    ("GOCACHE", "~/.profile:21", True),
    ("GOBIN", "~/.profile:25", True),
    ("GOENV", "~/.shrc:2", False),
]


@pytest.fixture
def home() -> Iterator[Path]:
    with open_home(CORPUS) as folder:
        yield folder


def both(base: dict[str, str], mode: Mode, shell: str) -> tuple[dict[str, str], dict[str, str], Trace]:
    plain, tracing = (
        dash.plain_script(mode, base, shell),
        dash.traced_script(mode, base, WATCHED, shell=shell),
    )
    ended = start(tracing, base)
    truth, found = environment(start(plain, base)), environment(ended)
    return (
        {name: value for name, value in truth.items() if name not in OF_BASH},
        {name: value for name, value in found.items() if name not in OF_BASH},
        dash.read_trace(ended.channels["trace"], tracing.nonce),
    )


def check_corpus(home: Path, shell: str) -> None:
    truth, found, trace = both(base_of(home), SSH, shell)
    assert found == truth
    assert trace.complete
    entries = path_entries(trace, home)
    for entry, line in PATH_LINES:
        assert (entry, entries[entry.replace("@HOME@", str(home))]) == (entry, line)
    assert "/never" not in entries
    for name, line, exported in VARIABLES:
        change = last_change(trace, name)
        assert change is not None, name
        assert (name, place(change, home), is_exported(trace, name)) == (name, line, exported)
    assert not [c for c in trace.changes if c.variable in ("GOFLAGS", "GOWORK")]


@pytest.mark.parametrize("shell", SHELLS)
def test_every_entry_and_variable_is_traced_to_its_line(home: Path, shell: str) -> None:
    if "busybox" in shell:  # which knows `source`, as bash does
        assert text(f"{home}/.bashisms") == ""
    check_corpus(home, shell)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another account")
@pytest.mark.parametrize("shell", SHELLS)
def test_an_ordinary_account_gets_the_same(home: Path, shell: str) -> None:
    as_nobody(lambda: check_corpus(home, shell))


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("mode", [TERMINAL, LOGIN, SSH, COMMAND])
@pytest.mark.parametrize("more", [{}, {"ENV": "$HOME/.shrc"}, {"SHLVL": "4"}])
def test_the_replay_ends_like_the_shell(home: Path, shell: str, mode: Mode, more: dict[str, str]) -> None:
    truth, found, trace = both(base_of(home, **more), mode, shell)
    assert found == truth
    assert trace.complete


@pytest.mark.parametrize("shell", SHELLS)
def test_without_a_path_the_shells_own_is_replayed(home: Path, shell: str) -> None:
    write_home(home, {".profile": "export PATH=/a:$PATH\n"})
    base = base_of(home)
    del base["PATH"]
    truth, found, _trace = both(base, LOGIN, shell)
    assert found == truth


def test_source_is_not_known_to_dash(home: Path) -> None:
    write_home(home, {".bashisms": "export GODEBUG=x\n"})
    truth, found, _trace = both(base_of(home), LOGIN, "/bin/dash")
    assert found == truth
    assert "GODEBUG" not in truth


def test_what_only_bash_understands_shows_in_the_environment(home: Path) -> None:
    write_home(home, {".profile": "[[ -n $HOME ]] && export GODEBUG=x\n"})
    truth, found, _trace = both(base_of(home), LOGIN, "/bin/dash")
    assert "GODEBUG" in found
    assert "GODEBUG" not in truth


def test_the_call_chain_is_told(home: Path) -> None:
    _truth, _found, trace = both(base_of(home), SSH, "/bin/dash")
    cargo = next(c for c in trace.changes if c.variable == "PATH" and ".cargo" in (c.after or ""))
    assert chain(cargo, home) == ["~/.cargo/env:3", "~/.profile:6"]


def test_an_early_return_is_told(home: Path) -> None:
    _truth, _found, trace = both(base_of(home), SSH, "/bin/dash")
    assert trace.returned == {f"{home}/.profile": 31}


STOPS = [("sleep 1000", None), ("exit 3", 3), ("exec /bin/false", 1), ("while :; do :; done", None)]


@pytest.mark.parametrize(("line", "code"), STOPS)
@pytest.mark.parametrize("mode", [SSH, LOGIN])
def test_where_a_start_up_stops_is_told(home: Path, mode: Mode, line: str, code: int | None) -> None:
    write_home(home, {".profile": f"export GOBIN=/a\n{line}\nexport GOBIN=/b\n"})
    base = base_of(home)
    for script in (dash.plain_script(mode, base), dash.traced_script(mode, base, WATCHED)):
        ended = start(script, base, 1.0)
        assert environment_of(ended.channels["env"]) is None
        assert (ended.timed_out, code is None or ended.code == code) == (code is None, True)
    trace = dash.read_trace(ended.channels["trace"], script.nonce)
    assert not trace.complete
    assert (trace.last[0].file, trace.last[0].line) == (f"{home}/.profile", 2)
    assert trace.last_command == (":" if "while" in line else line)


HOSTILE = [
    "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2",
    "sleep 300 &",
    "setsid nohup sleep 300 >/dev/null 2>&1 &",
    "exec >/dev/null 2>&1",
    "exec 3>/dev/null 9>/dev/null",
    "PS4='+ '; set +x",
    "alias exec=false; env() { :; }",
    "read line",
    "unset PATH",
    "IFS=abc; set -u; set -C",
    "umask 777; ulimit -f 0",
]


@pytest.mark.parametrize("line", HOSTILE)
def test_hostile_files_do_not_hide_the_environment(home: Path, line: str) -> None:
    write_home(home, {".profile": f"{line}\nexport GOBIN=/b\n"})
    truth, found, _trace = both(base_of(home), SSH, "/bin/dash")
    assert found == truth
    assert truth["GOBIN"] == "/b"


def test_a_syntax_error_stops_the_shell_and_shows_in_its_words(home: Path) -> None:
    write_home(home, {".profile": "export GOBIN=/a\nif then fi\nexport GOBIN=/b\n"})
    base = base_of(home)
    ended = start(dash.plain_script(LOGIN, base), base)
    assert environment_of(ended.channels["env"]) is None
    assert (ended.code, b"Syntax error" in ended.err) == (2, True)


@pytest.mark.parametrize("shell", SHELLS)
def test_an_alias_of_go_is_told(home: Path, shell: str) -> None:
    write_home(home, {".profile": "alias go='go1.20 -x'\n"})
    base = base_of(home)
    found = environment_of(start(dash.plain_script(SSH, base, shell), base).channels["env"])
    assert found is not None
    assert found[1] == "go is an alias for go1.20 -x"


def test_stdin_swallowed_by_a_start_up_file_leaves_the_report_by_option(home: Path) -> None:
    write_home(home, {".profile": "cat >/dev/null\nexport GOBIN=/b\n"})
    base = base_of(home)
    assert environment_of(start(dash.plain_script(SSH, base), base).channels["env"]) is None
    assert environment(start(dash.command_script(SSH, base), base))["GOBIN"] == "/b"


def test_nothing_is_written_to_the_home(home: Path) -> None:
    before = snapshot(home)
    for shell in SHELLS:
        both(base_of(home), SSH, shell)
    assert snapshot(home) == before
