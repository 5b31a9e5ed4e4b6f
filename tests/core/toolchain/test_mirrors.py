"""Several mirrors: the fastest that serves the right bytes, whatever the others do, and nothing is ever believed."""

import hashlib
import ipaddress
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import lying
import pytest
from lying import NAME, Behaviour, Mirror, honest

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.toolchain import errors
from gomedic.toolchain.addresses import may_follow
from gomedic.toolchain.download import Wanted, download
from gomedic.toolchain.intake import Intake
from gomedic.toolchain.mirrors import Patience
from gomedic.toolchain.web import Web

DATA = os.urandom(3 << 20)
SUM = hashlib.sha256(DATA).hexdigest()
LONG = Patience(judged_after=0.3, worth_a_change=5.0)
SHORT = Patience(silence=5.0, silence_of_many=1.5)


class Mirrors:
    """Starts mirrors and fetches from them."""

    def __init__(self, host: Host, folder: Path, stack: ExitStack) -> None:
        self.host, self.folder = host, folder
        self._stack = stack
        self.told: list[Progress] = []

    def start(self, *behaviours: Behaviour, data: bytes = DATA) -> list[Mirror]:
        return [self._stack.enter_context(lying.mirror(data, behave)) for behave in behaviours]

    def fetch(self, *servers: Mirror, patience: Patience = LONG, size: int = len(DATA)) -> Intake:
        wish = Wanted(NAME, SUM, size, "the test", tuple(server.url for server in servers))
        with Web(self.host) as web:
            for item in download(web, str(self.folder), wish, patience):
                if isinstance(item, Progress):
                    self.told.append(item)
        assert isinstance(item, Intake)
        item.close()
        assert Path(item.path).read_bytes() == DATA
        assert [path.name for path in self.folder.iterdir()] == [SUM]
        return item


@pytest.fixture
def mirrors(machine: Host, tmp_path: Path) -> Iterator[Mirrors]:
    with ExitStack() as stack:
        yield Mirrors(machine, tmp_path / "downloads", stack)


def wholes(server: Mirror) -> list[str]:
    """Return the ranges that were asked for beyond the probe."""
    return [asked for asked in server.asked if not asked or asked.endswith("-")]


# ------------------------------------------------------------------ which one


@pytest.mark.parametrize("worse", [lying.late, lying.slow, lying.mute, lying.page, lying.shorter])
def test_the_first_to_serve_a_piece_is_taken(mirrors: Mirrors, worse: Behaviour) -> None:
    first, second = mirrors.start(worse, honest)
    assert mirrors.fetch(first, second).source == second.url
    assert wholes(first) == []


def test_a_single_server_is_not_probed(mirrors: Mirrors) -> None:
    (only,) = mirrors.start(honest)
    mirrors.fetch(only)
    assert only.asked == [""]


def test_all_that_refuse_are_told_by_the_first(mirrors: Mirrors) -> None:
    servers = mirrors.start(lying.page, lying.shorter)
    with pytest.raises(errors.WebPageInstead):
        mirrors.fetch(*servers)


def test_what_is_fetched_tells_where_it_comes_from_and_how_long_still(mirrors: Mirrors) -> None:
    servers = mirrors.start(lying.slow_after_the_probe, lying.mute)
    with pytest.raises(errors.TooSlow, match=f"{servers[0].url} has sent"):
        mirrors.fetch(*servers, patience=Patience(judged_after=0.3, longest=1.5))
    last = mirrors.told[-1]
    assert last.transfer is not None
    assert last.transfer.source == servers[0].url.split("/")[2]
    assert last.transfer.size == len(DATA)
    assert 100 < (last.transfer.speed or 0) < 4000
    assert (last.transfer.seconds_left or 0) > 600
    said = str(last.what)
    assert said.startswith(f"Fetching {NAME} from {last.transfer.source}: ")
    assert said.endswith(" min left")


# ------------------------------------------------------------------ switching


def test_a_stalled_one_is_left_and_its_bytes_are_kept(mirrors: Mirrors) -> None:
    first, second = mirrors.start(lying.stalling, lying.late)
    assert mirrors.fetch(first, second, patience=SHORT).source == second.url
    assert wholes(second) == ["bytes=300000-"]


def test_silence_is_told_every_second(mirrors: Mirrors) -> None:
    (only,) = mirrors.start(lying.stalling)
    with pytest.raises(errors.Stalled, match="stopped sending after 300000 bytes; what came is kept"):
        mirrors.fetch(only, patience=Patience(silence=1.0))
    assert sum(item.transfer is not None and item.transfer.done == 300_000 for item in mirrors.told) >= 3


def test_a_slow_one_is_left_for_a_faster(mirrors: Mirrors) -> None:
    first, second = mirrors.start(lying.slow_after_the_probe, lying.late)
    assert mirrors.fetch(first, second).source == second.url
    assert int(wholes(second)[0].removeprefix("bytes=").rstrip("-")) > 0


def test_a_slow_one_that_is_the_only_one_is_borne(mirrors: Mirrors) -> None:
    first, second = mirrors.start(lying.slow_after_the_probe, lying.page)
    with pytest.raises(errors.TooSlow):
        mirrors.fetch(first, second, patience=Patience(judged_after=0.3, longest=1.0))
    assert (mirrors.folder / f"{SUM}.part").stat().st_size > 0


def test_a_trickle_counts_as_a_stall(mirrors: Mirrors) -> None:
    (only,) = mirrors.start(lying.trickling)
    with pytest.raises(errors.Stalled):
        mirrors.fetch(only, patience=Patience(trickle=0.5))


@pytest.mark.parametrize("cut", [lying.cutting, lying.cutting_unannounced])
def test_one_that_cuts_at_every_mib_is_finished(mirrors: Mirrors, cut: Behaviour) -> None:
    (only,) = mirrors.start(cut)
    mirrors.fetch(only)
    assert wholes(only) == ["", f"bytes={1 << 20}-", f"bytes={2 << 20}-"]


def test_going_on_names_the_file_that_was_begun(mirrors: Mirrors) -> None:
    def tagged(asked: lying.Asked) -> None:
        asked.head(ETag='"v1"')
        asked.body(last=min(asked.start + (1 << 20), asked.end))

    def weakly(asked: lying.Asked) -> None:
        asked.head(ETag='W/"v1"')
        asked.body(last=min(asked.start + (1 << 20), asked.end))

    strong, weak = mirrors.start(tagged, weakly)
    mirrors.fetch(strong)
    assert strong.tags == ["", '"v1"', '"v1"']
    (mirrors.folder / SUM).unlink()
    mirrors.fetch(weak)
    assert weak.tags == ["", "", ""]


# ------------------------------------------------------------------ lies


def test_one_that_lies_is_not_asked_again(mirrors: Mirrors) -> None:
    liar, good = mirrors.start(lying.lying_at_the_end, lying.late)
    assert mirrors.fetch(liar, good).source == good.url
    assert wholes(liar) == [""]


def test_a_lie_over_the_bytes_of_another_is_found_out(mirrors: Mirrors) -> None:
    """Nobody can say whose bytes are wrong: each mirror is tried alone, from the start."""
    liar, good = mirrors.start(lying.other_file_in_the_middle, lying.late)
    mirrors.folder.mkdir()
    (mirrors.folder / f"{SUM}.part").write_bytes(DATA[:1000])
    assert mirrors.fetch(liar, good).source == good.url
    assert wholes(liar) == ["bytes=1000-", "", f"bytes={1 << 20}-"]
    assert wholes(good) == [""]


def test_a_lie_over_an_earlier_run_is_found_out(mirrors: Mirrors) -> None:
    (only,) = mirrors.start(honest)
    mirrors.folder.mkdir()
    (mirrors.folder / f"{SUM}.part").write_bytes(DATA[:1000] + b"x" * 1000)
    mirrors.fetch(only)
    assert only.asked == ["bytes=2000-", ""]


@pytest.mark.parametrize(
    ("lie", "kind"),
    [
        (lying.other_file_in_the_middle, errors.WrongSum),
        (lying.lying_at_the_end, errors.WrongSum),
        (lying.other_each_time, errors.WrongSum),
        (lying.shorter, errors.CutShort),
        (lying.endless, errors.TooLarge),
        (lying.page, errors.WebPageInstead),
        (lying.page_in_the_middle, errors.WebPageInstead),
    ],
)
def test_every_lie_is_refused_and_another_mirror_helps(
    mirrors: Mirrors, lie: Behaviour, kind: type[errors.ToolchainError]
) -> None:
    (liar,) = mirrors.start(lie)
    if lie is not lying.page_in_the_middle:
        with pytest.raises(kind):
            mirrors.fetch(liar)
    liar.data, liar.behave = DATA, lie
    (good,) = mirrors.start(lying.late)
    assert mirrors.fetch(liar, good).source == good.url


def test_one_that_cannot_go_on_begins_anew_only_where_no_other_is_left(mirrors: Mirrors) -> None:
    begun, whole = mirrors.start(lying.late, lying.without_ranges)
    mirrors.folder.mkdir()
    (mirrors.folder / f"{SUM}.part").write_bytes(DATA[:-1000])
    assert mirrors.fetch(begun, whole).source == begun.url
    assert wholes(whole) == []
    (mirrors.folder / SUM).rename(mirrors.folder / f"{SUM}.part")
    with open(mirrors.folder / f"{SUM}.part", "r+b") as file:
        file.truncate(1000)
    assert mirrors.fetch(whole).source == whole.url


# ------------------------------------------------------------------ what is on this machine already


def test_a_shared_cache_spares_the_network_and_is_filled(mirrors: Mirrors, tmp_path: Path) -> None:
    (only,) = mirrors.start(honest)
    shared = tmp_path / "shared"
    shared.mkdir()
    for _ in range(2):
        wish = Wanted(NAME, SUM, len(DATA), "the test", (only.url,), str(shared))
        with Web(mirrors.host) as web:
            *_, intake = download(web, str(mirrors.folder), wish)
        assert isinstance(intake, Intake)
        intake.close()
        Path(intake.path).unlink()
    assert only.asked == [""]
    assert [(path.name, path.stat().st_mode & 0o777) for path in shared.iterdir()] == [(SUM, 0o644)]


def test_a_spoilt_shared_cache_is_found_out(mirrors: Mirrors, tmp_path: Path) -> None:
    (only,) = mirrors.start(honest)
    (tmp_path / SUM).write_bytes(DATA[:-1] + b"x")
    wish = Wanted(NAME, SUM, len(DATA), "the test", (only.url,), str(tmp_path))
    with Web(mirrors.host) as web:
        *_, intake = download(web, str(mirrors.folder), wish)
    assert isinstance(intake, Intake)
    intake.close()
    assert Path(intake.path).read_bytes() == DATA


def test_without_a_network_nothing_is_asked(mirrors: Mirrors, tmp_path: Path) -> None:
    (only,) = mirrors.start(honest)
    mirrors.host = mirrors.host.without_network()
    with pytest.raises(errors.Offline, match=f"{only.url} would have to be fetched"):
        mirrors.fetch(only)
    assert only.asked == []
    (tmp_path / NAME).write_bytes(DATA)
    wish = Wanted(NAME, SUM, len(DATA), "the test", (only.url, f"file://{tmp_path / NAME}"))
    with Web(mirrors.host) as web:
        *_, intake = download(web, str(mirrors.folder), wish)
    assert isinstance(intake, Intake)
    intake.close()
    assert only.asked == []


def test_hanging_up_leaves_no_wait(mirrors: Mirrors) -> None:
    (only,) = mirrors.start(lying.stalling)
    wish = Wanted(NAME, SUM, len(DATA), "the test", (only.url,))
    with Web(mirrors.host) as web:
        run = download(web, str(mirrors.folder), wish)
        for _ in run:
            if _size(mirrors) == 300_000:
                break
        begun = time.monotonic()
        run.close()
    assert time.monotonic() - begun < 1


def _size(mirrors: Mirrors) -> int:
    return (mirrors.folder / f"{SUM}.part").stat().st_size


# ------------------------------------------------------------------ redirects


@pytest.mark.parametrize(
    ("url", "target", "followed"),
    [
        ("https://8.8.8.8/a", "https://8.8.4.4/b", True),
        ("http://8.8.8.8/a", "https://8.8.4.4/b", True),
        ("https://8.8.8.8/a", "http://8.8.4.4/b", False),
        ("http://8.8.8.8/a", "file:///etc/passwd", False),
        ("http://8.8.8.8/a", "ftp://8.8.4.4/b", False),
        ("http://8.8.8.8/a", "http://127.0.0.1/b", False),
        ("http://8.8.8.8/a", "http://localhost/b", False),
        ("http://8.8.8.8/a", "http://[::1]/b", False),
        ("http://8.8.8.8/a", "http://[::ffff:10.0.0.1]/b", False),
        ("http://8.8.8.8/a", "http://10.0.0.1/b", False),
        ("http://8.8.8.8/a", "http://192.168.1.1/b", False),
        ("http://8.8.8.8/a", "http://169.254.169.254/b", False),
        ("http://8.8.8.8/a", "http://0.0.0.0/b", False),
        ("http://8.8.8.8/a", "http://100.64.0.1/b", False),
        ("http://8.8.8.8/a", "http://198.18.0.7/b", True),
        ("http://10.0.0.1/a", "http://10.0.0.2/b", True),
        ("http://127.0.0.1/a", "http://127.0.0.1:8080/b", True),
        ("http://127.0.0.1/a", "http://8.8.8.8/b", True),
    ],
)
def test_a_redirect_leads_never_inside_nor_to_files(url: str, target: str, followed: bool) -> None:
    assert may_follow(url, target, proxied=True) is followed


def test_a_name_is_looked_up_where_no_proxy_does_it() -> None:
    name = socket.gethostname()
    try:
        inside = not ipaddress.ip_address(socket.gethostbyname(name)).is_global
    except OSError:
        inside = False
    if not inside:
        pytest.skip("this machine's own name leads to no private address")
    assert not may_follow("http://8.8.8.8/a", f"http://{name}/b", proxied=False)
    assert may_follow("http://8.8.8.8/a", f"http://{name}/b", proxied=True)
    assert may_follow(f"http://{name}/a", f"http://{name}/b", proxied=False)
