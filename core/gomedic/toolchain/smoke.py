"""A verified toolchain started once: does it say its version and where it lies, build a program, and does that run?"""

import json
import os
import threading
from collections.abc import Generator

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.texts import N_, Message
from gomedic.toolchain.background import beside
from gomedic.toolchain.bench import Bench, bench
from gomedic.toolchain.errors import DoesNotWork

_TRYING = N_("Trying {version}: building and running a program")
_SAYS = N_("`{command}` says “{output}”")
_OTHER_ROOT = N_("`go env` says that its GOROOT is {found}, not {root}")
_NO_JSON = N_("`go env` says what cannot be read ({output})")
WORDS = "gomedic was here"
PROGRAM = f"""package main

import "fmt"

func main() {{ fmt.Println("{WORDS}") }}
"""


def smoke_test(host: Host, root: str, version: str, scratch: str) -> Generator[Progress, None, str]:
    """Try the toolchain at `root`; return what `go version` says, "" where only root could try. Raises DoesNotWork.

    `scratch` is a folder on a file system that programs may be started from; all that Go writes lands there,
    in a folder that is removed at the end.
    """
    with bench(host, root, version, scratch) as place:
        if place is None:
            return ""
        what = Message(_TRYING, {"version": version})
        return (yield from beside(what, lambda stop: _try(place, stop)))


def _try(place: Bench, stop: threading.Event) -> str:
    place.stop = stop
    said = place.go("version")
    settings(place)
    run(place, build(place))
    return said


def settings(place: Bench) -> dict[str, str]:
    """Return what `go env` says, which must be of this very tree. Raises DoesNotWork."""
    said = place.go("env", "-json", "GOROOT", "GOOS", "GOARCH", "CGO_ENABLED", "CC", "GOVERSION")
    try:
        found = {str(name): str(value) for name, value in json.loads(said).items()}
    except (ValueError, AttributeError):
        raise DoesNotWork(version=place.version, reason=Message(_NO_JSON, {"output": said[:200]})) from None
    root = os.path.realpath(found.get("GOROOT", ""))
    if root != os.path.realpath(place.root):
        reason = Message(_OTHER_ROOT, {"found": root, "root": place.root})
        raise DoesNotWork(version=place.version, reason=reason)
    return found


def build(place: Bench) -> str:
    """Build a program; return its path. Raises DoesNotWork."""
    path = os.path.join(place.folder, "program")
    place.go("build", "-o", path, place.write("program.go", PROGRAM))
    return path


def run(place: Bench, path: str) -> None:
    """Run a program that was built, and hear what it says. Raises DoesNotWork."""
    words = place.run([path])
    if words != WORDS:
        reason = Message(_SAYS, {"command": os.path.basename(path), "output": words[:200]})
        raise DoesNotWork(version=place.version, reason=reason)
