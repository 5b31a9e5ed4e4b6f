"""A fix tried in a copy: what it would change is told, and nothing is changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from go_trees import write_go
from gomedic import doctor
from gomedic.host import Host
from gomedic.model import EditFile, Examination, Finding, Fix, InstallToolchain, MakeFolder, Step
from gomedic.proof import Proof
from gomedic.sessions.chamber import chamber
from gomedic.texts import Message

BuildHost = Callable[..., Host]


@pytest.fixture
def ill(home: Path, host: BuildHost) -> tuple[Host, Examination]:
    """A home where only logins have Go."""
    write_go(home / "sdk/go1.22.10", "go1.22.10")
    with (home / ".profile").open("a") as file:
        file.write('\nexport PATH="$HOME/sdk/go1.22.10/bin:$PATH"\n')
    machine = host()
    with chamber(machine) as place:
        if not place.isolated:
            pytest.skip("no copy-on-write view here")
    return machine, _last(doctor.examine(machine), Examination)


def _last(work: object, kind: type[Examination]) -> Examination:
    return [value for value in work if isinstance(value, kind)][-1]  # type: ignore[attr-defined]


def finding_of(examination: Examination) -> Finding:
    return next(f for f in examination.findings if f.check == "path-in-login-file-only")


def proved(machine: Host, examination: Examination, fix: Fix) -> Proof | None:
    *_progress, proof = doctor.prove(machine, examination, finding_of(examination), fix)
    assert proof is None or isinstance(proof, Proof)
    return proof


def fix_of(*steps: Step) -> Fix:
    return Fix("f", Message("f"), steps)


def test_a_fix_that_helps_says_which_sessions_get_which_go(ill: tuple[Host, Examination], home: Path) -> None:
    machine, examination = ill
    before = (home / ".bashrc").read_bytes()
    proof = proved(machine, examination, finding_of(examination).fixes[0])
    assert proof is not None
    assert proof.helps
    changed = {c.kind: (c.before, c.after) for c in proof.sessions if c.before != c.after}
    assert changed == {"terminal": (None, "go1.22.10")}
    assert finding_of(examination).id in proof.gone
    assert proof.come == ()
    assert (home / ".bashrc").read_bytes() == before, "a proof changes nothing"


def test_a_fix_that_changes_nothing_that_matters_does_not_help(
    ill: tuple[Host, Examination], home: Path
) -> None:
    machine, examination = ill
    bashrc = home / ".bashrc"
    step = EditFile(path=str(bashrc), before=bashrc.read_bytes(), after=bashrc.read_bytes() + b"# nothing\n")
    proof = proved(machine, examination, fix_of(step))
    assert proof is not None
    assert not proof.helps
    assert proof.gone == ()


def test_new_folders_and_files_show_in_the_view(ill: tuple[Host, Examination], home: Path) -> None:
    machine, examination = ill
    bashrc, added = home / ".bashrc", home / "new/env.sh"
    steps = (
        MakeFolder(path=str(added.parent)),
        EditFile(path=str(added), before=None, after=b'PATH="$HOME/sdk/go1.22.10/bin:$PATH"\n'),
        EditFile(
            path=str(bashrc), before=bashrc.read_bytes(), after=bashrc.read_bytes() + b". ~/new/env.sh\n"
        ),
    )
    proof = proved(machine, examination, fix_of(*steps))
    assert proof is not None
    assert proof.helps
    assert not added.parent.exists()


def test_what_must_be_fetched_first_cannot_be_shown(ill: tuple[Host, Examination]) -> None:
    machine, examination = ill
    assert proved(machine, examination, Fix("i", Message("i"), install=InstallToolchain("go1.22.10"))) is None
