"""A machine in trouble and a healthy one, as values: what the core would have found."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import structs

from gomedic.doctor import Offer, Restored, Treatment, Trial
from gomedic.model import (
    IMAGE,
    Account,
    CheckResult,
    EditFile,
    Evidence,
    Examination,
    Finding,
    Fix,
    GoCommand,
    InstallToolchain,
    Origin,
    PathEntry,
    Progress,
    Receipt,
    Session,
    SetMode,
    Severity,
    SkippedFile,
    Toolchain,
    Variable,
)  # fmt: skip
from gomedic.proof import Proof
from gomedic.texts import N_, Message
from gomedic_gui.doctor import Doctor

HOME = "/home/student"
BASHRC = f"{HOME}/.bashrc"
ACCOUNT = Account("student", 1000, 1000, HOME, "/bin/bash")
PROFILE = Origin("/etc/profile", 9, 'PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"')
APPENDED = Origin(BASHRC, 119, 'export PATH="$PATH:$HOME/sdk/go1.22.10/bin"')
GOBIN = Origin(BASHRC, 120, 'export PATH="$PATH:$HOME/go/bin"')

BASHRC_TEXT = (
    "\n" * 10
    + "# Asks which course to set up\nread -p 'Which course? ' COURSE\n"
    + "\n" * 104
    + (
        "# Go, installed for the compiler course\n"
        "export GOPATH=$HOME/go\n"
        'export PATH="$PATH:$HOME/sdk/go1.22.10/bin"\n'
        'export PATH="$PATH:$HOME/go/bin"\n'
        "alias ll='ls -l'\n"
    )
)
PROFILE_D_TEXT = "# set by the lab image\nexport GOROOT=/usr/lib/go-1.19\n"
FILES = {BASHRC: BASHRC_TEXT, "/etc/profile.d/golang.sh": PROFILE_D_TEXT}

OLD_GO = GoCommand("/usr/bin/go", "/usr/lib/go-1.19/bin/go", "go1.19.8", "/usr/lib/go-1.19")
NEW_GO = GoCommand(
    f"{HOME}/sdk/go1.22.10/bin/go", f"{HOME}/sdk/go1.22.10/bin/go", "go1.22.10", f"{HOME}/sdk/go1.22.10"
)
TOOLCHAINS = (
    Toolchain("/usr/lib/go-1.19", "go1.19.8", "distribution", True, binary="/usr/lib/go-1.19/bin/go"),
    Toolchain(f"{HOME}/sdk/go1.22.10", "go1.22.10", "official", True, binary=f"{HOME}/sdk/go1.22.10/bin/go"),
)
GO_COMMANDS = {
    "/usr/bin": "/usr/lib/go-1.19/bin/go",
    f"{HOME}/sdk/go1.22.10/bin": f"{HOME}/sdk/go1.22.10/bin/go",
}

_SYSTEM = tuple(PathEntry(entry, True, PROFILE) for entry in ("/usr/local/bin", "/usr/bin", "/bin"))
_BARE = tuple(
    PathEntry(entry, True, IMAGE) for entry in ("/usr/local/sbin", "/usr/local/bin", "/usr/bin", "/bin")
)
_LADDER = (
    *_SYSTEM,
    PathEntry(f"{HOME}/sdk/go1.22.10/bin", True, APPENDED),
    PathEntry(f"{HOME}/go/bin", False, GOBIN),
)
_CURED_LADDER = (_LADDER[3], *_SYSTEM, _LADDER[4])


_FILES = ("/etc/profile", "/etc/profile.d/golang.sh", f"{HOME}/.profile", BASHRC)
_VARIABLES = {
    "GOROOT": Variable("/usr/lib/go-1.19", True, Origin("/etc/profile.d/golang.sh", 2, "export GOROOT=/usr/lib/go-1.19")),
    "GOPATH": Variable(f"{HOME}/go", True, Origin(BASHRC, 118, "export GOPATH=$HOME/go")),
}  # fmt: skip
_LEFT = SkippedFile(BASHRC, "returned early", 12, "read -p 'Which course? ' COURSE")


def session(kind: str, **changes: object) -> Session:
    """Return a session that runs the old Go, or what `changes` makes of it."""
    plain = Session(kind, "/bin/bash", "ok", 0.05, _LADDER, go=OLD_GO, files=_FILES, variables=_VARIABLES)
    return structs.replace(plain, **changes)


SESSIONS = (
    session("terminal"),
    session("ssh"),
    session("login", skipped_files=(_LEFT,)),
    session("command", path=_BARE, go=OLD_GO, files=(), variables={}),
    session("cron", path=_BARE[1:], go=None, files=(), variables={}),
    session(
        "editor",
        state="hung",
        go=None,
        path=(),
        variables={},
        stopped_at=Origin(BASHRC, 12, "read -p 'Which course? ' COURSE"),
    ),
    session("process:4711", label="bash"),
)

PREPEND = Fix(
    "prepend",
    Message(N_("Put {folder} first on PATH"), {"folder": "~/sdk/go1.22.10/bin"}),
    (
        EditFile(
            path=BASHRC,
            before=BASHRC_TEXT.encode(),
            after=BASHRC_TEXT.replace(
                "$PATH:$HOME/sdk/go1.22.10/bin", "$HOME/sdk/go1.22.10/bin:$PATH"
            ).encode(),
        ),
    ),
    safe=True,
)
REMOVE_OLD = Fix(
    "link",
    Message(N_("Take the line out of {file}"), {"file": "/etc/profile.d/golang.sh"}),
    (
        EditFile(
            path="/etc/profile.d/golang.sh",
            before=PROFILE_D_TEXT.encode(),
            after=b"# set by the lab image\n",
            privileged=True,
        ),
        SetMode(path="/etc/profile.d/golang.sh", before=0o600, after=0o644, privileged=True),
    ),
)
INSTALL = Fix(
    "install",
    Message(N_("Install Go {version} for you alone"), {"version": "1.22.10"}),
    install=InstallToolchain("go1.22.10"),
)

SHADOWED = Finding(
    "shadowed-by-older-go",
    "/usr/bin",
    Severity.ERROR,
    Message(
        N_("New terminals run Go {old} from {folder}, although you installed Go {new}."),
        {"old": "1.19.8", "folder": "/usr/bin", "new": "1.22.10"},
    ),
    Message(
        N_(
            "A shell runs the first go it finds on PATH, whatever its age. "
            "Your newer Go stands behind /usr/bin, so it is never reached."
        )
    ),
    (
        Evidence('export PATH="$PATH:$HOME/sdk/go1.22.10/bin"', BASHRC, 119, "terminal"),
        Evidence("go version go1.19.8 linux/amd64", "/usr/lib/go-1.19/VERSION", None, "terminal"),
    ),
    (PREPEND, INSTALL),
    ("terminal", "ssh", "login"),
    weight=10,
)
TOO_OLD = Finding(
    "go-too-old",
    "/home/student/lab3",
    Severity.WARNING,
    Message(N_("The project {project} asks for Go {wanted}."), {"project": "lab3", "wanted": "1.22"}),
    Message(N_("Go 1.19 stops at the first line of go.mod that it does not know.")),
    (Evidence("go 1.22", f"{HOME}/lab3/go.mod", 3),),
    (INSTALL,),
    ("terminal",),
    because_of=SHADOWED.id,
)
GOROOT = Finding(
    "goroot-version-mismatch",
    "/usr/lib/go-1.19",
    Severity.WARNING,
    Message(
        N_("GOROOT is set to {root}; every newer Go will be given the old one's library."),
        {"root": "/usr/lib/go-1.19"},
    ),
    Message(N_("Go finds its own files. A GOROOT that belongs to another version makes it fail.")),
    (Evidence("export GOROOT=/usr/lib/go-1.19", "/etc/profile.d/golang.sh", 2, "login"),),
    (REMOVE_OLD,),
    ("ssh", "login"),
)
NO_TOOLS = Finding(
    "path-entry-missing-dir",
    f"{HOME}/go/bin",
    Severity.HINT,
    Message(N_("{folder} is on PATH, but there is no such folder yet."), {"folder": "~/go/bin"}),
    Message(N_("It comes into being with your first go install; until then it does no harm.")),
    (Evidence('export PATH="$PATH:$HOME/go/bin"', BASHRC, 120),),
)

CHECKS = (
    CheckResult("shadowed-by-older-go", "found", 0.001),
    CheckResult("goroot-version-mismatch", "found", 0.001),
    *(CheckResult(f"check-{number}", "passed", 0.001) for number in range(26)),
    CheckResult(
        "rc-crlf",
        "failed",
        0.001,
        Message(N_("{file} could not be read to its end."), {"file": "/etc/bash.bashrc"}),
    ),
)

ILL = Examination(
    ACCOUNT,
    None,
    0.42,
    "2026-11-23T04:00:00Z",
    SESSIONS,
    TOOLCHAINS,
    (SHADOWED, GOROOT, TOO_OLD, NO_TOOLS),
    CHECKS,
)
CURED_SESSIONS = tuple(
    structs.replace(each, go=NEW_GO, path=_CURED_LADDER)
    if each.kind in ("terminal", "ssh", "login")
    else each
    for each in SESSIONS
)
CURED = structs.replace(ILL, sessions=CURED_SESSIONS, findings=(GOROOT, NO_TOOLS))
HEALTHY = structs.replace(
    ILL,
    sessions=tuple(session(kind, go=NEW_GO, path=_CURED_LADDER) for kind in ("terminal", "ssh", "login")),
    findings=(),
    checks=tuple(structs.replace(check, state="passed") for check in CHECKS),
)
RECEIPT = Receipt(
    "20261123-040100",
    SHADOWED.id,
    PREPEND.id,
    PREPEND.title,
    "2026-11-23T04:01:00Z",
    PREPEND.steps,
    1,
    "done",
)
OLD_RECEIPT = structs.replace(
    RECEIPT, id="20261101-090000", title=REMOVE_OLD.title, took_place="2026-11-01T09:00:00Z",
    steps=REMOVE_OLD.steps, state="taken back",
)  # fmt: skip


def step(text: str, fraction: float | None = None) -> Progress:
    """Return a piece of progress."""
    return Progress(Message(text), fraction)


class Clinic:
    """Generators over hand-made values that behave as the core's do, and remember what was asked of them."""

    def __init__(
        self, examination: Examination = ILL, files: Mapping[str, str] = FILES, proof: Proof | None = None
    ) -> None:
        self.examination = examination
        self.files = files
        self.proof = proof
        self.receipts: tuple[Receipt, ...] = ()
        self.asked: list[str] = []
        self.closed: list[str] = []
        self.offers: dict[str, Offer] = {}  # by finding
        self.pause: Callable[[], None] = lambda: None
        self.pause_of_trials: Callable[[], None] = lambda: None
        self.pause_of_overrides: Callable[[], None] = lambda: None

    def doctor(self) -> Doctor:
        """Return the doors to this clinic."""
        return Doctor(
            examine=self.examine,
            treat=self.treat,
            take_back=self.take_back,
            history=lambda: self.receipts,
            text=self.files.get,
            go_in=GO_COMMANDS.get,
            prove=self.prove,
            best_fix=self.best_fix,
            examine_thoroughly=self.examine_thoroughly,
            overrides=lambda: self.overrides(),
        )

    def overrides(self) -> Iterator[object]:
        from gui.samples_overrides import trials  # which is made of these samples

        self.asked.append("overrides")
        try:
            for value in trials():
                yield value
                self.pause_of_overrides()
        finally:
            self.closed.append("overrides")

    def best_fix(self, _examination: Examination, finding: Finding) -> Iterator[Progress | Offer]:
        yield step("Trying the fix in a copy of your files")
        self.pause_of_trials()
        first, *others = finding.fixes
        yield self.offers.get(finding.id, Offer(Trial(first, self.proof), tuple(others)))

    def prove(self, *_fix: object) -> Iterator[Progress | Proof | None]:
        yield step("Trying the fix in a copy of your files")
        yield self.proof

    def examine(self) -> Iterator[Progress | Examination]:
        self.asked.append("examine")
        try:
            yield step("Starting your shell in each way", 0.2)
            self.pause()
            yield step("Looking for installed Gos", 0.7)
            yield self.examination
        finally:
            self.closed.append("examine")

    def examine_thoroughly(self) -> Iterator[Progress | Examination]:
        yield self.examination
        self.asked.append("build")
        try:
            yield step("Building a small program", 0.5)
            self.pause()
            yield step("Building a small program", 0.9)
            yield structs.replace(self.examination, notes=(Message(N_("A small program was built.")),))
        finally:
            self.closed.append("build")

    def treat(self, examination: Examination, finding: Finding, fix: Fix) -> Iterator[Progress | Treatment]:
        self.asked.append(f"treat {finding.id}#{fix.id}")
        try:
            yield step("Saving what is there", 0.3)
            self.pause()
            yield step("Examining again", 0.6)
            self.receipts = (structs.replace(RECEIPT, title=fix.title, steps=fix.steps), *self.receipts)
            self.examination = CURED
            before, after = (tuple(f.id for f in each.findings) for each in (examination, CURED))
            yield Treatment(self.receipts[0], before, after, False, CURED)
        finally:
            self.closed.append("treat")

    def take_back(self, receipt: str | None) -> Iterator[Progress | Restored]:
        self.asked.append(f"take back {receipt}")
        yield step("Putting back", 0.5)
        self.receipts = tuple(
            structs.replace(each, state="taken back") if each.id == receipt else each
            for each in self.receipts
        )
        self.examination = ILL
        yield Restored(receipt or "", (BASHRC,))


def real_bashrc(folder: Path) -> Path:
    """Write the start-up file of the sample into `folder`."""
    path = folder / ".bashrc"
    path.write_text(BASHRC_TEXT)
    return path
