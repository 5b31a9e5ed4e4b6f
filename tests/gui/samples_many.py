"""A clinic that does several fixes as one, and takes them back, as the core's generators do."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import structs

from gomedic.doctor import Treatment, Trial
from gomedic.model import EditFile, Examination, Finding, Fix, Progress, Receipt, Severity
from gomedic.problems import Left
from gomedic.proof import Change, Proof
from gomedic.taking_back import Kept, Prospect, Return
from gomedic.texts import N_, Message
from gomedic.together import Chosen, Course, Cure, LeftOut, Part, Plan
from gomedic_gui.doctor import Doctor
from gomedic_gui.many import Many
from gui.samples import (
    BASHRC,
    BASHRC_TEXT,
    CURED_SESSIONS,
    GOROOT,
    ILL,
    NO_TOOLS,
    OLD_RECEIPT,
    PREPEND,
    RECEIPT,
    SHADOWED,
    Clinic,
    step,
)

DROP = Fix(
    "drop",
    Message(N_("Take the line out of {file}"), {"file": "~/.profile"}),
    (
        EditFile(
            path="/home/student/.profile",
            before=b"umask 022\nexport GOFLAGS=-mod=vendor\n",
            after=b"umask 022\n",
        ),
    ),
    safe=True,
)
GOFLAGS = Finding(
    "goflags-problem",
    "GOFLAGS",
    Severity.WARNING,
    Message(N_("{name} is set to {value} for every project."), {"name": "GOFLAGS", "value": "-mod=vendor"}),
    Message(N_("Builds outside of a vendored project then fail.")),
    (),
    (DROP,),
    ("ssh", "login"),
)
SICK = structs.replace(ILL, findings=(SHADOWED, GOFLAGS, GOROOT, NO_TOOLS))
WELL = structs.replace(ILL, sessions=CURED_SESSIONS, findings=(GOROOT, NO_TOOLS))
CHANGES = (
    *(Change(kind, "go1.19.8", "go1.22.10") for kind in ("terminal", "ssh", "login")),
    Change("command", "go1.19.8", "go1.19.8"),
    Change("cron", None, None),
)
WHOLE = Proof(CHANGES, (SHADOWED.id, GOFLAGS.id), (), helps=True)
PLAN = Plan(
    (Part(SHADOWED, Trial(PREPEND, WHOLE)), Part(GOFLAGS, Trial(DROP, WHOLE))),
    (LeftOut(GOROOT, Message(N_("Its fix needs an administrator."))),),
    proof=WHOLE,
)
FIRST = structs.replace(RECEIPT, id="20261123-040100", state="done")
SECOND = structs.replace(
    RECEIPT, id="20261123-040200", finding=GOFLAGS.id, fix=DROP.id, title=DROP.title, steps=DROP.steps,
    took_place="2026-11-23T04:02:00Z",
)  # fmt: skip
SINCE = Message(
    N_("{path} has changed since the fix, so nothing was taken back; what it held before is in {saved}."),
    {"path": "~/.profile", "saved": "~/.local/state/gomedic/receipts/20261123-040200/0"},
)


class Practice(Clinic):
    """Two illnesses that can be put right as one, and one that cannot."""

    def __init__(self, examination: Examination = SICK, plan: Plan = PLAN) -> None:
        super().__init__(examination, proof=WHOLE)
        self.plan = plan
        self.failing: set[str] = set()  # fixes that raise
        self.error: Exception | None = None
        self.build: Callable[[Course], Iterator[Progress | Course]] = lambda _course: iter(())
        self.changed: set[str] = set()  # receipts whose files were changed since

    def doctor(self) -> Doctor:
        return structs.replace(
            super().doctor(),
            many=Many(self.make_plan, self.treat_all, self.look_back, self.take_back_all),
        )

    def make_plan(self, _seen: Examination) -> Iterator[Progress | Plan]:
        self.asked.append("plan")
        yield step("Trying fix 1 of 2 in a copy of your files", 0)
        self.pause_of_trials()
        yield self.plan

    def treat_all(self, seen: Examination, chosen: Sequence[Chosen]) -> Iterator[Progress | Course]:
        course = Course(tuple(chosen))
        try:
            for number, (finding, fix) in enumerate(chosen):
                course = structs.replace(course, at=number)
                yield course
                self.asked.append(f"treat {finding.id}#{fix.id}")
                yield step("Changing the file")
                self.pause()
                yield step("Examining again")
                if self.error is not None and fix.id in self.failing:
                    raise self.error
                receipt = structs.replace(RECEIPT, id=f"2026-{number}", title=fix.title, steps=fix.steps)
                self.receipts = (receipt, *self.receipts)
                left = tuple(f for f in self.examination.findings if f.id != finding.id)
                self.examination = structs.replace(WELL, findings=left)
                ids = tuple(tuple(f.id for f in each) for each in (seen.findings, left))
                treatment = Treatment(receipt, *ids, False, self.examination)
                cures = (*course.cures, Cure(finding, fix, receipt))
                course = structs.replace(course, cures=cures, treatment=treatment)
                yield course
            yield from self.build(course)
            yield structs.replace(course, over=True)
        finally:
            self.closed.append("treat all")

    def look_back(self, receipts: Sequence[Receipt]) -> tuple[Prospect, ...]:
        self.asked.append("look back")
        return tuple(
            Prospect(each, (), SINCE, (Left(BASHRC, None),))
            if each.id in self.changed
            else Prospect(each, tuple(one.inverse() for one in reversed(each.steps)))
            for each in receipts
        )

    def take_back_all(self, receipts: Sequence[Receipt]) -> Iterator[Progress | Return]:
        course = Return(tuple(receipts))
        try:
            for number, receipt in enumerate(receipts):
                course = structs.replace(course, at=number)
                yield course
                self.asked.append(f"take back {receipt.id}")
                yield step("Putting back")
                self.pause()
                yield step("Putting back more")
                if receipt.id in self.changed:
                    kept = Kept(receipt, SINCE, (Left(BASHRC, None),))
                    course = structs.replace(course, kept=(*course.kept, kept))
                    continue
                self.receipts = tuple(
                    structs.replace(each, state="taken back") if each.id == receipt.id else each
                    for each in self.receipts
                )
                paths = tuple(one.path for one in receipt.steps if isinstance(one, EditFile))
                restored = (*course.restored, receipt)
                course = structs.replace(course, restored=restored, paths=(*course.paths, *paths))
                yield course
            self.examination = SICK
            yield structs.replace(course, over=True)
        finally:
            self.closed.append("take back all")


def with_history() -> Practice:
    """A practice that has put both right, and something long ago that was taken back."""
    practice = Practice(WELL)
    practice.receipts = (SECOND, FIRST, OLD_RECEIPT)
    return practice


def great_plan(count: int) -> tuple[Examination, Plan]:
    """Return an examination that has so many illnesses, each with its fix, and the plan for all."""
    findings = tuple(structs.replace(GOFLAGS, subject=f"GOFLAGS@{number}") for number in range(count))
    before = BASHRC_TEXT.encode()
    fix = structs.replace(PREPEND, steps=(EditFile(path=BASHRC, before=before, after=before + b"#\n" * 20),))
    parts = tuple(Part(finding, Trial(fix, WHOLE)) for finding in findings)
    return structs.replace(ILL, findings=findings), Plan(parts, proof=WHOLE)
