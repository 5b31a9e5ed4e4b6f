"""An account in a home of its own: the account database says so, in a mount namespace, whoever runs the tests."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

GOMEDIC = (sys.executable, "-m", "gomedic")
_PATH = "/usr/local/bin:/usr/bin:/bin"
_TIME_LIMIT = 60.0  # seconds
_IN_USER_NAMESPACE = ("--user", "--map-current-user", "--keep-caps", "--mount")
_WITHOUT_RIGHTS = ("setpriv", "--inh-caps=-all", "--ambient-caps=-all", "--")


class Ran(Struct, frozen=True):
    """How the program ended, and what it wrote."""

    code: int
    out: str
    err: str


class Machine:
    """Where the tests' account lives in a home of its own, with a shell of its own."""

    def __init__(self, folder: Path, home: Path, shell: str = "/bin/bash") -> None:
        self.home = home
        self.shell = shell
        self._folder = folder
        self._database = folder / "passwd"
        self._database.write_text(_account_database(home, shell))

    def with_shell(self, shell: str) -> "Machine":
        return Machine(self._folder, self.home, shell)

    def env(self, **more: str | None) -> dict[str, str]:
        """Return an ordinary environment, with changes; None takes a variable out."""
        whole: dict[str, str | None] = {
            "HOME": str(self.home), "PATH": _PATH, "LANG": "C.UTF-8", "TERM": "dumb", "SHELL": self.shell, **more,
        }  # fmt: skip
        return {name: value for name, value in whole.items() if value is not None}

    def gomedic(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        cwd: Path | str | None = None,
        stdin: str = "",
        before: str = "exec",
        after: str = "",
    ) -> Ran:
        """Run the program with exactly this environment.

        `before` and `after` stand around it in the shell's command: "rmdir x;", ">&-", "| head".
        """
        whole = self.env() if env is None else env
        given = [f"{name}={value}" for name, value in whole.items()]
        words = self.words(["/usr/bin/env", "-i", *given, *GOMEDIC, *arguments], before, after)
        done = subprocess.run(
            words, cwd=cwd or self.home, input=stdin.encode(), capture_output=True, timeout=_TIME_LIMIT, check=False,
            start_new_session=True,
        )  # fmt: skip
        out, err = (data.decode("utf-8", "surrogateescape") for data in (done.stdout, done.stderr))
        return Ran(done.returncode, out, err)

    def words(self, command: Sequence[str], before: str = "exec", after: str = "") -> list[str]:
        """Return the command line that runs `command` where the account database is ours (unshare(1))."""
        act = f'mount --bind {self._database} /etc/passwd && {before} "$@" {after}'
        if os.getuid() == 0:
            return ["unshare", "--mount", "/bin/sh", "-c", act, "sh", *command]
        return ["unshare", *_IN_USER_NAMESPACE, "/bin/sh", "-c", act, "sh", *_WITHOUT_RIGHTS, *command]


def _account_database(home: Path, shell: str) -> str:
    """Return passwd(5) with the running account's line made up."""
    entry = pwd.getpwuid(os.getuid())
    lines = Path("/etc/passwd").read_text().splitlines()
    others = [line for line in lines if line.split(":")[2] != str(entry.pw_uid)]
    return "\n".join([f"{entry.pw_name}:x:{entry.pw_uid}:{entry.pw_gid}::{home}:{shell}", *others]) + "\n"


@cache
def refusal() -> str:
    """Return why no account can be made up on this machine; "" where it can."""
    if shutil.which("unshare") is None:
        return "unshare is not installed"
    spaces = ("--mount",) if os.getuid() == 0 else _IN_USER_NAMESPACE
    words = ["unshare", *spaces, "mount", "--bind", "/etc/passwd", "/etc/passwd"]
    tried = subprocess.run(words, capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"nobody may mount here ({tried.stderr.strip()})"
