"""What a traced shell start-up tells: which command changed which variable, at which line of which file."""

from collections.abc import Mapping

from msgspec import Struct, field

PIPES = ("/dev/fd/", "/proc/self/fd/")
"""Where the text of `source <(…)` is read from: no file that anybody could edit."""


class Frame(Struct, frozen=True):
    """A place in the call chain of a command."""

    file: str
    line: int


class Change(Struct, frozen=True):
    """One variable changed by one command of the start-up."""

    variable: str
    before: str | None  # None: not set
    after: str | None
    exported: bool  # after the change
    frames: tuple[Frame, ...]  # innermost first; empty: not known
    command: str  # as traced, expanded
    following: tuple[Frame, ...] = ()  # of the next command, whose expansions come before its trace


class Trace(Struct, frozen=True):
    """The story of one shell start-up, in order."""

    changes: tuple[Change, ...] = ()
    files: tuple[str, ...] = ()  # start-up files that were read, in order of first appearance
    reached: Mapping[str, frozenset[int]] = field(default_factory=dict)  # lines that ran, per file
    returned: Mapping[str, int] = field(default_factory=dict)  # files left early by `return`, and the line
    last: tuple[Frame, ...] = ()  # of the last command seen
    last_command: str = ""
    complete: bool = False  # the start-up came to its end


WATCHED = (
    "PATH", "GOROOT", "GOPATH", "GOBIN", "GOENV", "GOFLAGS", "GOPROXY", "GOTOOLCHAIN", "GOSUMDB", "GOPRIVATE",
    "GONOPROXY", "GONOSUMDB", "GOINSECURE", "GOVCS", "GOCACHE", "GOMODCACHE", "GOTMPDIR", "GOWORK", "GO111MODULE",
    "GOOS", "GOARCH", "GOAMD64", "GOARM", "GOEXPERIMENT", "GODEBUG", "GOTELEMETRY", "GOAUTH", "GOCACHEPROG",
    "GOROOT_FINAL", "GCCGO", "GOMAXPROCS", "GOGC", "GOMEMLIMIT", "CGO_ENABLED", "CGO_CFLAGS", "CGO_LDFLAGS",
    "CC", "CXX", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "SSL_CERT_FILE",
    "SSL_CERT_DIR", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
    "NO_PROXY", "GVM_ROOT", "GOENV_ROOT", "GOENV_VERSION", "ASDF_DIR", "ASDF_GOLANG_VERSION", "ZDOTDIR",
)  # fmt: skip
"""The variables whose provenance is followed."""
