"""Does the go of a session work there? Asked of the real go, with everything that it writes turned aside."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping

from msgspec import Struct

from gomedic import go_tree
from gomedic.host import Host, ProbeError
from gomedic.model import Session
from gomedic.probes.go_settings import env_file

_PATIENCE = 20.0  # seconds for a question, none of which takes one where all is well
_BUILD_PATIENCE = 180.0  # a first build on two busy cores takes 10 to 35 s
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


def probe(host: Host, session: Session, *, build: bool) -> Failure | None:
    """Return the first question that a session's go fails at; None where it answers them all.

    `build` also compiles, links and starts a program of one file. Nothing is fetched; cache, telemetry and all
    files go to a folder that is removed at the end.
    """
    if session.go is None:
        return None
    with _scratch() as folder:
        env = _environment(session, folder)
        for question in _QUESTIONS:
            failure = _ask(host, [session.go.real_path, *question], env, folder, _PATIENCE)
            if failure is not None:
                return failure
        return _build(host, session.go.real_path, env, folder) if build else None


@contextlib.contextmanager
def _scratch() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="gomedic-trial-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment(session: Session, folder: str) -> dict[str, str]:
    """Return the session's environment, with what go writes and fetches turned aside."""
    aside = {
        "GOCACHE": f"{folder}/cache", "GOMODCACHE": f"{folder}/mod", "XDG_CONFIG_HOME": f"{folder}/config",
        "GOENV": env_file(session) or "off", "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOFLAGS": "",
        "GOTELEMETRY": "off", "GOWORK": "off", "LC_ALL": "C",
    }  # fmt: skip
    return {**session.environment, **aside}


def _ask(host: Host, argv: list[str], env: Mapping[str, str], folder: str, patience: float) -> Failure | None:
    command = " ".join([os.path.basename(argv[0]), *argv[1:3]])
    try:
        ended = host.run(argv, env=env, cwd=folder, timeout=patience)
    except ProbeError as error:
        return Failure(command, str(error))
    if ended.timed_out:
        return Failure(command, f"no answer within {patience:.0f} s")
    if ended.code == 0:
        return None
    said = (ended.err + ended.out).decode("utf-8", "replace").strip().splitlines()
    return Failure(command, said[0][:300] if said else f"exit status {ended.code}")


def _build(host: Host, go: str, env: Mapping[str, str], folder: str) -> Failure | None:
    source, program = os.path.join(folder, "main.go"), os.path.join(folder, "program")
    with open(source, "w", encoding="utf-8") as file:
        file.write(_PROGRAM)
    failure = _ask(host, [go, "build", "-o", program, source], env, folder, _BUILD_PATIENCE)
    return failure or _ask(host, [program], env, folder, _PATIENCE)
