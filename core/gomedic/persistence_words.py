"""What a map of what lasts says, in words: for the command line and the window alike."""

from collections.abc import Iterator, Mapping

from gomedic.persistence import Persistence
from gomedic.texts import N_

CARRIERS: Mapping[str, str] = {
    "image": N_("the image (ENV)"),
    "run": N_("docker run -e"),
    "container": N_("the image or docker run -e"),
    "profile.d": N_("a file of /etc/profile.d"),
    "system file": N_("a file of the system"),
    "rc file": N_("a start-up file of the account"),
    "go env file": N_("Go's own settings file"),
    "process": N_("a running program alone"),
    "unknown": N_("not known"),
}
STORAGE: Mapping[str, str] = {
    "image": N_("as the image has it"),
    "container": N_("changed in this container"),
    "image or container": N_("in the image or changed in this container"),
    "volume": N_("in a volume"),
    "memory": N_("in memory"),
}
LASTS = {True: N_("still there"), False: N_("gone"), None: N_("not known")}
TERMINAL, RESTART, REBUILD = N_("new terminal"), N_("restart"), N_("rebuild")
NO_CONTAINER = N_(
    "This is no container: a restart is one of the machine, and there is no image to be rebuilt from."
)
NO_FIRST = N_(
    "The environment of process 1 may not be read here, so what the image or `docker run -e` gave is not known."
)
EITHER = N_(
    "From inside a container the image's ENV and `docker run -e` look the same: after a rebuild only the image's is there by itself."
)


def notes_on(found: Persistence) -> Iterator[str]:
    """Yield what is to be known of the map as a whole."""
    if not found.is_container:
        yield NO_CONTAINER
    elif not found.first_process_known:
        yield NO_FIRST
    elif any(each.carrier == "container" for each in found.lasting):
        yield EITHER
