"""A fix tried in a copy: what it would change is told, and nothing is changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from go_trees import write_go
from gomedic import doctor
from gomedic.cli_plan import planned, show_plan, tell_failures
from gomedic.console import Console
from gomedic.doctor import Offer
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


def useless(home: Path, name: str) -> Fix:
    bashrc = home / ".bashrc"
    content = bashrc.read_bytes()
    step = EditFile(path=str(bashrc), before=content, after=content + f"# {name}\n".encode())
    return Fix(name, Message(name), (step,), safe=True)


def offered(machine: Host, examination: Examination, *fixes: Fix) -> Offer:
    *_progress, offer = doctor.best_fix(machine, examination, with_fixes(examination, *fixes))
    assert isinstance(offer, Offer)
    return offer


def with_fixes(examination: Examination, *fixes: Fix) -> Finding:
    return replace(finding_of(examination), fixes=fixes)


def test_a_fix_that_is_proved_to_fail_is_not_offered_first(ill: tuple[Host, Examination], home: Path) -> None:
    machine, examination = ill
    good, third = finding_of(examination).fixes[0], useless(home, "third")
    offer = offered(machine, examination, useless(home, "bad"), good, third)
    assert offer.first is not None
    assert offer.first.fix == good
    assert offer.first.proof is not None
    assert offer.first.proof.helps
    assert [fix.id for fix in offer.fixes] == [good.id, "third", "bad"]
    (failed,) = offer.failed
    assert failed.proof is not None
    assert failed.proof.why is not None


def test_a_fix_that_cannot_be_tried_comes_before_one_that_failed(
    ill: tuple[Host, Examination], home: Path
) -> None:
    machine, examination = ill
    untried = Fix("install", Message("i"), install=InstallToolchain("go1.22.10"))
    offer = offered(machine, examination, useless(home, "bad"), untried)
    assert offer.first is not None
    assert (offer.first.fix, offer.first.proof) == (untried, None)


def test_where_every_fix_fails_none_is_offered_first(ill: tuple[Host, Examination], home: Path) -> None:
    machine, examination = ill
    offer = offered(machine, examination, useless(home, "one"), useless(home, "two"))
    assert offer.first is None
    assert [fix.id for fix in offer.fixes] == ["one", "two"]


def test_the_plan_says_what_is_not_offered_and_why(
    ill: tuple[Host, Examination], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine, examination = ill
    console = Console(machine, "en", as_json=False)
    good = finding_of(examination).fixes[0]
    curable, hopeless = (
        with_fixes(examination, useless(home, "bad"), good),
        with_fixes(examination, useless(home, "worse")),
    )
    plan = planned(examination, [(curable, None), (hopeless, None)], console, safe_only=True)
    assert [part.trial and part.trial.fix.id for part in plan] == [good.id, None]
    show_plan(plan, console)
    tell_failures(plan, console)
    said = capsys.readouterr()
    assert "Not offered: bad. In the copy the finding is still there." in said.out
    assert f"gomedic fix '{curable.id}#bad'" in said.out
    assert f"No fix of {hopeless.id} helps" in said.err


def test_a_fix_that_is_named_is_done_whatever_its_trial_says(
    ill: tuple[Host, Examination], home: Path
) -> None:
    machine, examination = ill
    bad = useless(home, "bad")
    console = Console(machine, "en", as_json=True)
    (part,) = planned(examination, [(with_fixes(examination, bad), bad)], console, safe_only=False)
    assert part.trial is not None
    assert part.trial.failed


def test_removing_what_a_probe_looks_for_is_not_called_a_failure(
    ill: tuple[Host, Examination], home: Path
) -> None:
    machine, examination = ill
    (home / "other").write_text("x")
    step = EditFile(path=str(home / "other"), before=b"x", after=None)
    assert proved(machine, examination, fix_of(step)) is None


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
