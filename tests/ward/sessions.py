"""Run a command as a person's session of some kind would."""

import pwd
import re
import shlex
import subprocess

from ward.machine import DEFAULT_PATH
from ward.patient import Claim, Patient

_SSHD_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/games"
_TIMEOUT = 120  # seconds; a cold build of one file takes up to 35 on two busy cores


def run(
    patient: Patient, kind: str, command: str, timeout: float = _TIMEOUT
) -> "subprocess.CompletedProcess[str]":
    """Run `command` in a session of that kind; standard error goes where standard output goes.

    terminal: a new terminal window, a non-login interactive shell on a pty that inherits the image environment.
    ssh: a login interactive shell on a pty, its environment made by the login. login: `su - USER -c`.
    command: `ssh HOST COMMAND`, neither login nor interactive. exec: `docker exec`, the image environment
    alone. cron: /bin/sh and cron's tiny environment.
    """
    environment, words, workdir = _way_in(patient, kind, command)
    try:
        return subprocess.run(
            words, env=environment, cwd=workdir, text=True, errors="replace", timeout=timeout, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        seen = late.stdout.decode(errors="replace") if isinstance(late.stdout, bytes) else late.stdout or ""
        return subprocess.CompletedProcess(words, 124, f"{seen}\n[ward: timed out]")


def holds(patient: Patient, claim: Claim) -> tuple[bool, str]:
    """Return whether a claim holds, and what was seen."""
    done = run(patient, claim.session, claim.run)
    true = (
        (claim.prints is None or re.search(claim.prints, done.stdout) is not None)
        and (claim.silent_about is None or re.search(claim.silent_about, done.stdout) is None)
        and (claim.fails is None or (done.returncode != 0) == claim.fails)
    )
    return true, f"[{claim.session}] {claim.run!r} -> rc {done.returncode}: {done.stdout.strip()[-300:]!r}"


def all_hold(patient: Patient, claims: tuple[Claim, ...]) -> tuple[bool, list[str]]:
    """Return whether every claim holds, and what was seen of those that do not."""
    results = [holds(patient, claim) for claim in claims]
    return all(true for true, _seen in results), [seen for true, seen in results if not true]


def _way_in(patient: Patient, kind: str, command: str) -> tuple[dict[str, str], list[str], str]:
    """Return the environment, the command line and the folder that a session starts with."""
    account, shell, image = pwd.getpwnam(patient.user), patient.shell, patient.env
    home, user = account.pw_dir, patient.user
    who = {"HOME": home, "USER": user, "LOGNAME": user, "SHELL": shell}
    # `script` starts $SHELL, whose start-up files are not to be read twice.
    screen = {"TERM": "xterm", "LANG": "C.UTF-8", **who, "SHELL": "/bin/sh"}
    workdir = patient.workdir.replace("~", home)
    become = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--init-groups", "--"]
    match kind:
        case "terminal":
            environment = {"PATH": DEFAULT_PATH, **screen, **image, "SHELL": "/bin/sh"}
            return environment, [*become, *_on_a_pty(shell, "-ic", command)], workdir
        case "ssh":
            return (
                {"PATH": _SSHD_PATH, **screen},
                _through_pam(user, _on_a_pty(shell, "-lic", command)),
                workdir,
            )
        case "login":
            words = ["su", "-", user, "-c", f"cd {shlex.quote(workdir)} 2>/dev/null; {command}"]
            return {"PATH": DEFAULT_PATH, "TERM": "xterm"}, words, workdir
        case "command":
            words = _through_pam(user, ["env", "-u", "SHLVL", f"SHELL={shell}", shell, "-c", command])
            return {"PATH": _SSHD_PATH, "SSH_CLIENT": "127.0.0.1 1 22", **who}, words, workdir
        case "exec":
            return {"PATH": DEFAULT_PATH, "HOME": home, **image}, [*become, "/bin/sh", "-c", command], workdir
        case "cron":
            words = ["env", "PATH=/usr/bin:/bin", "SHELL=/bin/sh", "/bin/sh", "-c", command]
            return {"HOME": home, "LOGNAME": user}, _through_pam(user, words), workdir
        case _:
            raise ValueError(f"no such session: {kind}")


def _on_a_pty(shell: str, flags: str, command: str) -> list[str]:
    return ["script", "-qefc", shlex.join(["env", f"SHELL={shell}", shell, flags, command]), "/dev/null"]


def _through_pam(user: str, words: list[str]) -> list[str]:
    return ["su", user, "-s", "/bin/sh", "-c", shlex.join(words)]
