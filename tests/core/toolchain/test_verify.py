"""Verdicts on what somebody already has: archives with what lies beside them, and installed trees."""

import hashlib
import os
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from campus import (
    ARCH,
    SIGNATURES,
    VERSION,
    Campus,
    Signer,
    file_name,
    go_members,
    member,
    packed,
    real_archive,
)

import little_go
from gomedic import repair
from gomedic.host import Host
from gomedic.model import Fix
from gomedic.settings import read_settings
from gomedic.texts import Message
from gomedic.toolchain.bench import bench
from gomedic.toolchain.elf import need_of, newest_glibc
from gomedic.toolchain.filelist import Entry, decoded, encoded, kept
from gomedic.toolchain.install import Staged, install, steps_to_place
from gomedic.toolchain.sandbox import Sandbox
from gomedic.toolchain.verify import Verdict, verify

FILE = file_name()


@pytest.fixture
def beside(campus: Campus, archive: bytes, tmp_path: Path) -> Path:
    """An archive of the campus with its signature, in somebody's folder."""
    path = tmp_path / "downloads" / FILE
    path.parent.mkdir()
    path.write_bytes(archive)
    Path(f"{path}.asc").write_bytes(campus.files[f"{FILE}.asc"])
    return path


def verdict(host: Host, target: str | Path) -> Verdict:
    *_, found = verify(host, read_settings(host), str(target))
    assert isinstance(found, Verdict)
    assert found.good == (found.reason is None)
    return found


def said(found: Verdict) -> str:
    return " ".join(map(str, found.points))


# ------------------------------------------------------------------ archives


def test_a_signed_archive_is_good(campus: Campus, beside: Path) -> None:
    before = sorted(beside.parent.iterdir())
    found = verdict(campus.host, beside)
    assert (found.good, found.kind, found.version) == (True, "archive", VERSION)
    assert found.signature is not None
    assert found.signature.primary == campus.signer.fingerprint
    assert "members are safe to unpack" in said(found)
    assert sorted(beside.parent.iterdir()) == before


@pytest.mark.parametrize("line", ["{sum}", "{sum}\n", f"{{sum}}  {FILE}\n", f"{{sum}} *{FILE}\n", "{SUM}\n"])
@pytest.mark.parametrize("suffix", [".sha256", ".sha256sum"])
def test_the_sum_beside_it_counts(
    campus: Campus, beside: Path, archive: bytes, line: str, suffix: str
) -> None:
    right = hashlib.sha256(archive).hexdigest()
    Path(f"{beside}{suffix}").write_text(line.format(sum=right, SUM=right.upper()))
    found = verdict(campus.host, beside)
    assert found.good
    assert f"The SHA-256 is the one that {FILE}{suffix} says." in said(found)
    wrong = hashlib.sha256(b"").hexdigest()
    Path(f"{beside}{suffix}").write_text(line.format(sum=wrong, SUM=wrong.upper()))
    refused = str(verdict(campus.host, beside).reason)
    assert f"but {FILE}{suffix} says {wrong}." in refused
    assert "deleted" not in refused


def test_the_right_sum_without_a_signature_is_not_enough(
    campus: Campus, beside: Path, archive: bytes
) -> None:
    os.unlink(f"{beside}.asc")
    Path(f"{beside}.sha256").write_text(hashlib.sha256(archive).hexdigest())
    found = verdict(campus.host, beside)
    assert "has no signature" in str(found.reason)
    assert beside.exists()


def test_a_changed_archive_is_refused_and_left_alone(campus: Campus, beside: Path, archive: bytes) -> None:
    beside.write_bytes(archive[:-1] + bytes([archive[-1] ^ 1]))
    assert "The signature" in str(verdict(campus.host, beside).reason)
    assert beside.exists()


def test_a_signature_by_another_key_is_refused(
    campus: Campus, beside: Path, archive: bytes, impostor: Signer
) -> None:
    Path(f"{beside}.asc").write_bytes(impostor.sign(archive))
    assert f"is signed by key {impostor.fingerprint}" in str(verdict(campus.host, beside).reason)


def test_a_hostile_archive_is_refused_though_signed(campus: Campus, beside: Path) -> None:
    data = packed([*go_members(), member("evil", b"x")])
    beside.write_bytes(data)
    Path(f"{beside}.asc").write_bytes(campus.signer.sign(data))
    assert "its member evil lies outside the folder go/" in str(verdict(campus.host, beside).reason)


def test_no_key_of_the_settings_vouches_for_a_version_of_googles(campus: Campus, beside: Path) -> None:
    config = Path(campus.host.config_folder)
    (config / "config.toml").write_text(campus.settings_text(config / "campus.asc", "go1"))
    official = beside.with_name(file_name("go1.27.99"))
    data = packed(go_members("go1.27.99"))
    official.write_bytes(data)
    Path(f"{official}.asc").write_bytes(campus.signer.sign(data))
    assert "not by Google's Go release key" in str(verdict(campus.host, official).reason)


def test_a_name_that_nobody_vouches_for_is_refused(campus: Campus, beside: Path) -> None:
    other = beside.with_name("toolchain.tar.gz")
    shutil.copy(beside, other)
    assert "no key in the settings may vouch for it" in str(verdict(campus.host, other).reason)


@pytest.mark.parametrize("name", ["go1.19.8.src.tar.gz", "go1.27.1.src.tar.gz"])
def test_googles_own_archives_are_good(machine: Host, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.symlink_to(real_archive(name))
    shutil.copy(SIGNATURES / f"{name}.asc", tmp_path)
    found = verdict(machine, path)
    assert found.good, found.reason
    assert "Signed by Google's Go release key on" in said(found)


# ------------------------------------------------------------------ trees


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A tree with all that a Go has, but whose programs do nothing."""
    root = tmp_path / "tree"
    for info, content in go_members():
        path = root / info.name.removeprefix("go").removeprefix("/")
        if info.isfile():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(info.mode)
    return root


def test_a_tree_whose_programs_do_not_work_is_refused(machine: Host, whole: Path) -> None:
    found = verdict(machine, whole)
    assert (found.kind, found.version) == ("tree", VERSION)
    assert "does not work on this machine" in str(found.reason)
    assert f"The commands, tools and sources of {VERSION} are there." in said(found)


@pytest.mark.parametrize("name", ["bin/go", "bin/gofmt", "src/fmt/print.go"])
def test_a_tree_with_something_missing_is_refused(machine: Host, whole: Path, name: str) -> None:
    os.unlink(whole / name)
    assert str(verdict(machine, whole).reason) == (
        f"{name} is missing in {whole}, so this is no whole Go installation; install it again."
    )


def test_a_tree_without_a_version_is_refused(machine: Host, whole: Path) -> None:
    (whole / "VERSION").write_text("devel\n")
    assert "VERSION does not name a Go version" in str(verdict(machine, whole).reason)


def test_a_tree_for_another_machine_is_refused(machine: Host, whole: Path) -> None:
    for path in (whole / "bin/go", *(whole / "pkg/tool").rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            path.write_bytes(data[:18] + b"\x16\x00" + data[20:])
    shutil.copytree(whole / "pkg/tool", whole / "pkg/moved")
    (tools,) = (whole / "pkg/tool").iterdir()
    tools.rename(tools.with_name("linux_s390x"))
    assert "The programs in" in str(verdict(machine, whole).reason)
    assert "are for s390x, but this machine is" in str(verdict(machine, whole).reason)


def test_nothing_is_started_that_others_can_change(machine: Host, whole: Path) -> None:
    (whole / "bin").chmod(0o777)
    found = verdict(machine, whole)
    assert found.good
    assert f"somebody other than you or root can change {whole}/bin" in said(found)


def test_a_version_that_is_not_installed_is_refused(machine: Host) -> None:
    assert "Go go1.99 is not among the toolchains in" in str(verdict(machine, "go1.99").reason)


@pytest.mark.parametrize("target", ["go1.2.3.linux-amd64.tar.gz", "nowhere/go"])
def test_a_path_without_a_file_is_called_one(machine: Host, target: str) -> None:
    assert str(verdict(machine, target).reason) == f"There is no file or folder {machine.cwd}/{target}."


# ------------------------------------------------------------------ compared with the release


@pytest.fixture
def little(campus: Campus, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A release of the campus whose go works, published."""
    data = packed(go_members(VERSION, little_go.program(tmp_path_factory.getbasetemp(), ARCH)))
    campus.publish(data)
    return data


@pytest.fixture
def placed(campus: Campus, little: bytes) -> Path:
    """That release, installed by us."""
    *_, staged = install(campus.host, read_settings(campus.host), VERSION)
    assert isinstance(staged, Staged)
    list(repair.apply(campus.host, "x@y", Fix("f", Message("F")), steps_to_place(staged)))
    return Path(staged.target_path)


def test_what_we_installed_is_compared_byte_for_byte(campus: Campus, placed: Path) -> None:
    found = verdict(campus.host, VERSION)
    assert found.good, found.reason
    assert "are byte for byte those of the release (a list kept when it was installed)" in said(found)
    assert {row.name: row.state for row in found.table} | {"glibc": "ok"} == {
        "session": "not tried", "version": "ok", "env": "ok", "build": "ok", "run": "ok", "cgo": "ok", "static": "ok", "cross": "ok",
        "glibc": "ok", "sysroot": "ok",
    }  # fmt: skip


def a_byte(root: Path) -> None:
    path = root / "src/fmt/print.go"
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def more(root: Path) -> None:
    for number in range(5):
        (root / f"src/fmt/old{number}.go").write_text("package fmt\n")


ILL: list[tuple[Callable[[Path], None], str]] = [
    (a_byte, "is not as the release has it (changed: src/fmt/print.go); install"),
    (lambda root: (root / "src/bytes/a.go").unlink(), "(missing: src/bytes/a.go)"),
    (
        more,
        "(added, and built with it: src/fmt/old0.go, src/fmt/old1.go, src/fmt/old2.go and 2 more)",
    ),
    (lambda root: (root / "bin/gofmt").chmod(0o644), "not executable: bin/gofmt"),
]


@pytest.mark.parametrize(("change", "part"), ILL, ids=["changed", "missing", "more", "mode"])
def test_what_differs_from_the_release_is_named(
    campus: Campus, placed: Path, change: Callable[[Path], None], part: str
) -> None:
    change(placed)
    assert part in str(verdict(campus.host, VERSION).reason)


def test_what_lies_elsewhere_is_only_told(campus: Campus, placed: Path) -> None:
    (placed / "bin/gopls").write_text("a tool of the person's own")
    found = verdict(campus.host, VERSION)
    assert found.good
    assert "Beside the files of the release there is bin/gopls." in said(found)


def test_another_tree_is_compared_with_an_archive_or_with_our_list(
    campus: Campus, placed: Path, little: bytes, tmp_path: Path
) -> None:
    foreign, archive = tmp_path / "foreign", tmp_path / FILE
    shutil.copytree(placed, foreign, symlinks=True)
    archive.write_bytes(little)
    Path(f"{archive}.asc").write_bytes(campus.files[f"{FILE}.asc"])
    assert "a list kept when it was installed" in said(verdict(campus.host, foreign))
    os.unlink(f"{placed}.files")
    os.unlink(f"{placed}.json")
    assert "Its files were not compared with the release" in said(verdict(campus.host, foreign))
    *_, found = verify(campus.host, read_settings(campus.host), str(foreign), archive=str(archive))
    assert f"those of the release ({FILE})" in said(found)
    a_byte(foreign)
    *_, found = verify(campus.host, read_settings(campus.host), str(foreign), archive=str(archive))
    assert "changed: src/fmt/print.go" in str(found.reason)
    archive.write_bytes(little + b"x")
    *_, found = verify(campus.host, read_settings(campus.host), str(foreign), archive=str(archive))
    assert "signature" in str(found.reason)


def test_an_archive_in_the_cache_serves_as_well(campus: Campus, placed: Path) -> None:
    os.unlink(f"{placed}.files")
    assert f"those of the release ({FILE})" in said(verdict(campus.host, VERSION))


def test_a_package_of_a_distribution_is_said_to_be_one(campus: Campus, placed: Path) -> None:
    (placed / "src").rename(placed.parent / "share")
    (placed / "src").symlink_to("../share")
    found = verdict(campus.host, placed)
    assert found.good
    assert f"a distribution's package, with parts in {placed.parent}/share" in said(found)


def test_a_trimmed_tree_is_said_to_be_one(campus: Campus, placed: Path) -> None:
    files = kept(f"{placed}.files", VERSION)
    assert files is not None
    wanted = {**files, "api/go1.txt": Entry(False, 3, "00"), "README.md": Entry(False, 3, "00")}
    Path(f"{placed}.files").write_bytes(encoded(VERSION, wanted))
    found = verdict(campus.host, VERSION)
    assert found.good
    assert "It lacks 2 files that the toolchain as a Go module leaves out" in said(found)


@pytest.mark.parametrize(
    "data", [b"", b"x", zlib.compress(b"gomedic-files 1 go1.2\n"), zlib.compress(b"gomedic-files 1 go9\nx 1")]
)
def test_a_damaged_list_is_none(data: bytes) -> None:
    assert decoded(data, "go9") is None


def test_a_list_comes_back_as_it_was() -> None:
    files = {"a b": Entry(True, 3, "00ff"), "bin/x": Entry(False, 0, "", "../go")}
    assert decoded(encoded("go9", files), "go9") == files


def test_what_a_program_needs_is_read_from_it(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path / "program"
    path.write_bytes(little_go.program(tmp_path_factory.getbasetemp(), ARCH))
    assert need_of(str(path)) is None
    path.write_bytes(little_go.program(tmp_path_factory.getbasetemp(), ARCH, static=False))
    assert "ld-" in str(need_of(str(path)))
    assert newest_glibc(str(path)).startswith("2.")
    data = path.read_bytes()
    for end in range(0, 400, 7):  # cut short anywhere, it is read without a stumble
        path.write_bytes(data[:end])
        need_of(str(path))


def test_nothing_is_started_as_root(campus: Campus, placed: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give up root's rights")
    with bench(campus.host, str(placed), str(tmp_path), Sandbox()) as place:
        assert place is not None
        assert place.run(["id", "-u"]) == "65534"
