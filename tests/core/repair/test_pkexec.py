"""Steps for root through polkit: a real polkitd and pkexec on a bus of their own, a rule instead of a person's password."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gomedic import bundled
from loading import ROOT

sys.path.insert(0, str(Path(__file__).parent))

from test_privilege import HOME, in_throw_away

POLKITD = "/usr/lib/polkit-1/polkitd"
ACTION = ROOT / "resources/gomedic_resources/integration/io.github.gomedic.gomedic.policy"
NOBODY_MAY = "# no sudo for nobody"
# $1 a folder; $2 whom polkit lets in; $3 the policy; $4 the helper; $5 what starts it; the rest is the program.
POLKIT = """
set -e
top=$1 rule=$2 policy=$3 helper=$4 starts=$5
shift 5
for folder in /usr/libexec /usr/share/polkit-1; do
    copy=$top/$(echo $folder | tr / _)
    cp -a $folder $copy
    mount --bind $copy $folder
done
mount -t tmpfs -o mode=755 none /run/dbus
cp "$policy" /usr/share/polkit-1/actions/
printf '#!/bin/sh\\nexec %s -I -B -m gomedic.root_helper\\n' "$starts" > "$helper"
chmod 755 "$helper"
cat > /etc/polkit-1/rules.d/00-gomedic-test.rules <<RULE
polkit.addRule(function(action, subject) {
    if (action.id == "io.github.gomedic.gomedic.repair" && subject.user == "$rule") return polkit.Result.YES;
});
RULE
dbus-daemon --system --nofork --nopidfile 2>/dev/null & bus=$!
while ! [ -S /run/dbus/system_bus_socket ]; do kill -0 $bus; sleep 0.02; done
/usr/lib/polkit-1/polkitd --no-debug >/dev/null 2>&1 & polkit=$!
while ! pkaction >/dev/null 2>&1; do kill -0 $polkit; sleep 0.02; done
code=0
"$@" || code=$?
kill $polkit $bus 2>/dev/null || :  # one may go with the other
wait
rm /etc/polkit-1/rules.d/00-gomedic-test.rules
exit $code
"""


@pytest.fixture
def play() -> Iterator[Callable[[str], dict[str, Any]]]:
    """Return a function that plays the scene `asked` of as_nobody.py, polkit letting in the account that is named."""
    needed = ("sudo", "pkexec", "pkaction", "dbus-daemon", "unshare")
    if os.geteuid() != 0 or not os.path.exists(POLKITD) or any(shutil.which(name) is None for name in needed):
        pytest.skip(f"needs root, polkitd, {', '.join(needed)}")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        tried = in_throw_away(folder, NOBODY_MAY, "true")
        if tried.returncode:
            pytest.skip(f"no throw-away /etc here: {tried.stderr.strip()}")

        def scene(let_in: str) -> dict[str, Any]:
            alone = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
            polkit = [
                *alone,
                "sh",
                "-c",
                POLKIT,
                "sh",
                folder,
                let_in,
                ACTION,
                bundled.HELPER,
                sys.executable,
            ]
            program = [sys.executable, "-B", Path(__file__).with_name("as_nobody.py"), HOME, "asked"]
            ended = in_throw_away(folder, NOBODY_MAY, *polkit, *program)
            assert ended.returncode == 0, ended.stderr
            found: dict[str, Any] = json.loads(ended.stdout)
            return found

        yield scene


def test_polkit_lets_the_steps_be_done_and_taken_back(play: Callable[[str], dict[str, Any]]) -> None:
    seen = play("nobody")
    assert "error" not in seen, seen
    assert seen["fixed"][:2] == [{".bashrc": "new\n", ".profile": "new\n"}, 0o644]
    assert (seen["state"], seen["as it was"]) == ("taken back", True)


def test_whom_polkit_does_not_let_in_is_told_what_an_administrator_would_type(
    play: Callable[[str], dict[str, Any]],
) -> None:
    seen = play("somebody-else")
    assert (seen["error"], seen["as it was"], len(seen["commands"])) == ("NeedsRootError", True, 2)
