"""The values of an export: a kind of set-up, the options it takes, the text that comes of them."""

from collections.abc import Callable

from msgspec import Struct

from gomedic.texts import Message

GOROOT = "/usr/local/go"  # where Go's own instructions unpack it (go.dev/doc/install)
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
WARM_CACHE = "/opt/go-cache"  # of an image: the standard library, built
BASE = "debian:bookworm-slim"


class ExportRefusedError(Exception):
    """A set-up cannot be written: a value that its format cannot carry, or an option that it has no use for."""

    def __init__(self, text: str, **values: "str | int | Message") -> None:
        self.message = Message(text, values)
        super().__init__(str(self.message))


class Archive(Struct, frozen=True):
    """The archive of a Go release: where its bytes come from, and the sum that they must have."""

    version: str  # "go1.22.5"
    file: str  # "go1.22.5.linux-amd64.tar.gz"
    url: str
    sha256: str


class Tool(Struct, frozen=True):
    """Another tool chain, such as GCC: the folder that holds its bin/, and where it shall be seen."""

    source: str
    target: str = ""  # "": only its programs are linked


class Options(Struct, frozen=True):
    """What a set-up is made for; `Kind.uses` names the ones that a kind looks at."""

    goroot: str = GOROOT
    gopath: str = ""  # a whole path, or "~/…" for each account's own; "": Go's own default
    goproxy: str = ""  # "": not set
    version: str = ""  # "go1.22.5": what a build machine shall fetch
    archive: Archive | None = None  # what an image shall install
    copy: bool = False  # the archive lies beside the Dockerfile
    cache: bool = False  # have the standard library built beforehand, or keep what was built
    base: str = ""  # the image to start from
    user: str = ""  # the account that works there
    home: str = ""  # its home folder; "": /home/NAME
    name: str = "app"  # of the service or program
    tools: tuple[Tool, ...] = ()


class Generated(Struct, frozen=True):
    """A set-up, ready to be shown, copied or saved."""

    kind: str
    text: str  # ends with a line break; UTF-8
    file: str  # the name to save it as
    mode: int  # the permission bits it needs
    place: Message  # where it goes, in one sentence
    about: Message  # what it does, in one sentence
    warnings: tuple[Message, ...] = ()


Made = tuple[str, tuple[Message, ...]]  # the text, and what a person should know of it


class Kind(Struct, frozen=True):
    """A kind of set-up that can be written."""

    id: str
    title: Message
    about: Message  # what it does, in one sentence
    place: Message  # where it goes, in one sentence; {name} is the service's
    file: str
    uses: tuple[str, ...]  # fields of Options
    make: Callable[[Options], Made]
    mode: int = 0o644
    fetches: bool = False  # a Go of a version named, rather than the one that lies at GOROOT
