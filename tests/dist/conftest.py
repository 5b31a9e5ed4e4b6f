"""Where the bundles lie that `make dist` made."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from loading import ROOT

Run = Callable[..., "subprocess.CompletedProcess[str]"]
NAMES = ("gomedic", "gomedic-headless")


@pytest.fixture(params=NAMES)
def bundle(request: pytest.FixtureRequest) -> Path:
    """A bundle's folder; GOMEDIC_DIST is where bundles lie that were made elsewhere."""
    folder = Path(os.environ.get("GOMEDIC_DIST", ROOT / "dist"), request.param)
    if not os.access(folder / "gomedic", os.X_OK):
        pytest.skip(f"there is no {folder}: make it with `make dist`")
    return folder


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
