"""A shadow home: where no view can be had, a fix is tried in a folder that looks like the home."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from go_trees import write_go
from gomedic import doctor
from gomedic.host import Host
from gomedic.model import (
    EditFile,
    Examination,
    Finding,
    Fix,
    MakeFolder,
    MakeLink,
    Progress,
    Session,
    SetMode,
    Step,
)
from gomedic.proof import CannotShowError, Proof
from gomedic.sessions.base import Base
from gomedic.sessions.chamber import chamber
from gomedic.shadow import at_home, bases_in, shadow_home
from gomedic.texts import Message
from started import snapshot

BuildHost = Callable[..., Host]


@pytest.fixture
def uncovered(tmp_path: Path) -> Path:
    """A home over which no copy-on-write view can be laid: the options of the mount take no comma."""
    folder = tmp_path / "gus, of the lab"
    shutil.copytree("/etc/skel", folder)
    write_go(folder / "sdk/go1.22.10", "go1.22.10")
    with (folder / ".profile").open("a") as file:
        file.write('\nexport PATH="$HOME/sdk/go1.22.10/bin:$PATH"\n')
    return folder


@pytest.fixture
def ill(uncovered: Path, host: BuildHost) -> tuple[Host, Examination, Finding]:
    machine = host(uncovered)
    with chamber(machine) as place:
        assert not place.isolated
    examination = next(v for v in doctor.examine(machine) if isinstance(v, Examination))
    finding = next(f for f in examination.findings if f.check == "path-in-login-file-only")
    return machine, examination, finding


def proved(ill: tuple[Host, Examination, Finding], *steps: Step) -> Proof | None:
    fix = Fix("f", Message("f"), steps) if steps else ill[2].fixes[0]
    *_progress, proof = doctor.prove(*ill, fix)
    assert not isinstance(proof, Progress)
    return proof


def test_a_fix_of_the_home_is_proved_without_a_view(
    ill: tuple[Host, Examination, Finding], uncovered: Path
) -> None:
    was = snapshot(uncovered)
    proof = proved(ill)
    assert proof is not None
    assert proof.helps
    assert {c.kind: (c.before, c.after) for c in proof.sessions if c.before != c.after} == {
        "terminal": (None, "go1.22.10")
    }
    assert ill[2].id in proof.gone
    assert proof.come == ()
    assert snapshot(uncovered) == was, "a trial changes nothing"


def test_a_failure_in_a_shadow_is_none(ill: tuple[Host, Examination, Finding], uncovered: Path) -> None:
    bashrc = uncovered / ".bashrc"
    step = EditFile(path=str(bashrc), before=bashrc.read_bytes(), after=bashrc.read_bytes() + b"# nothing\n")
    assert proved(ill, step) is None


def test_what_needs_more_than_a_home_is_not_proved(ill: tuple[Host, Examination, Finding]) -> None:
    content = Path("/etc/profile").read_bytes()
    outside = EditFile(path="/etc/profile", before=content, after=content + b"# Go\n", privileged=True)
    assert proved(ill, outside) is None


def test_a_shadow_holds_what_the_home_holds_and_what_is_new(uncovered: Path, host: BuildHost) -> None:
    (uncovered / ".config/fish").mkdir(parents=True)
    (uncovered / ".config/other").write_text("other")
    was = snapshot(uncovered)
    steps = (
        EditFile(path=f"{uncovered}/.profile", before=b"", after=b"new\n"),
        EditFile(path=f"{uncovered}/.bashrc", before=b"", after=None),
        MakeFolder(path=f"{uncovered}/.config/fish/conf.d"),
        EditFile(path=f"{uncovered}/.config/fish/conf.d/go.fish", before=None, after=b"fish\n"),
        MakeLink(path=f"{uncovered}/bin", before=None, after="sdk"),
    )
    with shadow_home(host(uncovered), steps) as changed:
        home = Path(changed.home)
        assert changed.env["HOME"] == changed.home != str(uncovered)
        assert (home / ".profile").read_text() == "new\n"
        assert not (home / ".bashrc").exists()
        assert (home / ".config/fish/conf.d/go.fish").read_text() == "fish\n"
        assert (home / ".config/other").read_text() == "other"
        assert (home / "bin/go1.22.10/bin/go").exists()
        assert snapshot(uncovered) == was
    assert not home.exists()


def test_a_linked_start_up_file_is_not_written_through(uncovered: Path, host: BuildHost) -> None:
    (uncovered / "dotfiles").mkdir()
    (uncovered / ".profile").rename(uncovered / "dotfiles/profile")
    (uncovered / ".profile").symlink_to("dotfiles/profile")
    was = snapshot(uncovered)
    step = EditFile(path=f"{uncovered}/.profile", before=b"", after=b"new\n")
    with shadow_home(host(uncovered), (step,)) as changed:
        assert Path(changed.home, ".profile").read_text() == "new\n"
    assert snapshot(uncovered) == was


@pytest.mark.parametrize("step", [
    SetMode(path="@/.profile", before=0o644, after=0o600), MakeFolder(path="/etc/fish"),
    EditFile(path="@/.profile", before=b"", after=b"x", privileged=True), EditFile(path="@/../x", before=None, after=b"x"),
])  # fmt: skip
def test_steps_that_a_shadow_cannot_show(uncovered: Path, host: BuildHost, step: Step) -> None:
    path = step.path.replace("@", str(uncovered)) if not hasattr(step, "source") else ""
    shown = type(step)(**{**{f: getattr(step, f) for f in step.__struct_fields__}, "path": path})
    with pytest.raises(CannotShowError), shadow_home(host(uncovered), (shown,)):
        pass
    assert not (uncovered.parent / "x").exists()


def test_a_session_in_a_shadow_tells_of_the_real_home(home: Path, host: BuildHost) -> None:
    with shadow_home(host(), ()) as shadow:
        inside = Session(
            "terminal", "/bin/bash", "ok", 0.1, files=(f"{shadow.home}/.bashrc",),
            reached={f"{shadow.home}/.bashrc": frozenset({1, 2})}, environment={"HOME": shadow.home},
        )  # fmt: skip
        told = at_home(host(), inside, shadow)
        bases = bases_in(host(), shadow, {
            "terminal": Base({"HOME": str(home), "ZDOTDIR": f"{home}/.zsh", "X": str(home)}),
        })  # fmt: skip
    assert told.files == (str(home / ".bashrc"),)
    assert told.reached == {str(home / ".bashrc"): frozenset({1, 2})}
    assert told.environment == {"HOME": str(home)}
    env = bases["terminal"].env
    assert env == {"HOME": shadow.home, "ZDOTDIR": f"{shadow.home}/.zsh", "X": str(home)}
