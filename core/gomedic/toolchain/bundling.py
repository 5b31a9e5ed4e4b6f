"""A bundle made: each release fetched and verified as for an installation, then written whole or not at all."""

import contextlib
import fcntl
import glob
import hashlib
import io
import os
import secrets
import tarfile
import tempfile
import threading
from collections.abc import Generator, Iterator, Sequence
from functools import partial
from importlib.resources import files

import msgspec
from msgspec import Struct

from gomedic.host import Host, ProbeError
from gomedic.model import Progress
from gomedic.settings import Settings
from gomedic.texts import N_, Message
from gomedic.toolchain import official
from gomedic.toolchain.background import beside, waiting
from gomedic.toolchain.bundle import INDEX, KEY, MANIFEST, Entry, Manifest
from gomedic.toolchain.errors import CannotWrite, ToolchainError, WrongSum
from gomedic.toolchain.obtaining import WORTHLESS, checked, downloads, fetched, judge_content, question_for
from gomedic.toolchain.offers import Offer, offer
from gomedic.toolchain.releases import File, Release, arch_here, arch_of_word
from gomedic.toolchain.signature import PRIVATE
from gomedic.toolchain.sources import GO_DEV
from gomedic.toolchain.staging import passing
from gomedic.toolchain.targets import Target
from gomedic.toolchain.web import Web
from gomedic.versions import version_key

_LOOKING = N_("Looking for Go {version}")
_ASKING_SIGNATURE = N_("Fetching the signature of {file}")
_WRITING = N_("Writing {file}")
_READING = N_("Reading {file}")
_SIGNING = N_("Signing with key {key}")
_NO_GPG = N_("gpg is not installed")
_GPG_SAID = N_("gpg says: {said}")
_PIECE = 1 << 20
_MINUTES = 120.0  # seconds; a person may have to give a passphrase


class CannotSign(ToolchainError):  # noqa: N818 - named for its reason
    """The person's key made no signature."""

    TEXT = N_("The bundle could not be signed with key {key}: {reason}. It was not written.")


class Created(Struct, frozen=True):
    """A bundle that was written."""

    path: str
    versions: tuple[str, ...]
    architectures: tuple[str, ...]  # as in the files' names, in the order they were asked for
    size: int  # bytes
    sha256: str
    signed: bool


class _Part(Struct, frozen=True):
    """A verified archive."""

    offered: Offer
    path: str
    size: int
    signature: bytes
    source: str


def create(
    host: Host,
    settings: Settings,
    words: Sequence[str],
    path: str,
    source: str | None = None,
    key: str | None = None,
    architectures: Sequence[str] = (),
) -> Iterator[Progress | Created]:
    """Yield progress, and last the bundle written to `path`, signed with the person's `key` where one is named.

    It has each release for each of `architectures` (GOARCH words; none: this machine's). `latest` or a series means
    the newest for the first of them, and the same release for the others. The same releases give the same bytes, but
    for that signature. Raises the refusals of the module errors and CannotSign, with nothing written.
    """
    arches = tuple(dict.fromkeys(map(arch_of_word, architectures))) or (arch_here(),)
    with downloads(host) as folder, Web(host, settings.proxy) as web:
        parts: dict[tuple[str, str], _Part] = {}
        for word in words:
            name = word
            for arch in arches:
                part = yield from _obtained(host, settings, web, folder, name, source, arch)
                name = part.offered.version
                parts[name, arch] = part
        names = sorted(dict.fromkeys(name for name, _ in parts), key=version_key, reverse=True)
        ordered = [parts[name, arch] for name in names for arch in arches]
        yield from _written(host, ordered, os.path.join(host.cwd, path), key)


def _obtained(
    host: Host, settings: Settings, web: Web, folder: str, word: str, source: str | None, arch: str
) -> Generator[Progress, None, _Part]:
    looking = Message(_LOOKING, {"version": word})
    offered = yield from waiting(looking, partial(offer, host, settings, web, word, source, arch))
    asking = Message(_ASKING_SIGNATURE, {"file": offered.file})
    asked = yield from waiting(asking, partial(question_for, host, web, offered, Target(), may_lack=False))
    assert asked is not None  # noqa: S101 - it may not lack
    intake = yield from fetched(web, folder, offered, settings.shared_cache or "")
    with contextlib.closing(intake):
        try:
            yield from checked(host, asked, intake)
            judge_content(offered.file, offered.version, intake.plan())
        except WORTHLESS:
            os.unlink(intake.path)
            raise
        return _Part(offered, intake.path, intake.size, asked.signature, offered.source or GO_DEV.name)


# ------------------------------------------------------------------ the file


def _written(host: Host, parts: Sequence[_Part], path: str, key: str | None) -> Iterator[Progress | Created]:
    staged = f"{path}.part-{secrets.token_hex(4)}"
    _sweep(path)
    try:
        try:
            yield from _into(host, parts, staged, key)
            what = Message(_READING, {"file": os.path.basename(path)})
            digest, size = yield from beside(what, lambda _stop: _sum(staged))
            os.replace(staged, path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(staged)
    except OSError as error:
        raise CannotWrite(path=path, reason=os.strerror(error.errno or 0)) from None
    versions = tuple(dict.fromkeys(part.offered.version for part in parts))
    arches = tuple(dict.fromkeys(part.offered.arch for part in parts))
    yield Created(path, versions, arches, size, digest, key is not None)


def _sweep(path: str) -> None:
    """Delete what killed runs left of the bundle; what somebody writes is held."""
    for left in glob.glob(f"{glob.escape(path)}.part-????????"):
        with contextlib.suppress(OSError), open(left, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(left)


def _into(host: Host, parts: Sequence[_Part], path: str, key: str | None) -> Iterator[Progress]:
    """Write the bundle to `path`; yield progress. Raises CannotSign, WrongSum, OSError."""
    small = _small_files(host, parts)
    archives = [Entry(p.offered.file, p.offered.sha256, p.size, p.source) for p in parts]
    entries = [
        *archives,
        *(Entry(name, hashlib.sha256(data).hexdigest(), len(data)) for name, data in small.items()),
    ]
    said = Manifest(1, official.known(host).date, tuple(sorted(entries, key=lambda entry: entry.name)))
    manifest = msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n"
    first = {MANIFEST: manifest}
    if key is not None:
        asking = Message(_SIGNING, {"key": key})
        first[f"{MANIFEST}.asc"] = yield from beside(asking, lambda _stop: _signed(host, manifest, key))
    with open(path, "xb") as out, tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for name, data in {**first, **small}.items():
            tar.addfile(_header(name, len(data)), io.BytesIO(data))
        for part in parts:
            what = Message(_WRITING, {"file": part.offered.file})
            yield from beside(what, partial(_add, tar, part))
        tar.close()
        out.flush()
        yield from beside(Message(_WRITING, {"file": path}), lambda _stop: os.fsync(out.fileno()))


def _small_files(host: Host, parts: Sequence[_Part]) -> dict[str, bytes]:
    key = (files("gomedic_resources") / "keys" / "google.asc").read_bytes()
    signatures = {f"{part.offered.file}.asc": part.signature for part in parts}
    return {KEY: key, INDEX: _index(parts), **signatures}


def _index(parts: Sequence[_Part]) -> bytes:
    """Return what a list of releases says of them, as go.dev/dl would."""
    of = {
        part.offered.version: [p for p in parts if p.offered.version == part.offered.version]
        for part in parts
    }
    releases = [Release(version, True, tuple(_listed(part) for part in its)) for version, its in of.items()]
    return msgspec.json.format(msgspec.json.encode(releases), indent=1) + b"\n"


def _listed(part: _Part) -> File:
    offered = part.offered
    return File(offered.file, "linux", offered.arch, offered.version, offered.sha256, part.size, "archive")


def _header(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o644
    return info


class _Summing:
    """Reads a file and keeps the sum of what was read."""

    def __init__(self, path: str, stop: threading.Event) -> None:
        self._stop = stop
        self._file = open(path, "rb")  # noqa: SIM115 - closed by `close`
        self.sum = hashlib.sha256()

    def read(self, size: int) -> bytes:
        piece = b"" if self._stop.is_set() else self._file.read(size)  # too short: tarfile gives up
        self.sum.update(piece)
        return piece

    def close(self) -> None:
        self._file.close()


def _add(tar: tarfile.TarFile, part: _Part, stop: threading.Event) -> None:
    """Add an archive, whose sum is taken again: the cache is a folder that others could write."""
    with contextlib.closing(_Summing(part.path, stop)) as source:
        tar.addfile(_header(part.offered.file, part.size), source)  # type: ignore[arg-type]
        found = source.sum.hexdigest()
    if found != part.offered.sha256:
        values = {"found": found, "authority": part.offered.sum_from, "expected": part.offered.sha256}
        raise WrongSum(file=part.offered.file, source=part.path, **values)


def _sum(path: str) -> tuple[str, int]:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), os.path.getsize(path)


def _signed(host: Host, data: bytes, key: str) -> bytes:
    """Return the person's signature over the manifest. Raises CannotSign."""
    program = host.which("gpg")
    if program is None:
        raise CannotSign(key=key, reason=Message(_NO_GPG))
    with passing(tempfile.gettempdir(), PRIVATE) as folder:
        path = os.path.join(folder, MANIFEST)
        with open(path, "wb") as file:
            file.write(data)
        argv = [
            program,
            "--batch",
            "--local-user",
            key,
            "--armor",
            "--detach-sign",
            "--output",
            "-",
            path,
        ]
        try:
            ended = host.run(argv, timeout=_MINUTES)
        except ProbeError as error:
            raise CannotSign(key=key, reason=str(error)) from None
    if ended.code != 0 or not ended.out:
        lines = ended.err.decode("utf-8", "replace").strip().splitlines() or ["?"]
        raise CannotSign(key=key, reason=Message(_GPG_SAID, {"said": lines[-1][:200]}))
    return ended.out
