"""What lies in a folder or a bundle of the person's own: which versions it has for a processor, and where."""

import hashlib
import os
from collections.abc import Iterator, Mapping

from gomedic.host import Host
from gomedic.settings import Settings
from gomedic.texts import N_, Message
from gomedic.toolchain.bundle import INDEX, MANIFEST, MARK, BadBundle, Manifest, manifest
from gomedic.toolchain.errors import IndexNotTrusted, NotThere, OtherSigner, ToolchainError
from gomedic.toolchain.releases import LARGEST, Release, decode
from gomedic.toolchain.signature import LARGEST as LARGEST_SIGNATURE
from gomedic.toolchain.signature import Question, check_bytes, key_in
from gomedic.toolchain.sources import Place
from gomedic.toolchain.web import Web
from gomedic.versions import version

_OTHER_INDEX = N_("its {file} is not the one of its {manifest}")


def archives(place: Place, arch: str) -> Mapping[str, str]:
    """Return the archives in a folder by version: directly in it, or in a folder below, one for each version."""
    if place.folder is None:
        return {}
    found: dict[str, str] = {}
    for folder in _folders(place.folder):
        for name in sorted(_names(folder)):
            word = name.removesuffix(f".linux-{arch}.tar.gz")
            if word != name and version(word) is not None:
                found.setdefault(word, os.path.join(folder, name))
    return found


def _folders(folder: str) -> Iterator[str]:
    yield folder
    for name in sorted(_names(folder)):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            yield path


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


class Bundle:
    """A bundle that was opened: its manifest, the releases it has, and whether a key of the settings signed it."""

    def __init__(self, host: Host, settings: Settings, web: Web, path: str) -> None:
        """Raises BadBundle, BadIndex, IndexNotTrusted, BadKey."""
        data = _read(web, path, MANIFEST, LARGEST)
        self.path = path
        self.manifest: Manifest = manifest(data, path)
        self.signed = _is_signed(host, settings, web, path, data)
        index = _read(web, path, INDEX, LARGEST)
        entry = self.manifest.entry(INDEX)
        if entry is None or entry.sha256 != hashlib.sha256(index).hexdigest():
            raise BadBundle(file=path, reason=Message(_OTHER_INDEX, {"file": INDEX, "manifest": MANIFEST}))
        self.releases: tuple[Release, ...] = decode(index, f"{path}{MARK}{INDEX}")

    def source_of(self, file: str) -> str:
        """Return the name of the source that a file of the bundle came from."""
        entry = self.manifest.entry(file)
        return entry.source if entry else ""


def _read(web: Web, path: str, name: str, limit: int) -> bytes:
    return web.small(f"{path}{MARK}{name}", limit)


def _is_signed(host: Host, settings: Settings, web: Web, path: str, data: bytes) -> bool:
    """Return whether a key of the settings signed the manifest; whoever else did does not count."""
    try:
        signature = _read(web, path, f"{MANIFEST}.asc", LARGEST_SIGNATURE)
    except NotThere:
        return False
    keys = tuple(key_in(host, key.file) for key in settings.keys)
    if not keys:
        return False
    address = f"{path}{MARK}{MANIFEST}.asc"
    try:
        check_bytes(host, data, Question("", MANIFEST, signature, address, keys))
    except OtherSigner:
        return False
    except ToolchainError as error:
        raise IndexNotTrusted(url=path, reason=error.message) from None
    return True
