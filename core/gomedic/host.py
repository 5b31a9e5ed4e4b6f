"""The machine under examination: the only door to its environment, files and programs."""

import grp
import os
import pwd
import shutil
import stat
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from gomedic import processes
from gomedic.child_env import person_environment
from gomedic.files import HERE, Files
from gomedic.limits import Limits
from gomedic.model import Account
from gomedic.processes import Ended

__all__ = ["Ended", "Host", "ProbeError"]

_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LARGEST_FILE = 16 << 20  # bytes; no start-up or settings file is larger


Enter: TypeAlias = "Callable[[Sequence[str], Mapping[str, str]], tuple[Sequence[str], Mapping[str, str]]]"


class ProbeError(Exception):
    """A probe could not learn its fact, so the checks that need it cannot run."""


class Host:
    """Where the person lives, and what a program that they start would inherit."""

    def __init__(
        self,
        env: Mapping[str, str],
        cwd: str,
        account: Account,
        *,
        offline: bool = False,
        files: Files = HERE,
        arch: str = "",
    ) -> None:
        self.env = env
        self.cwd = cwd
        self.account = account
        self.offline = offline  # the person does not want a network to be used
        self.files = files
        self.arch = arch  # GOARCH of another machine than this one; "" for this one
        self.limits: Limits | None = None  # of a sandbox that is still to come
        self.enter: Enter | None = None  # how programs of another machine are started
        self._contents: Mapping[str, bytes | None] = {}
        self.new_folders: frozenset[str] = frozenset()  # that are not there yet, and are thought to be

    @classmethod
    def this_machine(cls) -> "Host":
        """Return the machine the doctor runs on, seen as the account that started it sees it."""
        bundle = getattr(sys, "_MEIPASS", None)
        prefix = sys.prefix if sys.prefix != sys.base_prefix else None
        env = person_environment(os.environ, bundle=bundle, prefix=prefix)
        try:
            cwd = os.getcwd()
        except OSError:
            cwd = "/"
        return cls(env, cwd, _account(env))

    # ---------------------------------------------------------- places

    @property
    def home(self) -> str:
        """The account's home: what HOME says, else the account database."""
        return self.account.home or self.account.password_home

    def place(self, variable: str, fallback: str, *below: str) -> str:
        """Return a folder of the XDG base directory specification, or `below` it."""
        base = self.env.get(variable, "")
        return os.path.join(base if base.startswith("/") else os.path.join(self.home, fallback), *below)

    @property
    def state_folder(self) -> str:
        """Where receipts and saved contents lie."""
        return self.place("XDG_STATE_HOME", ".local/state", "gomedic")

    @property
    def cache_folder(self) -> str:
        """Where downloads lie."""
        return self.place("XDG_CACHE_HOME", ".cache", "gomedic")

    @property
    def data_folder(self) -> str:
        """Where the account's own toolchains lie, in `toolchains/`."""
        return self.place("XDG_DATA_HOME", ".local/share", "gomedic")

    @property
    def config_folder(self) -> str:
        """Where the account's settings lie."""
        return self.place("XDG_CONFIG_HOME", ".config", "gomedic")

    @property
    def has_display(self) -> bool:
        """Whether a window could be opened."""
        return bool(self.env.get("WAYLAND_DISPLAY") or self.env.get("DISPLAY"))

    @cached_property
    def is_root(self) -> bool:
        """Whether the doctor runs as root."""
        return self.account.uid == 0

    def in_groups(self, *names: str) -> bool:
        """Tell whether the account is in one of these groups."""
        return bool({_group(gid) for gid in os.getgroups()} & set(names))

    @cached_property
    def private_groups(self) -> frozenset[int]:
        """The account's own group, where it holds nobody else: named like the account, with no other member."""
        try:
            group = grp.getgrgid(self.account.gid)
        except KeyError:
            return frozenset()
        alone = group.gr_name == self.account.name and set(group.gr_mem) <= {self.account.name}
        return frozenset({self.account.gid}) if alone else frozenset()

    # ---------------------------------------------------------- files

    def with_contents(self, contents: Mapping[str, bytes | None], folders: Iterable[str] = ()) -> "Host":
        """Return this machine as it would be with other contents of some files (None: no such file) and new folders."""
        changed = self._copy()
        changed._contents = {os.path.realpath(path): data for path, data in contents.items()}
        changed.new_folders = frozenset(folders)
        return changed

    def without_network(self) -> "Host":
        """Return this machine for work that must not use a network."""
        changed = self._copy()
        changed.offline = True
        return changed

    def with_limits(self, limits: Limits | None) -> "Host":
        """Return this machine as it would be in a sandbox with these limits."""
        changed = self._copy()
        changed.limits = limits
        return changed

    def starting_by(self, enter: "Enter") -> "Host":
        """Return this machine with a way to start its programs: what a command line and environment become for that."""
        changed = self._copy()
        changed.enter = enter
        return changed

    def _copy(self) -> "Host":
        copy = Host(self.env, self.cwd, self.account, offline=self.offline, files=self.files, arch=self.arch)
        copy.limits, copy.enter = self.limits, self.enter
        return copy

    @property
    def absent(self) -> frozenset[str]:
        """The real paths of files that are there, and would not be on this machine as it is thought to be."""
        return frozenset(path for path, data in self._contents.items() if data is None)

    def supposed(self, path: str) -> bytes | None:
        """Return the content that a file is thought to have instead of its own; None where there is no such thought."""
        return self._contents.get(os.path.realpath(path)) if self._contents else None

    def read(self, path: str) -> bytes | None:
        """Return a file's content (at most 16 MiB), None where there is no file or it cannot be read."""
        if self._contents and (real := os.path.realpath(path)) in self._contents:
            return self._contents[real]
        if self.files is not HERE:
            return self.files.part(path, 0, _LARGEST_FILE)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        except (OSError, ValueError):
            return None
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # a device or a pipe may have no end
                return None
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(_LARGEST_FILE)
        except OSError:  # a folder, for one
            return None
        finally:
            os.close(descriptor)

    def text(self, path: str) -> str | None:
        """Return a file's content as text that gives back the same bytes (surrogateescape)."""
        data = self.read(path)
        return None if data is None else data.decode("utf-8", "surrogateescape")

    def which(self, name: str, path: str | None = None) -> str | None:
        """Return where a program is: on `path`, else in the system's own folders; never the doctor's."""
        if self.files is not HERE:
            places = (os.path.join(folder, name) for folder in (path or _SYSTEM_PATH).split(":"))
            return next((p for p in places if self.files.is_file(p) and self.files.may(p, os.X_OK)), None)
        return shutil.which(name, path=path or _SYSTEM_PATH)

    # ---------------------------------------------------------- programs

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        timeout: float = 10.0,
        stdin: bytes = b"",
        channels: Sequence[str] = (),
        caps: Mapping[str, int] | None = None,
        cancelled: threading.Event | None = None,
    ) -> Ended:
        """Run a program as the person would: see `processes.run`. Raises ProbeError if it cannot start."""
        if self.files is not HERE and self.enter is None:
            raise ProbeError(f"{argv[0]}: programs of an image are not started")
        folder = cwd or (self.home if os.path.isdir(self.home) else "/")
        given = self.env if env is None else env
        words, given = self.enter(argv, given) if self.enter else (argv, given)
        try:
            return processes.run(
                words, given, cwd=folder, timeout=timeout,
                stdin=stdin, channels=channels, caps=caps, cancelled=cancelled,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            raise ProbeError(f"{argv[0]}: {error}") from error


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return ""


def _account(env: Mapping[str, str]) -> Account:
    uid, gid = os.getuid(), os.getgid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:  # a made-up user of a container
        name = env.get("USER") or str(uid)
        return Account(name, uid, gid, env.get("HOME", ""), env.get("SHELL") or "/bin/sh", "")
    shell = entry.pw_shell or "/bin/sh"
    return Account(entry.pw_name, uid, gid, env.get("HOME", ""), shell, entry.pw_dir)
