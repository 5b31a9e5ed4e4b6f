"""`python tests/stock [NAME…]`: let the doctor look at stock machines with Go on them in the usual ways; it must be silent."""

import itertools
import json
import sys
from pathlib import Path

if not __package__:  # started as a folder
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from stock import grounds
from stock.recipes import RECIPES, WAYS, Recipe, Way
from ward import toolchains

CANNOT = 77  # the exit code that build tools know for "skipped"
_SETUP = """
set -e
put() {{ cp -a /.toolchain "$1"; chown -R 0:0 "$1"; }}
{account}
export SHELL={shell} H={home}
{setup}
{own}
{doctor}
"""
_NEW = """
echo student:x:1000:1000::/home/student:{shell} >> /etc/passwd
echo student:x:1000: >> /etc/group
if [ -d /etc/skel ]; then cp -a /etc/skel /home/student; else mkdir -p /home/student; fi
"""
_ENV = "env -i HOME={home} USER={user} LOGNAME={user} SHELL={shell} TERM=xterm LANG=C.UTF-8 PATH=$PATH "


def main() -> int:
    if reason := grounds.lacking():
        print(f"stock: {reason}", file=sys.stderr)
        return CANNOT
    toolchains.prepare()
    chosen = [recipe for recipe in RECIPES if not sys.argv[1:] or recipe.name in sys.argv[1:]]
    told = [_look(*case) for recipe in chosen for case in _cases(recipe)]
    silent = sum(not seen for seen in told)
    print(f"silent {silent}/{len(told)}")
    return 0 if silent == len(told) else 1


def _cases(recipe: Recipe) -> list[tuple[Recipe, str, str, Way]]:
    root = grounds.tree(recipe)
    ways = [way for way in WAYS if not way.needs or (root / way.needs).exists()]
    return [
        (recipe, shell, user, way)
        for shell, user, way in itertools.product(recipe.shells, ("student", "root"), ways)
    ]


def _look(recipe: Recipe, shell: str, user: str, way: Way) -> list[str]:
    """Return what the doctor said that it should not have; print it with the machine's name."""
    done = grounds.run_on(recipe, toolchains.tree("1.22.10"), _script(shell, user, way))
    seen = [f"it ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-600:]}"]
    if done.stdout.startswith("{"):
        seen = _alarms(json.loads(done.stdout))
    print(f"{'ok  ' if not seen else 'LOUD'} {recipe.name} {shell} {user}: {way.name}", flush=True)
    for line in seen:
        print(f"       {line}")
    return seen


def _script(shell: str, user: str, way: Way) -> str:
    home = "/root" if user == "root" else f"/home/{user}"
    names = {"shell": shell, "user": user, "home": home}
    account = (
        _NEW.format(**names)
        if user != "root"
        else f"sed -i 's,^\\(root:.*:\\)[^:]*$,\\1{shell},' /etc/passwd"
    )
    command = _ENV.format(**names) + grounds.doctor(user, "check --json")
    return _SETUP.format(
        account=account, setup=way.setup, own=f"chown -R {user}: {home}", **names,
        doctor=command,
    )  # fmt: skip


def _alarms(report: dict[str, list[dict[str, str]]]) -> list[str]:
    """Return the findings that are more than a hint, the checks that failed, and the sessions that did not end well."""
    loud = [f"{f['severity']}: {f['message']}" for f in report["findings"] if f["severity"] != "hint"]
    failed = [f"{c['id']} failed: {c.get('reason')}" for c in report["checks"] if c["state"] == "failed"]
    ended = [f"{s['kind']}: {s['state']}" for s in report["sessions"] if s["state"] != "ok"]
    return loud + failed + ended


if __name__ == "__main__":
    sys.exit(main())
