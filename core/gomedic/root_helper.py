"""Root's own helper: carries out a plan from the closed list, all or nothing, trusting nothing it is given.

Started as `python -I -B -m gomedic.root_helper` with one plan (JSON) on standard input; answers with one
line of JSON. Keeps its own journal, so that taking back names an id and nothing else.
"""

import contextlib
import errno
import fcntl
import json
import os
import pwd
import signal
import stat
import sys
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from gomedic import carrying, closed_list, journal, root_ground, root_staging
from gomedic.carrying import StaleStepError, View
from gomedic.closed_list import Caller, RefusedError
from gomedic.model import Receipt, SetOwner, Step
from gomedic.root_way import RootsWay
from gomedic.texts import Message

STATE_FOLDER = "/var/lib/gomedic"
_LARGEST_PLAN = 16 << 20  # bytes
_MOST_STEPS = 20_000
_LONGEST = 90  # seconds


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """What the helper is asked to do."""

    schema: int
    act: str  # "check": only look whether "apply" would do it; "apply"; "undo": by id
    id: str
    steps: tuple[Step, ...]


class Answer(Struct, frozen=True, omit_defaults=True):
    """What became of it. In every state but "done" and "left" the machine is as it was."""

    state: str  # done fit stale refused failed left
    why: str = ""
    path: str = ""
    saved: str = ""


def decode(data: bytes) -> Plan:
    """Return the plan that `data` is, to the letter: what this program itself would write. Raises RefusedError."""
    try:
        given = json.loads(data)
        plan = msgspec.convert(given, Plan, strict=True)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"no plan: {error}") from error
    steps_fit = not plan.steps if plan.act == "undo" else 0 < len(plan.steps) <= _MOST_STEPS
    known = plan.schema == 1 and plan.act in ("check", "apply", "undo") and steps_fit
    if len(data) > _LARGEST_PLAN or not known or not journal.ID.fullmatch(plan.id):
        raise RefusedError("no plan that this helper knows")
    if json.dumps(msgspec.to_builtins(plan), sort_keys=True) != json.dumps(given, sort_keys=True):
        raise RefusedError("the plan has more in it than it says")
    return plan


class Helper:
    """Root at work in one tree; the arguments but `caller` are for tests, which have a tree of their own."""

    def __init__(
        self, caller: Caller, *, tree: str = "/", state_folder: str = STATE_FOLDER, root: int = 0
    ) -> None:
        self.caller = caller
        self.state_folder = state_folder
        self._roots = RootsWay(caller, tree, root)
        self._stager = root_staging.Stager(self._roots, caller, tree, state_folder)

    # ---------------------------------------------------------- acts

    def answer(self, data: bytes) -> Answer:
        """Do what the plan in `data` asks, and say what became of it."""
        try:
            if (order := root_staging.order_in(data)) is not None:
                return self._ordered(order)
            plan = decode(data)
            if plan.act != "undo":
                self.judge(plan.steps)
            if plan.act == "check":
                return Answer("fit")
            with self._alone():
                return self._undo(plan.id) if plan.act == "undo" else self._apply(plan)
        except RefusedError as error:
            return Answer("refused", str(error))
        except StaleStepError as error:
            return Answer("stale", path=error.path)
        except OSError as error:
            return Answer("failed", error.strerror or str(error), os.fsdecode(error.filename or ""))

    def _ordered(self, order: root_staging.Order) -> Answer:
        if order.act == "ready":
            return Answer("fit")
        with self._alone():
            self._stager.carry_out(order, journal.history(self.state_folder).receipts)
        return Answer("done")

    def judge(self, steps: Sequence[Step]) -> None:
        """Raise RefusedError, StaleStepError or OSError unless all steps may and can be carried out."""
        for step in steps:
            closed_list.judge(step, self.caller)
        view = View(self._roots.way)
        for step in steps:
            root_ground.check(self._roots, step, view)
            if (path := carrying.unfit(step, view)) is not None:
                raise StaleStepError(path)
            view.suppose(step)

    def _apply(self, plan: Plan) -> Answer:
        earlier = self._load(plan.id)
        if earlier and earlier.state != "taken back":
            if earlier.steps == plan.steps and earlier.state == "done":
                return Answer("done", "it has been done already")
            raise RefusedError(f"there is another plan {plan.id}")
        saved, contents = carrying.save(plan.steps, self._roots.way)
        receipt = Receipt(plan.id, "", "", Message(""), journal.now(), plan.steps, 0, "begun", saved)
        self._roots.given = self._inodes(plan.steps)
        journal.begin(
            self.state_folder, receipt, {**contents, "inodes.json": json.dumps(self._roots.given).encode()}
        )
        return self._all_or_nothing(receipt, plan.steps) or self._mark(receipt, "done")

    def _undo(self, receipt_id: str) -> Answer:
        receipt = self._load(receipt_id)
        if receipt is None or receipt.state == "taken back":
            return Answer("done", "nothing of that id is left to take back")
        inverse: list[Step] = []
        view = View(self._roots.way)
        for step in reversed(receipt.steps):
            if (path := carrying.unfit(step.inverse(), view)) is None:
                inverse.append(step.inverse())
                view.suppose(inverse[-1])
            elif not carrying.matches(step, view):  # else an administrator has taken it back already
                return Answer("stale", path=path, saved=journal.folder_of(self.state_folder, receipt_id))
        journal.mark(self.state_folder, receipt.id, "begun", len(inverse))
        if left := self._all_or_nothing(receipt, inverse, undoing=True):
            return left
        answer = self._mark(receipt, "taken back")
        for path in root_staging.staged_by(receipt):
            self._stager.remove(path)
        return answer

    def _mark(self, receipt: Receipt, state: str) -> Answer:
        journal.mark(self.state_folder, receipt.id, state, len(receipt.steps))
        return Answer("done")

    def _all_or_nothing(
        self, receipt: Receipt, steps: Sequence[Step], *, undoing: bool = False
    ) -> Answer | None:
        """Carry out all steps or none; return what to answer if it is none."""
        done: list[Step] = []
        try:
            for step in steps:
                done.append(step)
                try:
                    carrying.perform(step, self._roots.way, _scratch(receipt), taking_back=undoing)
                except (StaleStepError, RefusedError):  # raised before anything is changed
                    done.pop()
                    raise
            if undoing:
                self._settle(receipt)
        except (OSError, StaleStepError, RefusedError):
            if left := self._take_back(receipt, done):
                return left
            if undoing:
                self._mark(receipt, "done")
            else:
                self._settle(receipt)
                journal.remove(self.state_folder, receipt.id)
            raise
        return None

    def _take_back(self, receipt: Receipt, done: Sequence[Step]) -> Answer | None:
        first = carrying.first_on_path(tuple(done))
        left: Answer | None = None
        for step in reversed(done):
            path = carrying.paths_of(step)[0][0]
            try:
                carrying.take_back(step, first[path], self._roots.way, _scratch(receipt))
            except (OSError, StaleStepError, RefusedError) as error:
                left = Answer("left", str(error), path, journal.folder_of(self.state_folder, receipt.id))
        if left:
            journal.mark(self.state_folder, receipt.id, "left", 0)
        return left

    def _settle(self, receipt: Receipt) -> None:
        """Give back modes and times, but touch nothing in the home: there, only the owner was changed."""
        steps = tuple(step for step in receipt.steps if not isinstance(step, SetOwner))
        carrying.settle(steps, receipt.saved, self._roots.way)

    # ---------------------------------------------------------- the journal

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        os.makedirs(self.state_folder, 0o700, exist_ok=True)
        status = os.lstat(self.state_folder)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != self._roots.uid or status.st_mode & 0o077:
            raise RefusedError(f"{self.state_folder} is not root's own")
        descriptor = os.open(
            os.path.join(self.state_folder, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            self._roll_back_interrupted()
            yield
        finally:
            os.close(descriptor)

    def _roll_back_interrupted(self) -> None:
        for receipt in journal.interrupted(self.state_folder):
            self._load(receipt.id)
            if self._take_back(receipt, receipt.steps) is None:
                self._settle(receipt)
                journal.remove(self.state_folder, receipt.id)

    def _load(self, receipt_id: str) -> Receipt | None:
        try:
            receipt = journal.load(self.state_folder, receipt_id)
            if receipt:
                name = os.path.join(journal.folder_of(self.state_folder, receipt_id), "inodes.json")
                with open(name, "rb") as file:
                    self._roots.given = msgspec.json.decode(file.read(), type=dict[str, tuple[int, int]])
        except (journal.BrokenReceiptError, ValueError) as error:
            raise RefusedError(str(error)) from error
        return receipt

    def _inodes(self, steps: Sequence[Step]) -> dict[str, tuple[int, int]]:
        view = View(self._roots.way)
        return {s.path: view.find(s.path, False).identity for s in steps if isinstance(s, SetOwner)}


def _scratch(receipt: Receipt) -> str:
    return f".gomedic-{receipt.id}"


# ------------------------------------------------------------------ as a program


def main() -> int:
    """Read a plan, carry it out, print the answer; return 0 whatever it is."""
    uid = _calling_uid()
    os.environ.clear()  # noqa: TID251 - nothing of the caller's environment may matter
    os.umask(0o077)
    os.chdir("/")
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)  # half done is worse than done
    signal.signal(signal.SIGALRM, _too_late)
    signal.alarm(_LONGEST)
    data = sys.stdin.buffer.read(_LARGEST_PLAN + 1)
    if b'"stage"' in data[:64]:
        signal.alarm(root_staging.LONGEST)
    answer = Answer("refused", "not root") if os.geteuid() else Helper(caller_of(uid)).answer(data)
    sys.stdout.write(journal.encoded(answer).decode("ascii") + "\n")
    return 0


def _too_late(_number: int, _frame: object) -> None:
    raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))  # rolled back as any other failure


def _calling_uid() -> int:
    """Return whom sudo or pkexec says it acts for; they set this themselves (sudo(8), pkexec(1))."""
    for name in ("SUDO_UID", "PKEXEC_UID"):
        if (value := os.environ.get(name, "")).isdigit():  # noqa: TID251 - read once, before it is cleared
            return int(value)
    return os.getuid()


def caller_of(uid: int) -> Caller:
    """Return the account as the account database has it; one it does not know has no home."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Caller(uid, -1, "")
    return Caller(uid, entry.pw_gid, entry.pw_dir)


if __name__ == "__main__":
    sys.exit(main())
