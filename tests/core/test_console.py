"""Following what takes long: an interruption loses nothing that was already known."""

from collections.abc import Callable, Iterator

import pytest

from gomedic.console import Console
from gomedic.host import Host
from gomedic.model import Progress
from gomedic.texts import Message

BuildHost = Callable[..., Host]


def work(*results: str) -> Iterator[Progress | str]:
    yield Progress(Message("Beginning"))
    yield from results
    yield Progress(Message("Building"))
    raise KeyboardInterrupt


def test_who_interrupts_after_a_first_result_gets_it(
    host: BuildHost, capsys: pytest.CaptureFixture[str]
) -> None:
    console = Console(host(), "en", as_json=True)
    assert console.follow(work("verdict")) == "verdict"
    assert "Stopped before the end" in capsys.readouterr().err


def test_who_interrupts_before_it_gets_nothing(host: BuildHost) -> None:
    with pytest.raises(KeyboardInterrupt):
        Console(host(), "en", as_json=True).follow(work())
