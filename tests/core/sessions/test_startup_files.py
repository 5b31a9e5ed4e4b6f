"""Which start-up files a session passes over, and why: told from the files themselves."""

from pathlib import Path

from gomedic.sessions.script import Mode
from gomedic.sessions.startup_files import skipped
from gomedic.sessions.trace import Trace

TERMINAL = Mode(login=False, interactive=True)


def passed_over(family: str, home: Path) -> list[tuple[str, str]]:
    """Return what a terminal passes over in the home, as name and reason."""
    found = skipped(family, TERMINAL, str(home), Trace(), {})
    return [(Path(skip.file).name, skip.why) for skip in found if skip.file.startswith(f"{home}/")]


def test_a_link_to_nothing_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ".bashrc").symlink_to("dotfiles/bashrc")
    assert passed_over("bash", tmp_path) == [(".bashrc", "unreadable")]
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles/bashrc").touch()
    assert passed_over("bash", tmp_path) == []


def test_fish_reads_only_its_own_ending_and_what_was_put_aside_is_meant_so(tmp_path: Path) -> None:
    folder = tmp_path / ".config/fish/conf.d"
    folder.mkdir(parents=True)
    for name in ("go.fish", "go.conf", "go.fish.bak", "go.fish~", "go.sh.off"):
        (folder / name).touch()
    assert passed_over("fish", tmp_path) == [("go.conf", "suffix")]
