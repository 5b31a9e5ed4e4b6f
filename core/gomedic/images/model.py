"""The values of an image: its layers, the ways it is launched, and the report on it. All answers are read, not run."""

from enum import StrEnum

from msgspec import Struct

from gomedic.model import Examination, GoCommand, MadeBy, Origin
from gomedic.texts import Message


class Layer(Struct, frozen=True):
    """One layer of an image, lowest first."""

    number: int  # from 1
    digest: str  # "sha256:…" of its tar, unpacked (the diff_id); "" for a root file system
    created_by: str  # the history command that made it; "" where the history does not tell
    compression: str = "none"  # none gzip zstd
    entries: int = 0


class Command(Struct, frozen=True):
    """One step of the image's history; not every step makes a layer."""

    created_by: str
    layer: int | None  # the number of the layer that it made


class Image(Struct, frozen=True):
    """What an image says of itself."""

    path: str  # as asked for
    kind: str  # docker-archive docker-archive-oci oci-layout oci-archive dir rootfs rootfs-tar
    platform: str  # "linux/amd64"
    tags: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    history: tuple[Command, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()  # ENV, in order
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    shell: tuple[str, ...] = ()  # SHELL; () for the builder's default
    user: str = ""
    folder: str = ""  # WORKDIR
    nodes: int = 0  # files, folders and links of the whole view


class Found(StrEnum):
    """Whether a way of launching finds `go`, as far as reading tells."""

    YES = "found"
    NO = "missing"
    UNKNOWN = "unknown"  # what decides it cannot be read; never counts as healthy


class Carrier(StrEnum):
    """What carries Go into a way of launching."""

    ENV = "ENV"  # the image's environment
    PROFILE = "profile"  # /etc/profile itself
    PROFILE_D = "profile.d"
    START_UP = "start-up file"  # another one: ~/.bashrc, /etc/environment
    ENTRYPOINT = "entrypoint"
    LINK = "link"  # a link in a folder that is on PATH anyway
    SYSTEM = "system folder"  # the program itself lies in such a folder


class LaunchWay(Struct, frozen=True):
    """One row of the launch-way table: a way to start work in the image, and whether it finds `go`."""

    way: str  # see gomedic.images.launch.WAYS
    found: Found
    go: GoCommand | None = None
    carrier: Carrier | None = None
    origin: Origin | None = None  # of the PATH entry that carries it
    made_by: MadeBy | None = None  # the layer and command behind that origin
    unclear: Origin | None = None  # the line that cannot be read, where `found` is unknown
    installed: bool = True  # False: su, cron, sudo or sshd is not in the image; then as it would be with it
    measured: bool = False  # the session was really run


class Advice(Struct, frozen=True):
    """What to write in the Dockerfile against one finding."""

    finding: str  # its id
    title: Message
    lines: tuple[str, ...]  # Dockerfile lines to add, or to put in the place of `replaces`
    replaces: str | None = None  # the history command of the line to change


class ImageReport(Struct, frozen=True):
    """The report on one image: an examination like a machine's, and what only an image has."""

    image: Image
    examination: Examination
    launch_ways: tuple[LaunchWay, ...]
    advice: tuple[Advice, ...] = ()
    certainty: str = "possible"  # "possible": read; "measured": run


class NotRead(Struct, frozen=True):
    """An image that was refused or could not be read, and why."""

    path: str
    reason: Message
