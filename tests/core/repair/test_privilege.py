"""Steps for root, end to end: an ordinary account, the real sudo, the real helper, in a throw-away /etc."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest

from gomedic.model import EditFile, Move, SetMode, SetOwner

HOME = "/var/lib/gomedic-test-home"  # where only root can put another folder in its place
# $1 a folder for what is written, $2 what sudoers says, $3 what else is to be made ill; the rest is the program.
# It must leave everything as it was, which root looks after itself.
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
mkdir HOME
printf 'old\\n' > HOME/.bashrc
chown -R 65534:65534 HOME
sed -i 's#^nobody:.*#nobody:x:65534:65534:nobody:HOME:/bin/sh#' /etc/passwd
eval "$3"
seen() {
    find /etc/profile.d /etc/sudoers.d HOME -name .local -prune \\
        -o -type d -printf '%p %m %U:%G\\n' -o -printf '%p %m %U:%G %s %T@ %l\\n' | sort
}
top=$1
seen > "$top/before"
shift 3
"$@"
seen | diff "$top/before" - >&2
""".replace("HOME", HOME)
MAY = "nobody ALL=(ALL) NOPASSWD: ALL"


@pytest.fixture(scope="module", autouse=True)
def _can_run(tmp_path_factory):
    if os.geteuid() != 0 or not shutil.which("sudo"):
        pytest.skip("needs root and sudo, to become an ordinary account that has sudo")
    tried = in_throw_away(tmp_path_factory.mktemp("trial"), MAY, "true")
    if tried.returncode:
        pytest.skip(f"no throw-away /etc here: {tried.stderr.strip()}")


def in_throw_away(folder, sudoers, *program, ill=":"):
    argv = ["unshare", "-m", "sh", "-c", THROW_AWAY, "sh", folder, sudoers, ill, *program]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def play():
    """Return a function that plays a scene of as_nobody.py, in a folder that everybody may enter."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)

        def scene(name, *options, sudoers=MAY, ill=":"):
            program = [sys.executable, "-B", Path(__file__).with_name("as_nobody.py"), HOME, name, *options]
            ended = in_throw_away(folder, sudoers, *program, ill=ill)
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


def edit(path, before, after, mode=0o644):
    return EditFile(path=path, before=before, after=after, mode=mode, privileged=True)


def mode(path, before, after):
    return SetMode(path=path, before=before, after=after, privileged=True)


def owner(path):
    return SetOwner(path=path, before=(0, 0), after=(65534, 65534), privileged=True)


GO = "/usr/local/lib/go-of-root/bin"
SUDOERS = "/etc/sudoers.d/gomedic"
OTHER = "/etc/profile.d/gomedic-other"
CACHE = f"{HOME}/.cache/go-build"
# what made the machine ill, the steps, what then works, and what it says
CURES = {
    "secure_path": (
        ":",
        [edit(SUDOERS, None, f'Defaults secure_path="/usr/sbin:/usr/bin:/sbin:/bin:{GO}"\n'.encode(), 0o440)],
        "sudo -n printenv PATH",
        f"/usr/sbin:/usr/bin:/sbin:/bin:{GO}\n",
    ),
    "secure_path, in a folder that the account cannot look into": (
        "chmod 750 /etc/sudoers.d",
        [edit(SUDOERS, None, f'Defaults secure_path="/usr/bin:/bin:{GO}"\n'.encode(), 0o440)],
        "sudo -n printenv PATH",
        f"/usr/bin:/bin:{GO}\n",
    ),
    "built as root": (
        f"mkdir -p {CACHE}; echo built > {CACHE}/a; chmod 600 {CACHE}/a",
        [owner(f"{HOME}/.cache"), owner(CACHE), owner(f"{CACHE}/a")],
        f"cat {CACHE}/a; stat -c %u:%g {HOME}/.cache",
        "built\n65534:65534\n",
    ),
    "no suffix": (
        f"echo 'export GOMEDIC_TEST=read' > {OTHER}",
        [Move(source=OTHER, target=f"{OTHER}.sh", privileged=True)],
        "sh -lc 'echo $GOMEDIC_TEST'",
        "read\n",
    ),
    "file that others cannot read": (
        f"echo hello > {OTHER}.sh; chmod 600 {OTHER}.sh",
        [mode(f"{OTHER}.sh", 0o600, 0o644)],
        f"cat {OTHER}.sh",
        "hello\n",
    ),
    "folder that others cannot read": (
        f"echo hello > {OTHER}.sh; chmod 700 /etc/profile.d; chmod 600 {OTHER}.sh",
        [mode("/etc/profile.d", 0o700, 0o755), mode(f"{OTHER}.sh", 0o600, 0o644)],
        f"cat {OTHER}.sh",
        "hello\n",
    ),
}


@pytest.mark.parametrize("name", CURES)
def test_what_root_may_do_cures_and_is_taken_back(play, name):
    ill, steps, works, says = CURES[name]
    seen = play("cured", json.dumps(msgspec.to_builtins(steps)), works, ill=ill)
    assert seen == {"before": seen["before"], "fixed": says, "after": seen["before"], "state": "taken back"}
    assert seen["before"] != says


@pytest.mark.parametrize("line", [
    f'Defaults secure_path="/usr/bin:/bin:{HOME}"', 'Defaults secure_path="/usr/bin:/tmp/go/bin"',
    "nobody ALL=(ALL) NOPASSWD: ALL",
])  # fmt: skip
def test_secure_path_leads_to_nobody_but_root(play, line):
    step = edit(SUDOERS, None, f"{line}\n".encode(), 0o440)
    seen = play("cured", json.dumps(msgspec.to_builtins([step])), "true")
    assert seen["error"] == "NeedsRootError"


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
    seen = play("unreachable", sudoers=sudoers)
    assert (seen["error"], seen["as it was"], len(seen["commands"])) == ("NeedsRootError", True, 2)
    assert "an administrator can run the commands" in seen["message"]
