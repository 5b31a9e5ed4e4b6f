"""How steps that need root are carried out: by root's own helper through pkexec or sudo, or by an administrator."""

from collections.abc import Sequence

from gomedic.host import Host
from gomedic.model import Step
from gomedic.problems import NeedsRootError
from gomedic.texts import N_, Message

_NO_WAY = N_(
    "This needs root, which this account cannot become here; an administrator can run the commands shown."
)


def check(host: Host, steps: Sequence[Step], *, may_ask: bool) -> None:
    """Raise NeedsRootError unless `steps` (privileged ones; none is fine) can be handed to root."""
    if steps:
        raise NeedsRootError(Message(_NO_WAY), ())


def carry_out(host: Host, act: str, run: str, steps: Sequence[Step], *, may_ask: bool) -> None:
    """Have root's helper apply or undo the privileged run `run`, all or nothing."""
    raise NeedsRootError(Message(_NO_WAY), ())
