"""Installing a toolchain beside `curl | tar` and mise: the same archive, from the same server on the loopback, in one run.

    python tests/benchmarks/bench_install.py ARCHIVE [RUNS] [--folder FOLDER] [--mise PROGRAM]

ARCHIVE is a real one (go1.27.1.linux-amd64.tar.gz). The installation counts from the call to the staged
toolchain, with sum and signature verified and every member judged; the smoke test is timed apart. PROGRAM is the
mise of the npm package @jdxcode/mise. The peak memory is that of a process that does nothing but install.
"""

import argparse
import contextlib
import functools
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from gomedic.host import Host
from gomedic.model import Account, Progress
from gomedic.sessions.survey import survey
from gomedic.settings import read_settings
from gomedic.toolchain.install import Staged, discard, install
from gomedic.toolchain.releases import platform
from gomedic.toolchain.smoke import smoke_test
from gomedic.trying import sandbox

VERSION = "go1.27.1-bench"


def run(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """Serve a folder from a process of its own, so that neither side pays for it."""
    code = (
        "import http.server, functools, sys\n"
        "handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])\n"
        "server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)\n"
        "print(server.server_port, flush=True)\n"
        "server.serve_forever()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
        finally:
            process.terminate()


def publish(archive: Path, folder: Path, keys: Path) -> str:
    """Sign and list the archive as an instructor would; return its name."""
    name = f"{VERSION}.linux-{platform(os.uname().machine)}.tar.gz"
    (folder / name).symlink_to(archive.resolve())
    gpg = ("gpg", "--homedir", str(keys), "--batch", "--pinentry-mode", "loopback", "--passphrase", "")
    run(*gpg, "--quick-gen-key", "Bench <bench@example.edu>", "ed25519", "sign", "0")
    run(*gpg, "--armor", "--output", str(folder / f"{name}.asc"), "--detach-sign", str(folder / name))
    (keys / "public.asc").write_bytes(run(*gpg, "--armor", "--export"))
    run("gpgconf", "--homedir", str(keys), "--kill", "all")
    data = archive.read_bytes()
    row = {
        "filename": name, "os": "linux", "arch": platform(os.uname().machine), "version": VERSION,
        "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "kind": "archive",
    }  # fmt: skip
    (folder / "index.json").write_text(json.dumps([{"version": VERSION, "stable": True, "files": [row]}]))
    return name


def account(home: Path, url: str, keys: Path) -> Host:
    config = home / ".config/gomedic"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(
        f'[[source]]\nname = "bench"\nurl = "{url}"\n'
        f'[[key]]\nfile = "{keys / "public.asc"}"\nsources = ["bench"]\nprefix = "{VERSION}"\n'
    )
    whole = {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    return Host(whole, str(home), Account("bench", os.getuid(), os.getgid(), str(home), "/bin/sh", str(home)))


def pipeline(url: str, folder: Path) -> None:
    folder.mkdir()
    run("bash", "-c", 'set -o pipefail; curl -s "$1" | tar -xz -C "$2"', "bash", url, str(folder))


def gomedic(host: Host) -> Staged:
    *_, staged = install(host, read_settings(host), VERSION, try_it=False)
    assert isinstance(staged, Staged)
    return staged


def tried(host: Host, staged: Staged) -> str:
    """Try it as an installation does, as in a new terminal; return what came of it."""
    rows: list[str] = []

    def work() -> Iterator[Progress]:
        within = sandbox(host, survey(host).sessions)
        with tempfile.TemporaryDirectory(dir=os.path.dirname(staged.staged_path)) as scratch:
            found = yield from smoke_test(host, staged.staged_path, VERSION, scratch, within)
        rows.extend(f"{row.name} {row.state}" for row in found.rows)

    for _progress in work():
        pass
    return ", ".join(rows)


def timed(work: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("runs", type=int, nargs="?", default=7)
    parser.add_argument(
        "--folder", default="/var/tmp", help="on the file system to measure (default: /var/tmp)"
    )
    parser.add_argument("--mise", help="a mise to compare with")
    parser.add_argument(
        "--install-into", help=argparse.SUPPRESS
    )  # a home: install there and print the peak memory
    options = parser.parse_args()
    if options.install_into:
        print(peak_memory(Path(options.install_into)))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as top:
        base = Path(top)
        for name in ("served", "keys", "home"):
            (base / name).mkdir(mode=0o700)
        file = publish(options.archive, base / "served", base / "keys")
        with server(base / "served") as url:
            host = account(base / "home", url, base / "keys")
            rival = Mise(options.mise, base, url, options.archive) if options.mise else None
            compare(host, url + file, base / "plain", options.runs, rival)
            words = [sys.executable, __file__, "x", "--install-into", host.home]
            print(f"peak memory {int(run(*words)) >> 10} MB")


class Mise:
    """A mise that fetches from our server: its list of versions is an empty repository with the one tag."""

    def __init__(self, program: str, base: Path, url: str, archive: Path) -> None:
        self._program = program
        self.version = archive.name.removeprefix("go").partition(".linux-")[0]
        served, self._folder = base / "served", base / "mise"
        (served / archive.name).symlink_to(archive.resolve())
        total = hashlib.sha256(archive.read_bytes()).hexdigest()
        (served / f"{archive.name}.sha256").write_text(total)
        repository = base / "versions"
        run("git", "init", "-q", str(repository))
        identity = ("-c", "user.name=b", "-c", "user.email=b@example.edu")
        run("git", "-C", str(repository), *identity, "commit", "-q", "--allow-empty", "-m", "none")
        run("git", "-C", str(repository), "tag", f"go{self.version}")
        self._env = {
            "HOME": str(self._folder), "PATH": "/usr/local/bin:/usr/bin:/bin", "MISE_YES": "1", "MISE_USE_VERSIONS_HOST": "0",
            "MISE_GO_DOWNLOAD_MIRROR": url.rstrip("/"), "MISE_GO_REPO": f"file://{repository}",
        }  # fmt: skip

    def install(self) -> None:
        """Install into a new home."""
        self._folder.mkdir()
        words = [self._program, "install", f"go@{self.version}"]
        subprocess.run(words, env=self._env, cwd=self._folder, check=True, capture_output=True)

    def remove(self) -> None:
        if not list(self._folder.glob(f".local/share/mise/installs/go/{self.version}*/bin/go")):
            raise SystemExit("mise installed nothing")
        shutil.rmtree(self._folder)


def peak_memory(home: Path) -> int:
    """Install into a home that has settings; return this process's largest resident set in KiB, gpg's apart."""
    whole = {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    host = Host(whole, str(home), Account("bench", os.getuid(), os.getgid(), str(home), "/bin/sh", str(home)))
    discard(gomedic(host).staged_path)
    lines = Path("/proc/self/status").read_text().splitlines()  # ru_maxrss is inherited from who started us
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def compare(host: Host, url: str, plain: Path, runs: int, mise: Mise | None) -> None:
    """Print the seconds of each run of all, interleaved, and the ratios of the medians."""
    theirs, ours, rivals = [], [], []
    for number in range(runs + 1):
        os.sync()
        seconds, _ = timed(functools.partial(pipeline, url, plain))
        shutil.rmtree(plain)
        os.sync()
        own, staged = timed(functools.partial(gomedic, host))
        assert isinstance(staged, Staged)
        discard(staged.staged_path)
        shutil.rmtree(host.cache_folder)
        rival = 0.0
        if mise is not None:
            os.sync()
            rival, _ = timed(mise.install)
            mise.remove()
        if number:  # the first warms the page cache up
            theirs.append(seconds)
            ours.append(own)
            rivals.append(rival)
            beside = f"   mise {rival:5.2f} s" if mise else ""
            print(
                f"curl | tar {seconds:5.2f} s   gomedic {own:5.2f} s   ratio {own / seconds:.2f}{beside}",
                flush=True,
            )
    if mise:
        print(
            f"gomedic to mise: ratio of the medians {statistics.median(ours) / statistics.median(rivals):.2f}"
        )
    ratio = statistics.median(ours) / statistics.median(theirs)
    pairs = statistics.median(own / plain for own, plain in zip(ours, theirs, strict=True))
    print(
        f"median     {statistics.median(theirs):5.2f} s   gomedic {statistics.median(ours):5.2f} s   ratio {ratio:.2f}"
    )
    print(f"median of the pairs' ratios {pairs:.2f}")
    staged = gomedic(host)
    seconds, rows = timed(functools.partial(tried, host, staged))
    discard(staged.staged_path)
    print(f"the smoke test apart (all builds with an empty cache) {seconds:.2f} s: {rows}")


if __name__ == "__main__":
    main()
