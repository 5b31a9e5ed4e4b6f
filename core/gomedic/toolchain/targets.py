"""Where a toolchain may go: the account's own folder, a place for all accounts, or an image's file system."""

import os
import secrets
from collections.abc import Collection, Iterator

from msgspec import Struct, structs

from gomedic.closed_list import ASIDE
from gomedic.host import Host
from gomedic.model import EditFile, MakeFolder, MakeLink, Move, Step
from gomedic.texts import N_, Message
from gomedic.toolchain.errors import NotInstalled, ToolchainError
from gomedic.toolchain.image_root import arch_of, inside
from gomedic.toolchain.releases import arch_here, arch_of_word
from gomedic.toolchain.tree import tree

ACCOUNT, LOCAL, OPT = "account", "/usr/local/go", "/opt"
PLACES = (ACCOUNT, LOCAL, OPT)
_COMMANDS = ("go", "gofmt")
_PROFILE = "/etc/profile.d/gomedic-go.sh"
_RECORDS = "/usr/local/share/gomedic"


class UnknownPlace(ToolchainError):  # noqa: N818 - named for its reason
    """The word names no place for a toolchain."""

    TEXT = N_("“{word}” is no place for a toolchain; say account, /usr/local/go or /opt.")


class Target(Struct, frozen=True):
    """A place for toolchains."""

    place: str = ACCOUNT
    image: str = ""  # folder of an image's file system; "": this machine

    @property
    def shared(self) -> bool:
        """Whether it is there for all accounts."""
        return self.place != ACCOUNT

    def path(self, host: Host, version: str) -> str:
        """Return where `version` goes, on this machine."""
        if self.place == ACCOUNT:
            return os.path.join(host.data_folder, "toolchains", version)
        return self.real(f"{OPT}/go-{version.removeprefix('go')}" if self.place == OPT else LOCAL)

    def real(self, path: str) -> str:
        """Return where a path lies on this machine; of an image, where it lies below the image's folder."""
        return inside(self.image, path) if self.image else path


def target(host: Host, place: str | None, image: str | None) -> Target:
    """Return the place that is meant; in an image it is /usr/local/go unless something else is said.

    Raises UnknownPlace, and of an image what `image_root.inside` raises.
    """
    word = (place or (LOCAL if image else ACCOUNT)).rstrip("/")
    word = LOCAL if word == "/usr/local" else word
    if word not in PLACES or (image and word == ACCOUNT):
        raise UnknownPlace(word=place or "")
    folder = os.path.realpath(os.path.join(host.cwd, image)) if image else ""
    if folder:
        inside(folder, "/usr")
    return Target(word, folder)


def arch_for(to: Target) -> str:
    """Return the processor, as archives name it, that a toolchain there must be for. Raises NoImage.

    An image may be one for another machine; its own programs tell.
    """
    return arch_of_word(arch_of(to.image)) if to.image else arch_here()


def steps_to_switch(to: Target, host: Host, version: str) -> tuple[Step, ...]:
    """Return the steps that make /opt/go lead to an installed version. Raises NotInstalled."""
    goal = to.path(host, version)
    if to.place != OPT or not tree(goal).whole:
        raise NotInstalled(version=version, path=OPT)
    steps = _link(to.real(f"{OPT}/go"), os.path.basename(goal))
    return tuple(step if to.image else structs.replace(step, privileged=True) for step in steps)


# ------------------------------------------------------------------ steps


def steps_to_share(
    to: Target, goal: str, staged: str, lacking: Collection[str], record: bytes = b""
) -> tuple[Step, ...]:
    """Return the steps that put what is staged into its place for all accounts, and make all sessions find it.

    What is there is moved aside, and comes back with undo. `lacking` are kinds of session without the place's own
    folder on PATH: a link in /usr/local/bin is for them. An image keeps `record`, which says why to trust it.
    """
    folders = _folders(os.path.dirname(goal)) if to.image else []
    steps: list[Step] = [*folders, *_aside(goal), Move(source=staged, target=goal)]
    if to.place == OPT:
        steps += _link(to.real(f"{OPT}/go"), os.path.basename(goal))
    base = LOCAL if to.place == LOCAL else f"{OPT}/go"
    if to.image:
        steps += [*_commands(to, base), *_profile(to, base), *_kept(to, goal, record)]
    elif lacking or any(os.path.lexists(f"/usr/local/bin/{name}") for name in _COMMANDS):
        steps += _commands(to, base)
    return tuple(structs.replace(step, privileged=True) if not to.image else step for step in steps)


def _folders(path: str) -> list[Step]:
    missing: list[Step] = []
    while not os.path.isdir(path):
        missing.insert(0, MakeFolder(path=path))
        path = os.path.dirname(path)
    return missing


def _aside(path: str) -> Iterator[Step]:
    if os.path.lexists(path):
        name = path + ASIDE
        yield Move(source=path, target=f"{name}-{secrets.token_hex(4)}" if os.path.lexists(name) else name)


def _link(path: str, goal: str) -> Iterator[Step]:
    """Yield the steps that make a link: one rename where there is a link already."""
    before = os.readlink(path) if os.path.islink(path) else None
    if before is None:
        yield from _aside(path)
    if before != goal:
        yield MakeLink(path=path, before=before, after=goal)


def _commands(to: Target, base: str) -> Iterator[Step]:
    bin_folder = to.real("/usr/local/bin")
    if to.image:
        yield from _folders(bin_folder)
    for name in _COMMANDS:
        yield from _link(f"{bin_folder}/{name}", f"{base}/bin/{name}")


def _profile(to: Target, base: str) -> Iterator[Step]:
    """Yield the step that puts the place's folder on the PATH of an image's login shells."""
    path = to.real(_PROFILE)
    if not os.path.isdir(os.path.dirname(path)) or os.path.islink(path):
        return
    yield from _written(path, f'# added by gomedic\nexport PATH="{base}/bin:$PATH"\n'.encode())


def _kept(to: Target, goal: str, record: bytes) -> Iterator[Step]:
    """Yield the steps that keep the record of a toolchain in an image."""
    path = to.real(f"{_RECORDS}/{os.path.basename(goal)}.json")
    if record:
        yield from _folders(os.path.dirname(path))
        yield from _written(path, record)


def _written(path: str, text: bytes) -> Iterator[Step]:
    if os.path.islink(path):
        return
    try:
        with open(path, "rb") as file:
            before: bytes | None = file.read()
    except OSError:
        before = None
    if before != text:
        yield EditFile(path=path, before=before, after=text)


# ------------------------------------------------------------------ in words


def says(to: Target) -> Message:
    """Return what a place is called."""
    return Message(
        "{place}", {"place": os.path.join(to.image, to.place.lstrip("/")) if to.image else to.place}
    )
