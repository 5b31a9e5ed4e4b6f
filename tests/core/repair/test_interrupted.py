"""A repair that is cancelled, killed, refused or out of room leaves the machine as it was."""

import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from gomedic import journal
from gomedic.model import EditFile, Fix, MakeFolder, MakeLink, Progress, Receipt, Step
from gomedic.repair import (
    BusyError,
    RepairError,
    RollbackError,
    StaleError,
    apply,
    roll_back_interrupted,
    undo,
)
from gomedic.texts import Message

FIX = Fix("f", Message("F"))
# Drives a repair, and dies at the given piece of progress as a process does whose power is cut.
CRASHING = """
import os, signal, sys
import msgspec
from gomedic import journal
from gomedic.host import Host
from gomedic.model import Account, Fix, Progress, Step
from gomedic.repair import apply, undo
from gomedic.texts import Message
home, at, what = sys.argv[1], int(sys.argv[2]), sys.argv[3]
host = Host({"HOME": home}, home, Account("gus", os.getuid(), os.getgid(), home, "/bin/bash", home))
if what == "undo":
    values = undo(host, journal.history(host.state_folder).receipts[0])
else:
    values = apply(host, "f", Fix("f", Message("F")), msgspec.json.decode(what, type=tuple[Step, ...]))
for count, value in enumerate(values):
    if count == at:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def plan(home: Path) -> tuple[Step, ...]:
    (home / "linked").write_text("linked\n")
    os.link(home / "linked", home / "twin")
    return (
        EditFile(path=str(home / ".bashrc"), before=(home / ".bashrc").read_bytes(), after=b"new\n"),
        MakeFolder(path=str(home / ".config")),
        EditFile(path=str(home / ".config/go"), before=None, after=b"new\n"),
        EditFile(path=str(home / "linked"), before=b"linked\n", after=b"something longer\n"),
        EditFile(path=str(home / ".profile"), before=(home / ".profile").read_bytes(), after=None),
        MakeLink(path=str(home / "go"), before=None, after="linked"),
    )


def crash(home: Path, at: int, what: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CRASHING, home, str(at), what], capture_output=True, text=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def as_json(steps: tuple[Step, ...]) -> str:
    return msgspec.json.encode(steps).decode()


@pytest.mark.parametrize("at", range(6))
def test_killed_between_any_two_steps(doctor, home, snapshot, at):
    steps = plan(home)
    was = snapshot(home)
    crash(home, at, as_json(steps))
    (receipt,) = [v for v in roll_back_interrupted(doctor.host) if isinstance(v, Receipt)]
    assert (snapshot(home), receipt.finding) == (was, "f")
    assert list(roll_back_interrupted(doctor.host)) == []
    assert journal.history(doctor.host.state_folder).receipts == ()


@pytest.mark.parametrize("at", range(7))
def test_undo_killed_between_any_two_steps(doctor, home, snapshot, at):
    steps = plan(home)
    was = snapshot(home)
    receipt = doctor.apply(*steps)
    fixed = snapshot(home)
    crash(home, at, "undo")
    list(roll_back_interrupted(doctor.host))
    state = journal.load(doctor.host.state_folder, receipt.id).state
    assert (snapshot(home), state) in ((fixed, "done"), (was, "taken back"))
    if state == "done":
        doctor.undo(receipt)
    assert snapshot(home) == was


@pytest.mark.parametrize("written", range(0, 18, 3))
def test_killed_while_writing_into_a_hard_linked_file(doctor, home, snapshot, written):
    steps = plan(home)
    was = snapshot(home)
    crash(home, 3, as_json(steps))
    torn = b"something longer\n"[:written] + b"linked\n"[written:]
    (home / "linked").write_bytes(torn)
    list(roll_back_interrupted(doctor.host))
    assert snapshot(home) == was


@pytest.mark.parametrize("done", range(6))
def test_steps_that_outlived_their_note_in_a_power_cut(doctor, home, snapshot, done):
    """Notes of the account's own steps are not synced one by one: a power cut may lose the last of them."""
    steps = plan(home)
    was = snapshot(home)
    crash(home, 5, as_json(steps))
    (receipt,) = journal.interrupted(doctor.host.state_folder)
    assert receipt.done == 5
    journal.mark(doctor.host.state_folder, receipt.id, "begun", done)
    list(roll_back_interrupted(doctor.host))
    assert snapshot(home) == was
    assert journal.interrupted(doctor.host.state_folder) == ()


def test_what_was_not_reached_before_a_power_cut_is_the_persons_to_change(doctor, home, snapshot):
    steps = plan(home)
    crash(home, 1, as_json(steps))
    (home / "linked").write_text("the person's own\n")
    was = snapshot(home)
    list(roll_back_interrupted(doctor.host))
    assert {**snapshot(home), ".bashrc": None} == {**was, ".bashrc": None}
    assert (home / ".bashrc").read_bytes() == steps[0].before


def test_what_a_kill_left_beside_a_file_is_removed(doctor, home, snapshot):
    steps = plan(home)
    was = snapshot(home)
    crash(home, 0, as_json(steps))
    (receipt,) = journal.interrupted(doctor.host.state_folder)
    (home / f".gomedic-{receipt.id}-0").write_text("half")
    list(roll_back_interrupted(doctor.host))
    assert snapshot(home) == was


def test_the_next_fix_takes_back_what_a_crash_left(doctor, home, snapshot):
    steps = plan(home)
    was = snapshot(home)
    crash(home, 4, as_json(steps))
    receipt = doctor.apply(*steps)
    doctor.undo(receipt)
    assert snapshot(home) == was


def test_a_file_changed_after_the_crash_is_left_and_named(doctor, home):
    before = (home / ".bashrc").read_bytes()
    crash(home, 3, as_json(plan(home)))
    (home / ".bashrc").write_bytes(b"the person's own\n")
    with pytest.raises(RollbackError, match=r"\.bashrc could not be put back; what it held") as caught:
        list(roll_back_interrupted(doctor.host))
    (left,) = caught.value.left
    assert (left.path, Path(left.saved).read_bytes()) == (str(home / ".bashrc"), before)
    assert (home / ".bashrc").read_bytes() == b"the person's own\n"
    assert not (home / ".config").exists()
    assert list(roll_back_interrupted(doctor.host)) == []  # said once; it must not bar every later repair


@pytest.mark.parametrize("at", range(6))
def test_closing_the_generator_takes_all_back(doctor, home, snapshot, at):
    steps = plan(home)
    was = snapshot(home)
    values = apply(doctor.host, "f", FIX, steps)
    for _ in range(at + 1):
        assert isinstance(next(values), Progress)
    values.close()
    assert snapshot(home) == was
    assert journal.history(doctor.host.state_folder).receipts == ()


@pytest.mark.parametrize("at", range(6))
def test_closing_an_undo_leaves_the_fix(doctor, home, snapshot, at):
    receipt = doctor.apply(*plan(home))
    fixed = snapshot(home)
    values = undo(doctor.host, receipt)
    for _ in range(at + 1):
        next(values)
    values.close()
    assert snapshot(home) == fixed
    assert journal.load(doctor.host.state_folder, receipt.id).state == "done"


def test_a_file_changed_in_the_middle_stops_all(doctor, home, snapshot):
    steps = plan(home)
    values = apply(doctor.host, "f", FIX, steps)
    next(values)
    (home / ".profile").write_bytes(b"the person's own\n")
    was = snapshot(home)
    with pytest.raises(StaleError, match=r"\.profile has changed"):
        list(values)
    assert snapshot(home) == was


def test_one_repair_at_a_time(doctor, home):
    values = apply(doctor.host, "f", FIX, plan(home))
    next(values)
    with pytest.raises(BusyError, match="Another gomedic"):
        doctor.apply(*plan_nothing(home))
    values.close()
    doctor.apply(*plan_nothing(home))


def plan_nothing(home: Path) -> tuple[Step, ...]:
    return (MakeFolder(path=str(home / "empty")),)


def test_no_home(host):
    with pytest.raises(RepairError, match="set HOME"):
        list(apply(host(Path("")), "f", FIX, ()))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be in another account's home")
def test_root_leaves_nothing_in_another_accounts_home(doctor, host, tmp_path):
    account = next((a for a in pwd.getpwall() if a.pw_uid and a.pw_uid == owner_of(a.pw_dir)), None)
    if account is None:
        pytest.skip("no account here has a home")
    with pytest.raises(RepairError, match="belongs to another account"):
        list(apply(host(Path(account.pw_dir)), "f", FIX, ()))
    os.chown(doctor.host.home, account.pw_uid, 0)  # a folder of theirs, mounted as root's home
    doctor.apply()


def owner_of(folder: str) -> int:
    return os.stat(folder).st_uid if os.path.isdir(folder) else 0


def test_a_home_that_cannot_hold_receipts(host, home, snapshot):
    (home / ".local").write_text("a file where a folder should be")
    was = snapshot(home)
    with pytest.raises(RepairError, match=r"could not be saved in .*so nothing was changed"):
        list(apply(host(), "f", FIX, plan_nothing(home)))
    assert snapshot(home) == was


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 256 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=755", "none", folder]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs root that may mount")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(disk: Path, leave: int) -> None:
    status = os.statvfs(disk)
    (disk / "ballast").write_bytes(b"x" * (status.f_bavail * status.f_bsize - leave))


def test_a_disk_too_full_to_save_anything(doctor, host, small_disk, snapshot):
    (small_disk / "rc").write_bytes(b"old\n")
    fill(small_disk, 0)
    was = snapshot(small_disk)
    step = EditFile(path=str(small_disk / "rc"), before=b"old\n", after=b"new\n")
    with pytest.raises(RepairError, match="No space left on device"):
        list(apply(host(small_disk), "f", FIX, (step,)))
    assert snapshot(small_disk) == was


def test_a_disk_that_fills_up_in_the_middle(doctor, home, small_disk, snapshot):
    (small_disk / "one").write_bytes(b"1" * 4096)
    (small_disk / "two").write_bytes(b"2")
    fill(small_disk, 4096)
    was = snapshot(small_disk)
    with pytest.raises(RepairError, match=r"The disk that holds .*two is full; everything is as it was"):
        doctor.apply(
            EditFile(path=str(small_disk / "one"), before=b"1" * 4096, after=b"one"),
            EditFile(path=str(small_disk / "two"), before=b"2", after=b"2" * 16384),
        )
    assert snapshot(small_disk) == was


def test_a_disk_without_room_even_to_put_back(doctor, small_disk, snapshot):
    (small_disk / "one").write_bytes(b"1" * 4096)
    (small_disk / "two").write_bytes(b"2")
    (small_disk / "ballast").touch()
    was = snapshot(small_disk)
    values = apply(
        doctor.host,
        "f",
        FIX,
        (
            EditFile(path=str(small_disk / "one"), before=b"1" * 4096, after=b"one"),
            EditFile(path=str(small_disk / "two"), before=b"2", after=b"22"),
        ),
    )
    next(values), next(values)
    fill(small_disk, 0)
    with pytest.raises(RepairError, match=r"two is full; everything is as it was"):
        list(values)
    now = snapshot(small_disk)
    assert {name: now[name] for name in ("one", "two")} == {name: was[name] for name in ("one", "two")}


def test_a_read_only_file_system(doctor, home, small_disk):
    (small_disk / "rc").write_bytes(b"old\n")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(RepairError, match=r"The file system that holds .*rc is read-only"):
        doctor.apply(
            EditFile(path=str(home / ".profile"), before=(home / ".profile").read_bytes(), after=b""),
            EditFile(path=str(small_disk / "rc"), before=b"old\n", after=b"new\n"),
        )
    assert (home / ".profile").stat().st_size > 0
