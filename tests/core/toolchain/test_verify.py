"""Verdicts on what somebody already has: archives with what lies beside them, and installed trees."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest
from campus import SIGNATURES, VERSION, Campus, Signer, file_name, go_members, member, packed, real_archive

from gomedic.host import Host
from gomedic.settings import read_settings
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
    assert f"Somebody other than you or root can change {whole}/bin" in said(found)


def test_a_version_that_is_not_installed_is_refused(machine: Host) -> None:
    assert "Go go1.99 is not among the toolchains in" in str(verdict(machine, "go1.99").reason)
