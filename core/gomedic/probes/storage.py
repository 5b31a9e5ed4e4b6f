"""Where a file of a container lies: in the image, in what the container changed, in a volume, in memory."""

import os

import psutil
from msgspec import Struct

from gomedic.host import Host
from gomedic.probes.mounts import Mount, covering, mounts_of
from gomedic.sessions.base import in_container

_MARK = "/.dockerenv"  # Docker puts it there when it creates a container
_LAYERED = ("overlay", "aufs", "fuse-overlayfs", "fuse.fuse-overlayfs", "btrfs", "zfs")
_IN_MEMORY = ("tmpfs", "ramfs")
_MOMENT = 5.0  # seconds that creating a container may take
IMAGE, CHANGED, VOLUME, MEMORY, UNKNOWN = "image", "container", "volume", "memory", "unknown"
EITHER = "image or container"


class Clock(Struct, frozen=True):
    """When the container came to be and was last started, in seconds since the epoch; None: not known."""

    created: float | None
    started: float | None


def clock_of(host: Host) -> Clock:
    """Return when this container was created and started."""
    try:
        started: float | None = psutil.Process(1).create_time()
    except psutil.Error:
        started = None
    return Clock(_changed(_MARK) if in_container(host) else None, started)


def storage_of(host: Host, path: str, clock: Clock) -> str:
    """Return where a file lies; "unknown" where nothing shows it, as for a machine that is no container."""
    real = os.path.realpath(path)
    mounts = mounts_of(host.text("/proc/self/mountinfo") or "")
    return placed(covering(real, mounts), _changed(real), clock) if in_container(host) else UNKNOWN


def placed(mount: Mount | None, changed: float | None, clock: Clock) -> str:
    """Return where a file lies by the mount that it is in and when it was last changed.

    A file that an image brought keeps the time at which the image was unpacked, before the container was created
    (inode(7), ctime); without that time only what was changed since the start is known to be the container's.
    """
    if mount is None:
        return UNKNOWN
    if mount.kind in _IN_MEMORY:
        return MEMORY
    if mount.at != "/":
        return VOLUME
    if mount.kind not in _LAYERED or changed is None:
        return UNKNOWN
    if clock.created is not None:
        return CHANGED if changed > clock.created + _MOMENT else IMAGE
    return CHANGED if clock.started is not None and changed > clock.started + _MOMENT else EITHER


def _changed(path: str) -> float | None:
    try:
        return os.stat(path).st_ctime
    except OSError:
        return None
