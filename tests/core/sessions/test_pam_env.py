"""/etc/environment as PAM reads it: by a table of lines, and against the real pam_env.so where there is one."""

import ctypes
import ctypes.util
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gomedic.sessions.pam_env import read_conf, read_environment, reads_environment

LINES = [
    ("GOBIN=/x", "/x"),
    ("export GOBIN=/x", "/x"),
    ("  \t GOBIN=/x", "/x"),
    ("GOBIN=$HOME/go", "$HOME/go"),
    ("GOBIN='-mod=mod -x'   # c", "-mod=mod -x'   "),
    ('GOBIN="https://p#f"', "https://p"),
    ('GOBIN="open', "open"),
    ('GOBIN="/x"', "/x"),
    ("GOBIN='/x\"", "/x"),
    ('GOBIN=/a"b"', '/a"b"'),
    ('GOBIN="a"b"', 'a"b'),
    ("GOBIN=", ""),
    ("GOBIN=/x ", "/x "),
    ("GOBIN=/x\r", "/x\r"),
    ("GOBIN=a=b", "a=b"),
    ("GOBIN=/x#c", "/x"),
    ('GOBIN="', ""),
    ("GOBIN = local", None),
    ("#GOBIN=/x", None),
    ("GOBIN", None),
    ("=x", None),
    ("export  GOBIN=/x", None),
    ("GO-BIN=/x", None),
    ("set GOBIN=/x", None),
    ("GO\xe9=/x", None),
]


@pytest.mark.parametrize(("line", "value"), LINES)
def test_a_line_is_read_as_pam_reads_it(line: str, value: str | None) -> None:
    found = read_environment(f"A=1\n{line}\n")
    assert [(s.name, s.value, s.line, s.text) for s in found[1:]] == (
        [] if value is None else [("GOBIN", value, 2, line.strip())]
    )


def test_the_last_line_needs_no_end_and_later_lines_win() -> None:
    assert [(s.name, s.value) for s in read_environment("A=1\nA=2")] == [("A", "1"), ("A", "2")]


CONF = [
    ("GOROOT DEFAULT=/opt/go", "/opt/go"),
    ("GOROOT\tDEFAULT=/opt/go OVERRIDE=/other", "/other"),
    ("GOROOT DEFAULT=@{HOME}/go OVERRIDE=${MINE}", "/home/gus/go"),
    ('GOROOT DEFAULT="/with blank"', "/with blank"),
    ("GOROOT DEFAULT=", None),
    ("#GOROOT DEFAULT=/opt/go", None),
    ("GOROOT=/opt/go", None),
]


@pytest.mark.parametrize(("line", "value"), CONF)
def test_a_line_of_pam_env_conf_is_read_as_pam_reads_it(line: str, value: str | None) -> None:
    found = read_conf(f"# PATH DEFAULT=/x\n{line}\n", {"HOME": "/home/gus"})
    assert [(s.name, s.value, s.line) for s in found] == ([("GOROOT", value, 2)] if value else [])


SERVICES = [
    ("session required pam_env.so", True),
    ("session required pam_env.so readenv=1 # c", True),
    ("session required pam_env.so readenv=0", False),
    ("session required pam_env.so envfile=/etc/default/locale", False),
    ("# session required pam_env.so", False),
    ("session required pam_unix.so", False),
]


@pytest.mark.parametrize(("line", "reads"), SERVICES)
def test_a_service_says_whether_it_reads_the_file(line: str, reads: bool) -> None:
    assert reads_environment(["auth required pam_unix.so", line]) == reads


# ------------------------------------------------------------------ the real module


class Conversation(ctypes.Structure):
    _fields_ = (("talk", ctypes.c_void_p), ("data", ctypes.c_void_p))


def pam() -> ctypes.CDLL:
    """Return Linux-PAM, if it can be given a folder of services (1.4)."""
    name = ctypes.util.find_library("pam")
    try:
        library = ctypes.CDLL(name) if name else None
    except OSError:
        library = None
    if library is None or not hasattr(library, "pam_start_confdir"):
        pytest.skip("there is no Linux-PAM 1.4 or newer")
    library.pam_getenvlist.restype = ctypes.POINTER(ctypes.c_char_p)
    return library


def read_by_pam(library: ctypes.CDLL, folder: Path, content: bytes) -> dict[bytes, bytes]:
    """Return what a session of a service that has nothing but pam_env would get from this /etc/environment."""
    (folder / "environment").write_bytes(content)
    (folder / "gomedic").write_text(
        f"session required pam_env.so conffile=/dev/null envfile={folder}/environment user_readenv=0\n"
    )
    handle = ctypes.c_void_p()
    talk = Conversation()
    started = library.pam_start_confdir(
        b"gomedic", b"root", ctypes.byref(talk), os.fsencode(folder), ctypes.byref(handle)
    )
    assert started == 0
    assert library.pam_open_session(handle, 0) == 0
    found = library.pam_getenvlist(handle)
    items = []
    while found[len(items)]:
        items.append(found[len(items)])
    library.pam_end(handle, 0)
    return dict(item.split(b"=", 1) for item in items)


def read_by_us(content: bytes) -> dict[bytes, bytes]:
    found = read_environment(content.decode("utf-8", "surrogateescape"))
    return {os.fsencode(setting.name): os.fsencode(setting.value) for setting in found}


@pytest.fixture
def library(tmp_path: Path) -> ctypes.CDLL:
    found = pam()
    if read_by_pam(found, tmp_path, b"A=1\n") != {b"A": b"1"}:
        pytest.skip("pam_env.so is not installed")
    return found


@pytest.mark.parametrize(("line", "_value"), LINES)
def test_the_real_module_agrees(library: ctypes.CDLL, tmp_path: Path, line: str, _value: str | None) -> None:
    content = os.fsencode(f"A=1\n{line}\nB=2\n")
    assert read_by_us(content) == read_by_pam(library, tmp_path, content)


# no backslash: since 1.5.3 PAM joins a line that ends in one with the next
@given(st.lists(st.text("A=#'\"$ \t\ré_1", max_size=9), max_size=4))
@example(["1=", "1"])
@settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_real_module_agrees_on_any_lines(library: ctypes.CDLL, tmp_path: Path, lines: list[str]) -> None:
    content = "\n".join(["Z=1", *lines, ""]).encode()
    assert read_by_us(content) == read_by_pam(library, tmp_path, content)
