"""zsh: who set what, on real start-up files and the real shell."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gomedic.sessions import zsh
from gomedic.sessions.script import Mode, Script, environment_of
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

pytestmark = pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")

TERMINAL = Mode(login=False, interactive=True)
LOGIN = Mode(login=True, interactive=False)
SSH = Mode(login=True, interactive=True)
COMMAND = Mode(login=False, interactive=False)
MODES = [TERMINAL, LOGIN, SSH, COMMAND]

CORPUS = {
    ".zshenv": """# every zsh reads this
export GOPROXY=https://proxy.example,direct
. ~/.cargo/env
""",
    ".cargo/env": """case ":${PATH}:" in
    *:"$HOME/.cargo/bin":*) ;;
    *) export PATH="$HOME/.cargo/bin:$PATH" ;;
esac
""",
    ".profile": """# sh syntax
if [ -d "$HOME" ]; then
  PATH="$HOME/bin:$PATH"
fi
PATH="$HOME/sbin:$PATH"
GOFLAGS=-mod=mod
export GOFLAGS
""",
    ".zprofile": """emulate sh -c '. ~/.profile'
GOROOT=/opt/go
""",
    ".zshrc": """path=(
  /array/first
  $path
)
prepend() {
  case ":$PATH:" in *:$1:*) return;; esac
  PATH=$1:$PATH
}
prepend /function
prepend /function
for d in /loop/one /loop/two; do
  path+=($d)
done
eval "export GOPATH=/eval/gopath
PATH=\\$PATH:/eval/bin
"
{ export GOBIN=/hidden
} 2>/dev/null
: after
export GOPRIVATE=a%xb%%c \\
  GONOSUMDB=x
set -a
GOCACHE=/allexport
set +a
decoy() { local GOTOOLCHAIN=decoy; : ; }
decoy
GOSUMDB=off decoy
: $(GOWORK=/subshell)
source <(echo; echo export GOOS=plan9)
export GOVCS=gone; unset GOVCS
[[ -d /nowhere ]] && PATH=/nowhere:$PATH
GOENV=off
hook() { PATH=$PATH:/hook }
precmd_functions+=(hook)
set +x
export GOARCH=arm
PATH=/untraced:$PATH
export GOAMD64=v3
""",
    ".zlogin": """[ -n "$ZSH_VERSION" ] || return
return 0
PATH=/never:$PATH
""",
}


@pytest.fixture
def home() -> Iterator[Path]:
    with open_home(CORPUS) as folder:
        yield folder


@pytest.fixture
def scripts() -> Iterator[list[Script]]:
    made: list[Script] = []
    yield made
    for script in made:
        if script.scratch:
            shutil.rmtree(script.scratch)


def traced(home: Path, mode: Mode, scripts: list[Script], timeout: float = 20.0, **more: str) -> Trace:
    base = base_of(home, **more)
    scripts.append(zsh.traced_script(mode, base, WATCHED))
    ended = start(scripts[-1], base, timeout)
    return zsh.read_trace(ended.channels["trace"], scripts[-1].nonce, text)


def both_environments(home: Path, mode: Mode) -> tuple[dict[str, str], dict[str, str], Trace]:
    base = base_of(home)
    plain, tracing = zsh.plain_script(mode, base), zsh.traced_script(mode, base, WATCHED)
    ended = start(tracing, base)
    found = (
        environment(start(plain, base)),
        environment(ended),
        zsh.read_trace(ended.channels["trace"], tracing.nonce, text),
    )
    for script in (plain, tracing):
        shutil.rmtree(script.scratch or "", ignore_errors=True)
    return found


PATH_LINES = [
    ("/hook", "~/.zshrc:33"),
    ("/array/first", "~/.zshrc:1"),
    ("/function", "~/.zshrc:7"),
    ("/loop/one", "~/.zshrc:12"),
    ("/loop/two", "~/.zshrc:12"),
    ("/eval/bin", "~/.zshrc:14"),
    ("/untraced", "~/.zshrc:37"),
    ("@HOME@/.cargo/bin", "~/.cargo/env:3"),
    ("@HOME@/bin", "~/.profile:3"),
    ("@HOME@/sbin", "~/.profile:5"),
]
VARIABLES = [
    ("GOPROXY", "~/.zshenv:2", True),
    ("GOFLAGS", "~/.profile:6", True),
    ("GOROOT", "~/.zprofile:2", False),
    ("GOPATH", "~/.zshrc:14", True),
    ("GOBIN", "~/.zshrc:17", True),
    ("GOPRIVATE", "~/.zshrc:20", True),
    ("GONOSUMDB", "~/.zshrc:20", True),
    ("GOCACHE", "~/.zshrc:23", True),
    ("GOOS", "~/.zshrc:29", True),
    ("GOENV", "~/.zshrc:32", False),
    ("GOVCS", "~/.zshrc:30", False),
]


def check_corpus(home: Path) -> None:
    truth, found, trace = both_environments(home, SSH)
    assert found == truth
    assert trace.complete
    entries = path_entries(trace, home)
    assert {entry.replace("@HOME@", str(home)): line for entry, line in PATH_LINES} == entries
    for name, line, exported in VARIABLES:
        change = last_change(trace, name)
        assert change is not None, name
        assert (name, place(change, home), is_exported(trace, name)) == (name, line, exported)
    assert not [c for c in trace.changes if c.variable in ("GOTOOLCHAIN", "GOSUMDB", "GOWORK")]


def test_every_entry_and_variable_is_traced_to_its_line(home: Path) -> None:
    check_corpus(home)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another account")
def test_an_ordinary_account_gets_the_same(home: Path) -> None:
    as_nobody(lambda: check_corpus(home))


@pytest.mark.parametrize("mode", MODES)
def test_a_traced_start_ends_like_a_plain_one(home: Path, mode: Mode) -> None:
    truth, found, trace = both_environments(home, mode)
    assert found == truth
    assert trace.complete


def test_the_call_chain_is_told(home: Path, scripts: list[Script]) -> None:
    changes = traced(home, SSH, scripts).changes
    cargo = next(c for c in changes if c.variable == "PATH" and ".cargo" in (c.after or ""))
    function = next(c for c in changes if c.variable == "PATH" and "/function" in (c.after or ""))
    assert chain(cargo, home) == ["~/.cargo/env:3", "~/.zshenv:3"]
    assert chain(function, home) == ["~/.zshrc:7", "~/.zshrc:9"]


TOOL = """#!/bin/sh
case $1 in
init) cat <<'E'
export GOTMPDIR=/tool
_tool_hook() {
  eval "$(~/tool prompt)"
}
typeset -ag precmd_functions
precmd_functions+=(_tool_hook)
E
;;
prompt) echo 'export PATH=/tool/go:$PATH; export GOROOT=/tool/go' ;;
esac
"""


@pytest.mark.parametrize("line", ['eval "$(~/tool init)"', "source <(~/tool init)"])
def test_what_a_version_manager_does_at_the_prompt_is_told(
    home: Path, scripts: list[Script], line: str
) -> None:
    write_home(home, {".zshenv": "", ".zshrc": f"export GOBIN=/a\n\n{line}\n", "tool": TOOL})
    (home / "tool").chmod(0o755)
    trace = traced(home, TERMINAL, scripts)
    assert path_entries(trace, home) == {"/tool/go": "~/.zshrc:3"}
    for name in ("GOTMPDIR", "GOROOT"):
        change = last_change(trace, name)
        assert change is not None
        assert place(change, home) == "~/.zshrc:3"


def test_files_are_told_in_reading_order_with_early_returns(home: Path, scripts: list[Script]) -> None:
    trace = traced(home, SSH, scripts)
    ours = [file.removeprefix(f"{home}/") for file in trace.files if file.startswith(str(home))]
    assert ours == [".zshenv", ".cargo/env", ".zprofile", ".profile", ".zshrc"]
    assert trace.reached[f"{home}/.zshrc"] >= {1, 7, 12, 20, 33}
    assert 31 in trace.reached[f"{home}/.zshrc"]


def test_a_cut_trace_tells_what_it_can(home: Path, scripts: list[Script]) -> None:
    base = base_of(home)
    scripts.append(zsh.traced_script(LOGIN, base, WATCHED))
    data = start(scripts[-1], base).channels["trace"]
    for size in range(0, len(data), len(data) // 50):
        assert not zsh.read_trace(data[:size], scripts[-1].nonce, text).complete
        zsh.read_trace(data[size:], scripts[-1].nonce, text)


def test_an_early_return_is_told(home: Path, scripts: list[Script]) -> None:
    write_home(home, {".zshrc": "export GOBIN=/a\n[[ -t 0 ]] || return\nexport GOBIN=/b\n"})
    trace = traced(home, TERMINAL, scripts)
    assert trace.returned == {f"{home}/.zshrc": 2}
    assert trace.reached[f"{home}/.zshrc"] == {1, 2}


def test_zdotdir_is_followed(home: Path, scripts: list[Script]) -> None:
    write_home(home, {".zshenv": "ZDOTDIR=~/dots\n", "dots/.zshrc": "\nexport GOBIN=/dots\n"})
    change = last_change(traced(home, TERMINAL, scripts), "GOBIN")
    assert change is not None
    assert place(change, home) == "~/dots/.zshrc:2"


STOPS = [
    ("sleep 1000", None, "sleep 1000"),
    ("x=$(sleep 1000)", None, "sleep 1000"),
    ("while :; do :; done", None, ":"),
    ("exit 3", 3, "exit 3"),
    ("exec /bin/false", 1, "exec /bin/false"),
]


@pytest.mark.parametrize(("line", "code", "command"), STOPS)
@pytest.mark.parametrize("mode", [TERMINAL, LOGIN])
def test_where_a_start_up_stops_is_told(
    home: Path, scripts: list[Script], mode: Mode, line: str, code: int | None, command: str
) -> None:
    file = ".zshrc" if mode.interactive else ".zprofile"
    write_home(home, {file: f"export GOBIN=/a\n{line}\nexport GOBIN=/b\n"})
    base = base_of(home)
    scripts.append(zsh.traced_script(mode, base, WATCHED))
    ended = start(scripts[-1], base, 1.5)
    trace = zsh.read_trace(ended.channels["trace"], scripts[-1].nonce, text)
    assert environment_of(ended.channels["env"]) is None
    assert ended.timed_out == (code is None)
    assert code is None or ended.code == code
    assert not trace.complete
    assert (trace.last[0].file, trace.last[0].line) == (f"{home}/{file}", 2)
    assert trace.last_command == command


HOSTILE = [
    "if then fi",
    "head -c 3000000 /dev/zero | tr '\\0' x; head -c 3000000 /dev/zero >&2",
    "sleep 300 &!",
    "setsid nohup sleep 300 >/dev/null 2>&1 &",
    "exec >/dev/null 2>&1",
    "PS4='+ '",
    "unsetopt promptsubst",
    "setopt ksharrays shwordsplit nounset noclobber",
    "alias exec=false builtin=false; exec() { : }; env() { : }",
    "read -q; read line",
    "path=()",
    "emulate ksh",
    "IFS=abc",
]


@pytest.mark.parametrize("line", HOSTILE)
def test_hostile_files_do_not_hide_the_environment(home: Path, line: str) -> None:
    write_home(home, {".zshrc": f"{line}\n", ".zlogin": "export GOBIN=/b\n"})
    truth, found, trace = both_environments(home, SSH)
    assert truth == found
    assert truth["GOBIN"] == "/b"
    assert trace.complete


def test_an_alias_of_go_is_told(home: Path) -> None:
    write_home(home, {".zshrc": "alias go='go1.20 -x'\n"})
    base = base_of(home)
    script = zsh.plain_script(TERMINAL, base)
    found = environment_of(start(script, base).channels["env"])
    shutil.rmtree(script.scratch or "")
    assert found is not None
    assert found[1] == "go is an alias for go1.20 -x"


def test_stdin_swallowed_by_a_start_up_file_leaves_the_report_by_option(home: Path) -> None:
    write_home(home, {".zshrc": "cat >/dev/null\nexport GOBIN=/b\n"})
    base = base_of(home)
    fed, given = zsh.plain_script(TERMINAL, base), zsh.command_script(TERMINAL, base)
    assert environment_of(start(fed, base).channels["env"]) is None
    assert environment(start(given, base))["GOBIN"] == "/b"
    for script in (fed, given):
        shutil.rmtree(script.scratch or "")


def test_nothing_is_written_to_the_home(home: Path) -> None:
    history = "HISTFILE=~/.zsh_history HISTSIZE=99 SAVEHIST=99; setopt sharehistory\n"
    write_home(home, {".zshrc": f"{history}autoload -Uz compinit; compinit -u\n", ".zsh_history": "go env\n"})
    before = snapshot(home)
    both_environments(home, TERMINAL)
    assert snapshot(home) == before
