"""Where the bundles lie that `make dist` made."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from loading import ROOT

Run = Callable[..., "subprocess.CompletedProcess[str]"]
DIST = Path(os.environ.get("GOMEDIC_DIST", ROOT / "dist"))
NAMES = ("gomedic", "gomedic-headless")


@pytest.fixture(scope="session")
def dist() -> Path:
    """Where the bundles lie, whether any do or not."""
    return DIST


@pytest.fixture(params=NAMES)
def bundle(request: pytest.FixtureRequest) -> Path:
    """A bundle's folder; GOMEDIC_DIST is where bundles lie that were made elsewhere."""
    folder = DIST / request.param
    if not os.access(folder / "gomedic", os.X_OK):
        pytest.skip(f"there is no {folder}: make it with `make dist`")
    return folder


@pytest.fixture(scope="session")
def one_files() -> list[Path]:
    """The self-contained executables, the one with a window first; none where none were made."""
    machine = os.uname().machine
    found = sorted(DIST.glob(f"gomedic*-linux-{machine}"))
    return sorted(found, key=lambda path: "headless" in path.name)


@pytest.fixture(params=[*NAMES, "gomedic one file", "gomedic-headless one file"])
def program(request: pytest.FixtureRequest, one_files: list[Path]) -> Path:
    """What somebody starts: a bundle's launcher, or a self-contained executable."""
    name, _space, kind = request.param.partition(" ")
    if not kind:
        path = DIST / name / "gomedic"
    else:
        headless = "headless" in name
        path = next((path for path in one_files if ("headless" in path.name) == headless), DIST / "none")
    if not os.access(path, os.X_OK):
        pytest.skip(f"there is no {request.param} in {DIST}: make it with `make dist`")
    return path


@pytest.fixture
def person(home: Path) -> dict[str, str]:
    """The environment of somebody who starts the bundle."""
    return {
        "HOME": str(home),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "SHELL": "/bin/bash",
    }


@pytest.fixture
def run(person: dict[str, str]) -> Run:
    """Return a function that starts a program as that person."""

    def start(
        program: Path | str, *words: str, input: str = "", **more: str
    ) -> "subprocess.CompletedProcess[str]":
        argv = [str(program), *words]
        return subprocess.run(
            argv,
            env={**person, **more},
            input=input,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return start
