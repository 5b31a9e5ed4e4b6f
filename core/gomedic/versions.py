"""Names of Go releases: which is newer, which are Google's, and which one a person's word means."""

import re
from collections.abc import Iterable

from msgspec import Struct

_OFFICIAL = re.compile(r"go(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(beta|rc)(\d+))?")
_NAME = re.compile(r"go\d[0-9A-Za-z._+-]{0,63}")
_SERIES = re.compile(r"(?:go)?(\d+(?:\.\d+)?)(\.x)?")
_STAGES = {"beta": 0, "rc": 1, None: 2}


class Version(Struct, frozen=True):
    """A release's name, taken apart. Sort by `key`: go1.22rc1 < go1.22.0 < go1.22.0-campus < go1.22.1."""

    name: str  # "go1.22.5-campus"
    numbers: tuple[int, int, int]
    stage: int  # 0 beta, 1 release candidate, 2 release
    stage_number: int
    suffix: str  # "-campus"; "" for a release of Google's

    @property
    def key(self) -> tuple[tuple[int, int, int], int, int, str]:
        """What to sort by (go.dev/ref/toolchain#version; suffixes do not count there, names break the tie)."""
        return self.numbers, self.stage, self.stage_number, self.suffix

    @property
    def stable(self) -> bool:
        """Whether this is neither beta nor release candidate."""
        return self.stage == _STAGES[None]


def version(name: str) -> Version | None:
    """Return the release that `name` ("go1.22.5") names exactly, None where it names none."""
    found = _OFFICIAL.match(name)
    if found is None or _NAME.fullmatch(name) is None or ".." in name or name.endswith("."):
        return None
    major, minor, patch, stage, number = found.groups()
    numbers = (int(major), int(minor or 0), int(patch or 0))
    return Version(name, numbers, _STAGES[stage], int(number or 0), name[found.end() :])


def is_official(name: str) -> bool:
    """Whether only Google may make a release of this name: go1.22.5, go1.23rc1; not go1.22.5-campus."""
    return _OFFICIAL.fullmatch(name) is not None


def newest_first(names: Iterable[str]) -> list[str]:
    """Return the version names in order; what is no version is left out."""
    known = {name: found for name in names if (found := version(name)) is not None}
    return sorted(known, key=lambda name: known[name].key, reverse=True)


def meant(word: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that a person means by `word`, None where none is meant.

    `latest` and a series (`1.22`, `1.22.x`, `1`) mean the newest release, or the newest candidate where
    there is no release yet; everything else is a name, with or without `go`.
    """
    ordered = newest_first(names)
    if word in ordered:
        return word
    if word in ("latest", "stable", "newest"):
        return _newest(name for name in ordered if is_official(name))
    if (series := _SERIES.fullmatch(word)) is not None:
        return _newest(name for name in ordered if is_official(name) and _is_of(name, series[1]))
    return f"go{word}" if f"go{word}" in ordered else None


def is_word(word: str) -> bool:
    """Whether `word` could mean a version at all."""
    return word in ("latest", "stable", "newest") or bool(
        _SERIES.fullmatch(word) or version(word) or version(f"go{word}")
    )


def names_one(word: str) -> str | None:
    """Return the exact release that `word` names without a list to look in, None for a series or `latest`."""
    if word.startswith("go"):
        return word if version(word) else None
    return None if _SERIES.fullmatch(word) or version(f"go{word}") is None else f"go{word}"


def _newest(ordered: Iterable[str]) -> str | None:
    found = list(ordered)
    stable = [name for name in found if (parsed := version(name)) is not None and parsed.stable]
    return next(iter(stable or found), None)


def _is_of(name: str, series: str) -> bool:
    return re.match(rf"go{re.escape(series)}(?![0-9])", name) is not None


def version_key(name: str) -> tuple[tuple[int, int, int], int, int, str]:
    """Return what to sort releases by, also "1.22.1" as a go.mod writes it; what is no version comes first.

    >>> version_key("go1.21rc1") < version_key("go1.21.0") < version_key("1.21.13")
    True
    """
    parsed = version(name if name.startswith("go") else f"go{name}")
    return parsed.key if parsed is not None else ((0, 0, 0), 0, 0, "")


def plain(name: str | None) -> str:
    """Return a release's name as people say it: "1.22.10"; "?" when it is not known."""
    return name.removeprefix("go") if name else "?"
