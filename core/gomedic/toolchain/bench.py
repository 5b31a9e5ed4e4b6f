"""Where a toolchain is tried: a folder that goes away, a clean environment, and never root's rights."""

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence

from gomedic.host import Ended, Host, ProbeError
from gomedic.texts import N_, Message
from gomedic.toolchain.errors import DoesNotWork

_NO_START = N_("`{command}` could not be started ({why})")
_FAILED = N_("`{command}` ended with {code}: {output}")
_LATE = N_("`{command}` did not end within {seconds} s")
_SECONDS = 300.0
_NOBODY = 65534
# Root's toolchain may lie where nobody else looks in: this right reads and searches, and writes nothing.
_READS = "+dac_read_search"
_LESSER = ("--reuid", str(_NOBODY), "--regid", str(_NOBODY), "--clear-groups", "--no-new-privs")
_KEPT = (
    "PATH",
    "CC",
    "CXX",
    "CGO_ENABLED",
    "CGO_CFLAGS",
    "CGO_LDFLAGS",
    "LD_LIBRARY_PATH",
    "PKG_CONFIG_PATH",
)


class Bench:
    """Runs programs of the toolchain at `root`; all that they write lands in `folder`."""

    def __init__(self, host: Host, root: str, version: str, folder: str, prefix: Sequence[str]) -> None:
        self.root = root
        self.version = version
        self.folder = folder
        self.env: dict[str, str] = dict(clean_environment(root, folder))
        self.stop: threading.Event | None = None
        self._host = host
        self._prefix = prefix

    def go(self, *arguments: str, **env: str) -> str:
        """Return what `go` with these arguments prints. Raises DoesNotWork."""
        return self.run([os.path.join(self.root, "bin/go"), *arguments], **env)

    def run(self, argv: Sequence[str], **env: str) -> str:
        """Return what a program prints, without white space around it. Raises DoesNotWork."""
        command = " ".join([os.path.basename(argv[0]), *argv[1:2]])
        whole = {name: value for name, value in {**self.env, **env}.items() if value}
        try:
            ended = self._host.run(
                [*self._prefix, *argv], env=whole, cwd=self.folder, timeout=_SECONDS, cancelled=self.stop
            )
        except ProbeError as error:
            reason = Message(_NO_START, {"command": command, "why": str(error)})
            raise DoesNotWork(version=self.version, reason=reason) from None
        if ended.code != 0 or ended.timed_out:
            raise DoesNotWork(version=self.version, reason=_why(command, ended))
        return ended.out.decode("utf-8", "replace").strip()

    def write(self, name: str, content: str) -> str:
        """Write a file into the folder and return its path."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        return path

    def as_in(self, session: Mapping[str, str]) -> None:
        """Take over what a session of the account's says of programs, compilers and cgo."""
        kept = {name: session[name] for name in _KEPT if session.get(name)}
        self.env |= {
            "CGO_ENABLED": "",
            **kept,
            "PATH": f"{self.root}/bin:{kept.get('PATH', '/usr/bin:/bin')}",
        }


@contextlib.contextmanager
def bench(host: Host, root: str, version: str, scratch: str) -> Iterator[Bench | None]:
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
        yield Bench(host, root, version, folder, prefix)
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
        "PATH": f"{root}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": folder,
        "XDG_CONFIG_HOME": f"{folder}/config",  # telemetry and `go env -w` live there
        "XDG_CACHE_HOME": f"{folder}/cache",
        "TMPDIR": folder,
        "GOCACHE": f"{folder}/gocache",
        "GOPATH": f"{folder}/gopath",
        "GOTMPDIR": folder,
        "GOENV": "off",
        "GOFLAGS": "",
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
        "GOSUMDB": "off",
        "GOTELEMETRY": "off",
        "GO111MODULE": "on",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
        "LC_ALL": "C",
    }


def _why(command: str, ended: Ended) -> Message:
    if ended.timed_out:
        return Message(_LATE, {"command": command, "seconds": int(_SECONDS)})
    output = (ended.err or ended.out).decode("utf-8", "replace").strip()
    last = " / ".join(output.splitlines()[-3:])[:300]
    return Message(_FAILED, {"command": command, "code": str(ended.code), "output": last})
