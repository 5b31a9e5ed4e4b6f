"""Root takes a toolchain from an account only after it verified a copy of its own; then it is moved, and taken back."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from campus import VERSION, Signer, file_name, folder, go_members, member, packed

from gomedic import journal
from gomedic.closed_list import Caller
from gomedic.model import MakeLink, Move, Step
from gomedic.root_helper import Answer, Helper, Plan
from gomedic.root_staging import Order
from gomedic.toolchain.tree import tree
from started import snapshot

STAGED = "/usr/local/.gomedic-staging-0123456789abcdef"
IN_OPT = "/opt/.gomedic-staging-0123456789abcdef"
OFFICIAL = "go1.27.1"


class Ground:
    """A machine as the helper sees it, and what an account brings."""

    def __init__(self, folder: Path, signer: Signer, archive: bytes) -> None:
        self.tree, self.archive, self.signer = folder / "tree", folder / "archive", signer
        for name in ("etc/gomedic/keys", "usr/local/bin", "opt", "var/lib"):
            (self.tree / name).mkdir(parents=True)
        for path in (folder, self.tree, *self.tree.rglob("*")):
            path.chmod(0o755)
        self.key = self.tree / "etc/gomedic/keys/campus.asc"
        self.key.write_bytes(signer.public)
        self.key.chmod(0o644)
        settings = (
            '[[source]]\nname = "campus"\nurl = "https://go.example.edu/"\n'
            f'[[key]]\nfile = "/etc/gomedic/keys/campus.asc"\nsources = ["campus"]\nprefix = "{VERSION}"\n'
        )
        (self.tree / "etc/gomedic/config.toml").write_text(settings)
        self.bring(archive)
        state = str(folder / "root-state")
        self.helper = Helper(
            Caller(os.geteuid(), os.getegid(), "/home/gus"),
            tree=str(self.tree),
            state_folder=state,
            root=os.geteuid(),
        )

    def bring(self, archive: bytes) -> None:
        self.archive.write_bytes(archive)
        self.signature = self.signer.sign(archive)

    def order(self, act: str = "stage", path: str = STAGED, version: str = VERSION) -> Answer:
        words = (file_name(version), version, self.signature) if act == "stage" else ("", "", b"")
        archive = str(self.archive) if act == "stage" else ""
        return self.helper.answer(journal.encoded(Order(1, act, path, archive, *words)))

    def do(self, *steps: Step, act: str = "apply", name: str = "") -> Answer:
        return self.helper.answer(journal.encoded(Plan(1, act, name or f"{journal.new_id()}-0", steps)))

    def left(self) -> list[str]:
        found = [path.name for place in ("usr/local", "opt") for path in (self.tree / place).iterdir()]
        return sorted(name for name in found if name.startswith("."))


@pytest.fixture
def ground(tmp_path: Path, signer: Signer, archive: bytes) -> Ground:
    return Ground(tmp_path, signer, archive)


def move(source: str, goal: str) -> Move:
    return Move(source=source, target=goal, privileged=True)


def link(path: str, before: str | None, after: str | None) -> MakeLink:
    return MakeLink(path=path, before=before, after=after, privileged=True)


PLACED = {
    "local": (STAGED, [
        move("/usr/local/go", "/usr/local/go.gomedic-saved"), move(STAGED, "/usr/local/go"),
        link("/usr/local/bin/go", None, "/usr/local/go/bin/go"),
    ], "usr/local/go"),
    "opt": (IN_OPT, [
        move(IN_OPT, "/opt/go-1.27.1-campus"), link("/opt/go", None, "go-1.27.1-campus"),
        link("/usr/local/bin/gofmt", None, "/opt/go/bin/gofmt"),
    ], "opt/go"),
}  # fmt: skip


@pytest.mark.parametrize(("staged", "steps", "root"), PLACED.values(), ids=PLACED.keys())
def test_what_was_verified_is_placed_and_taken_back(
    ground: Ground, staged: str, steps: list[Step], root: str
) -> None:
    old = ground.tree / "usr/local/go/bin"
    old.mkdir(parents=True)
    (old / "go").write_text("an old one")
    for path in (old.parent, old, old / "go"):
        path.chmod(0o755)
    before = snapshot(ground.tree)
    assert ground.order(path=staged) == Answer("done")
    assert ground.do(*steps, act="check") == Answer("fit")
    name = f"{journal.new_id()}-0"
    assert ground.do(*steps, name=name) == Answer("done")
    assert tree(str(ground.tree / root)).whole
    assert (ground.tree / root).stat().st_mode & 0o7777 == 0o755
    assert {path.suffix for path in (ground.tree / "var/lib/gomedic-toolchains").iterdir()} == {
        ".json",
        ".files",
    }
    assert ground.do(act="undo", name=name) == Answer("done")
    assert {k: v[1] for k, v in snapshot(ground.tree).items()} == {k: v[1] for k, v in before.items()}


def unsigned(ground: Ground) -> None:
    ground.archive.write_bytes(ground.archive.read_bytes() + b"\0")


def of_another(ground: Ground) -> None:
    ground.bring(packed(go_members("go1.26.0")))


def leads_out(ground: Ground) -> None:
    ground.bring(packed([*go_members(), member("go/../../etc/passwd", b"x")]))


def without_tools(ground: Ground) -> None:
    ground.bring(packed([folder("go"), member("go/VERSION", f"{VERSION}\n".encode())]))


def key_for_all(ground: Ground) -> None:
    ground.key.chmod(0o666)


def no_key(ground: Ground) -> None:
    (ground.tree / "etc/gomedic/config.toml").unlink()


def bad_settings(ground: Ground) -> None:
    (ground.tree / "etc/gomedic/config.toml").write_text("[[key]]\n")


def a_pipe(ground: Ground) -> None:
    ground.archive.unlink()
    os.mkfifo(ground.archive)


def no_file(ground: Ground) -> None:
    ground.archive.unlink()


def a_place_for_all(ground: Ground) -> None:
    (ground.tree / "usr/local").chmod(0o777)


BAD: list[tuple[Callable[[Ground], None], str, str]] = [
    (unsigned, "refused", "signature"),
    (of_another, "refused", "go1.26.0"),
    (leads_out, "refused", "outside the folder"),
    (without_tools, "refused", "has no bin/go"),
    (key_for_all, "refused", "no key in /etc/gomedic/config.toml may vouch for"),
    (no_key, "refused", "no key in /etc/gomedic/config.toml may vouch for"),
    (bad_settings, "refused", "config.toml"),
    (a_pipe, "refused", "is no file"),
    (no_file, "failed", "No such file"),
    (a_place_for_all, "refused", "can be changed by others than root"),
]


@pytest.mark.parametrize(("ill", "state", "part"), BAD, ids=[row[0].__name__ for row in BAD])
def test_what_is_not_rightly_signed_is_refused_and_leaves_nothing(
    ground: Ground, ill: Callable[[Ground], None], state: str, part: str
) -> None:
    ill(ground)
    answer = ground.order()
    assert (answer.state, part in answer.why) == (state, True), answer
    assert ground.left() == []
    assert [path.name for path in Path(ground.helper.state_folder).iterdir()] == ["lock"]


def test_a_key_of_the_machine_cannot_vouch_for_googles_versions(ground: Ground) -> None:
    ground.bring(packed(go_members(OFFICIAL)))
    assert ground.order(version=OFFICIAL).state == "refused"


STRANGE = [
    {"path": "/usr/local/go"}, {"path": "/usr/local/bin/.gomedic-staging-0123456789abcdef"}, {"schema": 2},
    {"more": 1}, {"path": "/opt/../etc/.gomedic-staging-0123456789abcdef"}, {"archive": 1},
]  # fmt: skip


@pytest.mark.parametrize("change", STRANGE)
def test_an_order_is_taken_to_the_letter(ground: Ground, change: dict[str, object]) -> None:
    given = (
        json.loads(journal.encoded(Order(1, "stage", STAGED, str(ground.archive), "f", VERSION, b"x")))
        | change
    )
    assert ground.helper.answer(json.dumps(given).encode()).state == "refused"


UNLISTED = [
    move(STAGED, "/usr/local/bin"), move(STAGED, "/opt/go-1.27.1"), move(STAGED, "/usr/local/gopher"),
    move("/opt/go", "/opt/go.old"), move("/opt/gopher", "/opt/gopher.gomedic-saved"), link("/opt/go", None, "/home/gus/go"),
    link("/opt/go", None, "go-1.22/../../home"), link("/usr/local/go", None, "go-1.22"),
]  # fmt: skip


@pytest.mark.parametrize("step", UNLISTED, ids=repr)
def test_what_is_not_listed_is_refused(ground: Ground, step: Step) -> None:
    assert ground.order() == Answer("done")
    assert ground.do(step, act="check").state == "refused"


def test_a_link_must_lead_to_what_root_alone_can_change(ground: Ground) -> None:
    assert ground.do(link("/opt/go", None, "go-9"), act="check").state == "refused"


def test_what_was_killed_half_way_is_swept_and_what_was_staged_can_be_discarded(ground: Ground) -> None:
    half = ground.tree / f"opt/{os.path.basename(IN_OPT)}.new"
    (half / "src").mkdir(parents=True)
    assert ground.do(move(f"{IN_OPT}.new", "/opt/go-1.22"), act="check").state == "refused"
    assert ground.order() == Answer("done")
    assert ground.left() == [os.path.basename(STAGED)]
    assert ground.order("discard") == Answer("done")
    assert ground.left() == []


def test_what_a_receipt_needs_is_not_discarded(ground: Ground) -> None:
    ground.order()
    name = f"{journal.new_id()}-0"
    assert ground.do(move(STAGED, "/usr/local/go"), name=name) == Answer("done")
    os.rename(ground.tree / "usr/local/go", ground.tree / STAGED[1:])
    ground.order("discard")
    assert ground.left() == [os.path.basename(STAGED)]
