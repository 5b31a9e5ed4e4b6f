"""Hostile start-up files: the survey ends in time, names the line, leaves no process, and writes nothing."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from gomedic.host import Host
from gomedic.model import Session
from gomedic.sessions import chamber
from gomedic.sessions.survey import survey
from hostile_files import APPEND, CORPUS, Hostile
from started import snapshot

BuildHost = Callable[..., Host]
TIME_LIMIT = 8.0  # seconds; a machine under load needs some for a start-up that ends
HUNG_LIMIT = 1.5
NAMES = [hostile.name for hostile in CORPUS]
QUICK = ("daemon", "background job holding the descriptors", "exit 3", "closes all descriptors")


def has_chamber(host: Host) -> bool:
    with chamber.chamber(host) as place:
        return place.isolated


def examined(host: Host, time_limit: float = TIME_LIMIT) -> dict[str, Session]:
    begun = time.monotonic()
    sessions = survey(host, time_limit=time_limit).sessions
    assert time.monotonic() - begun < 2 * time_limit + 8
    return {session.kind: session for session in sessions}


def left_running(home: Path) -> list[psutil.Process]:
    """Return what still runs, a moment after it was killed, of all that was started for the account of `home`."""
    _gone, alive = psutil.wait_procs(
        [p for p in psutil.process_iter() if _home_of(p) == str(home)], timeout=2
    )
    return alive


def _home_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("HOME")
    except (psutil.Error, OSError):
        return None


def check(hostile: Hostile, session: Session, home: Path) -> None:
    assert session.state == hostile.state
    if hostile.line is not None:
        assert session.stopped_at is not None
        assert (session.stopped_at.file, session.stopped_at.line) == (f"{home}/.bashrc", hostile.line)
    if hostile.entry is None:
        assert session.path == ()
    elif hostile.entry:
        last = session.path[-1]
        assert (last.entry, last.origin.line) == (hostile.entry, hostile.line_of_entry)


@pytest.mark.parametrize("hostile", CORPUS, ids=NAMES)
def test_a_hostile_start_up_file_is_seen_through(hostile: Hostile, home: Path, host: BuildHost) -> None:
    if hostile.needs and shutil.which(hostile.needs) is None:
        pytest.skip(f"{hostile.needs} is not installed")
    (home / ".bashrc").write_text(hostile.text + "\n")
    before = snapshot(home)
    found = examined(host(), HUNG_LIMIT if hostile.state == "hung" else TIME_LIMIT)
    check(hostile, found["terminal"], home)
    assert left_running(home) == []
    if has_chamber(host()):  # without, a fish that a start-up file becomes makes its folders
        assert snapshot(home) == before


@pytest.mark.parametrize("name", QUICK)
def test_no_process_is_left_where_there_is_no_chamber(name: str, tmp_path: Path, host: BuildHost) -> None:
    home = tmp_path / "a,b"  # an overlay mount takes no comma
    shutil.copytree("/etc/skel", home)
    hostile = next(hostile for hostile in CORPUS if hostile.name == name)
    (home / ".bashrc").write_text(hostile.text + "\n")
    with chamber.chamber(host(home)) as place:
        assert not place.isolated
    check(hostile, examined(host(home))["terminal"], home)
    assert left_running(home) == []


def test_what_a_start_up_writes_goes_nowhere(home: Path, host: BuildHost) -> None:
    if not has_chamber(host()):
        pytest.skip("this machine has no chambers")
    (home / ".bashrc").write_text(
        f"echo '# spoilt' >>~/.bashrc; rm -f ~/.bash_logout; mkdir -p ~/.cache/x\necho x >{home}/../y\n{APPEND}\n"
    )
    before = snapshot(home)
    found = examined(host())
    assert snapshot(home) == before
    assert not (home.parent / "y").exists()
    assert found["terminal"].path[-1].entry == "/b"


def test_the_file_that_hangs_is_named_with_its_callers(home: Path, host: BuildHost) -> None:
    (home / ".bashrc").write_text(". ~/.more\n")
    (home / ".more").write_text("export GOBIN=/a\n\nsleep 1000\n")
    found = examined(host(), 1.5)
    stopped = found["terminal"].stopped_at
    assert stopped is not None
    assert (stopped.file, stopped.line, stopped.text) == (f"{home}/.more", 3, "sleep 1000")
    assert stopped.chain[0] == f"{home}/.bashrc:1"
    assert found["terminal"].variables["GOBIN"].value == "/a"


@pytest.mark.parametrize(("folder", "last_words"), [("home", "sleep 1000"), ("a,b", ":")])
def test_a_login_that_ends_itself_is_told_by_its_start_up_file_not_by_bash_logout(
    tmp_path: Path, host: BuildHost, folder: str, last_words: str
) -> None:
    home = tmp_path / folder
    home.mkdir(exist_ok=True)
    (home / ".bash_logout").write_text(f"export GOBIN=/logout\n\n{last_words}\n")
    (home / ".profile").write_text("export GOBIN=/a\nexit 3\n")
    with chamber.chamber(host(home)) as place:
        if folder == "home" and not place.isolated:
            pytest.skip("only a chamber keeps logout files from running")
    login = examined(host(home))["login"]
    assert (login.state, login.stopped_at and login.stopped_at.line) == ("exited", 2)
    assert login.variables["GOBIN"].value == "/a"


def test_the_shell_that_a_start_up_file_leaves_for_is_examined(home: Path, host: BuildHost) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed")
    (home / ".bashrc").write_text("export PATH=$PATH:/a\nexec zsh\n")
    (home / ".zshrc").write_text("path+=(/z)\n")
    terminal = examined(host())["terminal"]
    places = {entry.entry: (Path(entry.origin.file).name, entry.origin.line) for entry in terminal.path[-2:]}
    assert Path(terminal.shell).name == "zsh"
    assert places == {"/a": (".bashrc", 1), "/z": (".zshrc", 1)}
