"""Go release names and their order."""

import re
from functools import lru_cache

_RELEASE = re.compile(r"^(?:go)?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(alpha|beta|rc)(\d+))?(?:-(.+))?$")
_STAGES = {"alpha": 0, "beta": 1, "rc": 2}


@lru_cache(maxsize=512)
def version_key(version: str) -> tuple[int, int, int, int, int]:
    """Return a key that sorts releases as Go does: go1.21rc1 < go1.21.0 < go1.21.1; unknown names come first.

    >>> version_key("go1.21rc1") < version_key("go1.21.0") < version_key("1.21.13")
    True
    """
    found = _RELEASE.match(version.strip())
    if found is None:
        return (0, 0, 0, 0, 0)
    major, minor, patch, stage, number, _suffix = found.groups()
    return (int(major), int(minor or 0), int(patch or 0), _STAGES.get(stage or "", 3), int(number or 0))


def plain(version: str | None) -> str:
    """Return a release name as people say it: "1.22.10"; "?" when it is not known."""
    return version.removeprefix("go") if version else "?"
