"""The ways of the what-if table as data: what they change before any start-up file, whom they cannot reach, and the home of links."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from go_trees import write_go
from gomedic.facts import Facts
from gomedic.host import Host
from gomedic.model import IMAGE, UNKNOWN, EditFile, Session, Variable
from gomedic.overrides.judging import judged
from gomedic.overrides.other_ways import ENVIRONMENT, other_ways
from gomedic.overrides.own_ways import own_ways
from gomedic.overrides.values import Seen, Target, Way
from gomedic.sessions.base import Base

BuildHost = Callable[..., Host]


@pytest.fixture
def target(home: Path) -> Target:
    return Target(str(write_go(home / "new", "go1.22.10")), "go1.22.10")


def ways_of(facts: Facts, target: Target) -> dict[str, Way]:
    found = [*own_ways(facts, target), *other_ways(facts, target, has_alternatives=True)]
    assert len({way.id for way in found}) == len(found), "ids are for good and for one way each"
    return {way.id: way for way in found}


def facts_of(host: Host, *, in_container: bool, goroot: str | None = None) -> Facts:
    variables = {"GOROOT": Variable(goroot, True, UNKNOWN)} if goroot else {}
    facts = Facts(host, [Session("terminal", "/bin/bash", "ok", 0.1, variables=variables)])
    facts.in_container = in_container
    return facts


def test_the_environment_of_an_image_reaches_what_starts_with_it(host: BuildHost, target: Target) -> None:
    way = ways_of(facts_of(host(), in_container=True, goroot="/opt/go"), target)["image-env"]
    ssh = Base({"PATH": "/bin"}, {"PATH": UNKNOWN})
    image = Base({"PATH": "/opt/go/bin:/bin", "GOROOT": "/opt/go"}, {"PATH": IMAGE})
    assert way.rebase is not None
    bases = way.rebase({"terminal": image, "exec": image, "ssh": ssh})
    for kind in ("terminal", "exec"):
        assert bases[kind].env == {"PATH": f"{target.folder}:/opt/go/bin:/bin", "GOROOT": target.root}
    assert bases["ssh"] == ssh
    over_ssh = way.rebase({"terminal": ssh})
    assert over_ssh["terminal"] == ssh, "a terminal of an ssh login did not get its PATH from the image"
    assert "terminal" not in way.beyond
    assert {"ssh", "login", "command", "cron"} <= set(way.beyond)


def test_an_entrypoint_does_not_reach_docker_exec(host: BuildHost, target: Target) -> None:
    way = ways_of(facts_of(host(), in_container=True), target)["entrypoint"]
    image = Base({"PATH": "/bin"}, {"PATH": IMAGE})
    assert way.rebase is not None
    assert way.rebase({"exec": image})["exec"] == image
    assert "exec" in way.beyond


def test_where_there_is_no_image_nobody_makes_it(host: BuildHost, target: Target) -> None:
    assert not {"image-env", "entrypoint"} & set(ways_of(facts_of(host(), in_container=False), target))


@pytest.mark.skipif(not os.path.isfile(ENVIRONMENT), reason="no /etc/environment")
def test_etc_environment_keeps_its_other_lines(host: BuildHost, target: Target) -> None:
    old = b'LANG=C\nPATH="/bin:/usr/bin"\nEDITOR=vi'
    machine = host().with_contents({ENVIRONMENT: old})
    facts = facts_of(machine, in_container=False, goroot="/opt/go")
    way = ways_of(facts, target)["etc-environment"]
    (step,) = way.steps
    assert isinstance(step, EditFile)
    new = f'LANG=C\nEDITOR=vi\nPATH="{target.folder}:/bin:/usr/bin"\nGOROOT={target.root}\n'
    assert (step.before, step.after) == (old, new.encode())
    assert ("terminal" in way.untried, "terminal" in way.beyond) == (True, False)
    contained = ways_of(facts_of(machine, in_container=True), target)["etc-environment"]
    assert ("terminal" in contained.untried, "terminal" in contained.beyond) == (False, True)


def test_goroot_is_set_where_another_is_set(host: BuildHost, target: Target) -> None:
    plain = ways_of(facts_of(host(), in_container=False), target)
    assert "export-goroot-path" not in plain
    same = ways_of(facts_of(host(), in_container=False, goroot=target.root), target)
    assert "export-goroot-path" not in same
    other = ways_of(facts_of(host(), in_container=False, goroot="/opt/go"), target)
    assert [str(line).split("/")[-1] for line in other["export-goroot-path"].how] == ['new"', 'bin:$PATH"']


def test_a_session_that_a_way_cannot_reach_says_why(host: BuildHost, target: Target) -> None:
    facts = facts_of(host(), in_container=True)
    way = ways_of(facts, target)["image-env"]
    login = Session("login", "/bin/bash", "ok", 0.1)
    found = judged(Seen(way, target, facts, host(), facts.settings, login, login, lambda origin: origin))
    assert (found.state, found.reason) == ("fails", way.beyond["login"])
