"""What the tests of the whole program share: an account of their own to run it for."""

from pathlib import Path

import pytest

from made_up import Machine, refusal


@pytest.fixture
def machine(tmp_path: Path, home: Path) -> Machine:
    """An account with a new home; without namespaces the person's real start-up files would be examined."""
    if reason := refusal():
        pytest.skip(f"no account can be made up: {reason}")
    return Machine(tmp_path, home)
