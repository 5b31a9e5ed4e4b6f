"""The words of --limits are taken as they are meant, and every other word is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gomedic.limits import Limits, LimitsError, TmpFs, limits_of

MB = 1 << 20


def test_all_words_together() -> None:
    text = "memory=512m,pids=128,cpus=1.5,readonly,tmpfs=/tmp:64m,tmpfs=/run/,noexec,idle=30s,as=1g,fsize=4M,nofile=64"
    found = limits_of(text)
    assert found.text == text
    assert found.told("memory") == "memory=512m"
    whole = Limits(
        512 * MB, 128, 1.5, True, True, (TmpFs("/tmp", 64 * MB), TmpFs("/run", None)), 30.0, 1024 * MB, 4 * MB, 64, found.words
    )  # fmt: skip
    assert found == whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [("memory=1073741824", 1 << 30), ("memory=2GiB", 2 << 30), (" memory=64kb ", 64 << 10)],
)
def test_sizes_are_written_in_many_ways(text: str, expected: int) -> None:
    assert limits_of(text).memory == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("memory=", "memory="),
        ("memory", "memory"),
        ("memory=-1", "memory=-1"),
        ("memory=512x", "memory=512x"),
        ("pids=0", "pids=0"),
        ("pids=１２", "pids=１２"),
        ("pids=1.5", "pids=1.5"),
        ("cpus=0", "cpus=0"),
        ("readonly=yes", "readonly=yes"),
        ("tmpfs=tmp", "tmpfs=tmp"),
        ("tmpfs=/tmp:big", "tmpfs=/tmp:big"),
        ("idle=soon", "idle=soon"),
        ("pids=3,swap=1g", "swap=1g"),
        ("pids=3,pids=4", "pids=4"),
    ],
)
def test_what_is_no_limit_is_named(text: str, word: str) -> None:
    with pytest.raises(LimitsError) as raised:
        limits_of(text)
    assert f"“{word}”" in str(raised.value)


@given(st.text())
def test_any_text_is_limits_or_refused(text: str) -> None:
    try:
        found = limits_of(text)
    except LimitsError:
        return
    assert limits_of(found.text) == found


def test_the_innermost_tmpfs_is_over_a_folder() -> None:
    limits = limits_of("tmpfs=/tmp:64m,tmpfs=/tmp/big:1g")
    assert limits.over("/tmp/big/x") == TmpFs("/tmp/big", 1 << 30)
    assert limits.over("/tmp/bigger") == TmpFs("/tmp", 64 * MB)
    assert limits.over("/tmpx") is None
