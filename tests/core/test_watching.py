"""What an examination rests on: its start-up files, its Gos, and what does not exist yet."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from gomedic.host import Host
from gomedic.model import (
    Account,
    Evidence,
    Examination,
    Finding,
    Origin,
    PathEntry,
    Session,
    Severity,
    Toolchain,
)
from gomedic.texts import Message
from gomedic.watching import ABSENT, changed_since, differing, folders_around, states, watched

BuildHost = Callable[..., Host]


def examination(home: Path, *sessions: Session, **more: object) -> Examination:
    account = Account("gus", os.getuid(), os.getgid(), str(home), "/bin/bash")
    values = {"toolchains": (), "findings": (), "project": None, **more}
    return Examination(
        account=account,
        seconds=0.1,
        took_place="2026-11-23T04:00:00Z",
        sessions=sessions,
        checks=(),
        **values,
    )  # type: ignore[arg-type]


def test_what_sessions_read_and_what_set_something_is_watched(host: BuildHost, home: Path) -> None:
    origin = Origin("/srv/env.sh", 3, chain=("/srv/outer.sh:27",))
    session = Session(
        "terminal", "/bin/bash", "ok", 0.1, path=(PathEntry("/srv/go/bin", True, origin), PathEntry("bin", True, origin)),
        files=("/srv/read.sh",), environment={"GOENV": "/srv/goenv"},
    )  # fmt: skip
    paths = watched(examination(home, session), host())
    wanted = {
        "/srv/env.sh",
        "/srv/outer.sh",
        "/srv/read.sh",
        "/srv/goenv",
        "/srv/go/bin/go",
        f"{home}/.bashrc",
    }
    assert wanted <= set(paths)
    assert all(path.startswith("/") for path in paths)
    assert len(paths) == len(set(paths))


def test_toolchains_and_evidence_are_watched(host: BuildHost, home: Path) -> None:
    finding = Finding(
        "x", "y", Severity.HINT, Message("m"), Message("w"), (Evidence("go 1.22", "/srv/lab/go.mod", 3), Evidence("seen"))
    )  # fmt: skip
    tool = Toolchain("/srv/go", "go1.22.10", "official", True, binary="/srv/go/bin/go")
    paths = watched(examination(home, toolchains=(tool,), findings=(finding,)), host())
    assert {"/srv/lab/go.mod", "/srv/go/VERSION", "/srv/go/bin/go", f"{home}/sdk/"} <= set(paths)


def test_start_up_files_that_do_not_exist_yet_are_watched_where_zsh_was_told_to_look(
    host: BuildHost, home: Path
) -> None:
    assert f"{home}/.bash_profile" in watched(examination(home), host())
    assert f"{home}/z/.zshrc" in watched(examination(home), host(ZDOTDIR=f"{home}/z"))


def test_a_file_is_the_same_while_its_bytes_and_mode_are(host: BuildHost, home: Path) -> None:
    path = home / ".bashrc"
    before = states(host(), [str(path)])
    content = path.read_bytes()
    (home / "new").write_bytes(content)
    (home / "new").chmod(path.stat().st_mode & 0o7777)
    (home / "new").replace(path)  # as an editor saves
    assert differing(before, states(host(), before)) == ()
    path.write_bytes(content + b"\n")
    assert differing(before, states(host(), before)) == (str(path),)
    path.write_bytes(content)
    path.chmod(0o600)
    assert differing(before, states(host(), before)) == (str(path),)


def test_states_of_what_is_no_small_file(host: BuildHost, home: Path) -> None:
    big, pipe, folder = home / "big", home / "pipe", home / "folder"
    big.write_bytes(b"x" * (2 << 20))
    os.mkfifo(pipe)
    folder.mkdir()
    paths = [str(big), str(pipe), str(folder), f"{folder}/", str(home / "none")]
    before = states(host(), paths)
    assert before[str(home / "none")] == ABSENT
    (folder / "go1.22").mkdir()
    with big.open("ab") as file:
        file.write(b"y")
    assert differing(before, states(host(), paths)) == (str(big), f"{folder}/")


def test_a_change_shows_in_the_folder_of_a_file_and_of_its_target(home: Path) -> None:
    (home / "dotfiles").mkdir()
    (home / "dotfiles/zshrc").touch()
    (home / ".zshrc").symlink_to("dotfiles/zshrc")
    around = folders_around(
        [f"{home}/.zshrc", f"{home}/no/such/folder/file", f"{home}/sdk/", f"{home}/dotfiles/"]
    )
    assert set(around) == {str(home), f"{home}/dotfiles"}


def test_what_was_written_while_an_examination_went_on_is_told(home: Path) -> None:
    path = home / ".bashrc"
    begun = time.time()
    assert changed_since([str(path)], begun + 60) == ()
    path.touch()
    assert changed_since([str(path), f"{home}/none"], begun - 1) == (str(path),)
