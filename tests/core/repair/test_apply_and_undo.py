"""Whatever a fix changes, undo gives back whole: bytes, modes, owners, lists, links, times."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from gomedic.model import EditFile, MakeFolder, MakeLink, Move, SetMode, SetOwner
from gomedic.repair import RepairError, StaleError

LONG_AGO = 1_000_000_000_123_456_789
CONTENTS = {
    "plain": b"export PATH=$PATH:/usr/local/go/bin\n",
    "no final newline": b"export GOROOT=/opt/go",
    "crlf": b"export GOROOT=/opt/go\r\nexport PATH=$PATH:$GOROOT/bin\r\n",
    "gbk": "# 设置 Go\nexport GOPATH=$HOME/go\n".encode("gbk"),
    "nul": b"a\0b\n",
    "empty": b"",
}


def edit(path, after):
    before = path.read_bytes() if path.exists() else None
    return EditFile(path=str(path), before=before, after=after)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_an_edit_is_taken_back_byte_for_byte(doctor, home, snapshot, content):
    rc = home / ".bashrc"
    rc.write_bytes(content)
    rc.chmod(0o640)
    os.utime(rc, ns=(LONG_AGO, LONG_AGO))
    was = snapshot(home)
    receipt = doctor.apply(edit(rc, content + b"\n# more\n"))
    assert (rc.read_bytes(), rc.stat().st_mode & 0o7777) == (content + b"\n# more\n", 0o640)
    assert receipt.state == "done"
    assert doctor.undo(receipt).state == "taken back"
    assert snapshot(home) == was


def test_every_kind_of_step_in_one_fix(doctor, home, snapshot):
    (home / "old").write_text("moved\n")
    (home / "gone").write_text("removed\n")
    (home / "gone").chmod(0o400)
    (home / "link").symlink_to("old")
    (home / "stale-link").symlink_to("nowhere")
    (home / "open").mkdir(mode=0o700)
    was = snapshot(home)
    receipt = doctor.apply(
        MakeFolder(path=str(home / ".config"), mode=0o700),
        MakeFolder(path=str(home / ".config/fish")),
        EditFile(
            path=str(home / ".config/fish/config.fish"), before=None, after=b"set -gx GOROOT x\n", mode=0o600
        ),
        edit(home / "gone", None),
        Move(source=str(home / "old"), target=str(home / "new")),
        MakeLink(path=str(home / "link"), before="old", after="new"),
        MakeLink(path=str(home / "stale-link"), before="nowhere", after=None),
        MakeLink(path=str(home / "fresh-link"), before=None, after="new"),
        SetMode(path=str(home / "open"), before=0o700, after=0o755),
    )
    assert (home / ".config").stat().st_mode & 0o7777 == 0o700
    assert (home / ".config/fish/config.fish").stat().st_mode & 0o7777 == 0o600
    assert (home / "link").read_text() == "moved\n"
    assert not (home / "gone").exists()
    doctor.undo(receipt)
    assert snapshot(home) == was


def test_nothing_of_ours_lies_beside_the_file(doctor, home, snapshot):
    before = set(snapshot(home))
    doctor.undo(doctor.apply(edit(home / ".bashrc", b"x")))
    assert set(snapshot(home)) == before


def test_a_symlinked_dotfile_is_written_through(doctor, home, snapshot):
    (home / "dotfiles").mkdir()
    shutil.move(home / ".bashrc", home / "dotfiles/bashrc")
    (home / ".bashrc").symlink_to("dotfiles/bashrc")
    was = snapshot(home)
    receipt = doctor.apply(edit(home / ".bashrc", b"new\n"))
    assert (home / ".bashrc").is_symlink()
    assert (home / "dotfiles/bashrc").read_bytes() == b"new\n"
    doctor.undo(receipt)
    assert snapshot(home) == was


def test_hard_links_stay_linked(doctor, home, snapshot):
    os.link(home / ".bashrc", home / "other-name")
    was = snapshot(home)
    receipt = doctor.apply(edit(home / ".bashrc", b"short\n"))
    assert (home / "other-name").read_bytes() == b"short\n"
    doctor.undo(receipt)
    assert snapshot(home) == was


def test_extended_attributes_stay(doctor, home, snapshot):
    rc = home / ".bashrc"
    try:
        os.setxattr(rc, "user.note", b"mine\0\xff")
    except OSError:
        pytest.skip("no extended attributes on this file system")
    was = snapshot(home)
    receipt = doctor.apply(edit(rc, b"new\n"))
    assert os.getxattr(rc, "user.note") == b"mine\0\xff"
    doctor.undo(receipt)
    assert snapshot(home) == was


@pytest.mark.skipif(not shutil.which("setfacl"), reason="needs setfacl (package acl)")
def test_access_control_lists_stay(doctor, home, snapshot):
    rc, profile = home / ".bashrc", home / ".profile"
    subprocess.run(["setfacl", "-m", "u:12345:rw", rc, profile], check=True)
    subprocess.run(["setfacl", "-d", "-m", "u:54321:rwx", home], check=True)
    was = snapshot(home)
    receipt = doctor.apply(
        edit(rc, b"new\n"),
        edit(home / ".bash_logout", b"new\n"),
        SetMode(path=str(profile), before=profile.stat().st_mode & 0o7777, after=0o600),
    )
    assert os.listxattr(home / ".bash_logout") == []  # the folder's default list is for new files only
    assert os.getxattr(rc, "system.posix_acl_access") == was[".bashrc"][-1]["system.posix_acl_access"]
    doctor.undo(receipt)
    assert snapshot(home) == was


def test_a_removed_file_comes_back_with_its_access_control_list(doctor, home, snapshot):
    rc = home / ".bashrc"
    try:
        subprocess.run(["setfacl", "-m", "u:12345:r", rc], check=True)
    except OSError:
        pytest.skip("needs setfacl (package acl)")
    was = snapshot(home)
    doctor.undo(doctor.apply(edit(rc, None)))
    assert snapshot(home) == was


def test_a_name_that_is_not_utf_8(doctor, home, snapshot):
    path = Path(os.fsdecode(os.fsencode(home) + b"/\xb9\xfe\xff"))
    path.write_bytes(b"old\n")
    was = snapshot(home)
    receipt = doctor.apply(edit(path, b"new\n"))
    assert path.read_bytes() == b"new\n"
    doctor.undo(receipt)
    assert snapshot(home) == was


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_owners_come_back_with_their_set_user_id_bits(doctor, home, snapshot):
    tool = home / "tool"
    shutil.copy("/bin/true", tool)
    os.chown(tool, 1234, 1235)
    tool.chmod(0o4755)
    (home / "link").symlink_to("tool")
    was = snapshot(home)
    receipt = doctor.apply(
        SetOwner(path=str(tool), before=(1234, 1235), after=(0, 0)),
        SetOwner(path=str(home / "link"), before=(0, 0), after=(1234, 1235)),
    )
    assert tool.stat().st_uid == 0
    assert (home / "link").lstat().st_uid == 1234
    doctor.undo(receipt)
    assert snapshot(home) == was


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may edit another account's file")
def test_the_owner_of_an_edited_file_stays(doctor, home, snapshot):
    os.chown(home / ".bashrc", 1234, 1235)
    was = snapshot(home)
    receipt = doctor.apply(edit(home / ".bashrc", b"new\n"))
    assert ((home / ".bashrc").stat().st_uid, (home / ".bashrc").stat().st_gid) == (1234, 1235)
    doctor.undo(receipt)
    assert snapshot(home) == was


def test_a_file_changed_since_the_examination_is_not_touched(doctor, home, snapshot):
    steps = [edit(home / ".profile", b"new\n"), edit(home / ".bashrc", b"new\n")]
    (home / ".bashrc").write_bytes(b"the person's own\n")
    was = snapshot(home)
    with pytest.raises(StaleError, match=r"\.bashrc has changed since"):
        doctor.apply(*steps)
    assert snapshot(home) == was


def test_a_file_changed_since_the_fix_is_not_touched_by_undo(doctor, home, snapshot):
    saved = (home / ".bashrc").read_bytes()
    receipt = doctor.apply(edit(home / ".profile", b"new\n"), edit(home / ".bashrc", b"new\n"))
    (home / ".bashrc").write_bytes(b"new\nthe person's own\n")
    was = snapshot(home)
    with pytest.raises(StaleError, match=r"\.bashrc has changed since the fix") as caught:
        doctor.undo(receipt)
    assert snapshot(home) == was
    (left,) = caught.value.left
    assert left.path == str(home / ".bashrc")
    assert Path(left.saved).read_bytes() == saved


def test_a_created_folder_that_is_in_use_stays(doctor, home):
    folder = home / ".config"
    receipt = doctor.apply(
        MakeFolder(path=str(folder)), EditFile(path=str(folder / "go"), before=None, after=b"x")
    )
    (folder / "mine").write_text("mine")
    doctor.undo(receipt)
    assert [path.name for path in folder.iterdir()] == ["mine"]


def test_a_folder_that_has_come_into_being_meanwhile_is_not_ours_to_remove(doctor, home):
    (home / ".config").mkdir()
    receipt = doctor.apply(MakeFolder(path=str(home / ".config")))
    doctor.undo(receipt)
    assert (home / ".config").is_dir()


def test_what_the_person_took_back_by_hand_is_no_conflict(doctor, home, snapshot):
    was = snapshot(home)
    receipt = doctor.apply(
        edit(home / ".bashrc", b"new\n"), EditFile(path=str(home / "f"), before=None, after=b"")
    )
    (home / "f").unlink()
    assert doctor.undo(receipt).state == "taken back"
    assert snapshot(home) == was


def test_steps_may_build_on_one_another(doctor, home, snapshot):
    was = snapshot(home)
    before = (home / ".bashrc").read_bytes()
    receipt = doctor.apply(
        EditFile(path=str(home / ".bashrc"), before=before, after=b"one\n"),
        EditFile(path=str(home / ".bashrc"), before=b"one\n", after=b"two\n"),
        Move(source=str(home / ".profile"), target=str(home / ".profile.old")),
    )
    assert (home / ".bashrc").read_bytes() == b"two\n"
    doctor.undo(receipt)
    assert snapshot(home) == was


def test_steps_of_different_kinds_may_meet_at_one_file(doctor, home, snapshot):
    rc, new = str(home / ".bashrc"), str(home / ".bashrc.new")
    (home / ".bashrc").chmod(0o600)
    was = snapshot(home)
    before = (home / ".bashrc").read_bytes()
    receipt = doctor.apply(
        EditFile(path=rc, before=before, after=b"one\n"),
        SetMode(path=rc, before=0o600, after=0o644),
        Move(source=rc, target=new),
        EditFile(path=new, before=b"one\n", after=b"two\n"),
    )
    assert (home / ".bashrc.new").read_bytes() == b"two\n"
    doctor.undo(receipt)
    assert snapshot(home) == was


def test_a_fix_is_taken_back_once(doctor, home):
    receipt = doctor.apply(edit(home / ".bashrc", b"new\n"))
    doctor.undo(receipt)
    with pytest.raises(RepairError, match="taken back already"):
        doctor.undo(receipt)


def test_a_taken_target_stops_a_move(doctor, home, snapshot):
    was = snapshot(home)
    with pytest.raises(StaleError, match=r"\.profile has changed"):
        doctor.apply(Move(source=str(home / ".bashrc"), target=str(home / ".profile")))
    assert snapshot(home) == was


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_in_a_folder_that_may_not_be_written_is_written_in_place(doctor, home, snapshot):
    folder = home / "closed"
    folder.mkdir()
    (folder / "rc").write_text("old\n")
    folder.chmod(0o555)
    was = snapshot(home)
    receipt = doctor.apply(edit(folder / "rc", b"new\n"))
    assert (folder / "rc").read_bytes() == b"new\n"
    doctor.undo(receipt)
    assert snapshot(home) == was
    folder.chmod(0o755)
