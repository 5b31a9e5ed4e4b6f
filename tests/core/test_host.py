"""The door to the machine: places, files and programs as the account has them."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gomedic.host import Host, ProbeError
from gomedic.model import Account

BuildHost = Callable[..., Host]

PLACES = [
    ({}, "@/.local/state/gomedic"),
    ({"XDG_STATE_HOME": "/s"}, "/s/gomedic"),
    ({"XDG_STATE_HOME": ""}, "@/.local/state/gomedic"),
    ({"XDG_STATE_HOME": "relative"}, "@/.local/state/gomedic"),  # to be ignored, says the specification
]


@pytest.mark.parametrize(("env", "expected"), PLACES)
def test_places_follow_the_base_directory_specification(
    host: BuildHost, home: Path, env: dict[str, str], expected: str
) -> None:
    assert host(**env).state_folder == expected.replace("@", str(home))


def test_each_kind_of_file_has_its_place(host: BuildHost, home: Path) -> None:
    machine = host(XDG_CACHE_HOME="/c", XDG_DATA_HOME="/d", XDG_CONFIG_HOME="/e")
    assert (machine.cache_folder, machine.data_folder, machine.config_folder) == (
        "/c/gomedic",
        "/d/gomedic",
        "/e/gomedic",
    )
    assert host().data_folder == f"{home}/.local/share/gomedic"


def test_the_home_is_what_home_says_else_what_the_account_database_says() -> None:
    assert Host({}, "/", Account("gus", 1, 1, "/said", "/bin/sh", "/known")).home == "/said"
    assert Host({}, "/", Account("gus", 1, 1, "", "/bin/sh", "/known")).home == "/known"


@pytest.mark.parametrize(
    ("env", "has"),
    [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "w"}, True), ({"DISPLAY": ""}, False)],
)
def test_a_display_is_known_by_its_variable(host: BuildHost, env: dict[str, str], has: bool) -> None:
    assert host(**env).has_display == has


def test_files_are_read_and_what_cannot_be_is_none(host: BuildHost, home: Path) -> None:
    machine = host()
    (home / "x").write_bytes(b"\xff\n")
    os.mkfifo(home / "fifo")
    assert machine.read(f"{home}/x") == b"\xff\n"
    assert machine.text(f"{home}/x") == "\udcff\n"
    assert machine.read(f"{home}/fifo") in (b"", None)  # at once, without a writer
    before = len(os.listdir("/proc/self/fd"))
    for name in (str(home), f"{home}/nothing", f"{home}/x\0", ""):
        assert machine.read(name) is None
    assert len(os.listdir("/proc/self/fd")) == before


def test_programs_are_looked_up_on_the_systems_path_unless_told(host: BuildHost, home: Path) -> None:
    machine = host(PATH="/nowhere")
    assert machine.which("sh") in ("/usr/bin/sh", "/bin/sh")
    (home / "tool").write_text("#!/bin/sh\n")
    (home / "tool").chmod(0o755)
    assert machine.which("tool", str(home)) == f"{home}/tool"
    assert machine.which("tool") is None


def test_programs_run_with_the_persons_environment_in_their_home(host: BuildHost, home: Path) -> None:
    ended = host(GOFLAGS="-x").run(["/bin/sh", "-c", "pwd; echo $GOFLAGS"])
    assert ended.out == f"{home}\n-x\n".encode()
    assert host(home / "gone").run(["/bin/sh", "-c", "pwd"]).out == b"/\n"


def test_a_program_that_cannot_start_is_a_fact_unknown(host: BuildHost) -> None:
    with pytest.raises(ProbeError, match="/nowhere/go"):
        host().run(["/nowhere/go"])


def test_this_machine_is_seen_without_our_virtual_environment() -> None:
    machine = Host.this_machine()
    assert machine.account.uid == os.getuid()
    assert machine.env.get("VIRTUAL_ENV") is None or not Path(machine.env["VIRTUAL_ENV"]).samefile(sys.prefix)
