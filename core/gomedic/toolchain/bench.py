"""Where a toolchain is tried: a folder that goes away, a session's environment or a clean one, and never root's rights."""

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence

from gomedic.host import Ended, Host, ProbeError
from gomedic.texts import N_, Message
from gomedic.toolchain.sandbox import Room, Sandbox

_NO_START = N_("`{command}` could not be started ({why})")
_FAILED = N_("`{command}` ended with {code}: {output}")
_LATE = N_("`{command}` did not end within {seconds} s")
LONGEST = 300.0  # seconds for one program
ALTOGETHER = 900.0  # seconds for all of them
_NOBODY = 65534
# Root's toolchain may lie where nobody else looks in: this right reads and searches, and writes nothing.
_READS = "+dac_read_search"
_LESSER = ("--reuid", str(_NOBODY), "--regid", str(_NOBODY), "--clear-groups", "--no-new-privs")
_OF_PROGRAMS = (  # what a session says of programs, compilers and cgo
    "PATH", "CC", "CXX", "CGO_ENABLED", "CGO_CFLAGS", "CGO_LDFLAGS", "LD_LIBRARY_PATH", "PKG_CONFIG_PATH",
)  # fmt: skip


class FailedError(Exception):
    """A program did not do what it should."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Bench:
    """Runs programs of the toolchain at `root`; all that they write lands in `folder`, or nowhere."""

    def __init__(
        self,
        host: Host,
        root: str,
        folder: str,
        prefix: Sequence[str],
        room: Room,
        session: Mapping[str, str],
    ) -> None:
        self.root = root
        self.folder = folder
        self.isolated = room.isolated
        self.env: Mapping[str, str] = _environment(root, folder, session, isolated=room.isolated)
        if prefix:  # the home is root's, and who runs here is nobody
            self.env = {**self.env, "HOME": folder}
        self.like_a_session = bool(session)
        self.stop: threading.Event | None = None
        self._host = host
        self._prefix = prefix
        self._room = room
        self._end = time.monotonic() + ALTOGETHER

    def go(self, *arguments: str, **env: str) -> str:
        """Return what `go` with these arguments prints. Raises FailedError."""
        return self.run([os.path.join(self.root, "bin/go"), *arguments], **env)

    def run(self, argv: Sequence[str], **env: str) -> str:
        """Return what a program prints, without white space around it. Raises FailedError."""
        command = " ".join([os.path.basename(argv[0]), *argv[1:2]])
        whole = {name: value for name, value in {**self.env, **env}.items() if value}
        seconds = max(1.0, min(LONGEST, self._end - time.monotonic()))
        words = self._room.command([*self._prefix, *argv], self.folder)
        try:
            ended = self._host.run(words, env=whole, cwd=self.folder, timeout=seconds, cancelled=self.stop)
        except ProbeError as error:
            raise FailedError(Message(_NO_START, {"command": command, "why": str(error)})) from None
        if ended.code != 0 or ended.timed_out:
            raise FailedError(_why(command, ended, int(seconds)))
        return ended.out.decode("utf-8", "replace").strip()

    def write(self, name: str, content: str) -> str:
        """Write a file into the folder and return its path."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        return path

    def clean(self) -> None:
        """Take over nothing of the session any more."""
        self.env = clean_environment(self.root, self.folder)
        self.like_a_session = False


@contextlib.contextmanager
def bench(host: Host, root: str, scratch: str, sandbox: Sandbox) -> Iterator[Bench | None]:
    """Give a bench in a new folder of `scratch`, which programs may be started from; None where only root could try."""
    prefix = _prefix(host)
    if prefix is None:
        yield None
        return
    folder = os.path.join(scratch, "smoke")
    os.mkdir(folder, 0o700)
    if prefix:
        os.chown(folder, _NOBODY, _NOBODY)
    try:
        with sandbox.room((folder,)) as room:
            yield Bench(host, root, folder, prefix, room, sandbox.environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prefix(host: Host) -> tuple[str, ...] | None:
    """Return the words that give root's rights up, none where there are none to give up; None where they stay."""
    if not host.is_root:
        return ()
    setpriv = host.which("setpriv")
    for caps in ((f"--inh-caps=-all,{_READS}", f"--ambient-caps=-all,{_READS}"), ("--inh-caps=-all",)):
        words = (setpriv or "", *_LESSER, *caps, "--")
        with contextlib.suppress(ProbeError):
            if setpriv and host.run([*words, "true"], env={"PATH": "/usr/bin:/bin"}).code == 0:
                return words
    return None


def clean_environment(root: str, folder: str) -> Mapping[str, str]:
    """Return an environment in which a `go` asks nobody, fetches nothing, and writes only below `folder`."""
    return {
        **_turned_aside(folder),
        "PATH": f"{root}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": folder,
        "XDG_CACHE_HOME": f"{folder}/cache",
        "GOENV": "off",
    }


def _environment(root: str, folder: str, session: Mapping[str, str], *, isolated: bool) -> Mapping[str, str]:
    """Return what a session has; where its home would be written to, only what it says of programs."""
    if not session:
        return clean_environment(root, folder)
    taken = session if isolated else {name: session[name] for name in _OF_PROGRAMS if session.get(name)}
    base = {} if isolated else clean_environment(root, folder)
    path = f"{root}/bin:{session.get('PATH') or '/usr/bin:/bin'}"
    return {**base, **taken, **_turned_aside(folder), "PATH": path, "GOROOT": ""}


def _turned_aside(folder: str) -> dict[str, str]:
    """Return what keeps a `go` from asking and fetching, and from writing elsewhere: telemetry and caches too."""
    return {
        "XDG_CONFIG_HOME": f"{folder}/config",  # telemetry lives there
        "TMPDIR": folder,
        "GOCACHE": f"{folder}/gocache",
        "GOPATH": f"{folder}/gopath",
        "GOMODCACHE": f"{folder}/gopath/pkg/mod",
        "GOTMPDIR": folder,
        "GOFLAGS": "",
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
        "GOSUMDB": "off",
        "GOTELEMETRY": "off",
        "GO111MODULE": "on",
        "GOWORK": "off",
        "LC_ALL": "C",
    }


def _why(command: str, ended: Ended, seconds: int) -> Message:
    if ended.timed_out:
        return Message(_LATE, {"command": command, "seconds": seconds})
    output = (ended.err or ended.out).decode("utf-8", "replace").strip()
    last = " / ".join(output.splitlines()[-3:])[:300]
    return Message(_FAILED, {"command": command, "code": str(ended.code), "output": last})
