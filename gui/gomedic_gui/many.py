"""Several fixes as one, done and taken back: what the window asks of the core."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from gomedic.doctor import Treatment
from gomedic.host import Host
from gomedic.model import Examination, Progress, Receipt
from gomedic.together import Chosen, Course, Plan, plan_all, treat_all

if TYPE_CHECKING:  # imported where it is asked for: an examination must be quick
    from gomedic.taking_back import Prospect, Return

Judged = Callable[[Iterator[Progress | Treatment]], Iterator[Progress | Treatment]]


class Many(Struct, frozen=True):
    """The core's doors. Each may take long, and is called off the GUI thread."""

    plan: Callable[[Examination], Iterator[Progress | Plan]] = lambda _seen: iter((Plan(()),))
    treat: Callable[[Examination, Sequence[Chosen]], Iterator[Progress | Course]] = lambda _seen, chosen: (
        iter((Course(tuple(chosen), over=True),))
    )
    prospects: "Callable[[Sequence[Receipt]], tuple[Prospect, ...]]" = lambda _receipts: ()
    take_back: "Callable[[Sequence[Receipt]], Iterator[Progress | Return]]" = lambda _receipts: iter(())


def many_for(host: Callable[[], Host], judged: Judged = iter) -> Many:
    """Return the real doors; `host` is asked each time anew, `judged` goes over what each treatment yields."""
    return Many(
        plan=lambda seen: plan_all(host(), seen),
        treat=lambda seen, chosen: treat_all(
            host(), seen, chosen, may_ask=True, as_shown=True, judged=judged
        ),
        prospects=lambda receipts: _prospects(host(), receipts),
        take_back=lambda receipts: _take_back(host(), receipts),
    )


def _prospects(host: Host, receipts: Sequence[Receipt]) -> "tuple[Prospect, ...]":
    from gomedic.taking_back import prospects

    return prospects(host, receipts)


def _take_back(host: Host, receipts: Sequence[Receipt]) -> "Iterator[Progress | Return]":
    from gomedic.taking_back import take_back_all

    return take_back_all(host, receipts, may_ask=True)
