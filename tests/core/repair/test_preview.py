"""What people see before they agree."""

import os

import pytest

from gomedic.model import EditFile, MakeFolder, MakeLink, Move, SetMode, SetOwner
from gomedic.repair import preview


@pytest.mark.parametrize(
    ("step", "do", "words"),
    [
        (EditFile(path="/p", before=None, after=b""), "edit", "Create /p"),
        (EditFile(path="/p", before=b"", after=None), "edit", "Remove /p"),
        (EditFile(path="/p", before=b"a", after=b"b"), "edit", "Change /p"),
        (
            SetMode(path="/p", before=0o600, after=0o644),
            "mode",
            "Change the permissions of /p from 0600 to 0644",
        ),
        (
            SetOwner(path="/p", before=(0, 0), after=(1000, 1000)),
            "owner",
            "Give /p to owner 1000:1000 (it is 0:0)",
        ),
        (Move(source="/p", target="/q"), "move", "Rename /p to /q"),
        (MakeLink(path="/p", before=None, after="/q"), "link", "Make the link /p to /q"),
        (MakeLink(path="/p", before="/q", after=None), "link", "Remove the link /p to /q"),
        (MakeLink(path="/p", before="/q", after="/r"), "link", "Let the link /p lead to /r instead of /q"),
        (MakeFolder(path="/p"), "folder", "Make the folder /p"),
        (MakeFolder(path="/p", exists=False), "folder", "Remove the folder /p if it is empty"),
    ],
)
def test_words(step, do, words):
    (seen,) = preview([step])
    assert (seen.do, seen.path, str(seen.words)) == (do, "/p", words)
    assert (seen.diff is None) == (do != "edit")


def diff(before, after):
    return preview([EditFile(path="/p", before=before, after=after)])[0].diff


def test_a_diff_as_diff_u_writes_it():
    assert diff(b"a\nb\nc\n", b"a\nB\nc\n") == "--- /p\n+++ /p\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"


def test_a_new_file():
    assert diff(None, b"a\n") == "--- /dev/null\n+++ /p\n@@ -0,0 +1 @@\n+a\n"


def test_a_missing_final_newline_is_told():
    assert diff(b"a", b"a\n") == "--- /p\n+++ /p\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"


def test_carriage_returns_and_other_encodings_are_visible():
    gbk = "# 环境\r\n".encode("gbk")
    shown = diff(gbk + b"x\x1b[2J\r\n", gbk + b"x\n")
    assert " # \\xbb\\xb7\\xbe\\xb3␍\n" in shown
    assert "-x\\x1b[2J␍\n+x\n" in shown


def test_only_newlines_end_lines():
    assert "-a\\x0cb\\u2028c\n" in diff("a\fb\u2028c\n".encode(), b"")


def test_a_name_that_is_not_utf_8_can_be_printed():
    (seen,) = preview([MakeFolder(path=os.fsdecode(b"/\xff"))])
    assert (seen.path, str(seen.words)) == ("/\\xff", "Make the folder /\\xff")
    seen.path.encode("utf-8")
