"""What carries a variable in a container, and what a new terminal, a restart and a rebuild keep of it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from gomedic.host import Host
from gomedic.model import IMAGE, Account, Examination, Origin, PathEntry, Session, Variable
from gomedic.persistence import CARRIERS, Lasting, _Carrying, _not_in_terminal, _of_session, persistence
from gomedic.probes.mounts import Mount, mounts_of
from gomedic.probes.storage import Clock, placed
from made_up import Machine, refusal
from started import write_home

BuildHost = Callable[..., Host]
CREATED, STARTED = 1000.0, 2000.0


def mount(line: str) -> Mount:
    (found,) = mounts_of(line)
    return found


OVERLAY = mount("1 0 0:1 / / rw - overlay overlay rw")
DISK = mount("1 0 8:1 / / rw - ext4 /dev/sda1 rw")
BOUND = mount("2 1 8:1 /home /home/student rw - ext4 /dev/sda1 rw")
TMPFS = mount("2 1 0:3 / /tmp rw - tmpfs tmpfs rw")


@pytest.mark.parametrize(
    ("where", "changed", "clock", "expected"),
    [
        (OVERLAY, 900.0, Clock(CREATED, STARTED), "image"),
        (OVERLAY, 1001.0, Clock(CREATED, STARTED), "image"),  # Docker is still at it
        (OVERLAY, 1500.0, Clock(CREATED, STARTED), "container"),
        (OVERLAY, 2500.0, Clock(None, STARTED), "container"),
        (OVERLAY, 1500.0, Clock(None, STARTED), "image or container"),
        (OVERLAY, 1500.0, Clock(None, None), "image or container"),
        (BOUND, 1500.0, Clock(CREATED, STARTED), "volume"),
        (TMPFS, 1500.0, Clock(CREATED, STARTED), "memory"),
        (DISK, 1500.0, Clock(CREATED, STARTED), "unknown"),
        (OVERLAY, None, Clock(CREATED, STARTED), "unknown"),
        (None, 1500.0, Clock(CREATED, STARTED), "unknown"),
    ],
)
def test_a_file_lies_where_its_mount_and_its_time_say(
    where: Mount | None, changed: float | None, clock: Clock, expected: str
) -> None:
    assert placed(where, changed, clock) == expected


# ------------------------------------------------------------------ carriers


def session(home: Path, **variables: tuple[str, Origin]) -> Session:
    env = {
        "HOME": str(home),
        "PATH": "/image/bin:/own/bin",
        **{name: value for name, (value, _o) in variables.items()},
    }
    path = (
        PathEntry("/image/bin", True, IMAGE),
        PathEntry("/own/bin", True, Origin(f"{home}/.bashrc", 3, "export PATH=$PATH:/own/bin")),
    )
    known = {name: Variable(value, True, origin) for name, (value, origin) in variables.items()}
    return Session("terminal", "/bin/bash", "ok", 0.1, path=path, variables=known, environment=env)


def carried(
    host: Host, terminal: Session, first: Mapping[str, str] | None, image: Mapping[str, str] | None = None, *, inside: bool = True
) -> dict[str, Lasting]:  # fmt: skip
    carrying = _Carrying(host, first, image, Clock(CREATED, STARTED), inside)
    rows = [*_of_session(carrying, terminal), *_not_in_terminal(carrying, terminal)]
    assert {each.carrier for each in rows} <= set(CARRIERS)
    return {each.value if each.name == "PATH" else each.name: each for each in rows}


def survives(each: Lasting) -> tuple[bool | None, bool | None, bool | None]:
    return each.terminal, each.restart, each.rebuild


def test_process_1_tells_the_container_s_environment_from_a_program_s(home: Path, host: BuildHost) -> None:
    terminal = session(home, GOPROXY=("direct", IMAGE), GOFLAGS=("-v", Origin("process environment")))
    machine = host(GOPROXY="direct", GOFLAGS="-v", GOBIN="/here", PATH="/image/bin")
    rows = carried(machine, terminal, {"PATH": "/image/bin", "GOPROXY": "direct", "GOSUMDB": "off"})
    assert (rows["GOPROXY"].carrier, survives(rows["GOPROXY"])) == ("container", (True, True, None))
    assert (rows["/image/bin"].carrier, survives(rows["/image/bin"])) == ("container", (True, True, None))
    assert (rows["GOFLAGS"].carrier, survives(rows["GOFLAGS"])) == ("process", (False, False, False))
    assert (rows["GOBIN"].carrier, survives(rows["GOBIN"])) == ("process", (False, False, False))
    assert (rows["GOSUMDB"].carrier, survives(rows["GOSUMDB"])) == ("container", (False, True, None))
    assert rows["/own/bin"].carrier == "rc file"


def test_the_image_s_environment_tells_env_from_run(home: Path, host: BuildHost) -> None:
    terminal = session(home, GOPROXY=("direct", IMAGE), GOSUMDB=("off", IMAGE))
    first = {"PATH": "/image/bin", "GOPROXY": "direct", "GOSUMDB": "off"}
    rows = carried(host(), terminal, first, {"PATH": "/image/bin", "GOSUMDB": "sum.golang.org"})
    assert (rows["/image/bin"].carrier, survives(rows["/image/bin"])) == ("image", (True, True, True))
    assert (rows["GOPROXY"].carrier, survives(rows["GOPROXY"])) == ("run", (True, True, False))
    assert rows["GOSUMDB"].carrier == "run", "the same name with another value is not the image's"


def test_without_process_1_nothing_is_claimed(home: Path, host: BuildHost) -> None:
    rows = carried(host(), session(home, GOPROXY=("direct", IMAGE)), None)
    assert (rows["GOPROXY"].carrier, survives(rows["GOPROXY"])) == ("unknown", (True, None, None))


def test_files_are_told_apart_by_their_place(home: Path, host: BuildHost) -> None:
    terminal = session(
        home,
        GOROOT=("/opt/go", Origin("/etc/profile.d/go.sh", 1, "export GOROOT=/opt/go")),
        GOPATH=("/p", Origin("PAM /etc/environment", 4, "GOPATH=/p")),
    )
    write_home(home, {".config/go/env": "GOPROXY=off\n"})
    rows = carried(host(), terminal, {}, inside=False)
    assert [rows[name].carrier for name in ("GOROOT", "GOPATH", "GOPROXY", "/own/bin")] == [
        "profile.d", "system file", "go env file", "rc file",
    ]  # fmt: skip
    assert survives(rows["GOROOT"]) == (True, True, None)


def test_of_a_machine_that_could_not_start_a_terminal_little_is_said(host: BuildHost) -> None:
    account = Account("gus", 1, 1, "/", "/bin/false")
    hung = Session("terminal", "/bin/false", "failed", 0.1)
    found = persistence(host(GOFLAGS="-v"), Examination(account, None, 0.1, "", (hung,), (), (), ()))
    assert "GOFLAGS" in {each.name for each in found.lasting}


# ------------------------------------------------------------------ a real container, as far as one can be made


@pytest.mark.skipif(
    bool(refusal()) or os.getuid() != 0, reason=refusal() or "process 1 of a container needs root"
)
def test_in_a_container_of_our_own(home: Path) -> None:
    write_home(home, {".bashrc": "export GOPATH=$HOME/g\n", ".profile": ". ~/.bashrc\n"})
    inside = f"GOFLAGS=-v setsid -w {sys.executable} -m gomedic explain --persistence --json"
    spaces = ["unshare", "--mount", "--pid", "--fork", "--mount-proc"]
    given = [f"HOME={home}", "PATH=/usr/bin:/bin", "GOPROXY=off", "LANG=C.UTF-8"]
    ran = subprocess.run(
        [*spaces, "env", "-i", *given, "sh", "-c", f"{inside}; exit $?"], capture_output=True, text=True, check=False, timeout=60
    )  # fmt: skip
    document: dict[str, Any] = json.loads(ran.stdout)
    rows = {each["name"]: each for each in document["variables"] if each["name"] != "PATH"}
    assert (document["container"], document["process_1"]) == (True, "read")
    assert rows["GOPROXY"]["carrier"] == "container"
    assert rows["GOPROXY"]["survives"]["restart"] is True
    assert rows["GOPATH"]["carrier"] == "rc file"
    assert rows["GOPATH"]["origin"]["line"] == 1
    assert rows["GOFLAGS"]["survives"] == {"terminal": False, "restart": False, "rebuild": False}


@pytest.mark.skipif(bool(refusal()), reason=refusal())
def test_explain_tells_one_thing_at_a_time(tmp_path: Path, home: Path) -> None:
    machine = Machine(tmp_path, home)
    assert machine.gomedic("explain", "--limits", "--persistence").code == 2
    assert machine.gomedic("explain", "PATH", "--limits").code == 2
    ran = machine.gomedic("explain", "--limits", "--json", before="ulimit -f 4096; exec")
    document = json.loads(ran.out)
    assert (ran.code, document["what"]) == (0, "limits")
    limit = document["limits"]["file_size"]
    assert limit["source"] == "/proc/self/limits"
    assert limit["value"] in (4096 * 512, 4096 * 1024)
    ran = machine.gomedic("explain", "--persistence", "--image", "nowhere.tar")
    assert (ran.code, ran.out) == (3, "")
    assert "nowhere.tar" in ran.err
