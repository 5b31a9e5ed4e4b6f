"""Reading images: beside `tar -tf` of the same layers, the memory by size, and several images on two cores.

    python tests/benchmarks/bench_image.py [RUNS [MB…]]

The images are made here: layers of text and of noise, as gzip (an OCI layout) and plain (a docker-archive). Plain layers are
listed by tar both through a pipe, as `docker save | tar -t` does, and from files, in which it seeks as we do; and read by us once
more with their sums. Of our figures some 0.1 s are the start of Python.
"""

import gzip
import io
import json
import os
import random
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from core.images.builder import sum_of

RUNS = 5
SIZES = (50, 400, 2000)  # MB
ONE = "import sys; from gomedic.images.checking import check_image; check_image(sys.argv[1])"
READ = "import sys; from gomedic.images.reading import open_image; open_image(sys.argv[1]).close()"
SUMS = "import sys; from gomedic.images.reading import open_image; open_image(sys.argv[1], sums=True).close()"
MANY = "import sys; from gomedic.images.checking import check_images; list(check_images(sys.argv[2:], workers=int(sys.argv[1])))"


def files(size: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield files of a few KB to a few MB, half of it text, until there are so many MB."""
    dice = random.Random(seed)
    words = b"the quick brown fox jumps over the lazy dog and sees the layers of an image one by one\n"
    done, number = 0, 0
    while done < size << 20:
        length = dice.choice((2_000, 8_000, 30_000, 120_000, 900_000))
        data = (
            (words * (length // len(words) + 1))[:length] if dice.random() < 0.5 else dice.randbytes(length)
        )
        yield f"usr/lib/{number % 97}/{number % 13}/file-{seed}-{number}.dat", data
        done += length
        number += 1


def layers(folder: Path, size: int) -> list[Path]:
    """Write the tars of the layers of an image of so many MB."""
    made = []
    for at in range(4):
        path = folder / f"layer{at}.tar"
        with tarfile.open(path, "w") as archive:
            for name, data in files(size // 4, at):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        made.append(path)
    return made


def sha(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def config(parts: list[Path]) -> bytes:
    told = {
        "architecture": "amd64",
        "os": "linux",
        "config": {},
        "rootfs": {"diff_ids": [f"sha256:{sha(p)}" for p in parts]},
    }
    return json.dumps(told).encode()


def docker(path: Path, parts: list[Path]) -> Path:
    text = config(parts)
    manifest = [{"Config": f"{sum_of(text)}.json", "Layers": [part.name for part in parts]}]
    with tarfile.open(path, "w") as archive:
        for part in parts:
            archive.add(part, part.name)
        for name, data in ((f"{sum_of(text)}.json", text), ("manifest.json", json.dumps(manifest).encode())):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def oci(folder: Path, parts: list[Path]) -> Path:
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)
    told = []
    for part in parts:
        packed = folder / "packed"
        with part.open("rb") as source, gzip.open(packed, "wb", compresslevel=6) as target:
            while data := source.read(1 << 20):
                target.write(data)
        told.append({"digest": f"sha256:{sha(packed)}"})
        packed.rename(blobs / told[-1]["digest"].removeprefix("sha256:"))
    for data in (config(parts), b""):
        if data:
            (blobs / sum_of(data)).write_bytes(data)
    manifest = json.dumps({"config": {"digest": f"sha256:{sum_of(config(parts))}"}, "layers": told}).encode()
    (blobs / sum_of(manifest)).write_bytes(manifest)
    (folder / "index.json").write_text(json.dumps({"manifests": [{"digest": f"sha256:{sum_of(manifest)}"}]}))
    (folder / "oci-layout").write_text("{}")
    return folder


def run(words: list[str]) -> tuple[float, float, int]:
    """Return wall seconds, processor seconds and peak memory in MB of a command."""
    begun = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    assert status == 0, words
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss >> 10


def median(words: list[str], runs: int) -> tuple[float, float, int]:
    """Return the medians of wall and processor seconds, and the highest memory."""
    found = [run(words) for _run in range(runs)]
    return (
        statistics.median(f[0] for f in found),
        statistics.median(f[1] for f in found),
        max(f[2] for f in found),
    )


def main(runs: int, sizes: Sequence[int]) -> None:
    python = [sys.executable, "-c"]
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            place = Path(scratch) / str(size)
            place.mkdir()
            parts = layers(place, size)
            plain, packed = docker(place / "image.tar", parts), oci(place / "oci", parts)
            quoted = " ".join(map(str, parts))
            listing = f"for l in {quoted}; do cat $l | tar -t; done"
            packed_layers = " ".join(
                str(p) for p in (packed / "blobs/sha256").iterdir() if p.stat().st_size > 1 << 20
            )
            unpacking = f"for l in {packed_layers}; do tar -tzf $l; done"
            seeking = f"for l in {quoted}; do tar -tf $l; done"
            for form, image, script, code in (
                ("plain, tar through a pipe", plain, listing, READ), ("plain, tar on files", plain, seeking, READ),
                ("plain with sums, tar through a pipe", plain, listing, SUMS), ("gzip", packed, unpacking, READ),
            ):  # fmt: skip
                ours, tar = median([*python, code, str(image)], runs), median(["sh", "-c", script], runs)
                whole = median([*python, ONE, str(image)], 1)
                print(
                    f"{size:5} MB {form}: read {ours[0]:.2f} s (processor {ours[1]:.2f}), tar {tar[0]:.2f} s ({tar[1]:.2f}), "
                    f"ratio {ours[0] / tar[0]:.2f} ({ours[1] / tar[1]:.2f}); whole check {whole[0]:.2f} s, {whole[2]} MB"
                )
            if size == 400:
                four = [str(packed)] * 4
                # One process alone keeps more than one core busy: it unpacks beside reading.
                slow = median(["taskset", "--cpu-list", "0", *python, MANY, "2", *four], runs)
                one, two = (median([*python, MANY, str(n), *four], runs) for n in (1, 2))
                print(
                    f"4 images of {size} MB: on one core {slow[0]:.2f} s (processor {slow[1]:.2f}); on all cores one process "
                    f"{one[0]:.2f} s ({one[1]:.2f}), two {two[0]:.2f} s ({two[1]:.2f}), to one core {two[0] / slow[0]:.2f}"
                )
            for path in parts:
                path.unlink()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS, [int(size) for size in sys.argv[2:]] or SIZES)
