"""What can be listed and taken away: read only, until the repair engine takes the steps."""

from pathlib import Path

import pytest
from campus import VERSION

from gomedic.host import Host
from gomedic.model import EditFile, Move
from gomedic.toolchain import errors
from gomedic.toolchain.command import installed, steps_to_remove


def test_nothing_is_installed_in_a_new_home(machine: Host) -> None:
    assert installed(machine) == ()


def test_removing_moves_away_and_forgets(machine: Host) -> None:
    root = Path(machine.data_folder, "toolchains", VERSION)
    root.mkdir(parents=True)
    Path(f"{root}.json").write_text("{}")
    (found,) = installed(machine)
    assert (found.version, found.path, found.whole, found.verification) == (VERSION, str(root), False, None)
    move, forget = steps_to_remove(machine, VERSION)
    assert isinstance(move, Move)
    assert move.source == str(root)
    assert forget == EditFile(path=f"{root}.json", before=b"{}", after=None)


@pytest.mark.parametrize("name", ["go1.99", "..", "../../x", ""])
def test_removing_what_is_not_there_is_refused(machine: Host, name: str) -> None:
    with pytest.raises(errors.NotInstalled):
        steps_to_remove(machine, name)
