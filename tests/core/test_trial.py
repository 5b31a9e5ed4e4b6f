"""Asking the real go of a session: which may be started, and what its failure tells."""

import grp
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from go_trees import write_go
from gomedic import go_tree
from gomedic.host import Host
from gomedic.model import Account, GoCommand, Session
from gomedic.probes import trial

SOMEBODY = 4711


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that only root and we can write, up to the top: below /tmp the sticky bit protects it."""
    made = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    yield made
    shutil.rmtree(made)


def host_of(home: Path, uid: int = SOMEBODY, gid: int = SOMEBODY, name: str = "gus") -> Host:
    return Host({"HOME": str(home)}, "/", Account(name, uid, gid, str(home), "/bin/bash", str(home)))


def session_of(root: Path) -> Session:
    go = f"{root}/bin/go"
    command = GoCommand(go, go, "go1.22.10", str(root))
    return Session(
        "terminal", "/bin/bash", "ok", 0.0, go=command, environment={"PATH": "/usr/bin:/bin", "HOME": "/"}
    )


def test_a_go_that_answers_is_well_and_leaves_nothing(folder: Path) -> None:
    tree = write_go(folder / "go", "go1.22.10")  # its programs are /bin/true
    before = sorted(folder.rglob("*"))
    assert trial.probe(host_of(folder), session_of(tree)) is None
    assert sorted(folder.rglob("*")) == before


def test_a_go_that_fails_says_which_question_and_how(folder: Path) -> None:
    tree = write_go(folder / "go", "go1.22.10")
    (tree / "bin/go").write_text("#!/bin/sh\n[ $1 = env ] || { echo broken >&2; exit 3; }\n")
    failure = trial.probe(host_of(folder), session_of(tree))
    assert failure == trial.Failure("go list -f", "broken")


def test_the_go_that_was_looked_at_is_the_one_that_is_asked(folder: Path) -> None:
    good, bad = write_go(folder / "good", "go1.22.10"), write_go(folder / "bad", "go1.22.10")
    shutil.copy("/bin/false", bad / "bin/go")
    (folder / "link").symlink_to(bad / "bin/go")  # swapped since the examination
    session = session_of(good)
    assert session.go is not None
    swapped = GoCommand(f"{folder}/link", session.go.real_path, "go1.22.10", str(good))
    asked = Session("terminal", "/bin/bash", "ok", 0.0, go=swapped, environment=session.environment)
    assert trial.probe(host_of(folder), asked) is None


def test_root_and_scripts_are_not_asked(folder: Path) -> None:
    tree = write_go(folder / "go", "go1.22.10")
    assert not trial.may_be_run(host_of(folder, uid=0, gid=0, name="root"), session_of(tree))
    (tree / "bin/go").write_text("#!/bin/sh\n")
    assert not trial.may_be_run(host_of(folder), session_of(tree))


def test_a_group_with_other_members_is_not_private(folder: Path) -> None:
    shared = grp.getgrnam("users")
    assert host_of(folder, gid=shared.gr_gid).private_groups == frozenset()
    alone = grp.getgrnam("daemon")
    assert host_of(folder, gid=alone.gr_gid, name="daemon").private_groups == {alone.gr_gid}
    assert host_of(folder, gid=SOMEBODY).private_groups == frozenset(), (
        "a group without a name may hold anybody"
    )


@pytest.mark.skipif(not shutil.which("setfacl"), reason="needs setfacl (package acl)")
def test_an_access_list_may_let_others_in(folder: Path) -> None:
    tree = write_go(folder / "go", "go1.22.10")
    binary = tree / "bin/go"
    info = binary.stat()
    ours = (info.st_uid, frozenset({info.st_gid}))
    binary.chmod(0o775)
    assert go_tree.is_trusted(str(binary), *ours)
    subprocess.run(["setfacl", "-m", "u:65534:rwx", str(binary)], check=True)
    assert not go_tree.is_trusted(str(binary), *ours)
