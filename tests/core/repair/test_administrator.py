"""What an administrator is asked to type does the same as the steps, and fails where they would."""

import os
import subprocess
from pathlib import Path

import pytest

from gomedic.administrator import commands_for_administrator
from gomedic.model import EditFile, MakeFolder, MakeLink, Move, SetMode, SetOwner

CONTENTS = [
    b"export PATH=$PATH:/opt/go/bin\n", b"no newline", b"\r\n'quotes' \"$HOME\" `id` \\n\r\n", b"\xff\0", b"",
    b"GOMEDIC_END\nx\n", b"\n\n",
]  # fmt: skip


def run(*steps):
    for command in commands_for_administrator(steps):
        subprocess.run(["sh", "-e", "-c", command], check=True, capture_output=True)


def tree(folder):
    folder.mkdir()
    (folder / "a b").write_bytes(b"old\n")
    (folder / "a b").chmod(0o640)
    os.link(folder / "a b", folder / "twin")
    (folder / "move me").write_text("moved")
    (folder / "link").symlink_to("twin")
    (folder / "gone").write_text("gone")
    return folder


def plan(folder, content):
    return (
        EditFile(path=f"{folder}/a b", before=b"old\n", after=content),
        EditFile(path=f"{folder}/new 'file'", before=None, after=content, mode=0o604),
        EditFile(path=f"{folder}/gone", before=b"gone", after=None),
        SetMode(path=f"{folder}/a b", before=0o640, after=0o644),
        Move(source=f"{folder}/move me", target=f"{folder}/moved"),
        MakeLink(path=f"{folder}/link", before="twin", after="a b"),
        MakeLink(path=f"{folder}/fresh", before=None, after="$HOME"),
        MakeFolder(path=f"{folder}/-folder", mode=0o750),
    )


@pytest.mark.parametrize("content", CONTENTS)
def test_the_commands_do_what_the_steps_do(doctor, tmp_path, snapshot, content):
    mine, theirs = tree(tmp_path / "mine"), tree(tmp_path / "theirs")
    doctor.apply(*plan(mine, content))
    run(*plan(theirs, content))
    assert without_times(snapshot(theirs)) == without_times(snapshot(mine))


def without_times(found):
    return {
        name: [value for value in values if not (isinstance(value, int) and value > 10**15)]
        for name, values in found.items()
    }


@pytest.mark.parametrize(
    "step",
    [
        EditFile(path="FOLDER/twin", before=b"something else\n", after=b"x"),
        EditFile(path="FOLDER/twin", before=None, after=b"x"),
        EditFile(path="FOLDER/twin", before=b"something else\n", after=None),
        Move(source="FOLDER/move me", target="FOLDER/link"),
        MakeLink(path="FOLDER/link", before="elsewhere", after="x"),
        MakeLink(path="FOLDER/twin", before=None, after="x"),
        MakeFolder(path="FOLDER/link"),
    ],
)
def test_the_commands_stop_where_the_machine_is_not_as_expected(tmp_path, snapshot, step):
    folder = tree(tmp_path / "tree")
    was = snapshot(folder)
    (command,) = commands_for_administrator([step])
    ended = subprocess.run(
        ["sh", "-e", "-c", command.replace("FOLDER", str(folder))], capture_output=True, check=False
    )
    assert ended.returncode != 0
    assert snapshot(folder) == was


def test_a_name_that_is_not_utf_8(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb9\xfe '%n\""))
    run(EditFile(path=str(path), before=None, after=b"x\n"))
    assert path.read_bytes() == b"x\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_many_owners_in_few_commands(tmp_path):
    steps = [SetOwner(path=f"{tmp_path}/{n}", before=(0, 0), after=(65534, 65534)) for n in range(120)]
    for step in steps:
        Path(step.path).symlink_to("/etc/passwd")
    assert len(commands_for_administrator(steps)) == 3
    run(*steps)
    assert {Path(step.path).lstat().st_uid for step in steps} == {65534}
    assert Path("/etc/passwd").stat().st_uid == 0
