"""All that is safe as one plan, on real homes: tried in a copy, done one after the other, taken back in reverse."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec.structs import replace

from go_trees import write_go
from gomedic import doctor
from gomedic.host import Host
from gomedic.model import EditFile, Examination, Finding, Fix, Progress, Receipt, SetMode, Severity, Step
from gomedic.sessions.chamber import chamber
from gomedic.taking_back import Return, prospects, take_back_all
from gomedic.texts import Message
from gomedic.together import Course, Plan, candidates, merged, plan_all, promising, treat_all

BuildHost = Callable[..., Host]
T = TypeVar("T")
LINES = """
export PATH="$HOME/go1.19/bin:$PATH"
export PATH="$PATH:$HOME/sdk/go1.22.10/bin"
export GOPATH=code/go
"""
CURED = """
export PATH="$HOME/go1.19/bin:$PATH"
export PATH="$HOME/sdk/go1.22.10/bin:$PATH"
"""


@pytest.fixture
def ill(home: Path, host: BuildHost) -> tuple[Host, Examination]:
    """A home with two illnesses in one file, each with a fix that is safe."""
    write_go(home / "go1.19", "go1.19.8")
    write_go(home / "sdk/go1.22.10", "go1.22.10")
    with (home / ".bashrc").open("a") as file:
        file.write(LINES)
    machine = host()
    with chamber(machine) as place:
        if not place.isolated:
            pytest.skip("no copy-on-write view here")
    return machine, last(doctor.examine(machine), Examination)


def last(work: Iterable[object], kind: type[T]) -> T:
    return [value for value in work if isinstance(value, kind)][-1]


def planned(machine: Host, examination: Examination) -> Plan:
    return last(plan_all(machine, examination), Plan)


def treated(machine: Host, examination: Examination, plan: Plan) -> Course:
    return last(treat_all(machine, examination, plan.chosen, as_shown=True), Course)


def checks(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.check for finding in findings]


def text(home: Path) -> str:
    return (home / ".bashrc").read_text()


def test_each_fix_is_tried_upon_those_before_it(ill: tuple[Host, Examination], home: Path) -> None:
    machine, examination = ill
    before = text(home)
    plan = planned(machine, examination)
    assert text(home) == before
    assert [finding.check for finding, _fix in plan.chosen] == [
        "gopath-invalid-entry",
        "shadowed-by-older-go",
    ]
    assert not plan.left_out
    assert not plan.untried
    (first,), (second,) = (fix.steps for _finding, fix in plan.chosen)
    assert isinstance(first, EditFile)
    assert isinstance(second, EditFile)
    assert second.before == first.after, "the second is shown as it will be done"
    assert plan.proof is not None
    terminal = next(change for change in plan.proof.sessions if change.kind == "terminal")
    assert (terminal.before, terminal.after) == ("go1.19.8", "go1.22.10")


def test_fixes_of_different_files_stay_in_place_for_those_after_them(
    ill: tuple[Host, Examination], home: Path
) -> None:
    machine, _examination = ill
    (home / ".bashrc").write_text(text(home).replace("export GOPATH=code/go\n", ""))
    (home / ".bash_aliases").write_text("export GOPATH=code/go\n")
    plan = planned(machine, last(doctor.examine(machine), Examination))
    changed = [step.path for _finding, fix in plan.chosen for step in fix.steps if isinstance(step, EditFile)]
    assert changed == [str(home / ".bash_aliases"), str(home / ".bashrc")]
    assert not plan.left_out
    assert plan.proof is not None
    assert {finding.id for finding, _fix in plan.chosen} <= set(plan.proof.gone)


def test_what_was_shown_is_done_and_taken_back_in_reverse(ill: tuple[Host, Examination], home: Path) -> None:
    machine, examination = ill
    before = text(home)
    course = treated(machine, examination, planned(machine, examination))
    assert course.over
    assert text(home) == before.replace(LINES, CURED)
    assert course.treatment is not None
    assert not candidates(course.treatment.examination)
    receipts = [cure.receipt for cure in course.cures]
    back = last(take_back_all(machine, receipts), Return)
    assert [receipt.id for receipt in back.restored] == [receipts[1].id, receipts[0].id]
    assert back.kept == ()
    assert text(home) == before


def test_cancelled_between_two_fixes_the_first_stays_whole(ill: tuple[Host, Examination], home: Path) -> None:
    machine, examination = ill
    before = text(home)
    work = treat_all(machine, examination, planned(machine, examination).chosen, as_shown=True)
    course = next(value for value in work if isinstance(value, Course) and value.at == 1)
    next(value for value in work if isinstance(value, Progress))
    work.close()  # type: ignore[attr-defined]
    assert checks(tuple(cure.finding for cure in course.cures)) == ["gopath-invalid-entry"]
    assert text(home) == before.replace("export GOPATH=code/go\n", "")
    assert [receipt.state for receipt in doctor.history(machine)] == ["done"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_wherever_it_is_cancelled_no_fix_is_half_done(
    ill: tuple[Host, Examination], home: Path, number: int
) -> None:
    machine, examination = ill
    before = text(home)
    work = treat_all(machine, examination, planned(machine, examination).chosen)
    known = Course(())
    for count, value in enumerate(work):
        if isinstance(value, Course):
            known = value
        if count == number:
            break
    work.close()  # type: ignore[attr-defined]
    done = [cure.receipt.id for cure in known.cures]
    assert [r.id for r in doctor.history(machine) if r.state == "done"] == done, "what is told is what is"
    assert (text(home) == before) is (not done)


def test_a_fix_that_would_now_change_something_else_is_left_alone(
    ill: tuple[Host, Examination], home: Path
) -> None:
    machine, examination = ill
    plan = planned(machine, examination)
    (_first, first), (finding, second) = plan.chosen
    (step,) = second.steps
    assert isinstance(step, EditFile)
    other = replace(second, steps=(replace(step, after=b"# quite another\n"),))
    changed = (plan.chosen[0], (finding, other))
    course = last(treat_all(machine, examination, changed, as_shown=True), Course)
    assert [cure.fix.id for cure in course.cures] == [first.id]
    assert [left.finding.id for left in course.missed] == [finding.id]


def test_a_fix_that_brings_back_what_another_cures_is_left_out(
    ill: tuple[Host, Examination], home: Path
) -> None:
    """A file put back as it was, but for its own line, is right by itself and wrong after another."""
    machine, examination = ill
    gopath, shadowed = candidates(examination)
    original = (home / ".bashrc").read_bytes()
    steps: tuple[Step, ...] = (
        EditFile(
            path=str(home / ".bashrc"), before=original, after=original.replace(b"code/go", b"code/go2")
        ),
    )
    plan = planned_with(machine, examination, shadowed, gopath, Fix("f", Message("f"), steps, safe=True))
    assert checks(tuple(left.finding for left in plan.left_out)) == ["gopath-invalid-entry"]
    assert [finding.check for finding, _fix in plan.chosen] == ["shadowed-by-older-go"]
    assert plan.failed[0].failed[0].fix.id == "f"


def planned_with(machine: Host, examination: Examination, first: Finding, second: Finding, fix: Fix) -> Plan:
    findings = (replace(second, fixes=(fix,)), first)
    return planned(machine, replace(examination, findings=findings))


def test_without_a_view_the_plan_is_tried_in_a_shadow_home(tmp_path: Path, host: BuildHost) -> None:
    """The options of the mount take no comma. What is shown names the real home, in what is written too."""
    folder = tmp_path / "gus, of the lab"
    shutil.copytree("/etc/skel", folder)
    write_go(folder / "sdk/go1.22.10", "go1.22.10")
    with (folder / ".bashrc").open("a") as file:
        file.write(
            'export PATH="$HOME/sdk/go1.22.10/bin:$PATH"\nexport GOPATH=code/go\nexport GOBIN=code/bin\n'
        )
    machine = host(folder)
    with chamber(machine) as place:
        assert not place.isolated
    plan = planned(machine, last(doctor.examine(machine), Examination))
    assert len(plan.parts) == 2
    assert not plan.untried
    first, second = (step for _f, fix in plan.chosen for step in fix.steps if isinstance(step, EditFile))
    assert (first.path, second.before) == (str(folder / ".bashrc"), first.after)
    course = last(
        treat_all(machine, last(doctor.examine(machine), Examination), plan.chosen, as_shown=True), Course
    )
    assert len(course.cures) == 2


def test_what_needs_a_choice_or_has_no_fix_is_left_out_with_the_reason(host: BuildHost) -> None:
    safe = Fix("s", Message("s"), (), safe=True)
    rooted = Fix("r", Message("r"), (SetMode(path="/etc/x", before=0, after=1, privileged=True),))
    choice = Fix("c", Message("c"), (SetMode(path="/x", before=0, after=1),))
    machine = host()
    examination = last(doctor.examine(machine), Examination)
    template = Finding("x", "", Severity.WARNING, Message("m"), Message("w"), ())
    findings = tuple(
        replace(template, check=name, fixes=fixes, **more)
        for name, fixes, more in (
            ("none", (), {}), ("root", (rooted,), {}), ("choice", (choice, rooted), {}),
            ("hint", (safe,), {"severity": Severity.HINT}), ("follows", (safe,), {"because_of": "none@"}),
        )
    )  # fmt: skip
    examination = replace(examination, findings=findings)
    plan = planned(machine, examination)
    assert plan.parts == ()
    whys = {left.finding.check: str(left.why) for left in plan.left_out}
    assert whys == {
        "none": "There is no ready-made fix for it.",
        "root": "Its fix needs an administrator.",
        "choice": "Its fix is for you to choose by itself.",
    }
    assert promising(examination) == ()


def test_edits_of_one_file_are_one_edit() -> None:
    one, two = EditFile(path="/a", before=b"1", after=b"2"), EditFile(path="/a", before=b"2", after=b"3")
    mode = SetMode(path="/a", before=0o600, after=0o644)
    assert merged((one, mode, two)) == (EditFile(path="/a", before=b"1", after=b"3"), mode)


# ------------------------------------------------------------------ taking back


def edit(machine: Host, path: Path, content: str) -> Receipt:
    from gomedic import repair

    before = path.read_bytes() if path.exists() else None
    step = EditFile(path=str(path), before=before, after=content.encode())
    return last(repair.apply(machine, "f", Fix("f", Message(content)), (step,)), Receipt)


def test_what_has_changed_since_stays_and_the_others_go_back(home: Path, host: BuildHost) -> None:
    machine = host()
    one, two = home / "one", home / "two"
    one.write_text("0")
    two.write_text("0")
    receipts = [edit(machine, one, "1"), edit(machine, two, "1"), edit(machine, one, "2")]
    two.write_text("mine")
    told = prospects(machine, receipts)
    assert [prospect.receipt.id for prospect in told] == [r.id for r in reversed(receipts)]
    assert [bool(prospect.steps) for prospect in told] == [True, False, True]
    assert (one.read_text(), two.read_text()) == ("2", "mine"), "looking changes nothing"
    back = last(take_back_all(machine, receipts), Return)
    assert [receipt.id for receipt in back.restored] == [receipts[2].id, receipts[0].id]
    (kept,) = back.kept
    assert kept.receipt.id == receipts[1].id
    assert f"{two} has changed since the fix, so nothing was taken back" in str(kept.why)
    assert Path(kept.left[0].saved or "").read_text() == "0", "nothing is lost"
    assert (one.read_text(), two.read_text()) == ("0", "mine")
    assert back.paths == (str(one),)


def test_older_changes_of_a_file_that_was_changed_stay_too(home: Path, host: BuildHost) -> None:
    machine = host()
    one = home / "one"
    one.write_text("0")
    receipts = [edit(machine, one, "1"), edit(machine, one, "2")]
    one.write_text("mine")
    assert [bool(prospect.why_not) for prospect in prospects(machine, receipts)] == [True, True]
    back = last(take_back_all(machine, receipts), Return)
    assert (back.restored, len(back.kept)) == ((), 2)
    assert one.read_text() == "mine"


def test_what_was_taken_back_already_is_left_alone(home: Path, host: BuildHost) -> None:
    machine = host()
    one = home / "one"
    receipts = [edit(machine, one, "1"), edit(machine, home / "two", "1")]
    last(doctor.take_back(machine, receipts[1].id), doctor.Restored)
    one.write_text("1")
    back = last(take_back_all(machine, doctor.history(machine)), Return)
    assert [receipt.id for receipt in back.restored] == [receipts[0].id]
    assert not one.exists()
