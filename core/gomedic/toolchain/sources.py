"""Where toolchains come from: Google's own places, and what the settings or the person name."""

import os
from urllib.parse import urljoin

from msgspec import Struct

from gomedic.settings import Settings
from gomedic.texts import N_
from gomedic.toolchain.addresses import local_path
from gomedic.toolchain.bundle import INDEX, MARK
from gomedic.toolchain.errors import ToolchainError


class NotASource(ToolchainError):  # noqa: N818 - named for its reason
    """What was given with --from names nothing."""

    TEXT = N_("“{word}” is no address, no folder, and no source named in the settings.")


class Place(Struct, frozen=True):
    """A place that holds archives."""

    name: str  # what keys are bound to
    files: str  # address or folder that a file's name is appended to, with its last slash
    index: tuple[str, ...]  # addresses of the list of releases, in the order to try
    official: bool = False  # one of Google's own: its sums, signatures and index count for official versions

    def file(self, name: str) -> str:
        """Return the address of a file."""
        return self.files + name

    @property
    def bundle(self) -> str | None:
        """The path of the bundle that this is, None where it is none."""
        return self.files.removesuffix(MARK) if self.files.endswith(MARK) else None

    @property
    def folder(self) -> str | None:
        """The folder that this is, None where it is none."""
        return None if self.bundle else local_path(self.files)


# go.dev/dl/X redirects archives and .asc to dl.google.com/go/X, but answers X.sha256 with a page.
GO_DEV = Place("go.dev", "https://dl.google.com/go/", ("https://go.dev/dl/?mode=json&include=all",), True)
CHINA = Place(
    "golang.google.cn",
    "https://golang.google.cn/dl/",
    ("https://golang.google.cn/dl/?mode=json&include=all",),
    True,
)
OFFICIAL = (GO_DEV, CHINA)


def places(settings: Settings, word: str | None) -> tuple[Place, ...]:
    """Return the places to try, in order: the one `word` names, or the settings' and then Google's.

    `word` is an address, a folder, or the name of a source; an address or folder that the settings have is that
    source, with its name. Raises NotASource.
    """
    own = tuple(_place(source.name, source.url) for source in settings.sources)
    if word is None:
        return own + OFFICIAL
    for place in (*own, *OFFICIAL):
        if word == place.name or _same(word, place.files):
            return (place,)
    if local_path(word) is None and "://" not in word:
        raise NotASource(word=word)
    return (_place(word, word),)


def _place(name: str, url: str) -> Place:
    path = local_path(url)
    if path is not None and os.path.isfile(path):
        return Place(name, path + MARK, (path + MARK + INDEX,))
    if path is not None:
        folder = os.path.normpath(path) + "/"
        return Place(name, folder, (folder + "index.json",))
    base = url.partition("?")[0].rstrip("/") + "/"
    return Place(name, base, (urljoin(base, "index.json"), f"{base}?mode=json&include=all"))


def _same(word: str, files: str) -> bool:
    return _place("", word).files == files
