"""A what-if table as values: what the core would have tried on the sample's machine."""

from collections.abc import Iterator

from gomedic.model import Origin, Progress
from gomedic.overrides.judging import LEFT_EARLY, NO_START_UP, PUT_BEFORE, STANDS_BEFORE
from gomedic.overrides.judging_settings import SAME_COMMAND, TYPED_ONLY
from gomedic.overrides.own_ways import ALIAS, EXPORT_BOTH, EXPORT_GOROOT, IN_FILE, LINK, SCRIPTS_DO_NOT
from gomedic.overrides.trying import NOT_SHOWN, TRYING
from gomedic.overrides.values import ACCOUNT, ROOT, Outcome, Overrides, Row, Seen, Target, Way
from gomedic.texts import N_, Message
from gui.samples import BASHRC, HOME, ILL

TARGET = Target(f"{HOME}/sdk/go1.22.10", "go1.22.10")
KINDS = ("terminal", "ssh", "login", "command", "cron", "editor")
READS = Origin(BASHRC, 12, "read -p 'Which course? ' COURSE")
NO_LINE = Message(NO_START_UP)


def _never(seen: Seen) -> Outcome:
    raise AssertionError(seen)


def _works(kind: str, *, already: bool = False) -> Outcome:
    return Outcome(kind, "works", "go1.22.10", TARGET.binary, already=already)


def _fails(kind: str, reason: Message, place: Origin | None = None) -> Outcome:
    return Outcome(kind, "fails", "go1.19.8", "/usr/bin/go", reason=reason, place=place)


def _way(name: str, by: str, title: Message, *how: Message, note: Message | None = None) -> Way:
    return Way(name, by, title, _never, how=how, note=note)


def _line(line: str) -> Message:
    return Message(IN_FILE, {"file": "~/.bashrc", "line": line})


LEFT = Message(LEFT_EARLY, {"place": "~/.bashrc:12"})
SAME = Message(SAME_COMMAND, {"path": "/usr/bin/go", "version": "1.19.8"})
BEFORE = Message(STANDS_BEFORE, {"winner": "/usr/bin"})
EXPORTS = Row(
    _way(
        "export-goroot-path", ACCOUNT, Message(EXPORT_BOTH, {"files": "~/.bashrc"}),
        _line("export GOROOT=$HOME/sdk/go1.22.10"), _line('export PATH="$HOME/sdk/go1.22.10/bin:$PATH"'),
    ),
    (
        _works("terminal"), _works("ssh"), _fails("login", LEFT, READS), _works("command"),
        _fails("cron", NO_LINE), _works("editor", already=True),
    ),
    tried=True,
)  # fmt: skip
GOROOT_ALONE = Row(
    _way("export-goroot", ACCOUNT, Message(EXPORT_GOROOT, {"files": "~/.bashrc"})),
    tuple(_fails(kind, SAME if kind != "cron" else NO_LINE) for kind in KINDS),
    tried=True,
)
BEFORE_IT = Message(PUT_BEFORE, {"place": "~/.bashrc:119", "winner": "/usr/bin"})
LINKED = Row(
    _way(
        "link", ACCOUNT, Message(LINK, {"folder": "~/.local/bin"}), Message("{line}", {"line": f"ln -s {TARGET.binary} ~/.local/bin/go"}),
    ),
    tuple(_fails(kind, BEFORE_IT, Origin(BASHRC, 119)) for kind in KINDS),
    tried=True,
)  # fmt: skip
ALIASED = Row(
    _way(
        "alias", ACCOUNT, Message(ALIAS, {"files": "~/.bashrc"}), _line(f"alias go={TARGET.binary}"),
        note=Message(SCRIPTS_DO_NOT),
    ),
    tuple(_works(kind) if kind in ("terminal", "ssh") else _fails(kind, Message(TYPED_ONLY)) for kind in KINDS),
    tried=True,
)  # fmt: skip
BY_ROOT = Row(
    _way("usr-local", ROOT, Message(LINK, {"folder": "/usr/local/bin"})),
    tuple(Outcome(kind, "untried", reason=Message(NOT_SHOWN)) for kind in KINDS),
    tried=False,
)
OVERRIDES = Overrides(
    TARGET, tuple(each for each in ILL.sessions if not each.is_process), KINDS[:3],
    (EXPORTS, GOROOT_ALONE, LINKED, ALIASED, BY_ROOT), EXPORTS.way.id,
)  # fmt: skip


def trials() -> Iterator[Progress | Overrides]:
    """Yield what the core would."""
    yield Progress(Message(N_("Starting every kind of session")), 0.0)
    for number, row in enumerate(OVERRIDES.rows, 1):
        yield Progress(Message(TRYING, {"way": row.way.title}), number / 6)
    yield OVERRIDES
