"""Tell what kind of image a path leads to, by what is in it, and find its configuration and layers."""

import hashlib
import os
import re
from collections.abc import Sequence

from msgspec import Struct

from gomedic.images.documents import Config, Descriptor, DockerImage, Manifest, Platform, decoded
from gomedic.images.problems import ImageRefused
from gomedic.images.stores import FolderStore, TarStore
from gomedic.texts import N_, Message

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_DEEPEST = 4  # indexes within indexes
_MOST_LAYERS = 1000  # docker and containerd stop at 127, overlayfs at 500
_NAME = ("org.opencontainers.image.ref.name", "io.containerd.image.name")

NO_IMAGE = N_("{path} is no image: it has neither index.json nor manifest.json, and is no root file system.")
BAD_DIGEST = N_("{name} names a blob by {digest}, which is no digest.")
LIES = N_("{name} is not what the image says: its digest is {found}, not {told}.")
NO_PLATFORM = N_("The image has nothing for {wanted}; it has {there}. Say --platform with one of them.")
EMPTY = N_("{name} lists no image.")
DEEP = N_("The indexes of the image are nested more than {count} deep.")
NO_CONFIG = N_("{name} is no manifest of an image: it has no configuration or no layers.")
LAYERS = N_("The image lists {layers} layers, but {sums} sums of layers.")
MANY = N_("The image has {count} layers; no engine starts an image of more than {most}.")
SEVERAL = N_("{path} holds {count} images; the first one is examined.")


class Blob(Struct, frozen=True):
    """A layer as it lies in the store."""

    name: str  # in the store
    digest: str | None  # as it lies there; None where the format does not say
    diff_id: str  # unpacked
    size: int | None = None  # bytes, where the format says it


class Contents(Struct, frozen=True):
    """What an image consists of."""

    kind: str
    config: Config
    blobs: tuple[Blob, ...]
    tags: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()


def contents(path: str, store: FolderStore | TarStore, platform: str | None, native: str) -> Contents | None:
    """Return what the image consists of; None for a root file system. Raises ImageRefused.

    `platform` is asked for ("linux/arm64"), `native` the one to prefer where nothing is asked for.
    """
    if isinstance(store, TarStore) and store.is_system:
        return None
    if store.has("index.json") and (store.has("oci-layout") or not store.has("manifest.json")):
        found = _oci(path, store, platform, native)
    elif store.has("manifest.json"):
        found = _docker(path, store) if _is_list(store) else _skopeo(store)
    elif isinstance(store, FolderStore) and any(
        os.path.isdir(os.path.join(path, n)) for n in ("etc", "bin", "usr")
    ):
        return None
    else:
        raise ImageRefused(NO_IMAGE, path=path)
    _judge(found, platform)
    return found


def _is_list(store: FolderStore | TarStore) -> bool:
    return store.document("manifest.json").lstrip()[:1] == b"["


# ------------------------------------------------------------------ OCI


def _oci(path: str, store: FolderStore | TarStore, platform: str | None, native: str) -> Contents:
    manifest, name = decoded(store.document("index.json"), Manifest, "index.json"), "index.json"
    tags: list[str] = []
    notes: list[Message] = []
    for _level in range(_DEEPEST):
        if manifest.manifests is None:
            break
        there = [d for d in manifest.manifests if not _is_attestation(d)]
        tags += [t for d in there for key in _NAME if (t := (d.annotations or {}).get(key))]
        chosen = _chosen(there, platform, native, name)
        if len(there) > 1 and chosen.platform is None:
            notes.append(Message(SEVERAL, {"path": path, "count": len(there)}))
        name = chosen.digest
        manifest = decoded(_checked(store, chosen.digest), Manifest, name)
    else:
        raise ImageRefused(DEEP, count=_DEEPEST)
    if manifest.config is None or manifest.layers is None:
        raise ImageRefused(NO_CONFIG, name=name)
    config = decoded(_checked(store, manifest.config.digest), Config, manifest.config.digest)
    blobs = _blobs([(_place(d.digest), d) for d in manifest.layers], config)
    kind = "oci-layout" if isinstance(store, FolderStore) else "oci-archive"
    kind = "docker-archive-oci" if kind == "oci-archive" and store.has("manifest.json") else kind
    return Contents(kind, config, blobs, tuple(dict.fromkeys(tags)), tuple(notes))


def _is_attestation(descriptor: Descriptor) -> bool:
    told = (descriptor.annotations or {}).get("vnd.docker.reference.type")
    unknown = descriptor.platform is not None and descriptor.platform.os == "unknown"
    return told == "attestation-manifest" or unknown


def _chosen(there: list[Descriptor], platform: str | None, native: str, name: str) -> Descriptor:
    """Return the manifest for the platform asked for, else for this machine's; a lone one where nothing was asked."""
    if not there:
        raise ImageRefused(EMPTY, name=name)
    fitting = [d for d in there if d.platform and _fits(d.platform, platform or native)]
    if fitting:
        return fitting[0]
    unsaid = [d for d in there if d.platform is None]
    if unsaid:
        return unsaid[0]
    if platform is None and len(there) == 1:
        return there[0]
    raise ImageRefused(
        NO_PLATFORM, wanted=platform or native, there=", ".join(str(d.platform) for d in there)
    )


def _fits(platform: Platform, wanted: str) -> bool:
    told = str(platform)
    return told == wanted or f"{platform.os}/{platform.architecture}" == wanted


def _place(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise ImageRefused(BAD_DIGEST, name="manifest", digest=digest)
    algorithm, _colon, sum_ = digest.partition(":")
    return f"blobs/{algorithm}/{sum_}"


def _checked(store: FolderStore | TarStore, digest: str, name: str | None = None) -> bytes:
    """Return a document, its digest checked."""
    data = store.document(name or _place(digest))
    algorithm, _colon, told = digest.partition(":")
    found = hashlib.new(algorithm, data).hexdigest()
    if found != told:
        raise ImageRefused(LIES, name=name or digest, found=f"{algorithm}:{found}", told=digest)
    return data


# ------------------------------------------------------------------ docker save, skopeo dir


def _docker(path: str, store: FolderStore | TarStore) -> Contents:
    images = decoded(store.document("manifest.json"), tuple[DockerImage, ...], "manifest.json")
    if not images:
        raise ImageRefused(EMPTY, name="manifest.json")
    image = images[0]
    digest = re.fullmatch(r"(?:blobs/sha256/)?([0-9a-f]{64})(?:\.json)?", image.config)
    data = _checked(store, f"sha256:{digest[1]}", image.config) if digest else store.document(image.config)
    config = decoded(data, Config, image.config)
    blobs = _blobs([(os.path.normpath(name), _named(name)) for name in image.layers or ()], config)
    notes = (Message(SEVERAL, {"path": path, "count": len(images)}),) if len(images) > 1 else ()
    return Contents("docker-archive", config, blobs, image.repo_tags or (), notes)


def _named(name: str) -> Descriptor | None:
    found = re.fullmatch(r"blobs/sha256/([0-9a-f]{64})", name)
    return Descriptor(f"sha256:{found[1]}") if found else None


def _skopeo(store: FolderStore | TarStore) -> Contents:
    manifest = decoded(store.document("manifest.json"), Manifest, "manifest.json")
    if manifest.config is None or manifest.layers is None:
        raise ImageRefused(NO_CONFIG, name="manifest.json")
    plain = _place(manifest.config.digest).rpartition("/")[2]
    config = decoded(_checked(store, manifest.config.digest, plain), Config, plain)
    blobs = _blobs([(_place(d.digest).rpartition("/")[2], d) for d in manifest.layers], config)
    return Contents("dir", config, blobs)


def _blobs(layers: Sequence[tuple[str, Descriptor | None]], config: Config) -> tuple[Blob, ...]:
    sums = config.rootfs.diff_ids or ()
    if len(sums) != len(layers):
        raise ImageRefused(LAYERS, layers=len(layers), sums=len(sums))
    if len(layers) > _MOST_LAYERS:
        raise ImageRefused(MANY, count=len(layers), most=_MOST_LAYERS)
    for diff_id in sums:
        if not _DIGEST.fullmatch(diff_id):
            raise ImageRefused(BAD_DIGEST, name="rootfs.diff_ids", digest=diff_id)
    return tuple(_blob(name, told, diff_id) for (name, told), diff_id in zip(layers, sums, strict=True))


def _blob(name: str, told: Descriptor | None, diff_id: str) -> Blob:
    return Blob(name, told.digest, diff_id, told.size) if told is not None else Blob(name, None, diff_id)


def _judge(found: Contents, platform: str | None) -> None:
    """Refuse an image that is for another platform than was asked for."""
    own = Platform(found.config.architecture, found.config.os, found.config.variant)
    if platform is not None and str(own) and not _fits(own, platform):
        raise ImageRefused(NO_PLATFORM, wanted=platform, there=str(own))
