"""The values that flow through the program: session, toolchain -> finding -> fix -> receipt.

All are frozen and hold plain data, so they can cross threads, be compared in tests and be written
as JSON. Nothing here does anything.
"""

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct, field

from gomedic.texts import Message


class Severity(Enum):
    """How much a finding hurts the person's work."""

    ERROR = "error"  # Go does not work there
    WARNING = "warning"  # works, but not as the person thinks, or will break
    HINT = "hint"  # worth knowing


class Account(Struct, frozen=True):
    """Whose machine it is, as far as the doctor is concerned."""

    name: str
    uid: int
    gid: int
    home: str  # what HOME says, "" when it says nothing
    shell: str
    password_home: str = ""  # what the account database says


# ------------------------------------------------------------------ where values come from


class Origin(Struct, frozen=True):
    """The place that set a value: a line of a start-up file, or a source that is no such file.

    `file` is a path, or one of "image environment", "PAM /etc/environment", "go env file",
    "GOROOT/go.env", "built in", "process environment", "unknown".
    """

    file: str
    line: int | None = None
    text: str | None = None
    chain: tuple[str, ...] = ()  # callers, innermost first: "/etc/profile:27"

    @property
    def path(self) -> str | None:
        """The file this names, if it names one."""
        name = self.file.removeprefix("PAM ")
        return name if name.startswith("/") else None

    @property
    def is_line(self) -> bool:
        """Whether this names a line of a real file."""
        return self.line is not None and self.path is not None


UNKNOWN = Origin("unknown")
IMAGE = Origin("image environment")
BUILT_IN = Origin("built in")


class PathEntry(Struct, frozen=True):
    """One entry of PATH, as written, and who put it there."""

    entry: str
    exists: bool
    origin: Origin


class Variable(Struct, frozen=True):
    """A shell or environment variable in a session."""

    value: str
    exported: bool
    origin: Origin


class SkippedFile(Struct, frozen=True):
    """A start-up file that a session did not read to its end, and why."""

    file: str
    why: str  # "unreadable", "suffix", "returned early", "not for this kind of shell"
    line: int | None = None
    text: str | None = None


class GoCommand(Struct, frozen=True):
    """The `go` that a session would run."""

    path: str  # as found on PATH
    real_path: str  # with links resolved
    version: str | None  # "go1.22.10", of the tree the command belongs to; None: not known
    root: str | None  # that tree


class Session(Struct, frozen=True):
    """One way of starting work, and the environment it really has."""

    kind: str  # terminal ssh login command exec cron sudo editor process:PID
    shell: str
    state: str  # ok hung exited execed failed
    seconds: float
    path: tuple[PathEntry, ...] = ()
    variables: Mapping[str, Variable] = field(default_factory=dict)
    skipped_files: tuple[SkippedFile, ...] = ()
    go: GoCommand | None = None
    stopped_at: Origin | None = None  # where start-up ended, unless state is ok
    files: tuple[str, ...] = ()  # start-up files that were read, in order
    environment: Mapping[str, str] = field(default_factory=dict)  # all of it; never shown
    alias: str | None = None  # what `type go` says when `go` is no program
    label: str | None = None  # of a process: its command line, shortened
    reached: Mapping[str, frozenset[int]] = field(default_factory=dict)  # lines that ran, per start-up file
    used: str | None = None  # what shows that a kind that is not always used is used here

    @property
    def is_process(self) -> bool:
        """Whether this is a running process, not a way of starting."""
        return self.kind.startswith("process:")


class Toolchain(Struct, frozen=True):
    """A Go installation found on the machine."""

    root: str
    version: str  # "go1.22.10"; "" when not known
    kind: str  # official distribution asdf goenv gvm mise g gomedic gccgo stray
    healthy: bool
    problems: tuple[str, ...] = ()  # what is missing or wrong, relative to root
    arch: str = ""  # GOARCH of its go command
    trusted: bool = True  # nobody but the account and root could have changed it
    binary: str = ""  # its go command
    signature_checked: bool | None = None  # before we installed it; None: not ours, or not recorded


# ------------------------------------------------------------------ repairs: closed set of steps


class _Step(Struct, frozen=True, kw_only=True):
    privileged: bool = False  # needs root


class EditFile(_Step, frozen=True, tag="edit", tag_field="do"):
    """Replace the content of a file; None stands for "no such file"."""

    path: str
    before: bytes | None
    after: bytes | None
    mode: int = 0o644  # of a file that does not exist yet

    def inverse(self) -> "EditFile":
        return EditFile(
            path=self.path, before=self.after, after=self.before, mode=self.mode, privileged=self.privileged
        )


class SetMode(_Step, frozen=True, tag="mode", tag_field="do"):
    """Change the permission bits of a file or folder."""

    path: str
    before: int
    after: int

    def inverse(self) -> "SetMode":
        return SetMode(path=self.path, before=self.after, after=self.before, privileged=self.privileged)


class SetOwner(_Step, frozen=True, tag="owner", tag_field="do"):
    """Give a file or folder to another owner and group; links are not followed."""

    path: str
    before: tuple[int, int]  # uid, gid
    after: tuple[int, int]

    def inverse(self) -> "SetOwner":
        return SetOwner(path=self.path, before=self.after, after=self.before, privileged=self.privileged)


class Move(_Step, frozen=True, tag="move", tag_field="do"):
    """Rename a file or folder within one file system; `target` must not exist."""

    source: str
    target: str

    def inverse(self) -> "Move":
        return Move(source=self.target, target=self.source, privileged=self.privileged)


class MakeLink(_Step, frozen=True, tag="link", tag_field="do"):
    """Create, retarget (before and after given) or remove (after None) a symbolic link."""

    path: str
    before: str | None
    after: str | None

    def inverse(self) -> "MakeLink":
        return MakeLink(path=self.path, before=self.after, after=self.before, privileged=self.privileged)


class MakeFolder(_Step, frozen=True, tag="folder", tag_field="do"):
    """Create an empty folder, or (`exists` False) remove it when it is empty."""

    path: str
    mode: int = 0o755
    exists: bool = True  # what shall be, after the step

    def inverse(self) -> "MakeFolder":
        return MakeFolder(path=self.path, mode=self.mode, exists=not self.exists, privileged=self.privileged)


Step = EditFile | SetMode | SetOwner | Move | MakeLink | MakeFolder


class InstallToolchain(Struct, frozen=True):
    """What a fix fetches and verifies before its steps: a Go release, made the account's own."""

    version: str  # "go1.22.10", or "latest"
    source: str | None = None  # an address or folder; None: the settings' sources
    to: str | None = None  # "account" (None), "/usr/local/go", "/opt": see toolchain.targets
    image: str | None = None  # folder of an image's file system to install into
    without_signature: bool = False  # Google's sum alone will do where the signature cannot be checked


class Fix(Struct, frozen=True):
    """A repair the person can choose: an action in words, and the exact steps it takes."""

    id: str
    title: Message
    steps: tuple[Step, ...] = ()
    safe: bool = False  # needs no root, loses nothing, can be undone
    install: InstallToolchain | None = None
    note: Message | None = None  # what the person should know beforehand

    @property
    def needs_root(self) -> bool:
        """Whether any step is for root."""
        return any(step.privileged for step in self.steps)


# ------------------------------------------------------------------ findings


class MadeBy(Struct, frozen=True):
    """The layer of an image that put something there, and the history command that made it."""

    layer: int | None  # from 1, lowest first; None for a step that makes no layer, such as ENV
    digest: str  # of the layer, "" where there is none
    created_by: str


class Evidence(Struct, frozen=True):
    """One thing a probe saw, word for word, so that the person can check it."""

    text: str
    file: str | None = None
    line: int | None = None
    session: str | None = None
    made_by: MadeBy | None = None  # in an image


class Finding(Struct, frozen=True):
    """One cause, with the evidence for it and the ways out of it."""

    check: str
    subject: str
    severity: Severity
    message: Message  # one sentence of what is, with names and values
    why: Message  # why it matters
    evidence: tuple[Evidence, ...]
    fixes: tuple[Fix, ...] = ()
    sessions: tuple[str, ...] = ()  # kinds it hits
    because_of: str | None = None  # id of the finding it follows from
    weight: int = 0  # how much of the person's work it explains; more comes first
    advice: tuple[Message, ...] = ()  # ways out that are the person's own to take, a sentence each

    @property
    def id(self) -> str:
        """The same on the next run while the cause is the same."""
        return f"{self.check}@{self.subject}"


class CheckResult(Struct, frozen=True):
    """What became of one check."""

    id: str
    state: str  # passed found skipped failed
    seconds: float
    reason: Message | None = None


class Examination(Struct, frozen=True):
    """Everything one examination learnt."""

    account: Account
    project: str | None
    seconds: float
    took_place: str  # ISO 8601, UTC
    sessions: tuple[Session, ...]
    toolchains: tuple[Toolchain, ...]
    findings: tuple[Finding, ...]
    checks: tuple[CheckResult, ...]
    notes: tuple[Message, ...] = ()  # what the person should know of the examination itself
    limits: str = ""  # of a sandbox that is still to come, as they were given

    @property
    def ill(self) -> bool:
        """Whether anything at error or warning was found."""
        return any(finding.severity is not Severity.HINT for finding in self.findings)


# ------------------------------------------------------------------ what was done


class Saved(Struct, frozen=True):
    """What must be known of a path to give it back byte for byte; kept in the receipt."""

    path: str
    kind: str  # file link folder none
    mode: int = 0
    uid: int = 0
    gid: int = 0
    mtime_ns: int = 0
    content: str | None = None  # name of the file in the receipt's folder that holds the bytes
    attributes: Mapping[str, bytes] = field(default_factory=dict)  # extended attributes, ACLs among them


class Receipt(Struct, frozen=True):
    """What a fix did, and all that is needed to take it back."""

    id: str  # sorts by time
    finding: str
    fix: str
    title: Message
    took_place: str
    steps: tuple[Step, ...]
    done: int  # how many steps were carried out
    state: str  # "begun", "done", "taken back", "left" (could not be put back), "final" (cannot be any more)
    saved: tuple[Saved, ...] = ()
    root_receipt: str | None = None  # "" where root took part; root's own ids are ID-0, ID-1, …

    @property
    def over(self) -> bool:
        """Whether there is nothing that could be taken back any more."""
        return self.state in ("taken back", "final")


class Transfer(Struct, frozen=True):
    """How a download stands."""

    source: str  # the server or folder that the bytes come from
    done: int  # bytes
    size: int  # bytes; 0: not known
    speed: float | None  # bytes per second in the last seconds; None: not known yet
    seconds_left: float | None  # None: not known


class Progress(Struct, frozen=True):
    """A piece of progress of something long."""

    what: Message
    fraction: float | None = None  # 0 to 1; None: not known
    transfer: Transfer | None = None  # of a download
    step: str = ""  # which stage of an installation (`stages`); what comes before it has passed
    so_far: Examination | None = None  # what an examination has learnt until now: true, but not all
