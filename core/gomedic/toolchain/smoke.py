"""A verified toolchain started once: does it say its version, build a program, and does that run?"""

import os
import shutil
import threading
from collections.abc import Generator, Mapping

from gomedic.host import Ended, Host, ProbeError
from gomedic.model import Progress
from gomedic.texts import N_, Message
from gomedic.toolchain.background import beside
from gomedic.toolchain.errors import DoesNotWork

_TRYING = N_("Trying {version}: building and running a program")
_NO_START = N_("`{command}` could not be started ({why})")
_FAILED = N_("`{command}` ended with {code}: {output}")
_LATE = N_("`{command}` did not end within {seconds} s")
_SAYS = N_("`{command}` says “{output}”")
_SECONDS = 300.0
_WORDS = "gomedic was here"
_PROGRAM = f"""package main

import "fmt"

func main() {{ fmt.Println("{_WORDS}") }}
"""


def smoke_test(host: Host, root: str, version: str, scratch: str) -> Generator[Progress, None, str]:
    """Try the toolchain at `root`; return what `go version` says. Raises DoesNotWork.

    `scratch` is a folder on a file system that programs may be started from; all that Go writes lands there,
    in a folder that is removed at the end.
    """
    folder = os.path.join(scratch, "smoke")
    os.mkdir(folder, 0o700)
    try:
        what = Message(_TRYING, {"version": version})
        return (yield from beside(what, lambda stop: _try(host, root, version, folder, stop)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clean_environment(root: str, folder: str) -> Mapping[str, str]:
    """Return an environment in which a `go` asks nobody, fetches nothing, and writes only below `folder`."""
    return {
        "PATH": f"{root}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": folder,
        "XDG_CONFIG_HOME": f"{folder}/config",  # telemetry and `go env -w` live there
        "XDG_CACHE_HOME": f"{folder}/cache",
        "TMPDIR": folder,
        "GOCACHE": f"{folder}/gocache",
        "GOPATH": f"{folder}/gopath",
        "GOTMPDIR": folder,
        "GOENV": "off",
        "GOFLAGS": "",
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
        "GOSUMDB": "off",
        "GOTELEMETRY": "off",
        "GO111MODULE": "on",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
        "LC_ALL": "C",
    }


def _try(host: Host, root: str, version: str, folder: str, stop: threading.Event) -> str:
    env = clean_environment(root, folder)
    go, program = os.path.join(root, "bin/go"), os.path.join(folder, "program")
    with open(f"{program}.go", "w", encoding="utf-8") as file:
        file.write(_PROGRAM)
    said = _run(host, [go, "version"], env, folder, version, stop)
    _run(host, [go, "build", "-o", program, f"{program}.go"], env, folder, version, stop)
    words = _run(host, [program], env, folder, version, stop)
    if words != _WORDS:
        reason = Message(_SAYS, {"command": program, "output": words[:200]})
        raise DoesNotWork(version=version, reason=reason)
    return said


def _run(
    host: Host, argv: list[str], env: Mapping[str, str], folder: str, version: str, stop: threading.Event
) -> str:
    command = " ".join([os.path.basename(argv[0]), *argv[1:2]])
    try:
        ended = host.run(argv, env=env, cwd=folder, timeout=_SECONDS, cancelled=stop)
    except ProbeError as error:
        reason = Message(_NO_START, {"command": command, "why": str(error)})
        raise DoesNotWork(version=version, reason=reason) from None
    if ended.code != 0 or ended.timed_out:
        raise DoesNotWork(version=version, reason=_why(command, ended))
    return ended.out.decode("utf-8", "replace").strip()


def _why(command: str, ended: Ended) -> Message:
    if ended.timed_out:
        return Message(_LATE, {"command": command, "seconds": int(_SECONDS)})
    output = (ended.err or ended.out).decode("utf-8", "replace").strip()
    last = " / ".join(output.splitlines()[-3:])[:300]
    return Message(_FAILED, {"command": command, "code": str(ended.code), "output": last})
