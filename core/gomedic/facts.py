"""Everything the checks may know, probed once."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from functools import cached_property, partial
from typing import Any, TypeVar

from gomedic import go_tree
from gomedic.host import Host
from gomedic.machine import Machine
from gomedic.model import Account, Session, Toolchain
from gomedic.probes import editors, managers, places, project, running, startup, sudo, toolchains, usage
from gomedic.probes import trial as try_out
from gomedic.probes.editors import EditorSetting
from gomedic.probes.go_settings import GoSettings, Setting
from gomedic.probes.managers import Manager
from gomedic.probes.mentions import Mention, folders_named
from gomedic.probes.mixed import declared_twice
from gomedic.probes.network import address_of
from gomedic.probes.project import Project, Workspace
from gomedic.probes.running import Running
from gomedic.probes.startup import StartupFile
from gomedic.probes.trial import Failure
from gomedic.sessions.base import in_container
from gomedic.sessions.startup_files import family_of
from gomedic.versions import version_key

T = TypeVar("T")
_STARTED = ("terminal", "ssh", "login", "command")  # by a shell that reads start-up files
_ALWAYS_JUDGED = ("terminal", "ssh", "login")


class Facts:
    """What is known of one machine. Checks ask here, and never the machine."""

    def __init__(
        self,
        host: Host,
        sessions: Iterable[Session],
        project_folder: str | None = None,
        our_changes: Mapping[str, tuple[float, ...]] | None = None,
        machine: Machine | None = None,
        built: Mapping[tuple[str | None, ...], Failure | None] | None = None,
    ) -> None:
        self._host = host
        self._files = host.files
        self.machine = machine or Machine(host)
        self.sessions = tuple(sessions)
        self.account: Account = host.account
        self.home = host.home
        self.is_root = host.is_root
        self.limits = host.limits  # of a sandbox that is still to come
        self.cwd = host.cwd
        self.project: Project | None = project.probe(host, project_folder)
        self.workspace: Workspace | None = project.workspace(host, project_folder)
        self.demand: Project | None = project.demand(self.project, self.workspace)
        self.repository: str | None = project.repository(host, self.project)
        self.settings = GoSettings(host)
        self.toolchains: tuple[Toolchain, ...] = toolchains.probe(host, self.sessions)
        self.startup: Mapping[str, StartupFile] = startup.probe(host, self.sessions)
        self.usage: Mapping[str, str] = usage.probe(host, self.project.folder if self.project else host.cwd)
        self.in_container = in_container(host)
        self._our_changes = our_changes or {}
        self._built = built or {}  # what came of builds, by what tells trials apart
        self._once: dict[tuple[str, str], Any] = {}

    def session(self, kind: str) -> Session | None:
        """Return the session of a kind, None where that kind cannot exist here."""
        return next((session for session in self.sessions if session.kind == kind), None)

    def judged(self, session: Session) -> bool:
        """Tell whether Go is expected in a session (the command line contract's rule on what counts as ill)."""
        if session.kind == "login" and self.in_container and self.session("ssh") is None:
            return False
        return session.kind in _ALWAYS_JUDGED or session.kind in self.usage or session.used == "settings"

    def lacks_go(self, session: Session) -> bool:
        """Tell whether a session should have Go and has none.

        A login that is not interactive leaves ~/.bashrc at its guard, as Debian ships it: a Go set up below
        the guard is missing there by design, as long as interactive logins have it.
        """
        if session.go is not None or session.alias is not None:
            return False
        return not (session.kind == "login" and self._left_at_a_guard(session))

    def _left_at_a_guard(self, session: Session) -> bool:
        left = {skip.file: skip.line or 0 for skip in session.skipped_files if skip.why == "returned early"}
        terminal = self.session("terminal")
        origins = [entry.origin for entry in terminal.path if self.holds_go(entry.entry)] if terminal else []
        places = [(o.path, o.line) for o in origins] + [_place(call) for o in origins for call in o.chain]
        return any(path in left and (line or 0) > left[path] for path, line in places if path)

    def holds_go(self, folder: str) -> bool:
        """Tell whether a folder has a `go` that the account can run."""
        binary = os.path.join(folder, "go")
        return folder.startswith("/") and self._files.is_file(binary) and self._files.may(binary, os.X_OK)

    @cached_property
    def lacking(self) -> tuple[Session, ...]:
        """The sessions that read start-up files, where Go is expected and missing."""
        started = (session for session in self.judged_sessions if session.kind in _STARTED)
        return tuple(session for session in started if self.lacks_go(session))

    def mentions(self, folder: str) -> list[Mention]:
        """Return the lines of start-up files that name a folder, comments left out."""
        return [m for m in self._named_folders if m.folder == folder]

    def mentions_in(self, path: str) -> list[Mention]:
        """Return the folders that the lines of one start-up file name."""
        return [m for m in self._named_folders if m.file == path]

    @cached_property
    def _named_folders(self) -> tuple[Mention, ...]:
        return tuple(m for file in self.startup.values() for m in folders_named(file, self.home))

    @cached_property
    def judged_sessions(self) -> tuple[Session, ...]:
        """The sessions where Go is expected."""
        return tuple(session for session in self.sessions if self.judged(session))

    @cached_property
    def family(self) -> str:
        """The family of the account's shell: bash sh zsh fish."""
        return family_of(self.account.shell)

    @property
    def zdotdir(self) -> str:
        """The folder of zsh's own start-up files (zsh(1), STARTUP/SHUTDOWN FILES)."""
        told = (startup.zdotdir(session) for session in self.sessions)
        return next((folder for folder in told if folder), self._host.env.get("ZDOTDIR") or self.home)

    def zsh_file(self, name: str, sessions: Iterable[Session]) -> str:
        """Return the start-up file of that name that these sessions of zsh read, or would read if it were there.

        ~/.zshenv is read before it can move the others away with ZDOTDIR.
        """
        read = (p for s in sessions for p in s.files if os.path.basename(p) == name)
        return next(read, os.path.join(self.zdotdir, name))

    def is_left_behind(self, path: str) -> bool:
        """Tell whether a start-up file of zsh lies in the home while ZDOTDIR names another folder."""
        file = self.startup.get(path)
        moved = self.real(self.zdotdir) != self.real(self.home)
        own = file is not None and file.family == "zsh" and os.path.dirname(path) == self.home.rstrip("/")
        return own and moved and not any(path in session.files for session in self.sessions)

    def account_place(self, variable: str, fallback: str, below: str) -> str:
        """Return a path of the XDG base directory specification."""
        return self._host.place(variable, fallback, below)

    def setting(self, session: Session, name: str) -> Setting:
        """Return what a session's go takes for a variable, and who gave it."""
        return self.settings.get(session, name)

    def usable(self) -> tuple[Toolchain, ...]:
        """Return the whole, trusted Go trees with a known version that run here, newest first."""
        return tuple(
            t
            for t in self.toolchains
            if t.healthy and t.trusted and t.version and t.kind not in ("gccgo", "stray")
        )

    def toolchain_at(self, root: str) -> Toolchain | None:
        """Return the installation whose tree is at `root`, links resolved."""
        real = self.real(root)
        return next((t for t in self.toolchains if self.real(t.root) == real), None)

    def toolchain_of(self, binary: str) -> Toolchain | None:
        """Return the installation that a go command belongs to, links resolved."""
        real = self.real(binary)
        return next((t for t in self.toolchains if self.real(t.binary) == real), None)

    def goroot(self, session: Session) -> str | None:
        """Return the tree a session's go works with: GOROOT if set, else the one it lies in."""
        if session.go is None:
            return None
        return self.setting(session, "GOROOT").value or session.go.root

    def tree_version(self, root: str) -> str | None:
        """Return the release of a tree."""
        return go_tree.version_of(root, self._files)

    def gopath(self, session: Session) -> list[str]:
        """Return the entries of GOPATH as a session's go takes it."""
        return [entry for entry in self.setting(session, "GOPATH").value.split(":") if entry]

    def manager(self, session: Session) -> Manager | None:
        """Return the version manager whose shim a session would run."""
        return managers.probe(self._host, session)

    def was_tried(self, session: Session) -> bool:
        """Tell whether a session's go may be started to see if it works."""
        return try_out.may_be_run(self._host, session)

    def trial(self, session: Session) -> Failure | None:
        """Return what a session's go fails at; None where it answers, or may not be asked."""
        if not self.was_tried(session):
            return None
        key = try_out.differs_in(session)
        return self._built[key] if key in self._built else self.ask_go(session).result()

    def ask_go(self, session: Session) -> "Future[Failure | None]":
        """Begin to try a session's go with questions that it answers at once."""
        work = partial(try_out.probe, self._host, session, self.machine.questions.stopped)
        return self.machine.questions.ask(("go", *try_out.differs_in(session)), work)

    def declared_twice(self, root: str) -> tuple[str, str, str] | None:
        """Return a name that a Go tree declares twice, and where; None for a sound tree."""
        return self._learnt("declared twice", root, partial(declared_twice, absent=self._host.absent))

    def module_of(self, path: str) -> tuple[str, str] | None:
        """Return module and version that a Go program was built from."""
        return self._learnt("module", path, self._module_of) if self.is_file(path) else None

    def _module_of(self, path: str) -> tuple[str, str] | None:
        return go_tree.module_of(path, self._files)

    def empty_downloads(self, folder: str) -> list[str]:
        """Return the empty files of a module cache that go takes for modules."""
        return self._learnt("empty", folder, places.empty_downloads)

    def refused(self, url: str) -> tuple[str, int] | None:
        """Return the address that a proxy setting names, if a connection to it is refused outright."""
        return address if (address := address_of(url)) and self.machine.refuses(address) else None

    def _learnt(self, fact: str, path: str, probe: Callable[[str], T]) -> T:
        """Return what a probe says of a path; it is asked once."""
        if (fact, path) not in self._once:
            self._once[fact, path] = probe(path)
        known: T = self._once[fact, path]
        return known

    @cached_property
    def running(self) -> tuple[Running, ...]:
        """The account's running shells and editors."""
        return self.ask_running().result()

    def ask_running(self) -> "Future[tuple[Running, ...]]":
        """Begin to look at the account's running shells and editors."""
        return self.machine.questions.ask("running", partial(running.probe, self._host))

    def ask_address(self, url: str) -> None:
        """Begin to try a connection to where a proxy setting points."""
        if (address := address_of(url)) is not None:
            self.machine.ask_address(address)

    @cached_property
    def editor_settings(self) -> tuple[EditorSetting, ...]:
        """What editors' settings files say of Go."""
        return editors.probe(self._host)

    @cached_property
    def sudo(self) -> Session | None:
        """The session that sudo gives; None unless something shows that sudo is used for Go."""
        return self.ask_sudo().result() if "sudo" in self.usage else None

    def ask_sudo(self) -> "Future[Session | None]":
        """Begin to ask sudo."""
        return self.machine.questions.ask("sudo", partial(sudo.probe, self._host))

    def read(self, path: str) -> bytes | None:
        """Return a file's content; None where there is none or it cannot be read."""
        known = self.startup.get(path)
        return known.content if known is not None else self._host.read(path)

    def exists(self, path: str) -> bool:
        """Tell whether a path leads to anything."""
        return self._files.exists(path) or path in self._host.new_folders

    def changed_since(self, moment: float, session: Session) -> str | None:
        """Return the last changed start-up file of a session, if it was changed after `moment`."""
        times = [(stamp, path) for path in session.files if (stamp := _modified(path)) is not None]
        latest = max(times, default=None)
        return latest[1] if latest is not None and latest[0] > moment else None

    def changed_by_us(self, path: str) -> bool:
        """Tell whether a fix of ours was the last to change a file."""
        stamp = _modified(path)
        return stamp is not None and any(abs(stamp - ours) < 1 for ours in self._our_changes.get(path, ()))

    def real(self, path: str) -> str:
        """Return a path with its links resolved."""
        return self._files.real(path)

    def stat(self, path: str) -> os.stat_result:
        """Return what the file system says of a path; raises OSError."""
        return self._files.stat(path)

    def is_file(self, path: str) -> bool:
        """Tell whether a path leads to a file."""
        return self._files.is_file(path)

    def is_folder(self, path: str) -> bool:
        """Tell whether a path leads to a folder."""
        return self._files.is_folder(path) or path in self._host.new_folders

    def is_tree(self, root: str) -> bool:
        """Tell whether a folder is the top of a Go tree."""
        return self.is_file(os.path.join(root, "bin", "go")) and self._files.is_folder(
            os.path.join(root, "src")
        )

    def program(self, path: str) -> go_tree.Program | None:
        """Return what the head of a program says of it."""
        return go_tree.program(path, self._files)

    def missing(self, root: str) -> tuple[str, ...]:
        """Return what a Go tree lacks, relative to its top; () when it is whole."""
        return go_tree.missing(root, self._files)

    @cached_property
    def may_become_root(self) -> bool:
        """Tell whether the account is in a group that is given root (sudo, wheel, admin), or is root."""
        return self.is_root or self._host.in_groups("sudo", "wheel", "admin")

    def writable(self, path: str) -> bool:
        """Tell whether the account can write a file, or create it where it is not yet, and it will stay."""
        return places.writable(path, self._files, self.limits)

    def can_make(self, folder: str) -> bool:
        """Tell whether the account can write into a folder, or make it where it is not yet, and go on writing there."""
        return places.can_make(folder, self._files, self.limits)

    def missing_folders(self, folder: str) -> list[str]:
        """Return the folders that must be made for a folder to be there, outermost first."""
        return places.missing_folders(folder, self._files)

    def place(self, folder: str) -> places.Place:
        """Return what the file system says of a folder, or will say in the sandbox that is supposed to come."""
        return places.under(places.probe(folder, self._files), self.limits)

    def not_owned(self, folder: str) -> list[tuple[str, int, int]]:
        """Return what at and below a folder belongs to somebody else than the account."""
        return self._learnt(
            "foreign", folder, partial(places.not_owned, uid=self.account.uid, files=self._files)
        )

    def programs(self, folder: str) -> list[str]:
        """Return the names of the programs in a folder, `go` and `gofmt` left out."""
        return places.programs(folder, self._files)

    @property
    def native_arch(self) -> str:
        """The GOARCH of this machine."""
        return self._host.arch or toolchains.native_arch()

    def is_own(self, path: str) -> bool:
        """Tell whether a path lies in the account's home."""
        return path.startswith(self.home.rstrip("/") + "/")

    def short(self, path: str) -> str:
        """Return a path as people write it: ~/go."""
        home = self.home.rstrip("/")
        return "~" + path[len(home) :] if home and (path == home or path.startswith(home + "/")) else path


def _modified(path: str) -> float | None:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return None


def _place(call: str) -> tuple[str | None, int | None]:
    path, _colon, line = call.rpartition(":")
    return (path, int(line)) if line.isdigit() else (None, None)


def newest(tools: Iterable[Toolchain]) -> Toolchain | None:
    """Return the newest of some installations."""
    return max(tools, key=lambda tool: version_key(tool.version), default=None)
