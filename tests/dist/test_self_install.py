"""The bundles install themselves, run from there, and leave without a trace."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from loading import ROOT

POLKITD = "/usr/lib/polkit-1/polkitd"


def tree(top: Path) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(top.rglob("*")):
        content = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None
        found[str(path.relative_to(top))] = (oct(path.lstat().st_mode), content)
    return found


@pytest.fixture
def able(bundle, run):
    """The bundle, if it is new enough to install itself."""
    if "install-self" not in run(bundle / "gomedic", "--help").stdout:
        pytest.skip("the bundle is older than install-self: make it anew with `make dist`")
    return bundle


def test_it_installs_itself_runs_from_there_and_leaves_no_trace(able, run, home):
    before = tree(home)
    installed = json.loads(run(able / "gomedic", "install-self", "--user", "--json").stdout)
    command = home / ".local/bin/gomedic"
    assert (installed["owner"], installed["command"]) == ("bundle", str(command))
    assert tree(home / ".local/share/gomedic/program") == tree(able)
    again = run(command, "install-self", "--user")
    assert "stays where it is" in again.stdout, again
    assert run(command, "--version").returncode == 0
    done = run(command, "uninstall-self", LANG="zh_CN.UTF-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert "已经删除" in done.stdout
    assert tree(home) == before


@pytest.fixture
def one_file(one_files, home):
    """The self-contained executable for containers, in a folder of the account's."""
    if not one_files:
        pytest.skip("needs a self-contained executable that `make dist` made")
    (home / "下 载").mkdir()
    return Path(shutil.copy(one_files[-1], home / "下 载" / "gomedic"))


def test_installed_from_one_file_it_leaves_no_trace(one_file, run, home):
    before = tree(home)
    installed = json.loads(run(one_file, "install-self", "--user", "--json").stdout)
    (kept,) = one_file.parent.glob(".gomedic-*")
    copied = {path: what for path, what in tree(kept).items() if path != ".complete"}
    assert tree(Path(installed["program"])) == copied
    done = run(home / ".local/bin/gomedic", "uninstall-self", "--json")
    assert json.loads(done.stdout)["unpacked"] == [str(kept)], done
    assert tree(home) == before


def test_one_file_takes_away_what_it_unpacked(one_file, run, home):
    before = tree(home)
    assert run(one_file, "--version").returncode == 0
    assert tree(home) != before
    done = run(one_file, "uninstall-self")
    assert (done.returncode, done.stderr) == (0, ""), done
    assert tree(home) == before


def files(top: Path) -> dict[str, bytes]:
    """What the account's own files hold; gomedic's receipts are not among them."""
    found = {str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if not name.startswith(".local/state/gomedic/")}


@pytest.mark.parametrize("bundle", ["gomedic-headless"], indirect=True)
def test_on_a_terminal_it_offers_its_start_up_line(able, run, home):
    before = files(home)
    refused = run(
        shutil.which("script"),
        "-qec",
        f"{shlex.quote(str(able / 'gomedic'))} install-self --user",
        "/dev/null",
        input="n\n",
    )
    assert "+ " in refused.stdout or "+export PATH" in refused.stdout, refused
    assert files(home).items() >= before.items()
    agreed = run(
        shutil.which("script"),
        "-qec",
        f"{shlex.quote(str(able / 'gomedic'))} install-self --user",
        "/dev/null",
        input="y\n",
    )
    assert "is on PATH in new sessions" in agreed.stdout
    assert run("/bin/bash", "-ic", "command -v gomedic").stdout.strip() == str(home / ".local/bin/gomedic")
    done = run(able / "gomedic", "uninstall-self", "--start-up-lines")
    assert (done.returncode, f"What is yours stays: {home}/.local/state/gomedic." in done.stdout) == (
        0,
        True,
    ), done
    assert files(home) == before


def test_for_all_accounts_it_needs_root_and_says_how(able, run):
    if os.geteuid() != 0:
        pytest.skip("needs root, to be somebody else")
    words = [
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        str(able / "gomedic"),
        "install-self",
        "--system",
    ]
    done = run(shutil.which("setpriv"), *words, HOME="/nonexistent")
    assert done.returncode == 3
    assert f"sudo {shlex.quote(str(able / 'gomedic'))} install-self --system" in done.stderr


@pytest.mark.parametrize("bundle", ["gomedic-headless"], indirect=True)
def test_a_repair_as_root_goes_through_polkit(able, run):
    missing = [name for name in ("pkexec", "dbus-daemon", "unshare", "setpriv") if not shutil.which(name)]
    if os.geteuid() != 0 or missing or not os.path.exists(POLKITD):
        pytest.skip(f"needs root, polkitd and {missing}")
    space = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]
    done = subprocess.run(
        [*space, "bash", str(ROOT / "tests/dist/polkit.sh"), str(able)],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "unshare" in done.stderr:
        pytest.skip("this machine allows no namespaces")
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
    assert said["policy"] == "1", done
    assert '"state": "done"' in said["stu"], done
    assert said["daemon"].endswith("exit code 127 "), done
    assert (said["fixed"], said["taken back"]) == ("0", "1"), done
    assert "What is yours stays: /var/lib/gomedic." in done.stdout
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "0"), done
