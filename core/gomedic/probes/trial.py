"""Does the go of a session work there? Asked of the real go, with everything that it writes turned aside."""

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping

from msgspec import Struct

from gomedic import go_tree
from gomedic.host import Host, ProbeError
from gomedic.model import Session
from gomedic.probes.go_settings import env_file

_PATIENCE = 20.0  # seconds for a question, none of which takes one where all is well
_QUESTIONS = (("env", "GOROOT", "GOVERSION"), ("list", "-f", "{{.Name}}", "fmt"), ("tool", "compile", "-V"))
_PROGRAM = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("well") }\n'
_MATTERS = (
    "GOROOT",
    "GOPATH",
    "GO111MODULE",
    "GOOS",
    "GOARCH",
    "GOEXPERIMENT",
    "GODEBUG",
    "CGO_ENABLED",
    "CC",
    "TMPDIR",
    "HOME",
)


class Failure(Struct, frozen=True):
    """A question that the go of a session could not answer."""

    command: str  # "go list fmt"
    line: str  # the first line that it complained with


def differs_in(session: Session) -> tuple[str | None, ...]:
    """Return what tells two sessions' trials apart: where it is the same, one trial stands for both."""
    real = session.go.real_path if session.go else None
    return (real, *(session.environment.get(name) for name in _MATTERS))


def may_be_run(host: Host, session: Session) -> bool:
    """Tell whether a session's go may be started: a program nobody else could have put there, and never as root."""
    if host.is_root or session.go is None or session.state not in ("ok", "execed"):
        return False
    head = go_tree.program(session.go.real_path)
    trusted = go_tree.is_trusted(session.go.real_path, host.account.uid, host.private_groups, strict=True)
    return head is not None and head.kind == "elf" and trusted


def probe(host: Host, session: Session, stopped: threading.Event | None = None) -> Failure | None:
    """Return the first question that a session's go fails at; None where it answers them all, or was `stopped`.

    Nothing is fetched; cache, telemetry and all files go to a folder that is removed at the end.
    """
    if session.go is None:
        return None
    with scratch() as folder:
        asking = _Asking(host, _environment(session, folder, f"{folder}/cache"), folder, stopped)
        for question in _QUESTIONS:
            failure = asking.failure([session.go.real_path, *question], " ".join(question[:2]), _PATIENCE)
            if failure is not None:
                return failure
    return None


def build(
    host: Host, session: Session, cache: str, patience: float, stopped: threading.Event | None = None
) -> Failure | None:
    """Compile, link and start a program of one file as a session's go would; return what that fails at.

    `cache` is a folder that may be shared by builds with the same go. Raises TimeoutError after `patience` seconds.
    """
    if session.go is None:
        return None
    with scratch() as folder:
        source, program = os.path.join(folder, "main.go"), os.path.join(folder, "program")
        with open(source, "w", encoding="utf-8") as file:
            file.write(_PROGRAM)
        asking = _Asking(host, _environment(session, folder, cache), folder, stopped)
        words = [session.go.real_path, "build", "-o", program, source]
        failure = asking.failure(words, "build", patience, late=TimeoutError)
        if failure is None and not asking.is_stopped:
            failure = asking.failure([program], "build", _PATIENCE)
        return failure


@contextlib.contextmanager
def scratch() -> Iterator[str]:
    """Give a folder that is removed at the end."""
    folder = tempfile.mkdtemp(prefix="gomedic-trial-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment(session: Session, folder: str, cache: str) -> dict[str, str]:
    """Return the session's environment, with what go writes and fetches turned aside."""
    aside = {
        "GOCACHE": cache, "GOMODCACHE": f"{folder}/mod", "XDG_CONFIG_HOME": f"{folder}/config",
        "GOENV": env_file(session) or "off", "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOFLAGS": "",
        "GOTELEMETRY": "off", "GOWORK": "off", "LC_ALL": "C",
    }  # fmt: skip
    return {**session.environment, **aside}


class _Asking(Struct, frozen=True):
    """How a session's go is asked: with which environment and from where."""

    host: Host
    env: Mapping[str, str]
    folder: str
    stopped: threading.Event | None

    @property
    def is_stopped(self) -> bool:
        return self.stopped is not None and self.stopped.is_set()

    def failure(
        self, argv: list[str], question: str, patience: float, late: type[Exception] | None = None
    ) -> Failure | None:
        """Return what a command complained with; None where it ended well, or was stopped."""
        command = f"go {question}"
        try:
            ended = self.host.run(
                argv, env=self.env, cwd=self.folder, timeout=patience, cancelled=self.stopped
            )
        except ProbeError as error:
            return Failure(command, str(error))
        if ended.timed_out and late is not None:
            raise late
        if ended.timed_out:
            return Failure(command, f"no answer within {patience:.0f} s")
        if ended.code == 0 or ended.cancelled:
            return None
        said = (ended.err + ended.out).decode("utf-8", "replace").strip().splitlines()
        return Failure(command, said[0][:300] if said else f"exit status {ended.code}")
