"""The JSON documents of images, decoded strictly (OCI image specification 1.1; Docker image specification 1.2)."""

from typing import TypeVar

import msgspec
from msgspec import Struct, field

from gomedic.images.problems import ImageRefused
from gomedic.texts import N_

BROKEN = N_("{name} is no sound document of an image: {error}.")

T = TypeVar("T")


class Platform(Struct, frozen=True):
    """What machines an image is for."""

    architecture: str = ""
    os: str = ""
    variant: str | None = None

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant or "") if part)


class Descriptor(Struct, frozen=True, rename="camel"):
    """A pointer to a blob."""

    digest: str
    size: int | None = None  # bytes
    media_type: str = ""
    platform: Platform | None = None
    annotations: dict[str, str] | None = None


class Manifest(Struct, frozen=True):
    """A manifest or an index: an index has `manifests`, a manifest `config` and `layers`."""

    config: Descriptor | None = None
    layers: tuple[Descriptor, ...] | None = None
    manifests: tuple[Descriptor, ...] | None = None


class DockerImage(Struct, frozen=True, rename="pascal"):
    """One entry of the manifest.json that `docker save` writes."""

    config: str
    layers: tuple[str, ...] | None = None
    repo_tags: tuple[str, ...] | None = None


class Container(Struct, frozen=True, rename="pascal"):
    """How containers of an image are started."""

    env: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    shell: tuple[str, ...] | None = None
    user: str | None = None
    working_dir: str | None = None


class RootFs(Struct, frozen=True):
    """The sums of the layers, unpacked."""

    diff_ids: tuple[str, ...] | None = None


class History(Struct, frozen=True):
    """One step of building the image."""

    created_by: str = ""
    empty_layer: bool = False


class Config(Struct, frozen=True):
    """The image configuration."""

    architecture: str = ""
    os: str = ""
    variant: str | None = None
    config: Container | None = None
    rootfs: RootFs = field(default_factory=RootFs)
    history: tuple[History, ...] | None = None


def decoded(data: bytes, kind: type[T], name: str) -> T:
    """Return a document as a value. Raises ImageRefused with what is wrong with it."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ImageRefused(BROKEN, name=name, error=str(error).rstrip(".")) from error
