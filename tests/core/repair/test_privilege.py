"""Steps for root, end to end: an ordinary account, the real sudo, the real helper, in a throw-away /etc."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

# $1 a folder for what is written, $2 what sudoers says; the rest is the program.
THROW_AWAY = """
set -e
mount -t tmpfs -o mode=755 none "$1"
for place in etc var/lib; do
    mkdir -p "$1/$place/new" "$1/$place/work"
    mount -t overlay -o "lowerdir=/$place,upperdir=$1/$place/new,workdir=$1/$place/work" none "/$place"
done
printf '%s\\n' "$2" > /etc/sudoers.d/zz-gomedic-test
chmod 440 /etc/sudoers.d/zz-gomedic-test
printf 'export PATH=$PATH:/usr/local/go/bin\\n' > /etc/profile.d/gomedic-test.sh
chmod 600 /etc/profile.d/gomedic-test.sh
touch -d 2001-02-03 /etc/profile.d/gomedic-test.sh
mkdir "$1/home"
printf 'old\\n' > "$1/home/.bashrc"
chown -R 65534:65534 "$1/home"
shift 2
exec "$@"
"""
MAY = "nobody ALL=(ALL) NOPASSWD: ALL"


@pytest.fixture(scope="module", autouse=True)
def _can_run(tmp_path_factory):
    if os.geteuid() != 0 or not shutil.which("sudo"):
        pytest.skip("needs root and sudo, to become an ordinary account that has sudo")
    tried = in_throw_away(tmp_path_factory.mktemp("trial"), MAY, "true")
    if tried.returncode:
        pytest.skip(f"no throw-away /etc here: {tried.stderr.strip()}")


def in_throw_away(folder, sudoers, *program):
    argv = ["unshare", "-m", "sh", "-c", THROW_AWAY, "sh", folder, sudoers, *program]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def play():
    """Return a function that plays a scene of as_nobody.py, in a folder that everybody may enter."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)

        def scene(name, sudoers=MAY):
            program = [sys.executable, "-B", Path(__file__).with_name("as_nobody.py"), f"{folder}/home", name]
            ended = in_throw_away(folder, sudoers, *program)
            assert ended.returncode == 0, ended.stderr
            return json.loads(ended.stdout)

        yield scene


def test_own_and_privileged_steps_are_done_and_taken_back(play):
    seen = play("listed")
    assert "error" not in seen, seen
    assert seen["fixed"][:2] == [{".bashrc": "new\n", ".profile": "new\n"}, 0o644]
    assert (seen["state"], seen["as it was"]) == ("taken back", True)


@pytest.mark.parametrize("scene", ["closed", "killed"])
def test_what_root_did_is_taken_back_with_the_rest(play, scene):
    seen = play(scene)
    assert seen["fixed"][0] == {".bashrc": "new\n"}
    assert seen["fixed"][3] > 10**18  # root's file was written just now
    assert seen["as it was"]


def test_a_step_that_fails_after_root_takes_root_back(play):
    seen = play("fails_after_root")
    assert (seen["error"], seen["as it was"]) == ("StaleError", True)


def test_what_is_not_on_the_closed_list_is_left_to_an_administrator(play):
    seen = play("not_listed")
    assert (seen["error"], seen["as it was"]) == ("NeedsRootError", True)
    assert "is more than gomedic does as root (not on the list" in seen["message"]
    assert seen["commands"][0].startswith('test "$(sha256sum < /etc/shells)"')


def test_root_finds_what_the_account_cannot_see(play):
    seen = play("stale")
    assert (seen["error"], seen["as it was"]) == ("StaleError", True)


@pytest.mark.parametrize("sudoers", ["", "nobody ALL=(ALL) ALL", "nobody ALL=(ALL) NOPASSWD: /bin/true"])
def test_where_root_cannot_be_had(play, sudoers):
    seen = play("unreachable", sudoers)
    assert (seen["error"], seen["as it was"], len(seen["commands"])) == ("NeedsRootError", True, 2)
    assert "an administrator can run the commands" in seen["message"]
