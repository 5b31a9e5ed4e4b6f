"""Names of releases, their order, and what people mean by a word."""

from itertools import pairwise

import pytest

from gomedic.versions import is_official, meant, names_one, newest_first, version

ORDER = [
    "go1.27.0", "go1.27rc2", "go1.27beta1", "go1.22.12", "go1.22.5-campus.2", "go1.22.5-campus", "go1.22.5",
    "go1.22.0", "go1.21.0", "go1.21rc4", "go1.20.14", "go1.20", "go1.20rc1", "go1.9.2", "go1.9.2rc2", "go1",
]  # fmt: skip


def test_order() -> None:
    assert newest_first(reversed(ORDER)) == ORDER
    assert newest_first([*ORDER, "1.22", "go", "go1/2", "go1..2", "gotip"]) == ORDER
    keys = [found.key for name in ORDER if (found := version(name)) is not None]
    assert all(newer > older for newer, older in pairwise(keys))


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("latest", "go1.27.0"), ("1", "go1.27.0"), ("1.27", "go1.27.0"), ("1.22", "go1.22.12"),
        ("1.22.x", "go1.22.12"), ("go1.22", "go1.22.12"), ("1.20", "go1.20.14"), ("go1.20", "go1.20"),
        ("1.22.5", "go1.22.5"), ("go1.22.5", "go1.22.5"), ("go1.22.5-campus", "go1.22.5-campus"),
        ("1.22.5-campus", "go1.22.5-campus"), ("1.21rc4", "go1.21rc4"), ("1.28", None), ("go1.22.6", None),
        ("1.2", None), ("", None),
    ],
)  # fmt: skip
def test_what_a_word_means(word: str, name: str | None) -> None:
    assert meant(word, ORDER) == name


def test_a_candidate_is_meant_where_there_is_no_release_yet() -> None:
    assert meant("1.28", ["go1.27.0", "go1.28rc1", "go1.28rc2"]) == "go1.28rc2"


@pytest.mark.parametrize(
    "name", ["go1", "go1.22", "go1.22.5", "go1.23rc1", "go1.9.2rc2", "go1.4beta1", "go2.0.0"]
)
def test_names_that_only_google_may_give(name: str) -> None:
    assert is_official(name)


@pytest.mark.parametrize("name", ["go1.22.5-campus", "go1.22.5.1", "go1.22.5rc", "go1.22.5+x", "go1.22.5\n"])
def test_names_that_anybody_may_give(name: str) -> None:
    assert not is_official(name)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("go1.22.5", "go1.22.5"),
        ("1.22.5", "go1.22.5"),
        ("1.22", None),
        ("latest", None),
        ("x", None),
        ("go/..", None),
    ],
)
def test_exact_names_need_no_list(word: str, name: str | None) -> None:
    assert names_one(word) == name
