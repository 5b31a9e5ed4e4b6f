"""Which Go releases are here and which can be had, gathered off the GUI thread."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from gomedic.ending import ending
from gomedic.model import Progress

if TYPE_CHECKING:
    from gomedic.toolchain.availability import Availability
    from gomedic.toolchain.command import Installed
    from gomedic_gui.doctor import Doctor


class Stock(Struct, frozen=True):
    """What is known of releases."""

    own: "tuple[Installed, ...]" = ()
    available: "Availability | None" = None  # None: not looked at yet
    asked: bool = False  # whether the servers were asked, or only what is known without a network


def taking_stock(doctor: "Doctor", *, ask: bool) -> Iterator[Progress | Stock]:
    """Yield progress, and the stock as it becomes known; the servers come last, and only if they are to be asked."""
    stock = Stock(doctor.installed())
    yield stock
    for offline in (True, False) if ask else (True,):
        with ending(doctor.available(offline)) as work:
            for value in work:
                if isinstance(value, Progress):
                    yield value
                else:
                    stock = structs.replace(stock, available=value, asked=not offline)
                    yield stock
