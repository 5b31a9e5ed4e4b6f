"""What travels along, and how it is packed; needs no bundle."""

import hashlib
import os
import tarfile

import pytest

from loading import script

trim = script("packaging/dist/trim.py")
pack = script("packaging/dist/pack.py")
one_file = script("packaging/dist/pack_one_file.py")


@pytest.mark.parametrize(("name", "wanted"), [
    ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
    ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
    ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
    ("PySide6/Qt/plugins/wayland-decoration-client/libbradient.so", True),
    ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
    ("PySide6/Qt/translations/qtbase_de.qm", False),
    ("PySide6/Qt/translations/assistant_zh_CN.qm", False),
    ("libwayland-client.so.0", False),
    ("libQt6WaylandClient.so.6", True),
    ("libc.so.6", False),
    ("libcrypto.so.1.1", True),
])  # fmt: skip
def test_only_what_the_window_uses_is_wanted(name, wanted):
    assert trim.is_wanted(name) == wanted


LINKED = {"libqxcb.so": ["libQt6Gui.so.6"], "libQt6Gui.so.6": ["libicu.so"], "libgtk.so": ["libcairo.so"]}


def entry(name):
    return (name, "/" + name.rsplit("/", 1)[-1], "BINARY")


def test_libraries_that_nothing_links_to_are_left_out():
    kept = ["plugins/libqxcb.so", "libQt6Gui.so.6", "libicu.so", "libpython3.11.so.1.0", "msgspec/_core.so"]
    names = [*kept, "libgtk.so", "libcairo.so"]
    left, dropped = trim.only_linked(
        [entry(name) for name in names], lambda path: LINKED.get(path.lstrip("/"), [])
    )
    assert [name for name, _source, _kind in left] == kept
    assert dropped == ["libcairo.so", "libgtk.so"]


@pytest.mark.parametrize(("name", "kept"), [
    ("cp437", True), ("cp936", True), ("cp1252", True), ("gb18030", True), ("iso8859_15", True), ("koi8_r", True),
    ("cp850", False), ("mac_roman", False), ("cp037", False),
])  # fmt: skip
def test_encodings_of_locales_are_kept(name, kept):
    assert (f"encodings.{name}" not in trim.NOT_USED) == kept


def test_what_is_only_faster_is_left_out():
    compiled = [
        (
            "charset_normalizer/md.cpython-311-x86_64-linux-gnu.so",
            "/site/charset_normalizer/md.cpython-311.so",
            "EXTENSION",
        ),
        ("msgspec/_core.cpython-311-x86_64-linux-gnu.so", "/site/msgspec/_core.so", "EXTENSION"),
    ]
    assert trim.as_python(compiled) == [
        ("charset_normalizer.md", "/site/charset_normalizer/md.py", "PYMODULE")
    ]


def test_the_bundle_for_containers_has_smaller_files():
    assert trim.smaller("python3.11/lib-dynload/unicodedata.cpython-311-x86_64-linux-gnu.so") is not None
    assert trim.smaller("libcrypto.so.1.1") is None


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "gomedic"
    (made / "lib").mkdir(parents=True)
    (made / "gomedic").write_bytes(b"x" * 3000)
    (made / "gomedic").chmod(0o755)
    (made / "lib" / "b").write_bytes(b"y")
    (made / "lib" / "a").symlink_to("b")
    return made


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_contents_give_the_same_bytes(folder, tmp_path):
    pack.pack(folder, tmp_path / "one", 1_000_000, "x86_64")
    (folder / "lib" / "b").unlink()
    (folder / "lib" / "b").write_bytes(b"y")
    os.utime(folder / "gomedic", (5, 5))
    (folder / "lib" / "b").chmod(0o600)
    pack.pack(folder, tmp_path / "two", 1_000_000, "x86_64")
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_what_is_packed_is_roots_and_of_one_moment(folder, tmp_path):
    pack.pack(folder, tmp_path / "one", 1_000_000, "x86_64")
    with tarfile.open(tmp_path / "one") as tar:
        seen = [(e.name, e.mode, e.uid, e.uname, e.mtime, e.linkname) for e in tar if e.isfile() or e.issym()]
    assert seen == [
        ("gomedic/gomedic", 0o755, 0, "root", 1_000_000, ""),
        ("gomedic/lib/a", 0o755, 0, "root", 1_000_000, "b"),
        ("gomedic/lib/b", 0o644, 0, "root", 1_000_000, ""),
    ]


def test_the_list_of_one_file_tells_kinds_and_sizes(folder):
    entries = [one_file.entry_of(path, folder) for path in sorted(folder.rglob("*"))]
    assert entries == [b"x3000 gomedic\0", b"d0 lib\0", b"l0 lib/a\0b\0", b"f1 lib/b\0"]


def test_what_is_over_its_budget_is_named(folder):
    size = pack.size_of(folder)
    assert size == 3001
    assert pack.over_budget({"gomedic": (size, 0.003)}) == [
        "gomedic has 0.0 MB, more than the 0.003 MB it may have"
    ]
    assert pack.over_budget({"gomedic": (size, 0.003001)}) == []
