"""Go release names sort as Go sorts them."""

import pytest

from gomedic.versions import plain, version_key

ASCENDING = [
    "nonsense", "go1", "go1.4", "go1.9.7", "go1.18beta2", "go1.18rc1", "go1.18", "go1.18.10", "go1.21rc2", "go1.21.0",
    "go1.21.13", "go1.22.5-campus", "go1.22.10", "go2",
]  # fmt: skip


def test_releases_sort_as_go_does() -> None:
    keys = [version_key(name) for name in ASCENDING]
    assert keys == sorted(keys)


@pytest.mark.parametrize(("one", "other"), [("go1.21", "1.21.0"), ("", "devel go1.24")])
def test_names_of_the_same_release_are_alike(one: str, other: str) -> None:
    assert version_key(one) == version_key(other)


@pytest.mark.parametrize(("name", "said"), [("go1.22.10", "1.22.10"), (None, "?"), ("", "?"), ("1.2", "1.2")])
def test_a_release_is_said_as_people_say_it(name: str | None, said: str) -> None:
    assert plain(name) == said
