"""The chamber: what is written inside goes nowhere, and all that runs inside dies with it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from gomedic.host import Host
from gomedic.sessions.chamber import Chamber, chamber
from made_up import refusal
from started import snapshot

BuildHost = Callable[..., Host]


@pytest.fixture
def machine(host: BuildHost) -> Host:
    """A machine where namespaces can be had: there must be chambers then."""
    if reason := refusal():
        pytest.skip(f"this machine has no chambers: {reason}")
    return host()


@pytest.fixture
def place(machine: Host) -> Iterator[Chamber]:
    with chamber(machine) as found:
        assert found.isolated
        yield found


def run(machine: Host, place: Chamber, script: str) -> tuple[bytes, bytes]:
    ended = machine.run(place.command(["/bin/sh", "-c", script], machine.home), cwd="/")
    return ended.out, ended.err


def test_a_program_inside_sees_the_home_as_it_is(machine: Host, place: Chamber, home: Path) -> None:
    out, _err = run(machine, place, "pwd; id -u; cat .profile; stat -c %a .")
    first, uid, *rest = out.split(b"\n")
    assert (first, int(uid)) == (str(home).encode(), machine.account.uid)
    assert b"\n".join(rest[:-2]) + b"\n" == (home / ".profile").read_bytes()
    assert int(rest[-2], 8) == home.stat().st_mode & 0o7777


def test_what_is_written_inside_goes_nowhere(machine: Host, place: Chamber, home: Path) -> None:
    before = snapshot(home)
    script = "echo x >>.profile && rm .bashrc && mkdir -p a/b && echo y >a/b/c && chmod 700 . && echo z >/var/tmp/gomedic-z; cat a/b/c /var/tmp/gomedic-z"
    assert run(machine, place, script) == (b"y\nz\n", b"")
    assert (
        run(machine, place, "tail -n 1 .profile; ls .bashrc")[0] == b"x\n"
    )  # one view for all that runs inside
    assert snapshot(home) == before
    assert not Path("/var/tmp/gomedic-z").exists()


def test_some_folders_stay_the_real_ones(machine: Host, home: Path, tmp_path: Path) -> None:
    inside, elsewhere = home / "kept", tmp_path / "kept too"
    for folder in (inside, elsewhere):
        folder.mkdir()
    with chamber(machine, but=(str(inside), str(elsewhere))) as place:
        assert place.isolated
        run(machine, place, f"echo x >kept/new; echo y >'{elsewhere}/new'; echo z >gone")
    assert ((inside / "new").read_text(), (elsewhere / "new").read_text()) == ("x\n", "y\n")
    assert not (home / "gone").exists()


def test_logout_files_are_not_there(machine: Host, place: Chamber, home: Path) -> None:
    assert (home / ".bash_logout").exists()
    assert run(machine, place, "ls -a")[0].split().count(b".bash_logout") == 0


def test_all_that_runs_inside_dies_with_it(machine: Host, home: Path) -> None:
    before = set(psutil.process_iter())
    with chamber(machine) as place:
        run(machine, place, "setsid sh -c 'sleep 4321 & sleep 4322' >/dev/null 2>&1 &")
    mine = [p for p in psutil.process_iter() if p not in before and _home_of(p) == str(home)]
    assert psutil.wait_procs(mine, timeout=3)[1] == []


def _home_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("HOME")
    except (psutil.Error, OSError):
        return None


@pytest.mark.parametrize("name", ["with blank", "汉字", "quote'", "$HOME", "*"])
def test_a_home_may_have_any_ordinary_name(machine: Host, host: BuildHost, tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    home.mkdir()
    own = host(home)
    with chamber(own) as place:
        assert place.isolated
        assert run(own, place, "touch x; pwd; ls") == (f"{home}\nx\n".encode(), b"")
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("name", ["a,b", "a:b", "a\\b", 'a"b', "a\nb", "not there"])
def test_where_a_home_cannot_be_covered_programs_run_plainly(
    host: BuildHost, tmp_path: Path, name: str
) -> None:
    home = tmp_path / name
    if name != "not there":
        home.mkdir()
    with chamber(host(home)) as place:
        assert place == Chamber()
        assert place.command(["/bin/sh"], str(home)) == ("/bin/sh",)


def test_a_home_that_is_a_link_is_covered_where_it_leads(
    machine: Host, host: BuildHost, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    own = host(tmp_path / "link")
    with chamber(own) as place:
        assert run(own, place, "touch x; ls")[0] == b"x\n"
    assert list((tmp_path / "real").iterdir()) == []
