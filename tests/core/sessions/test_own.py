"""A grader that the settings name: judged by its own environment, and said to be out of a fix's reach."""

from collections.abc import Callable
from pathlib import Path

from go_trees import write_go
from gomedic import doctor
from gomedic.host import Host
from gomedic.model import Examination
from gomedic.sessions.own import own_session

BuildHost = Callable[..., Host]


def test_a_go_called_by_its_path_is_the_one_that_runs(tmp_path: Path) -> None:
    old, new = write_go(tmp_path / "old", "go1.19.8"), write_go(tmp_path / "new", "go1.22.10")
    for command in ((f"{old}/bin/go", "build"), ("/bin/sh", "-c", f"cd /x && {old}/bin/go build -trimpath")):
        session = own_session("grader", command, {"PATH": f"{new}/bin:/usr/bin"})
        assert session.go is not None
        assert (session.go.path, session.go.version) == (f"{old}/bin/go", "go1.19.8")


def test_a_command_without_a_path_is_looked_up_in_its_own_path(tmp_path: Path) -> None:
    new = write_go(tmp_path / "new", "go1.22.10")
    session = own_session("grader", ("go", "build"), {"PATH": f"/usr/bin:{new}/bin"})
    assert session.go is not None
    assert session.go.path == f"{new}/bin/go"
    assert own_session("grader", ("go", "build"), {"PATH": "/nowhere"}).go is None


def test_what_is_wrong_with_it_is_told_and_that_no_start_up_file_reaches_it(
    home: Path, host: BuildHost
) -> None:
    go = write_go(home / "sdk/go1.22.10", "go1.22.10") / "bin/go"
    settings = home / ".config/gomedic/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        f'[[session]]\nname = "grader"\ncommand = "{go} build"\nenvironment = {{ GOCACHE = "off", HOME = "/tmp" }}\n'
    )
    examination = [v for v in doctor.examine(host()) if isinstance(v, Examination)][-1]
    finding = next(f for f in examination.findings if f.check == "gocache-off")
    assert finding.sessions == ("grader",)
    assert finding.fixes == (), "nothing in the account's files can cure it"
    assert any("grader runs" in str(note) for note in examination.notes)
