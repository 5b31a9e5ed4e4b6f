"""Images built by buildah from programs of this machine, and containers of them started by podman."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from core.images.builder import PROFILE, SYSTEM, Item, go_tree, layer

PROGRAMS = (
    "bash",
    "sh",
    "env",
    "id",
    "cat",
    "chmod",
    "ln",
    "mkdir",
    "rm",
    "run-parts",
    "sleep",
    "su",
    "touch",
)
_MODULES = ("pam_rootok.so", "pam_permit.so")
_PASSWD = "root:x:0:0::/root:/bin/bash\nstudent:x:1000:1000::/home/student:/bin/bash\n"
_PAM = "auth sufficient pam_rootok.so\naccount required pam_permit.so\nsession required pam_permit.so\n"
_LOGIN_DEFS = "ENV_PATH PATH=/usr/local/bin:/usr/bin:/bin\nENV_SUPATH PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
_WITH_GO = f"FROM localhost/base:1\nADD go.tar /\nENV PATH=/usr/local/go/bin:{SYSTEM}\n"
_CARRIED = "RUN echo 'export PATH=/usr/local/go/bin:$PATH' > /etc/profile.d/golang.sh\n"
_ENTRY = '#!/bin/sh\nset -e\nexport PATH="/usr/local/go/bin:$PATH"\nexec "$@"\n'

IMAGES = {
    "good": _WITH_GO + _CARRIED,
    "lost-in-login": _WITH_GO,
    "closed": _WITH_GO + _CARRIED + "RUN chmod 0600 /etc/profile.d/golang.sh\nUSER student\n",
    "other-goroot": _WITH_GO + _CARRIED + "ADD old.tar /\nENV GOROOT=/opt/go1.17\n",
    "deleted": _WITH_GO + _CARRIED + "RUN rm -rf /usr/local/go\n",
    "other-processor": _WITH_GO.replace("go.tar", "other.tar") + _CARRIED,
    "entry": "FROM localhost/base:1\nADD go.tar /\nADD entry.tar /\nENTRYPOINT [\"/entry.sh\"]\nUSER student\n",
    "profile": "FROM localhost/base:1\nADD go.tar /\n" + _CARRIED,
    "link": "FROM localhost/base:1\nADD go.tar /\nRUN ln -s /usr/local/go/bin/go /usr/local/bin/go\n",
    "tricky": (
        "FROM localhost/base:1\nADD go.tar /\n"
        "RUN mkdir -p /opt/a/b /opt/shown/deep /opt/swap && for f in a/b/1 a/2 shown/3 shown/deep/4 swap/5; do echo $f > /opt/$f; done\n"
        "RUN ln /opt/a/2 /opt/a/same && ln -s a /opt/to-a && chmod 4755 /opt/a/2 && chmod 1777 /opt/shown && touch '/opt/a b\\n漢'\n"
        "RUN rm -r /opt/shown && mkdir -m 0750 /opt/shown && echo new > /opt/shown/new\n"
        "RUN rm -r /opt/swap && echo file > /opt/swap && rm /opt/to-a && mkdir -p /opt/to-a/x && chmod 0711 /opt/a\n"
        "RUN rm /opt/a/2 && rm -r /usr/local/go/src && ln -s /opt /usr/local/go/src && ln /opt/a/same /opt/again\n"
    ),
}  # fmt: skip
"""Containerfiles, by name."""


def _programs(more: tuple[str, ...] = ()) -> list[Item]:
    paths = [path for name in (*PROGRAMS, *more) if (path := shutil.which(name, path="/usr/bin:/bin"))]
    modules = [
        str(path) for name in _MODULES for path in Path("/usr/lib").glob(f"*-linux-gnu/security/{name}")
    ]
    listed = subprocess.run(["ldd", *paths, *modules], capture_output=True, text=True, check=True).stdout
    libraries = {
        w for line in listed.splitlines() for w in line.split() if w.startswith("/") and w[-1] != ":"
    }
    files = {
        path.replace("/lib/", "/usr/lib/", 1) if path.startswith("/lib/") else path for path in libraries
    }
    files = {
        path.replace("/lib64/", "/usr/lib64/", 1) if path.startswith("/lib64/") else path for path in files
    }
    wanted = sorted({*("/usr/bin/" + os.path.basename(path) for path in paths), *files, *modules})
    return [Item(path.lstrip("/"), Path(path).resolve().read_bytes(), mode=0o755) for path in wanted]


def system(*more: str) -> list[Item]:
    """Return a small root of this machine's programs, with `more` of them."""
    merged = [Item(name, link=f"usr/{name}") for name in ("bin", "lib", "lib64")]
    return [
        Item("usr"), Item("usr/bin"), Item("usr/lib"), Item("usr/lib64"), *merged, *_programs(more), Item("etc"),
        Item("etc/passwd", _PASSWD), Item("etc/group", "root:x:0:\nstudent:x:1000:\n"), Item("etc/profile", PROFILE),
        Item("etc/profile.d"), Item("etc/login.defs", _LOGIN_DEFS), Item("etc/pam.d"), Item("etc/pam.d/su", _PAM),
        Item("etc/pam.d/su-l", _PAM), Item("tmp", mode=0o1777), Item("root", mode=0o700), Item("home"),
        Item("home/student", uid=1000, gid=1000), Item("usr/local"), Item("usr/local/bin"), Item("opt"),
    ]  # fmt: skip


def _go(root: str = "usr/local/go", version: str = "go1.22.10") -> list[Item]:
    """Return a tree whose `go` this machine can start: it is its `true`."""
    true = Path("/usr/bin/true").read_bytes()
    items = go_tree(root, version)
    return [Item(i.name, true, mode=0o755) if i.name.endswith("bin/go") else i for i in items]


class Store:
    """A place of its own for images and containers."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self._place = ("--root", f"{top}/store", "--runroot", f"{top}/run", "--storage-driver", "overlay")
        made = {
            "root": system(),
            "go": _go(),
            "old": _go("opt/go1.17", "go1.17.13"),
            "other": go_tree(arch="arm64"),
        }
        made["entry"] = [Item("entry.sh", _ENTRY, mode=0o755)]
        for name, items in made.items():
            (top / f"{name}.tar").write_bytes(layer(items))
        self._build("base", "FROM scratch\nADD root.tar /\n")
        self._built: set[str] = set()

    def build(self, name: str) -> None:
        """Build one of IMAGES, once."""
        if name not in self._built:
            self._build(name, IMAGES[name])
            self._built.add(name)

    def _build(self, name: str, text: str) -> None:
        (self.top / name).write_text(text)
        words = ("bud", "--isolation", "chroot", "--layers", "--pull-never", "-t", f"localhost/{name}:1")
        self._run("buildah", *self._place, *words, "-f", str(self.top / name), str(self.top))

    def archive(self, name: str, form: str) -> str:
        """Return an image as `docker-archive`, `oci-archive`, `oci` or `dir`, written by skopeo."""
        self.build(name)
        path = f"{self.top}/{name}.{form}"
        source = f"containers-storage:[overlay@{self.top}/store+{self.top}/run]localhost/{name}:1"
        tag = "" if form == "dir" else f":{name}:1" if form == "docker-archive" else ":1"
        if not os.path.exists(path):
            self._run("skopeo", "--insecure-policy", "copy", source, f"{form}:{path}{tag}")
        return path

    @contextmanager
    def mounted(self, name: str) -> Iterator[Path]:
        """Give the image as the kernel's overlay shows it."""
        self.build(name)
        made = self._run("buildah", *self._place, "from", "--pull-never", f"localhost/{name}:1").strip()
        try:
            yield Path(self._run("buildah", *self._place, "mount", made).strip())
        finally:
            self._run("buildah", *self._place, "rm", made)

    @cached_property
    def starts_containers(self) -> bool:
        """Whether podman can start one here."""
        if shutil.which("podman") is None:
            return False
        self.build("good")
        return self.podman("run", "--rm", *ALONE, "localhost/good:1", "id").returncode == 0

    @cached_property
    def _mounts(self) -> subprocess.Popen[bytes]:
        """A process in a mount namespace with the control groups that crun takes, which podman keeps its mounts in."""
        limits = '[containers]\ndefault_ulimits=["nofile=1024:1024","nproc=1024:1024"]\n'
        (self.top / "containers.conf").write_text(limits)
        groups = "umount -R -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; echo; exec cat"
        process = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", groups], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        return process

    def podman(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run podman."""
        command = ("nsenter", "-m", "-t", str(self._mounts.pid), "podman", *self._place, *words)
        env = {**os.environ, "CONTAINERS_CONF": str(self.top / "containers.conf")}
        return subprocess.run(command, capture_output=True, text=True, env=env, check=False)

    def _run(self, *words: str) -> str:
        ended = subprocess.run(words, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def close(self) -> None:
        """Take it all away."""
        if "_mounts" in self.__dict__:
            self._mounts.communicate()
        subprocess.run(["umount", f"{self.top}/store/overlay"], capture_output=True, check=False)
        shutil.rmtree(self.top, ignore_errors=True)


ALONE = ("--cgroups=disabled", "--network", "none")
