"""How steps that need root are carried out: by root's own helper through sudo or pkexec, or by an administrator."""

import os
import stat
import subprocess  # noqa: TID251 - sudo asks on the person's terminal, which a process session of its own has not
from collections.abc import Mapping, Sequence

import msgspec

from gomedic import bundled, closed_list, journal
from gomedic.administrator import commands_for_administrator
from gomedic.host import Host
from gomedic.model import Step
from gomedic.problems import Left, NeedsRootError, RepairError, RollbackError, StaleError
from gomedic.root_helper import Answer, Plan, caller_of
from gomedic.root_staging import LONGEST, Order
from gomedic.texts import N_, Message

_LONGEST = 120.0  # seconds; the helper gives up by itself before that
_NO_WAY = N_(
    "This needs root, and gomedic may not become root here; an administrator can run the commands shown."
)
_NOT_LISTED = N_(
    "This needs root, but is more than gomedic does as root ({why}); an administrator can run the commands shown."
)
_STALE = N_("{path} has changed since it was examined, so nothing was done; examine again.")
_FAILED = N_("Root could not change {path} ({why}); everything is as it was.")
_NOT_STAGED = N_("Root did not take the toolchain into {path} ({why}); everything is as it was.")
_LEFT = N_("{path} could not be put back by root; what it held before is in {saved}.")


class _Unreachable(Exception):  # noqa: N818 - not an error: the next way is tried
    """The helper could not be started as root in this way."""


def check(host: Host, steps: Sequence[Step], *, may_ask: bool, act: str = "apply") -> None:
    """Raise a RepairError unless the privileged `steps` (none is fine) can be handed to root now.

    `act` is "apply", or "undo" where `steps` are what an undo by root amounts to.
    """
    if not steps:
        return
    if act == "apply":
        _check_listed(host, steps)
    asked = Plan(
        1, "check" if act == "apply" else "undo", f"{journal.new_id()}-0", tuple(steps) * (act == "apply")
    )
    try:
        _ask_helper(host, asked, may_ask=False)
    except _Unreachable as error:
        if not may_ask or not _may_be_asked(host):
            raise _needs_root(steps) from error


def carry_out(host: Host, act: str, run: str, steps: Sequence[Step], *, may_ask: bool) -> None:
    """Have root's helper "apply" `steps`, all or nothing, as `run`, or "undo" that run.

    Raises StaleError, NeedsRootError or RepairError with nothing done, RollbackError otherwise.
    """
    plan = Plan(1, act, run, tuple(steps) if act == "apply" else ())
    try:
        _ask_helper(host, plan, may_ask=may_ask)
    except _Unreachable as error:
        raise _needs_root(steps) from error


def order(host: Host, order: Order, *, may_ask: bool) -> None:
    """Have root's helper stage a toolchain, or discard it. Raises NeedsRootError, RepairError."""
    data = journal.encoded(order)
    for command in _ways(host, may_ask=may_ask):
        answer = _run(host, command, data, longest=LONGEST)
        if answer is not None:
            if answer.state not in ("done", "fit"):
                raise RepairError(Message(_NOT_STAGED, {"path": order.path, "why": answer.why}))
            return
    raise NeedsRootError(Message(_NO_WAY), ())


def _check_listed(host: Host, steps: Sequence[Step]) -> None:
    caller = caller_of(host.account.uid)
    try:
        for step in steps:
            closed_list.judge(step, caller)
    except closed_list.RefusedError as error:
        raise _needs_root(steps, _NOT_LISTED, why=str(error)) from error


def _needs_root(steps: Sequence[Step], text: str = _NO_WAY, **values: str) -> NeedsRootError:
    return NeedsRootError(Message(text, values), commands_for_administrator(steps))


# ------------------------------------------------------------------ ways to root


def _ask_helper(host: Host, plan: Plan, *, may_ask: bool) -> None:
    """Start the helper in the first way that works; raise what its answer amounts to."""
    for command in _ways(host, may_ask=may_ask):
        answer = _run(host, command, journal.encoded(plan))
        if answer is not None:
            _raise(answer, plan)
            return
    raise _Unreachable


def _ways(host: Host, *, may_ask: bool) -> list[list[str]]:
    """Return the commands that start the helper as root, the least trouble for the person first.

    There is none for a bundle that others than root could change (bundled.py says why).
    """
    helper = bundled.root_helper()
    if helper is None:
        return []
    sudo, pkexec = host.which("sudo"), host.which("pkexec")
    ways = [[sudo, "-n", "--", *helper]] if sudo else []
    if may_ask and pkexec and host.has_display and _is_installed_for_root():
        ways.append([pkexec, bundled.HELPER])
    if may_ask and sudo and _has_terminal():
        ways.append([sudo, "--", *helper])
    return ways


def _may_be_asked(host: Host) -> bool:
    return len(_ways(host, may_ask=True)) > len(_ways(host, may_ask=False))


def _is_installed_for_root() -> bool:
    """Whether a polkit action exists, for a helper that only root could have put there."""
    return all(_is_roots(path) for path in (bundled.POLICY, bundled.HELPER, os.path.dirname(bundled.HELPER)))


def _is_roots(path: str) -> bool:
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return status.st_uid == 0 and not status.st_mode & 0o022 and not stat.S_ISLNK(status.st_mode)


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _run(host: Host, command: Sequence[str], plan: bytes, longest: float = _LONGEST) -> Answer | None:
    """Return the helper's answer, None if root was not to be had."""
    asks = "-n" not in command
    try:
        ended = subprocess.run(
            command, input=plan, capture_output=not asks, stdout=subprocess.PIPE if asks else None,
            env=_environment(host.env), cwd="/", timeout=None if asks else longest, check=False,
        )  # fmt: skip
        return msgspec.json.decode(ended.stdout, type=Answer)
    except (OSError, subprocess.SubprocessError, msgspec.DecodeError):
        return None


def _environment(env: Mapping[str, str]) -> dict[str, str]:
    """Return what sudo needs to ask in the person's language; PATH may be what is broken."""
    kept = {
        name: env[name]
        for name in ("LANG", "LC_ALL", "LC_MESSAGES", "TERM", "DISPLAY", "XAUTHORITY")
        if name in env
    }
    return {**kept, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def _raise(answer: Answer, plan: Plan) -> None:
    values: dict[str, str | int | Message] = {"path": answer.path, "why": answer.why, "saved": answer.saved}
    match answer.state:
        case "done" | "fit":
            return
        case "stale":
            raise StaleError(Message(_STALE, values), (Left(answer.path, answer.saved or None),))
        case "left":
            raise RollbackError(Message(_LEFT, values), (Left(answer.path, answer.saved or None),))
        case "refused" if plan.steps:
            raise _needs_root(plan.steps, _NOT_LISTED, why=answer.why)
        case _:
            raise RepairError(Message(_FAILED, values))
