"""The commands to type do what the steps do: run by a real shell on real files."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gomedic.by_hand import commands_by_hand
from gomedic.model import EditFile, MakeFolder, MakeLink, SetMode, Step

SHELLS = ["dash", "bash"]
LINE = st.text(alphabet="ab \\'\"$`;&/#\t-é中", max_size=6)


def run(steps: list[Step], shell: str = "dash") -> tuple[str, ...]:
    commands = commands_by_hand(steps)
    for command in commands:
        subprocess.run([shell, "-c", command], check=True, timeout=30)
    return commands


def edit(path: Path, before: bytes | None, after: bytes | None) -> EditFile:
    if before is not None:
        path.write_bytes(before)
    return EditFile(path=str(path), before=before, after=after)


def test_only_the_line_that_changes_is_named(tmp_path: Path) -> None:
    path = tmp_path / ".bashrc"
    before = b"# mine\n" * 50 + b'export PATH="$PATH:/go/bin"\n'
    commands = run([edit(path, before, before.replace(b'"$PATH:/go/bin"', b'"/go/bin:$PATH"'))])
    assert path.read_bytes().endswith(b'export PATH="/go/bin:$PATH"\n')
    assert Path(f"{path}.bak").read_bytes() == before
    assert commands == (
        f"cp -p {path} {path}.bak",
        f"sed '51c\\\nexport PATH=\"/go/bin:$PATH\"' {path}.bak > {path}",
    )


def test_what_is_added_at_the_end_is_simply_added(tmp_path: Path) -> None:
    path = tmp_path / ".profile"
    commands = run([edit(path, b"one\n", b"one\nexport GOPATH=$HOME/go\n")])
    assert commands == (f"printf '%s\\n' 'export GOPATH=$HOME/go' >> {path}",)
    assert path.read_bytes() == b"one\nexport GOPATH=$HOME/go\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, b"new\nfile\n"),
        (b"old\n", None),
        (b"no end of line", b"no end of line\nand one\n"),
        (b"dos\r\nlines\r\n", b"dos\nlines\n"),
        (b"\xff\xfe\n", b"\xff\n"),
        (b"all goes\n", b""),
        (b"", b"from nothing\n"),
    ],
)
def test_any_edit_can_be_done(tmp_path: Path, before: bytes | None, after: bytes | None) -> None:
    path = tmp_path / "it's a file"
    run([edit(path, before, after)])
    assert (path.read_bytes() if path.exists() else None) == after


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINE, max_size=6), st.lists(LINE, max_size=6))
def test_any_lines_become_any_others(tmp_path: Path, old: list[str], new: list[str]) -> None:
    path = tmp_path / "file"
    before, after = ("".join(f"{line}\n" for line in lines).encode() for lines in (old, new))
    run([edit(path, before, after)])
    assert path.read_bytes() == after


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"one\ntwo\n")
    link.symlink_to(real)
    run([EditFile(path=str(link), before=b"one\ntwo\n", after=b"two\n")])
    assert link.is_symlink()
    assert real.read_bytes() == b"two\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_other_steps_are_done_too(tmp_path: Path, shell: str) -> None:
    folder, file = tmp_path / "a b", tmp_path / "file"
    file.touch()
    run(
        [
            MakeFolder(path=str(folder)),
            SetMode(path=str(file), before=0o644, after=0o600),
            MakeLink(path=str(folder / "go"), before=None, after="/usr/bin/go"),
        ],
        shell,
    )
    assert (folder / "go").readlink() == Path("/usr/bin/go")
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_needs_root_goes_through_sudo() -> None:
    steps = [
        EditFile(path="/etc/profile", before=b"one\ntwo\n", after=b"two\n", privileged=True),
        EditFile(path="/etc/profile", before=b"two\n", after=b"two\nthree\n", privileged=True),
        SetMode(path="/etc/profile", before=0o600, after=0o644, privileged=True),
    ]
    assert commands_by_hand(steps) == (
        "sudo cp -p /etc/profile /etc/profile.bak",
        "sed 1d /etc/profile.bak | sudo tee /etc/profile > /dev/null",
        "printf '%s\\n' three | sudo tee -a /etc/profile > /dev/null",
        "sudo sh -c 'chmod 0644 -- /etc/profile'",
    )
