"""Which release a word means when the newest list cannot be had: told, with the age of the list that says so."""

import datetime
import os
from pathlib import Path

import pytest
from campus import file_name, index

from gomedic.host import Host
from gomedic.settings import read_settings
from gomedic.toolchain import official
from gomedic.toolchain.offers import Offer, offer
from gomedic.toolchain.web import Web

UNKNOWN = "go1.27.99"


@pytest.fixture
def listed_by_hand(machine: Host) -> Host:
    """A machine without a network, with a list that was put there a week ago."""
    path = Path(official.hand_file(machine))
    path.parent.mkdir(parents=True)
    path.write_bytes(index({file_name(UNKNOWN): b"x"}, UNKNOWN))
    week = datetime.datetime.now(datetime.UTC).timestamp() - 7 * 86400
    os.utime(path, (week, week))
    return machine


def meant(host: Host, word: str) -> Offer:
    with Web(host, None) as web:
        return offer(host, read_settings(host), web, word, None)


@pytest.mark.parametrize("word", ["latest", "1.27", "1.27.x"])
def test_the_age_of_the_list_is_told(listed_by_hand: Host, word: str) -> None:
    found = meant(listed_by_hand, word)
    date = official.known(listed_by_hand).date  # of what is shipped, where that is newer
    days = (datetime.datetime.now(datetime.UTC).date() - datetime.date.fromisoformat(date)).days
    assert found.version == UNKNOWN
    (note,) = found.notes
    start = f"“{word}” is Go 1.27.99 by the list of releases of {date}, {days} days old; a newer list could not be had. "
    assert str(note).startswith(start)
    assert "could not be reached" in str(note).removeprefix(start)


def test_a_name_needs_no_list(listed_by_hand: Host) -> None:
    assert meant(listed_by_hand, UNKNOWN).notes == ()
