"""Trees that somebody has unpacked, as gimme keeps them: installed only where each file is known, else refused."""

import os
import shutil
from pathlib import Path

import pytest
from campus import ARCH, VERSION, Campus, file_name, go_members, packed

import little_go
from gomedic import repair
from gomedic.model import Fix
from gomedic.settings import read_settings
from gomedic.texts import Message
from gomedic.toolchain import register
from gomedic.toolchain.errors import ToolchainError
from gomedic.toolchain.filelist import kept
from gomedic.toolchain.install import Staged, discard, install, record, steps_to_place
from gomedic.toolchain.recorded import encoded
from gomedic.toolchain.targets import Target

GIMME = f"go1.27.1.linux.{ARCH}"


@pytest.fixture
def placed(campus: Campus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the campus, installed by us."""
    campus.publish(packed(go_members(VERSION, little_go.program(tmp_path_factory.getbasetemp(), ARCH))))
    *_, staged = install(campus.host, read_settings(campus.host), VERSION, try_it=False)
    assert isinstance(staged, Staged)
    list(repair.apply(campus.host, "x@y", Fix("f", Message("F")), steps_to_place(staged)))
    return Path(staged.target_path)


@pytest.fixture
def gimme(campus: Campus, placed: Path) -> Path:
    """The same release as gimme keeps it; ours has lost its go."""
    tree = Path(campus.host.home, ".gimme/versions", GIMME)
    shutil.copytree(placed, tree)
    (placed / "bin/go").unlink()
    return tree


def from_tree(campus: Campus, source: Path | str, to: Target = Target(), version: str = VERSION) -> Staged:  # noqa: B008
    *_, last = install(campus.host, read_settings(campus.host), version, str(source), to=to)
    assert isinstance(last, Staged)
    return last


def refusal(campus: Campus, source: Path, to: Target = Target()) -> str:  # noqa: B008
    folder = Path(campus.host.data_folder, "toolchains")
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(ToolchainError) as caught:
        from_tree(campus, source, to)
    assert sorted(path.name for path in folder.iterdir()) == before
    return str(caught.value.message)


@pytest.mark.parametrize("above", [0, 1], ids=["the tree", "the folder of trees"])
def test_a_tree_that_is_as_the_release_was_is_installed(
    campus: Campus, placed: Path, gimme: Path, above: int
) -> None:
    (gimme / "bin/gopls").write_text("a tool of the person's own")
    campus.asked.clear()
    source = gimme.parent if above else gimme
    staged = from_tree(campus, source)
    assert campus.asked == []
    assert staged.tried.failure is None
    assert staged.verification.source == str(gimme)
    assert staged.verification.signature is not None
    list(repair.apply(campus.host, "x@y", Fix("f", Message("F")), steps_to_place(staged)))
    assert (placed / "bin/go").read_bytes() == (gimme / "bin/go").read_bytes()
    assert os.access(placed / "bin/go", os.X_OK)
    assert not (placed / "bin/gopls").exists()
    assert record(str(placed)) == staged.verification


def test_one_byte_is_enough_to_refuse_it(campus: Campus, gimme: Path) -> None:
    data = (gimme / "bin/go").read_bytes()
    (gimme / "bin/go").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert refusal(campus, gimme) == (
        f"{gimme} holds {VERSION} unpacked, which cannot be verified: bin/go is not as in the release. "
        f"Name the archive {file_name()}, or a folder with it, instead."
    )


@pytest.mark.parametrize("odd", ["gone", "pipe"])
def test_what_is_no_such_file_is_refused(campus: Campus, gimme: Path, odd: str) -> None:
    path = gimme / "src/bytes/a.go"
    path.unlink()
    if odd == "pipe":
        os.mkfifo(path)
    assert "src/bytes/a.go is not as in the release" in refusal(campus, gimme)


def test_without_a_list_it_is_refused(campus: Campus, placed: Path, gimme: Path) -> None:
    os.unlink(f"{placed}.files")
    assert "no list at hand says what the release consists of, file by file" in refusal(campus, gimme)


def test_what_root_knows_counts_too(
    campus: Campus, placed: Path, gimme: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("a register counts only where it is root's")
    monkeypatch.setattr(register, "FOLDER", f"{tmp_path}/register")
    why, files = record(str(placed)), kept(f"{placed}.files", VERSION)
    assert why is not None
    assert files is not None
    register.enter("", str(gimme), VERSION, encoded(why), files)
    for end in ("json", "files"):
        os.unlink(f"{placed}.{end}")
    staged = from_tree(campus, gimme)
    discard(staged.staged_path)
    assert staged.verification.signature == why.signature


def test_for_all_accounts_it_takes_an_archive(campus: Campus, gimme: Path) -> None:
    assert "for all accounts only an archive counts" in refusal(campus, gimme, Target("/opt"))


def test_an_archive_beside_it_goes_first(campus: Campus, gimme: Path) -> None:
    for name in (file_name(), f"{file_name()}.asc", "index.json"):
        (gimme.parent / name).write_bytes(campus.files[name])
    config = Path(campus.host.config_folder, "config.toml")
    config.write_text(config.read_text().replace(campus.url, str(gimme.parent)))
    (gimme / "bin/go").write_bytes(b"")
    staged = from_tree(campus, gimme.parent)
    discard(staged.staged_path)
    assert staged.verification.source != str(gimme)
