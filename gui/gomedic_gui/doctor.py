"""What the window asks of the core, bound to one machine."""

import os
from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct

from gomedic import doctor as core
from gomedic.doctor import Offer, Restored, Treatment
from gomedic.host import Host
from gomedic.model import Examination, Finding, Fix, Progress, Receipt
from gomedic.proof import Proof


class Doctor(Struct, frozen=True):
    """The core's doors. Each may take long, and is called off the GUI thread."""

    examine: Callable[[], Iterator[Progress | Examination]]
    treat: Callable[[Examination, Finding, Fix], Iterator[Progress | Treatment]]
    take_back: Callable[[str | None], Iterator[Progress | Restored]]
    history: Callable[[], tuple[Receipt, ...]]
    text: Callable[[str], str | None]  # content of a file
    go_in: Callable[[str], str | None]  # real path of the go command in a folder
    prove: Callable[[Examination, Finding, Fix], Iterator[Progress | Proof | None]] = lambda *_fix: iter(
        (None,)
    )
    best_fix: Callable[[Examination, Finding], Iterator[Progress | Offer]] = lambda _seen, finding: iter(
        (Offer.untried(finding.fixes),)
    )
    examine_thoroughly: Callable[[], Iterator[Progress | Examination]] = lambda: iter(())  # may yield two


def doctor_for(host: Host, project: str | None = None) -> Doctor:
    """Return the real doctor for `host`."""
    return Doctor(
        examine=partial(core.examine, host, project=project),
        treat=partial(core.treat, host, may_ask=True),
        take_back=partial(core.take_back, host, may_ask=True),
        history=partial(core.history, host),
        text=host.text,
        go_in=partial(_go_in, host),
        prove=partial(core.prove, host),
        best_fix=partial(core.best_fix, host),
        examine_thoroughly=partial(core.examine, host, project=project, deep=True),
    )


def _go_in(host: Host, folder: str) -> str | None:
    found = host.which("go", path=folder) if folder.startswith("/") else None
    return os.path.realpath(found) if found else None
