"""Toolchains and releases as values: what the core would have found and been told."""

from collections.abc import Iterator

from msgspec import structs

from gomedic.model import EditFile, GoCommand, Progress, Toolchain, Transfer
from gomedic.texts import N_, Message
from gomedic.toolchain.availability import Availability, Available
from gomedic.toolchain.command import Installed
from gomedic.toolchain.contents import Contents
from gomedic.toolchain.install import Verification
from gomedic.toolchain.releases import File, Release
from gomedic.toolchain.signature import Signature
from gomedic.toolchain.view import Here, view, worth_showing
from gomedic_gui.doctor import Doctor
from gui.samples import BASHRC, BASHRC_TEXT, HEALTHY, HOME, TOOLCHAINS, Clinic

ROOT = f"{HOME}/.local/share/gomedic/toolchains"
GOOGLE = Message(N_("Google's Go release key"))
SIGNATURE = Signature(
    GOOGLE, "EB4C1BFD4F042F6DDDCCEC917721F63BD38B4796", "", "2026-11-05T16:20:06Z", False, "gpg"
)
OURS, UNSIGNED = (
    Toolchain(f"{ROOT}/go{version}", f"go{version}", "gomedic", True, signature_checked=checked)
    for version, checked in (("1.27.1", True), ("1.25.9", False))
)
BROKEN = Toolchain("/usr/local/go", "go1.24.2", "official", False, ("pkg/tool", "src/fmt"))
OTHERS = (BROKEN, *TOOLCHAINS)
OWN = tuple(
    Installed(
        each.version, each.root, True,
        Verification(
            f"{each.version}.linux-amd64.tar.gz", "5f7ed9b0" * 8, 74_000_000, "go.dev/dl",
            f"https://dl.google.com/go/{each.version}.linux-amd64.tar.gz",
            SIGNATURE if each.signature_checked else None, "",
        ),
    )
    for each in (OURS, UNSIGNED)
)  # fmt: skip
IN_USE = GoCommand(f"{ROOT}/current/bin/go", f"{OURS.root}/bin/go", "go1.27.1", OURS.root)
SEEN = structs.replace(
    HEALTHY,
    sessions=tuple(structs.replace(session, go=IN_USE) for session in HEALTHY.sessions),
    toolchains=(OURS, UNSIGNED, *OTHERS),
)
VERSIONS = (
    "1.28rc1", "1.27.1", "1.27.0", "1.26.5", "1.26.4", "1.25.9", "1.25.8", "1.24.12", "1.23.12", "1.22.12", "1.21.13", "1.20.14",
)  # fmt: skip
UNREACHED = Message(
    N_("{host} could not be reached ({reason})."), {"host": "go.dev", "reason": "Connection refused"}
)


def releases(*problems: Message) -> Availability:
    """Return what could be installed, of which some cannot run here."""
    every = [_release(version) for version in VERSIONS]
    rows = view(every, Here("amd64", (3, 10), True))
    shown = {row.version for row in worth_showing(rows)}
    have = {each.version for each in OWN}
    found = tuple(
        Available(
            row.version, True, "go.dev", row.version in have, row, row.version in shown or row.version in have
        )
        for row in rows
    )
    return Availability(found, problems, "2026-11-23")


def _release(version: str) -> Release:
    name = f"go{version}.linux-amd64.tar.gz"
    return Release(
        f"go{version}", files=(File(name, "linux", "amd64", f"go{version}", "0" * 64, 1, "archive"),)
    )


EDITS = (
    EditFile(
        path=BASHRC, before=BASHRC_TEXT.encode(),
        after=f'{BASHRC_TEXT}\n# gomedic\nexport PATH="$HOME/.local/share/gomedic/toolchains/current/bin:$PATH"\n'.encode(),
    ),
)  # fmt: skip


class Shop(Clinic):
    """A clinic that knows of releases, and whose servers can be reached or not."""

    def __init__(self, *problems: Message) -> None:
        super().__init__(SEEN)
        self.problems = problems

    def doctor(self) -> Doctor:
        return structs.replace(
            super().doctor(),
            installed=lambda: OWN,
            available=self.available,
            contents=self.contents,
            edits_of=lambda *_wanted: EDITS,
        )

    def available(self, offline: bool) -> Iterator[Progress | Availability]:
        self.asked.append("known" if offline else "servers")
        yield Progress(Message(N_("Asking {source} for its releases"), {"source": "go.dev"}))
        yield releases() if offline else releases(*self.problems)

    def contents(self, word: str) -> Iterator[Progress | Contents]:
        self.asked.append(f"contents {word}")
        yield Contents(word, ("go1.27.1", "go1.26.5"))


def fetching(done: int, speed: float | None) -> Progress:
    """Return how a download stands that has `done` of 74 MB."""
    size = 74_000_000
    values: dict[str, str | int | Message] = {
        "file": "go1.26.5.linux-amd64.tar.gz", "source": "dl.google.com", "done": f"{done / 1e6:.1f}", "size": "74.0",
        "speed": "5.2", "left": Message(N_("{count} s"), {"count": 11}),
    }  # fmt: skip
    text = N_("Fetching {file} from {source}: {done} of {size} MB, {speed} MB/s, {left} left")
    left = (size - done) / speed if speed else None
    return Progress(
        Message(text, values), done / size, Transfer("dl.google.com", done, size, speed, left), "fetch"
    )
