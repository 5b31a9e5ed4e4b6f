"""Make one program of a bundle: the launcher, what the bundle has in it, and a footer (one_file/carried.h)."""

import argparse
import hashlib
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_MB = 1_000_000
FOOTER = struct.Struct("=16sQQQQ64s")
_MAGIC = b"gomedic bundle 1"
_ZSTD = ("zstd", "--quiet", "--check", "--single-thread", "--stdout")
# A window of 32 MiB is all the memory that unpacking takes.
_SMALL = ("--ultra", "-22", "--zstd=wlog=25")


def entry_of(path: Path, folder: Path) -> bytes:
    """Return the line of the list that stands for a file, link or folder."""
    name = os.fsencode(path.relative_to(folder)) + b"\0"
    if path.is_symlink():
        return b"l0 " + name + os.fsencode(path.readlink()) + b"\0"
    if path.is_dir():
        return b"d0 " + name
    status = path.stat()
    kind = b"x" if status.st_mode & 0o100 else b"f"
    return b"%c%d " % (kind[0], status.st_size) + name


def _contents(paths: list[Path]) -> Iterator[bytes]:
    return (path.read_bytes() for path in paths if path.is_file() and not path.is_symlink())


def pack(program: Path, folder: Path, made: Path, version: str, how: tuple[str, ...] = _SMALL) -> None:
    """Write `made`: `program`, carrying what is in `folder`. The same contents give the same bytes.

    `how` are zstd's own options for how hard to try.
    """
    paths = sorted(folder.rglob("*"))
    entries = b"".join(entry_of(path, folder) for path in paths)
    digest = hashlib.sha256(entries)
    with made.open("wb") as file:
        file.write(program.read_bytes() + entries)
        file.flush()
        begun, size = file.tell(), 0
        with subprocess.Popen([*_ZSTD, *how], stdin=subprocess.PIPE, stdout=file) as packer:
            assert packer.stdin is not None
            for content in _contents(paths):
                digest.update(content)
                packer.stdin.write(content)
                size += len(content)
        if packer.returncode != 0:
            raise SystemExit("pack_one_file: zstd did not end well")
        packed = os.lseek(file.fileno(), 0, os.SEEK_END) - begun
        name = f"{version}-{digest.hexdigest()[:12]}".encode()
        footer = FOOTER.pack(_MAGIC, program.stat().st_size, len(entries), packed, size, name)
        os.write(file.fileno(), footer)
    made.chmod(0o755)


def main() -> int:
    """Make the program; return 1 where it is over its budget."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("program", type=Path, help="the launcher, linked with ONE_FILE")
    words.add_argument("folder", type=Path)
    words.add_argument("made", type=Path)
    words.add_argument("--version", required=True)
    words.add_argument("--budget", type=float, required=True, help="MB")
    given = words.parse_args()
    pack(given.program, given.folder, given.made, given.version)
    size = given.made.stat().st_size
    print(f"{given.made.name}: {size / _MB:.1f} MB of {given.budget:g} MB")
    return size > given.budget * _MB


if __name__ == "__main__":
    sys.exit(main())
