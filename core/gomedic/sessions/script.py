"""How to start a shell so that it reports on itself."""

from collections.abc import Mapping

from msgspec import Struct, field

MARK = "__GOMEDIC_END"  # the last command of every traced start-up


class Mode(Struct, frozen=True):
    """How a shell is started."""

    login: bool
    interactive: bool

    @property
    def flags(self) -> tuple[str, ...]:
        """The options by which bash, dash, zsh and fish are all told."""
        return (*(("-l",) if self.login else ()), *(("-i",) if self.interactive else ()))


class Script(Struct, frozen=True):
    """A command line that ends by writing the shell's environment to the channel `env`.

    In `argv`, @env@ and @trace@ stand for the descriptor numbers of these channels. What arrives on `env`:
    what `type go` says when `go` is an alias or function (or nothing), two NUL bytes, `env -0`.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)  # added to the session's base environment
    remove: tuple[str, ...] = ()  # taken out of it
    stdin: bytes = b""
    nonce: str = ""  # by which trace records are told from the shell's own output
    scratch: str | None = None  # a folder to delete afterwards


def environment_of(report: bytes) -> tuple[dict[str, str], str | None] | None:
    """Read what a script wrote to `env`: the environment and what `go` is, if no program; None if nothing came."""
    said, separator, rest = report.partition(b"\0\0")
    if not separator or not rest:
        return None
    pairs = (item.partition(b"=") for item in rest.split(b"\0") if b"=" in item)
    decoded = {_text(name): _text(value) for name, _equals, value in pairs}
    return decoded, (_text(said).strip() or None)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
