"""What a toolchain must do before it counts, in the session it is for; and what is not the toolchain's fault."""

import os
import stat
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from campus import ARCH

from gomedic.host import Host
from gomedic.model import Progress, Session
from gomedic.sessions.survey import survey
from gomedic.toolchain import bench
from gomedic.toolchain.sandbox import Sandbox
from gomedic.toolchain.smoke import Tried, smoke_test
from gomedic.trying import sandbox
from made_up import refusal

GOARCH = ARCH.replace("armv6l", "arm")
# Says, "builds" and hangs as ROOT/fail and the environment's FAIL tell it to; what it builds says what it should.
GO = f"""#!/bin/sh
root=$(dirname "$(dirname "$0")")
case " $FAIL $(cat "$root/fail") " in *" $1 "*) echo "no $1 today" >&2; exit 1;; *" hang-$1 "*) sleep 600;; esac
case "$1" in
version) echo "go version go1.99 linux/{GOARCH} $MARK $GOFLAGS $GOPROXY $GOROOT";;
env) printf '{{"GOROOT": "%s", "GOOS": "%s", "GOARCH": "%s", "CGO_ENABLED": "%s", "CC": "%s"}}' \\
    "$(cat "$root/root" || echo "$root")" "${{GOOS:-linux}}" "${{GOARCH:-{GOARCH}}}" "${{CGO_ENABLED:-1}}" "${{CC:-gcc}}";;
build)
    while [ $# -gt 1 ]; do [ "$1" = -o ] && out=$2; shift; done
    case "$1" in *c.go) ${{CC:-gcc}} -o "$out" || exit 1;; esac
    case "$GOARCH" in {GOARCH} | '') ;; *) printf '\\177ELF' >"$out"; exit;; esac
    printf '#!/bin/sh\\necho "%s"\\n' "$(cat "$root/words" || echo gomedic was here)" >"$out"
    [ "${{out%-static}}" = "$out" ] || [ ! -e "$root/dynamic" ] || cp /bin/ls "$out"
    chmod 755 "$out";;
esac
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tree = tmp_path / "go"
    for folder in ("bin", "pkg/tool", "src"):
        (tree / folder).mkdir(parents=True)
    (tree / "bin/go").write_text(GO)
    (tree / "bin/go").chmod(0o755)
    (tree / "fail").touch()
    return tree


def compiler(folder: Path, text: str = "exit 0") -> str:
    """Write a C compiler that does what it is told."""
    path = folder / "a-cc"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def trying(
    host: Host, root: Path, environment: dict[str, str] | None = None, *, room: bool = False
) -> Generator[Progress, None, Tried]:
    scratch = root.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    session = Session("terminal", "/bin/sh", "ok", 0.0, (), {}, environment=environment or {})
    within = sandbox(host, [session]) if room else Sandbox(environment or {})
    return smoke_test(host, str(root), "go1.99", str(scratch), within)


def tried(host: Host, root: Path, environment: dict[str, str] | None = None, *, room: bool = False) -> Tried:
    work = trying(host, root, environment, room=room)
    found: list[Tried] = []

    def keep() -> Generator[Progress, None, None]:
        found.append((yield from work))

    list(keep())
    assert list((root.parent / "scratch").iterdir()) == []
    return found[0]


def states(found: Tried) -> dict[str, str]:
    return {row.name: row.state for row in found.rows}


# ------------------------------------------------------------------ what it must do


@pytest.mark.parametrize("name", ["version", "env", "build"])
def test_what_go_cannot_do_is_a_failure(machine: Host, root: Path, name: str) -> None:
    (root / "fail").write_text(name)
    found = tried(machine, root)
    assert found.failure is not None
    assert found.failure.name == name
    assert f"`go {name}` ended with 1: no {name} today" in str(found.failure.text)
    assert found.notes == ()
    after = list(states(found).values())
    assert set(after[after.index("not") + 1 :]) == {"not tried"}


def test_a_program_that_says_something_else_is_a_failure(machine: Host, root: Path) -> None:
    (root / "words").write_text("hello")
    failure = tried(machine, root).failure
    assert failure is not None
    assert (failure.name, str(failure.text)) == ("run", "It fails: `program` says “hello”.")


def test_another_goroot_is_a_failure(machine: Host, root: Path) -> None:
    (root / "root").write_text("/usr/lib/go")
    failure = tried(machine, root).failure
    assert failure is not None
    assert failure.name == "env"
    assert "its GOROOT is /usr/lib/go" in str(failure.text)


def test_a_program_that_is_not_static_is_a_failure(machine: Host, root: Path) -> None:
    (root / "dynamic").touch()
    failure = tried(machine, root).failure
    assert failure is not None
    assert failure.name == "static"
    assert "what was to be a static program still needs /lib" in str(failure.text)


def test_a_build_that_hangs_is_a_failure(machine: Host, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "LONGEST", 1.0)
    (root / "fail").write_text("hang-build")
    failure = tried(machine, root).failure
    assert failure is not None
    assert str(failure.text) == "It fails: `go build` did not end within 1 s."


def test_it_can_be_cancelled_at_any_moment(machine: Host, root: Path) -> None:
    (root / "fail").write_text("hang-build")
    work = trying(machine, root)
    told = [next(work) for _ in range(5)]
    begun = time.monotonic()
    work.close()
    assert time.monotonic() - begun < 60
    assert "build" in str(told[-1].what)
    assert list((root.parent / "scratch").iterdir()) == []


# ------------------------------------------------------------------ the session


@pytest.fixture
def chambered(machine: Host) -> Host:
    if reason := refusal():
        pytest.skip(f"this machine has no chambers: {reason}")
    return machine


def test_it_has_what_a_terminal_has_but_asks_nobody(chambered: Host, root: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "MARK": "here",
        "GOFLAGS": "-x",
        "GOPROXY": "direct",
        "GOROOT": "/old",
    }
    found = tried(chambered, root, environment, room=True)
    assert found.says == f"go version go1.99 linux/{GOARCH} here  off"
    assert states(found)["session"] == "ok"
    assert "as in a new terminal" in str(found.rows[0].text)


def test_what_it_writes_goes_nowhere(chambered: Host, root: Path) -> None:
    home = Path(chambered.home)
    home.chmod(0o777)
    before = sorted(home.rglob("*"))
    written = GO.replace("#!/bin/sh\n", f"#!/bin/sh\ntouch {home}/written || exit 9\n")
    (root / "bin/go").write_text(written)
    assert tried(chambered, root, {"PATH": "/usr/bin:/bin"}, room=True).failure is None
    assert sorted(home.rglob("*")) == before


def test_what_a_session_spoils_is_not_the_toolchains_fault(chambered: Host, root: Path) -> None:
    found = tried(chambered, root, {"PATH": "/usr/bin:/bin", "FAIL": "build"}, room=True)
    assert found.failure is None
    assert states(found) | {"session": "?", "cgo": "?", "sysroot": "?"} == {
        "session": "?", "version": "ok", "env": "ok", "build": "ok", "run": "ok", "static": "ok", "cgo": "?",
        "cross": "not", "glibc": "ok", "sysroot": "?",
    }  # fmt: skip
    assert states(found)["session"] == "not"
    assert "what a new terminal sets it does not work (`go build` ended with 1: no build today)" in str(
        found.notes[0]
    )


def test_an_architecture_left_over_in_a_session_is_told(chambered: Host, root: Path) -> None:
    other = "arm64" if GOARCH != "arm64" else "amd64"
    found = tried(chambered, root, {"PATH": "/usr/bin:/bin", "GOARCH": other}, room=True)
    assert found.failure is None
    assert f"makes programs for linux/{other}, but this machine is linux/{GOARCH}" in str(found.notes[0])


def test_without_a_copy_on_write_view_the_environment_is_clean(machine: Host, root: Path) -> None:
    found = tried(machine, root, {"PATH": "/usr/bin:/bin", "MARK": "here", "FAIL": "build"})
    assert "here" not in found.says
    assert found.failure is None
    assert states(found)["session"] == "not tried"
    assert "the system lets no copy-on-write view of the home folder be made" in str(found.rows[0].text)


def test_the_sandbox_is_a_new_terminal_of_the_account(chambered: Host) -> None:
    Path(chambered.home, ".bashrc").write_text("export MARK=terminal\n")
    within = sandbox(chambered, survey(chambered).sessions)
    assert within.environment["MARK"] == "terminal"
    assert within.environment["GOENV"] == f"{chambered.home}/.config/go/env"
    assert sandbox(chambered, []).environment == {}


# ------------------------------------------------------------------ what is the machine's


def test_a_compiler_that_does_not_work_is_told_and_does_not_stop_it(
    machine: Host, root: Path, tmp_path: Path
) -> None:
    cc = compiler(tmp_path, "echo 'stdlib.h: No such file or directory' >&2; exit 1")
    found = tried(machine, root, {"PATH": "/usr/bin:/bin", "CC": cc})
    assert found.failure is None
    assert states(found)["cgo"] == "not"
    told = f"Programs with C in them cannot be built by {cc} on this machine: `go build` ended with 1: stdlib.h: No such file or directory."
    assert told in map(str, found.notes)


def test_a_missing_compiler_is_told_in_the_table_only(machine: Host, root: Path) -> None:
    found = tried(machine, root, {"PATH": "/usr/bin:/bin", "CC": "nocc"})
    row = next(row for row in found.rows if row.name == "cgo")
    assert (row.state, str(row.text)) == (
        "not tried",
        "There is no C compiler nocc on PATH, so programs with C in them cannot be built.",
    )
    assert found.failure is None
    assert row.text not in found.notes


def test_a_compiler_that_others_can_change_is_not_started(machine: Host, root: Path, tmp_path: Path) -> None:
    cc = compiler(tmp_path, f"touch {tmp_path}/started")
    os.chmod(cc, 0o777)
    found = tried(machine, root, {"PATH": "/usr/bin:/bin", "CC": cc})
    assert states(found)["cgo"] == states(found)["sysroot"] == "not tried"
    assert not (tmp_path / "started").exists()


def test_cgo_turned_off_is_told(machine: Host, root: Path, tmp_path: Path) -> None:
    cc = compiler(tmp_path)
    found = tried(machine, root, {"PATH": "/usr/bin:/bin", "CC": cc, "CGO_ENABLED": "0"})
    row = next(row for row in found.rows if row.name == "cgo")
    assert str(row.text) == f"It could build programs with C in them by {cc}, but CGO_ENABLED is 0 here."


# ------------------------------------------------------------------ what is not started


@pytest.mark.parametrize("name", ["bin/go", "bin", "pkg/tool", "src", "."])
def test_what_others_could_have_put_there_never_runs(machine: Host, root: Path, name: str) -> None:
    path = root / name
    path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o002)
    found = tried_or_not(machine, root)
    assert found.says == ""
    assert found.failure is None
    assert (
        str(found.notes[0]) == f"It was not tried, because somebody other than you or root can change {path}."
    )


def tried_or_not(host: Host, root: Path) -> Tried:
    (root.parent / "scratch").mkdir()
    return tried(host, root)


NOEXEC = """
mount -t tmpfs -o noexec none "$1" && mkdir -p "$1/go/bin/go" "$1/go/pkg/tool" "$1/go/src" && shift && exec "$@"
"""
TRY = """
import os, sys
from gomedic.host import Host
from gomedic.model import Account
from gomedic.toolchain.sandbox import Sandbox
from gomedic.toolchain.smoke import smoke_test
host = Host({}, "/", Account("root", 0, 0, "/root", "/bin/sh", "/root"))
for for_here in (True, False):
    try:
        next(smoke_test(host, sys.argv[1], "go1.99", "/nonexistent", Sandbox(), for_here=for_here))
    except StopIteration as end:
        print(end.value.failure.text if end.value.failure else end.value.notes[0])
"""


def test_a_toolchain_where_nothing_may_be_started_does_not_work(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system for a test")
    words = [
        "unshare",
        "-m",
        "sh",
        "-c",
        NOEXEC,
        "sh",
        str(tmp_path),
        sys.executable,
        "-c",
        TRY,
        f"{tmp_path}/go",
    ]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    if "mount:" in ended.stderr:
        pytest.skip(f"nothing can be mounted here: {ended.stderr.strip()}")
    assert ended.stdout.splitlines() == [
        f"It fails: no program may be started from {tmp_path}/go, which is mounted noexec.",
        f"It was not tried, because no program may be started from {tmp_path}/go (mounted noexec).",
    ], ended.stderr
