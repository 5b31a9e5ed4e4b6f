"""Receipts come back as they were written; one that is broken is told of and harms nothing."""

import os
from pathlib import Path

import pytest

from gomedic import journal
from gomedic.model import EditFile, Receipt
from gomedic.repair import RepairError, undo
from gomedic.texts import Message

NOT_UTF_8 = os.fsdecode(b"/home/gus/\xb9\xfe")
STEP = EditFile(path=NOT_UTF_8, before=b"\xff\0", after=None)


def receipt(name: str | None = None) -> Receipt:
    title = Message("Put {what} first", {"what": Message("it")})
    return Receipt(name or journal.new_id(), "f@x", "fix", title, journal.now(), (STEP,), 0, "begun")


def test_a_receipt_comes_back_whole(tmp_path):
    written = receipt()
    journal.begin(str(tmp_path), written, {"0.saved": b"\xff\0"})
    assert journal.load(str(tmp_path), written.id) == written
    assert Path(journal.folder_of(str(tmp_path), written.id), "0.saved").read_bytes() == b"\xff\0"


def test_nobody_else_may_read_what_was_saved(tmp_path):
    written = receipt()
    journal.begin(str(tmp_path / "state/gomedic"), written, {"0.saved": b"secret"})
    for folder in (
        "state",
        "state/gomedic",
        "state/gomedic/receipts",
        f"state/gomedic/receipts/{written.id}",
    ):
        assert (tmp_path / folder).stat().st_mode & 0o077 == 0


def test_newest_first_and_how_far_each_has_come(tmp_path):
    first, second = receipt(), receipt()
    for one in (first, second):
        journal.begin(str(tmp_path), one, {})
    journal.mark(str(tmp_path), first.id, "taken back", 1)
    listed = journal.history(str(tmp_path)).receipts
    assert [(one.id, one.state, one.done) for one in listed] == [
        (second.id, "begun", 0),
        (first.id, "taken back", 1),
    ]
    assert [one.id for one in journal.interrupted(str(tmp_path))] == [second.id]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"id": 1}', b"\xff", b"[" * 100_000, None])
def test_a_broken_receipt_is_told_of(tmp_path, content):
    good, broken = receipt(), receipt()
    for one in (good, broken):
        journal.begin(str(tmp_path), one, {})
    record = Path(journal.folder_of(str(tmp_path), broken.id), "receipt.json")
    record.unlink() if content is None else record.write_bytes(content)
    told = journal.history(str(tmp_path))
    assert [one.id for one in told.receipts] == [good.id]
    assert broken.id in str(told.broken[0])
    assert [one.id for one in journal.interrupted(str(tmp_path))] == [good.id]


@pytest.mark.parametrize("state", [b"", b"x", b"begun", b"\xff" * 32])
def test_a_broken_state_is_told_of(tmp_path, state):
    broken = receipt()
    journal.begin(str(tmp_path), broken, {})
    Path(journal.folder_of(str(tmp_path), broken.id), "state").write_bytes(state)
    assert len(journal.history(str(tmp_path)).broken) == 1


def test_undo_of_a_broken_receipt_is_one_sentence(host):
    machine, broken = host(), receipt()
    journal.begin(machine.state_folder, broken, {})
    Path(journal.folder_of(machine.state_folder, broken.id), "receipt.json").write_bytes(b"{")
    with pytest.raises(RepairError, match="cannot be read"):
        list(undo(machine, broken))


@pytest.mark.parametrize("name", ["", "..", "../../etc", "x", "20261123T060207.123456Z-abcdef/.."])
def test_a_strange_id_is_no_receipt(tmp_path, name):
    assert journal.load(str(tmp_path), name) is None


def test_what_a_crash_left_of_the_writing_is_swept_away(tmp_path):
    written = receipt()
    half = tmp_path / "receipts" / ".20261123T060207.123456Z-abcdef.new"
    half.mkdir(parents=True)
    journal.begin(str(tmp_path), written, {})
    assert os.listdir(tmp_path / "receipts") == [written.id]
