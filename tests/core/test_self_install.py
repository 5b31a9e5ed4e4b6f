"""gomedic installs itself and leaves without a trace, also where it was killed half-way."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from gomedic import bundled, repair
from gomedic.doctor import examine
from gomedic.host import Host
from gomedic.model import Examination
from gomedic.self_install import engine, startup
from gomedic.self_install.items import DESKTOP, desktop_entry
from gomedic.self_install.owner import Owner, owner
from gomedic.self_install.places import Places, system_places, user_places
from gomedic.self_install.problems import SelfInstallError
from gomedic.self_install.record import RecordError

Tree = dict[str, tuple[object, ...]]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder that looks as a bundle does."""
    folder = tmp_path / "unpacked" / "gomedic"
    (folder / "lib/_internal/empty").mkdir(parents=True)
    (folder / "gomedic").write_text("#!/bin/sh\necho it runs\n")
    (folder / "gomedic").chmod(0o755)
    (folder / "lib/_internal/data").write_bytes(bytes(range(256)))
    (folder / "lib/_internal/link").symlink_to("data")
    return folder


@pytest.fixture
def mine(bundle: Path) -> Owner:
    return Owner("bundle", str(bundle), str(bundle / "gomedic"), has_window=True)


@pytest.fixture
def places(host: Callable[..., Host], home: Path) -> Places:
    """The account's places, in a home that has files of others in some of the folders."""
    for name in (".local/share/applications/other.desktop", ".local/bin/tool", ".config/fish/config.fish"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("theirs\n")
    return user_places(host())


def tree(top: Path) -> Tree:
    """Everything below a folder: kind, mode, owner, content."""
    found: Tree = {}
    for path in sorted(top.rglob("*")):
        status = path.lstat()
        content: object = None
        if path.is_symlink():
            content = os.readlink(path)
        elif path.is_file():
            content = path.read_bytes()
        found[str(path.relative_to(top))] = (oct(status.st_mode), status.st_uid, status.st_gid, content)
    return found


def install(places: Places, mine: Owner, version: str = "1", root: int | None = None) -> engine.Installed:
    last = list(engine.install(places, mine, version, os.getuid() if root is None else root))[-1]
    assert isinstance(last, engine.Installed)
    return last


def uninstall(places: Places) -> engine.Removed:
    return engine.uninstall(places, os.getuid())


def test_what_was_installed_is_removed_to_the_last_byte(places: Places, mine: Owner, home: Path) -> None:
    before = tree(home)
    done = install(places, mine)
    assert done.copied
    assert os.path.realpath(places.command) == f"{home}/.local/share/gomedic/program/gomedic"
    assert tree(Path(places.program)) == tree(Path(mine.folder))
    missing = [path for path in done.paths if not os.path.exists(path)]
    assert missing == []
    removed = uninstall(places)
    assert removed.kept == ()
    assert tree(home) == before


def test_its_menu_entry_is_valid(places: Places, mine: Owner) -> None:
    program = shutil.which("desktop-file-validate")
    if program is None:
        pytest.skip("there is no desktop-file-validate")
    install(places, mine)
    entry = f"{places.share}/applications/{DESKTOP}"
    done = subprocess.run([program, entry], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_second_installation_replaces_the_first(
    places: Places, mine: Owner, bundle: Path, home: Path
) -> None:
    before = tree(home)
    install(places, mine)
    (bundle / "lib/_internal/data").rename(bundle / "lib/_internal/other")
    (bundle / "gomedic").write_text("#!/bin/sh\necho newer\n")
    install(places, mine, "2")
    assert tree(Path(places.program)) == tree(bundle)
    uninstall(places)
    assert tree(home) == before


def test_nothing_of_others_is_overwritten(places: Places, mine: Owner, home: Path) -> None:
    Path(places.command).write_text("somebody else's gomedic\n")
    before = tree(home)
    with pytest.raises(SelfInstallError, match="bin/gomedic is there already"):
        install(places, mine)
    assert tree(home) == before


def test_a_file_put_into_the_program_s_folder_is_not_lost(places: Places, mine: Owner, home: Path) -> None:
    install(places, mine)
    Path(places.program, "lib/notes").write_text("theirs\n")
    with pytest.raises(SelfInstallError, match="lib/notes is there already"):
        install(places, mine, "2")
    uninstall(places)
    assert Path(places.program, "lib/notes").read_text() == "theirs\n"
    assert not Path(places.program, "gomedic").exists()


def test_what_was_changed_since_is_kept_and_named(places: Places, mine: Owner) -> None:
    install(places, mine)
    entry = Path(places.share, "applications", DESKTOP)
    entry.write_text("[Desktop Entry]\n")
    assert uninstall(places).kept == (str(entry),)
    assert entry.read_text() == "[Desktop Entry]\n"


def test_there_is_nothing_to_remove_twice(places: Places, mine: Owner) -> None:
    install(places, mine)
    uninstall(places)
    with pytest.raises(SelfInstallError, match="nothing here"):
        uninstall(places)


def test_a_broken_record_is_no_licence_to_delete(places: Places, mine: Owner, home: Path) -> None:
    install(places, mine)
    Path(places.record).write_text("{")
    before = tree(home)
    with pytest.raises(RecordError):
        uninstall(places)
    assert tree(home) == before


def test_cancelling_takes_a_first_installation_back(places: Places, mine: Owner, home: Path) -> None:
    before = tree(home)
    for steps in (1, 3, 8):
        work = engine.install(places, mine, "1")
        for _step in range(steps):
            next(work)
        work.close()  # type: ignore[attr-defined]
        assert tree(home) == before


def test_two_at_once_do_not_meet(places: Places, mine: Owner) -> None:
    work = engine.install(places, mine, "1")
    next(work)
    with pytest.raises(SelfInstallError, match="Another gomedic"):
        install(places, mine)
    work.close()  # type: ignore[attr-defined]


# ------------------------------------------------------------------ killed


CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.chmod", "open")


def killed_at(number: int, act: Callable[[], object]) -> bool:
    """Do something in another process, which dies at its change of that number; tell whether it came so far."""
    child = os.fork()
    if child == 0:
        left = number

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            writes = event != "open" or (isinstance(arguments[2], int) and bool(arguments[2] & os.O_CREAT))
            if event in CHANGES and writes:
                left -= 1
                if left < 0:
                    os._exit(9)

        sys.addaudithook(count)
        with contextlib.suppress(BaseException):
            act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def kills(act: Callable[[], object], settle: Callable[[], None]) -> int:
    """Kill `act` at every change that it makes; `settle` sees that the next run copes. Return how many there were."""
    number = 0
    while killed_at(number, act):
        settle()
        number += 5 if number else 1
    return number


def test_after_a_kill_while_installing_both_ways_are_open(places: Places, mine: Owner, home: Path) -> None:
    before = tree(home)
    ways: list[int] = []

    def settle() -> None:
        ways.append(1)
        if len(ways) % 2:
            install(places, mine)
        with contextlib.suppress(SelfInstallError):  # nothing was written down yet
            uninstall(places)
        left = {name: kind for name, kind in tree(home).items() if before.get(name) != kind}
        assert set(left) <= {".local/share/gomedic"}, "only a folder that is empty, and named so, may be left"
        with contextlib.suppress(FileNotFoundError):
            (home / ".local/share/gomedic").rmdir()

    assert kills(lambda: install(places, mine), settle) > 50


def test_after_a_kill_while_replacing_the_next_run_finishes(
    places: Places, mine: Owner, bundle: Path, home: Path, tmp_path: Path
) -> None:
    before = tree(home)
    newer = tmp_path / "newer"
    shutil.copytree(bundle, newer, symlinks=True)
    (newer / "gomedic").write_text("#!/bin/sh\necho newer\n")
    (newer / "lib/_internal/data").unlink()
    theirs = msgspec.structs.replace(mine, folder=str(newer))

    def settle() -> None:
        install(places, theirs, "2")
        assert tree(Path(places.program)) == tree(newer)
        uninstall(places)
        assert tree(home) == before
        install(places, mine)

    install(places, mine)
    assert kills(lambda: install(places, theirs, "2"), settle) > 50


def test_after_a_kill_while_removing_the_next_run_finishes(places: Places, mine: Owner, home: Path) -> None:
    before = tree(home)

    def settle() -> None:
        with contextlib.suppress(SelfInstallError):
            uninstall(places)
        left = {name for name, kind in tree(home).items() if before.get(name) != kind}
        assert all((home / name).is_dir() and not any((home / name).iterdir()) for name in left)
        for name in left:
            (home / name).rmdir()
        install(places, mine)

    install(places, mine)
    assert kills(lambda: uninstall(places), settle) > 30


# ------------------------------------------------------------------ for all accounts


@pytest.fixture
def system(tmp_path: Path) -> Places:
    top = tmp_path / "system"
    for name in ("opt", "usr/local/bin", "usr/share/polkit-1/actions", "usr/libexec", "etc"):
        (top / name).mkdir(parents=True)
    return system_places(str(top))


def test_for_all_accounts_with_a_policy(system: Places, mine: Owner) -> None:
    before = tree(Path(system.tree))
    done = install(system, mine)
    assert {bundled.POLICY, bundled.HELPER, system.command} < set(done.paths)
    assert os.readlink(system.real(system.command)) == "/opt/gomedic/gomedic"
    assert "exec /opt/gomedic/gomedic --as-root-helper\n" in Path(system.real(bundled.HELPER)).read_text()
    assert (
        b'Exec="/opt/gomedic/gomedic"\n'
        in Path(system.real(f"{system.share}/applications/{DESKTOP}")).read_bytes()
    )
    uninstall(system)
    assert tree(Path(system.tree)) == before


def test_no_policy_without_polkit_nor_for_what_pip_owns(system: Places, mine: Owner) -> None:
    assert bundled.POLICY not in install(system, msgspec.structs.replace(mine, name="pip")).paths
    uninstall(system)
    os.rmdir(system.real("/usr/share/polkit-1/actions"))
    assert bundled.HELPER not in install(system, mine).paths


def test_not_where_others_could_put_something_else(system: Places, mine: Owner) -> None:
    os.chmod(system.real("/opt"), 0o777)
    before = tree(Path(system.tree))
    with pytest.raises(SelfInstallError, match="/opt can be changed by others than root"):
        install(system, mine)
    assert tree(Path(system.tree)) == before


def test_all_may_read_it_whatever_umask_root_has(system: Places, mine: Owner) -> None:
    old = os.umask(0o077)
    try:
        install(system, mine)
    finally:
        os.umask(old)
    modes = {path.stat().st_mode & 0o055 for path in Path(system.real("/opt")).rglob("*") if path.is_dir()}
    assert modes == {0o055}
    assert Path(system.real(bundled.POLICY)).stat().st_mode & 0o777 == 0o644


# ------------------------------------------------------------------ not ours to copy


def test_what_pip_put_there_stays_pip_s(places: Places, mine: Owner, home: Path) -> None:
    entry = home / ".local/share/applications" / DESKTOP
    entry.write_text("by pip\n")
    theirs = msgspec.structs.replace(mine, name="pip", files=frozenset({str(entry)}))
    before = tree(home)
    done = install(places, theirs)
    assert not done.copied
    assert not os.path.lexists(places.command)
    assert str(entry) not in done.paths
    uninstall(places)
    assert tree(home) == before


def test_from_source_the_owner_is_the_source() -> None:
    found = owner()
    assert (found.name, os.path.exists(os.path.join(found.folder, "pyproject.toml"))) == ("source", True)


def test_without_the_window_there_is_no_menu_entry(places: Places, mine: Owner) -> None:
    done = install(places, msgspec.structs.replace(mine, has_window=False))
    assert [path for path in done.paths if path.endswith((".desktop", ".svg", ".xml"))] == []


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("/opt/gomedic/gomedic", 'Exec="/opt/gomedic/gomedic"'),
        ("/home/a b/100%/x", 'Exec="/home/a b/100%%/x"'),
        ('/h/"$`\\', 'Exec="/h/\\\\"\\\\$\\\\`\\\\\\\\"'),
        ("/home/学生/x", 'Exec="/home/学生/x"'),
    ],
)
def test_the_menu_entry_starts_any_path(program: str, line: str) -> None:
    entry = desktop_entry(b"[Desktop Entry]\nExec=gomedic\nIcon=gomedic\n", program).decode()
    assert entry.splitlines()[1] == line


# ------------------------------------------------------------------ start-up lines


@pytest.mark.parametrize("shell", ["/bin/bash", "/usr/bin/zsh", "/usr/bin/fish"])
def test_start_up_lines_come_and_go(host: Callable[..., Host], home: Path, shell: str) -> None:
    if not os.path.exists(shell):
        pytest.skip(f"there is no {shell}")
    machine, folder = host(shell=shell), f"{home}/.local/bin"
    os.makedirs(folder)
    before = {name: kind for name, kind in tree(home).items() if ".local/state" not in name}
    seen = examined(machine)
    if "terminal" not in startup.lacking(seen, folder):
        pytest.skip("this machine puts ~/.local/bin on PATH by itself")
    fix = startup.lines_to_add(machine, seen, folder)
    list(repair.apply(machine, startup.WISH, fix, fix.steps))
    assert "terminal" not in startup.lacking(examined(machine), folder)
    back = startup.lines_to_remove(machine, folder)
    list(repair.apply(machine, startup.WISH, back, back.steps))
    after = {name: kind for name, kind in tree(home).items() if ".local/state" not in name}
    assert {name: kind for name, kind in after.items() if kind[3] is not None} == {
        name: kind for name, kind in before.items() if kind[3] is not None
    }


def examined(machine: Host) -> Examination:
    values: Iterator[object] = examine(machine, only=("no-go-installed",))
    last = list(values)[-1]
    assert isinstance(last, Examination)
    return last
