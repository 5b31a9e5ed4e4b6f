"""Pack a folder so that the same contents give the same bytes, and see that neither grew too large."""

import argparse
import lzma
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

_MB = 1_000_000
# The filter for machine code makes libraries 5 % smaller; xz and tar read it everywhere.
_BRANCHES = {"x86_64": lzma.FILTER_X86, "aarch64": lzma.FILTER_ARM}
_DICTIONARY = 32 << 20  # bytes, which unpacking takes in memory


def size_of(folder: Path) -> int:
    """Return how many bytes the files of a folder have; links count nothing."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_symlink() and path.is_file())


def pack(folder: Path, archive: Path, moment: int, machine: str) -> None:
    """Write `folder` as a .tar.xz: in the order of names, owned by root, with `moment` as every time."""
    branches = [{"id": _BRANCHES[machine]}] if machine == "x86_64" else []
    filters = [
        *branches,
        {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": _DICTIONARY},
    ]
    with (
        lzma.open(archive, "wb", format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC64, filters=filters) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar,
    ):
        for path in _in_order(folder):
            entry = tar.gettarinfo(path, str(path.relative_to(folder.parent)))
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = "root"
            entry.mtime = moment
            entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
            with path.open("rb") if entry.isreg() else open("/dev/null", "rb") as file:
                tar.addfile(entry, file if entry.isreg() else None)


def _in_order(folder: Path) -> Iterator[Path]:
    yield folder
    yield from sorted(folder.rglob("*"))


def over_budget(sizes: dict[str, tuple[int, float]]) -> list[str]:
    """Return a line for each of `sizes` (bytes, at most so many MB) that is too large."""
    return [
        f"{name} has {size / _MB:.1f} MB, more than the {most:g} MB it may have"
        for name, (size, most) in sizes.items()
        if size > most * _MB
    ]


def main() -> int:
    """Pack the folder given; return 1 where it or its archive is over its budget."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("archive", type=Path)
    words.add_argument("--moment", type=int, required=True, help="seconds since 1970")
    words.add_argument("--machine", choices=_BRANCHES, required=True)
    words.add_argument("--folder-budget", type=float, required=True, help="MB")
    words.add_argument("--archive-budget", type=float, required=True, help="MB")
    given = words.parse_args()
    pack(given.folder, given.archive, given.moment, given.machine)
    sizes = {
        given.folder.name: (size_of(given.folder), given.folder_budget),
        given.archive.name: (given.archive.stat().st_size, given.archive_budget),
    }
    for name, (size, most) in sizes.items():
        print(f"{name}: {size / _MB:.1f} MB of {most:g} MB")
    too_large = over_budget(sizes)
    print(*too_large, sep="\n", file=sys.stderr, end="\n" if too_large else "")
    return bool(too_large)


if __name__ == "__main__":
    sys.exit(main())
