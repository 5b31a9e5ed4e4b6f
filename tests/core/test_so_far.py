"""What an examination tells before it is at its end."""

import itertools
from collections.abc import Callable
from pathlib import Path

from gomedic import checks
from gomedic.examining import SLOW, examine
from gomedic.host import Host
from gomedic.model import Examination, Progress

BuildHost = Callable[..., Host]


def early_and_last(host: Host) -> tuple[list[Examination], Examination]:
    every = list(examine(host))
    early = [value.so_far for value in every if isinstance(value, Progress) and value.so_far is not None]
    assert isinstance(every[-1], Examination)
    return early, every[-1]


def test_the_sessions_are_told_before_any_check(host: BuildHost) -> None:
    early, last = early_and_last(host())
    assert early[0].findings == ()
    assert early[0].checks == ()
    assert [session.kind for session in early[0].sessions] == [s.kind for s in last.sessions]


def test_findings_are_told_as_they_come_and_once_told_they_stay(home: Path, host: BuildHost) -> None:
    (home / ".bashrc").write_text("export GOROOT=/nowhere\nexport PATH=$PATH:/no/such/go/bin\n")
    early, last = early_and_last(host())
    told = [{finding.id for finding in each.findings} for each in early]
    assert told[-1]
    assert told[-1] <= {finding.id for finding in last.findings}
    assert all(before <= after for before, after in itertools.pairwise(told))


def test_what_waits_for_answers_comes_last_and_the_checks_keep_their_order(host: BuildHost) -> None:
    early, last = early_and_last(host())
    assert [check.id for check in last.checks] == [check.id for check in checks.ALL]
    early_ones = {check.id for each in early for check in each.checks}
    assert not early_ones & {check.id for check in checks.ALL if check.waits}


def test_a_slow_start_up_file_is_told_while_it_runs(home: Path, host: BuildHost) -> None:
    (home / ".bashrc").write_text("sleep 2\n")
    told = [value.what for value in examine(host()) if isinstance(value, Progress)]
    slow = [what for what in told if what.text == SLOW]
    assert slow
    assert slow[0].values["seconds"] == 1
