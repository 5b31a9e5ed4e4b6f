"""Root's helper does what is on its closed list, takes it back by id, and nothing else, whoever pulls at it."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import msgspec
import pytest

from gomedic import journal, root_ground
from gomedic.closed_list import Caller, RefusedError
from gomedic.model import EditFile, MakeFolder, MakeLink, Move, SetMode, SetOwner
from gomedic.root_helper import Helper, Plan

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
US, THEM = os.geteuid(), 65534
CALLER = Caller(THEM, THEM, "/home/gus")
OLD = b"export PATH=$PATH:/opt/go/bin\r\nexport GOROOT=/opt/go\r\nalias ll='ls -l'"
NEW = b"export PATH=/opt/go/bin:$PATH\r\nalias ll='ls -l'"


@pytest.fixture
def tree(tmp_path):
    """A machine as the helper sees it: /etc, /usr/local, two Go trees, a home."""
    folder = tmp_path / "tree"
    for name in (
        "etc/profile.d",
        "etc/zsh",
        "etc/sudoers.d",
        "usr/local/bin",
        "opt/go/bin",
        "opt/go/src/runtime/old",
        "home",
    ):
        (folder / name).mkdir(parents=True)
    files = {
        "etc/profile": b"# profile\n", "etc/profile.d/golang.sh": OLD, "etc/profile.d/golang": b"export GOROOT=/opt/go\n",
        "etc/environment": b'PATH="/usr/bin:/bin"\n', "opt/go/bin/go": b"ELF", "opt/go/bin/gofmt": b"ELF",
        "opt/go/src/runtime/mbarrier.go": b"package runtime\n", "opt/go/src/runtime/old/a.go": b"package old\n",
        "usr/local/bin/gofmt": b"a stray copy", "etc/shadow": b"secret\n",
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, ns=(10**18, 10**18))
    make_home(folder)
    return folder


def make_home(folder):
    home = folder / "home/gus"
    (home / ".cache/go-build").mkdir(parents=True)
    (home / ".cache/go-build/a").write_text("built by root")
    (home / "own").write_text("own")
    if US == 0:
        for path in (home, home / "own"):
            os.chown(path, THEM, THEM)


@pytest.fixture
def helper(tree, tmp_path):
    return Helper(CALLER, tree=str(tree), state_folder=str(tmp_path / "root-state"), root=US)


@pytest.fixture
def quick(tree):
    """A helper whose journal is in memory, for tests that ask it hundreds of times."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Helper(CALLER, tree=str(tree), state_folder=f"{folder}/root-state", root=US)


def plan(*steps, act="apply", name=None):
    return journal.encoded(Plan(1, act, name or f"{journal.new_id()}-0", steps))


def edit(path, before, after, mode=0o644):
    return EditFile(path=path, before=before, after=after, mode=mode, privileged=True)


def mode(path, before, after):
    return SetMode(path=path, before=before, after=after, privileged=True)


def owner(path, before=(0, 0), after=(THEM, THEM)):
    return SetOwner(path=path, before=before, after=after, privileged=True)


def move(source, target):
    return Move(source=source, target=target, privileged=True)


def link(path, before, after):
    return MakeLink(path=path, before=before, after=after, privileged=True)


LISTED = {
    "edit": [edit("/etc/profile.d/golang.sh", OLD, NEW)],
    "carriage returns": [edit("/etc/profile.d/golang.sh", OLD, OLD.replace(b"\r", b""))],
    "create": [edit("/etc/profile.d/go.sh", None, b"# Go\nexport PATH=$PATH:/opt/go/bin:$HOME/go/bin\n")],
    "remove": [edit("/etc/profile.d/golang.sh", OLD, None)],
    "environment": [edit("/etc/environment", b'PATH="/usr/bin:/bin"\n', b'PATH="/usr/bin:/bin:/opt/go/bin"\n')],
    "file mode": [mode("/etc/profile.d/golang.sh", 0o600, 0o644)],
    "folder mode": [mode("/etc/profile.d", 0o644, 0o755)],
    "suffix": [move("/etc/profile.d/golang", "/etc/profile.d/golang.sh")],
    "aside and link": [
        move("/usr/local/bin/gofmt", "/usr/local/bin/gofmt.gomedic-saved"),
        link("/usr/local/bin/gofmt", None, "/opt/go/bin/gofmt"),
        link("/usr/local/bin/go", None, "/opt/go/bin/go"),
    ],
    "leftovers": [
        *(MakeFolder(path=f"/opt/go/.gomedic-saved{below}", privileged=True) for below in ("", "/src", "/src/runtime")),
        move("/opt/go/src/runtime/mbarrier.go", "/opt/go/.gomedic-saved/src/runtime/mbarrier.go"),
        move("/opt/go/src/runtime/old", "/opt/go/.gomedic-saved/src/runtime/old"),
    ],
    "folders": [
        MakeFolder(path="/etc/fish", privileged=True),
        MakeFolder(path="/etc/fish/conf.d", privileged=True),
        edit("/etc/fish/conf.d/go.fish", None, b"if test -d /opt/go/bin\n    fish_add_path --append /opt/go/bin\nend\n"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("steps", LISTED.values(), ids=LISTED.keys())
def test_what_is_listed_is_done_and_taken_back_by_its_id(helper, tree, snapshot, steps):
    if US and steps == LISTED["folder mode"]:
        pytest.skip("only root sees into a folder that nobody may search")
    prepare(tree, steps)
    was = snapshot(tree)
    assert helper.answer(plan(*steps, act="check")).state == "fit"
    assert snapshot(tree) == was
    name = f"{journal.new_id()}-0"
    assert helper.answer(plan(*steps, name=name)).state == "done"
    assert snapshot(tree) != was
    assert helper.answer(plan(act="undo", name=name)).state == "done"
    assert snapshot(tree) == was


def prepare(tree, steps):
    """Make the tree as the first step expects it."""
    step = steps[0]
    if isinstance(step, SetMode):
        (tree / step.path[1:]).chmod(step.before)
    if isinstance(step, Move) and step.target == "/etc/profile.d/golang.sh":
        (tree / "etc/profile.d/golang.sh").unlink()


@as_root
def test_what_root_left_in_the_home_is_given_back(helper, tree, snapshot):
    cache = "/home/gus/.cache"
    steps = [owner(cache), owner(f"{cache}/go-build"), owner(f"{cache}/go-build/a")]
    was = snapshot(tree)
    name = f"{journal.new_id()}-0"
    assert helper.answer(plan(*steps, name=name)).state == "done"
    assert (tree / "home/gus/.cache/go-build/a").stat().st_uid == THEM
    assert helper.answer(plan(act="undo", name=name)).state == "done"
    assert snapshot(tree) == was


@as_root
def test_undo_gives_root_nothing_but_what_was_roots(helper, tree):
    name, path = f"{journal.new_id()}-0", tree / "home/gus/.cache/go-build/a"
    assert helper.answer(plan(owner("/home/gus/.cache/go-build/a"), name=name)).state == "done"
    path.rename(path.with_name("b"))
    path.write_text("#!/bin/sh\nnot what root made\n")
    os.chown(path, THEM, THEM)
    answer = helper.answer(plan(act="undo", name=name))
    assert (answer.state, path.stat().st_uid) == ("stale", THEM)


SUDOERS = "/etc/sudoers.d/gomedic"


@pytest.mark.skipif(not os.access("/usr/sbin/visudo", os.X_OK), reason="needs visudo (package sudo)")
def test_visudo_reads_it_first():
    root_ground.check_sudoers(b'Defaults secure_path="/usr/bin"\n')
    with pytest.raises(RefusedError, match="visudo does not accept"):
        root_ground.check_sudoers(b'Defaults secure_path="/usr/bin\n')


@pytest.mark.skipif(not os.access("/usr/sbin/visudo", os.X_OK), reason="needs visudo (package sudo)")
def test_sudoers_is_made_once_and_not_changed(helper, tree, snapshot):
    good = b'Defaults secure_path="/usr/sbin:/usr/bin:/sbin:/bin:/opt/go/bin"\n'
    assert helper.answer(plan(edit(SUDOERS, None, good, 0o440))).state == "done"
    assert (tree / SUDOERS[1:]).stat().st_mode & 0o777 == 0o440
    was = snapshot(tree)
    assert (
        helper.answer(plan(edit(SUDOERS, good, good.replace(b"/opt/go", b"/opt"), 0o440))).state == "refused"
    )
    assert helper.answer(plan(edit(SUDOERS, good, None, 0o440))).state == "refused"
    assert snapshot(tree) == was


@pytest.mark.parametrize("text", [
    'Defaults secure_path="/usr/bin:/bin', 'Defaults secure_path="/usr/bin:/home/gus/bin"', 'Defaults secure_path="bin"',
    'Defaults secure_path="/usr/bin:bin"', 'Defaults secure_path="/usr/bin::/bin"', 'Defaults secure_path="/usr/bin:."',
    'Defaults secure_path="/usr/bin:/opt/../tmp"', 'Defaults secure_path="/usr/bin:/opt/go/bin/"', "Defaults secure_path",
    'Defaults secure_path="/"', 'Defaults:gus secure_path="/usr/bin"', 'Defaults secure_path="/usr/bin",!authenticate',
    'Defaults secure_path="/usr/bin"\nDefaults !authenticate', 'Defaults secure_path="/usr/bin"\n# Go',
    'Defaults secure_path="/usr/bin"\\', 'Defaults secure_path="/usr/bin"\ngus ALL=(ALL) NOPASSWD: ALL',
    '#includedir /tmp', "@include /tmp/x", "", "# Go",
])  # fmt: skip
def test_sudoers_gets_one_line_of_roots_folders(helper, tree, snapshot, text):
    (tree / "home/gus/bin").mkdir()
    if US == 0:
        os.chown(tree / "home/gus/bin", THEM, THEM)
    else:
        (tree / "home/gus/bin").chmod(0o777)
    was = snapshot(tree)
    assert helper.answer(plan(edit(SUDOERS, None, f"{text}\n".encode(), 0o440))).state == "refused"
    assert snapshot(tree) == was


@pytest.mark.parametrize("mode", [0o444, 0o640, 0o644, 0o4440])
def test_sudoers_is_for_root_to_read(helper, tree, mode):
    line = b'Defaults secure_path="/usr/bin:/bin"\n'
    assert helper.answer(plan(edit(SUDOERS, None, line, mode))).state == "refused"


@pytest.mark.parametrize(("name", "target", "listed"), [
    ("go", "go.sh", True), ("go.txt", "go.sh", True), ("go.txt", "go.txt.sh", True), ("go.sh.txt", "go.sh", True),
    ("go.csh", "go.csh.sh", False), ("go.sh.bak", "go.sh.bak.sh", False), ("go.sh", "go.sh.sh", False),
    ("go", "other.sh", False), ("go", "go.csh", False), (".go", ".go.sh", False),
])  # fmt: skip
def test_a_snippet_gets_the_suffix_that_it_lacks(helper, tree, name, target, listed):
    folder = "/etc/profile.d"
    (tree / folder[1:] / name).write_text("export GOROOT=/opt/go\n")
    answer = helper.answer(plan(move(f"{folder}/{name}", f"{folder}/{target}"), act="check"))
    assert answer.state == ("fit" if listed else "refused")


KEPT = "/opt/go/.gomedic-saved"


@pytest.mark.parametrize(("source", "target"), [
    ("/opt/go/src/runtime/mbarrier.go", "/opt/go/.gomedic-saved/src/runtime/other.go"),
    ("/opt/go/src/runtime/mbarrier.go", "/opt/go/.gomedic-saved/src/os/mbarrier.go"),
    ("/opt/go/src/runtime/mbarrier.go", "/usr/local/go/.gomedic-saved/src/runtime/mbarrier.go"),
    ("/opt/go/src/runtime/mbarrier.go", "/opt/go/src/os/mbarrier.go"), ("/opt/go/src/runtime/mbarrier.go", "/tmp/x"),
    ("/opt/go/src/runtime/mbarrier.go", "/opt/go/.gomedic-saved/../src/runtime/mbarrier.go"),
    ("/opt/go/src/runtime", f"{KEPT}/src/runtime"), ("/opt/go/src/x.go", f"{KEPT}/src/x.go"), ("/opt/go/src", f"{KEPT}/src"),
    ("/opt/go/bin/go", f"{KEPT}/bin/go"), ("/opt/go/VERSION", f"{KEPT}/VERSION"),
    ("/opt/go/src/../../../etc/shadow", f"{KEPT}/src/../../../etc/shadow"), ("/usr/bin/src/a/b", "/usr/bin/.gomedic-saved/src/a/b"),
    (f"{KEPT}/src/runtime/mbarrier.go", "/opt/go/src/runtime/mbarrier.go"),
])  # fmt: skip
def test_only_parts_of_packages_are_moved_out_of_gos_sight(helper, tree, snapshot, source, target):
    was = snapshot(tree)
    assert helper.answer(plan(*LISTED["leftovers"][:3], move(source, target))).state == "refused"
    assert snapshot(tree) == was


def linked_saved(tree):
    (tree / "opt/go/.gomedic-saved").symlink_to(tree / "home/gus")


def linked_package(tree):
    (tree / "opt/go/src/runtime").rename(tree / "opt/elsewhere")
    (tree / "opt/go/src/runtime").symlink_to("../../elsewhere")


def open_package(tree):
    (tree / "opt/go/src/runtime").chmod(0o777)


def open_source(tree):
    (tree / "opt/go/src/runtime/mbarrier.go").chmod(0o666)


def hard_linked_source(tree):
    os.link(tree / "opt/go/src/runtime/mbarrier.go", tree / "home/other-name")


@pytest.mark.parametrize(
    "trap", [linked_saved, linked_package, open_package, open_source, hard_linked_source]
)
def test_leftovers_of_a_tree_that_others_could_change_stay(helper, tree, snapshot, trap):
    trap(tree)
    was = snapshot(tree)
    assert helper.answer(plan(*LISTED["leftovers"])).state in ("refused", "stale")
    assert snapshot(tree) == was


def test_what_lies_at_the_saved_place_is_not_overwritten(helper, tree, snapshot):
    (tree / "opt/go/.gomedic-saved/src/runtime").mkdir(parents=True)
    (tree / "opt/go/.gomedic-saved/src/runtime/mbarrier.go").write_text("an earlier one")
    was = snapshot(tree)
    assert helper.answer(plan(*LISTED["leftovers"][3:])).state == "stale"
    assert snapshot(tree) == was


# ------------------------------------------------------------------ what it refuses

EVIL_LINES = [
    "rm -rf /", "export PATH=$(id)", "export PATH=`id`", "export GOROOT=/opt/go; id", "export LD_PRELOAD=/opt/x.so",
    "export PATH=.:$PATH", "export PATH=bin:$PATH", "PATH=$PATH::/opt/go/bin;reboot", "export PATH=$PATH:/opt/../tmp",
    "export PATH=~mallory/bin:$PATH", "export PATH=$EVIL/bin:$PATH", "eval $X", ". /tmp/x", "source /tmp/x",
    "alias sudo=/tmp/x", "go() { id; }", "export GOROOT=/opt/go > /etc/x", "export GOROOT=/opt/go && id",
    "[ -x /opt/go ] && id", "if id; then", "case $PATH in x) id ;; esac", "trap id EXIT", "set -e PATH; id", "exec id",
    "BASH_ENV=/opt/x", "export IFS=/", "fish_add_path bin", "set -gx PATH . $PATH", "\x1b[2Jx", "PROMPT_COMMAND=id",
    "export PATH=/opt/go/bin:$PATH # `id`", "path=(bin $path)",
    "if [ -d /opt/go ]; then id; fi", "if [ -d /opt/go ]; then export GOROOT=/opt/go; id; fi",
]  # fmt: skip
ELSEWHERE = [
    "/etc/shadow", "/etc/passwd", "/etc/sudoers", "/etc/sudoers.d/x", "/etc/ld.so.preload", "/etc/profile.d", "/etc",
    "/etc/crontab", "/root/.bashrc", "/home/gus/.bashrc", "/usr/bin/go", "/usr/local/bin/sudo", "/bin/sh", "/",
    "/etc/profile.d/../shadow", "/etc/profile.d//x.sh", "/etc/profile.d/./x.sh", "/etc/profile.d/.x.sh",
    "/etc/profile.d/x.sh/", "/etc/profile.d/x.sh\n", "/etc/profile.d/a b.sh", "/etc/profile.d/x.csh", "etc/profile",
    "/etc/profile\0", "/etc/profile.d/sub/x.sh", "/usr/local/bin/go/../sudo", "/proc/1/mem", "/etc/environment.d/x",
    "/etc/profile.d/x.sh/../../shadow", "/etc/zsh/zshrc.d/x", "/home/gusto/x", "/home/gus", "/home/gus/../x", "",
]  # fmt: skip


def outside(rng):
    """Return a plan that is on no closed list, by construction."""
    place, path = (
        rng.choice(ELSEWHERE),
        rng.choice(["/etc/profile.d/golang.sh", "/etc/profile", "/etc/profile.d/go.sh"]),
    )
    line = rng.choice(["", " ", "\t"]) + rng.choice(EVIL_LINES) + rng.choice(["", " ", "\r"])
    good = rng.choice(["export PATH=$PATH:/opt/go/bin", "# Go", "export GOROOT=/opt/go"])
    text = "\n".join(rng.sample([line, good, "alias ll='ls -l'", good], 4)).encode()
    number = rng.randrange(0o10000)
    step = rng.choice([
        lambda: edit(place, rng.choice([None, OLD]), rng.choice([None, NEW])),
        lambda: edit(path, OLD, b"alias ll='ls -l'\n" + text),
        lambda: edit(path, OLD, NEW + rng.randbytes(8) + b"\0"),
        lambda: edit("/etc/profile.d/go.sh", None, b"# Go\n", rng.choice([0o4755, 0o666, 0o777, 0o755, number | 1])),
        lambda: edit("/etc/profile", b"# profile\n", None),
        lambda: edit(SUDOERS, None, rng.choice([b"gus ALL=(ALL) NOPASSWD: ALL\n", b"#include x\ngus ALL=ALL\n"]), 0o440),
        lambda: mode(rng.choice(["/etc", "/etc/shadow", "/etc/zsh/zshrc.d/x", "/home/gus/x"]), 0o600, 0o644),
        lambda: mode(path, 0o644, rng.choice([0o4644, 0o666, 0o646, 0o664, 0o600, 0o755, number | 0o2])),
        lambda: mode("/etc/profile.d", 0o755, rng.choice([0o777, 0o1755, 0o700, 0o775])),
        lambda: owner(place.replace("/home/gus/", "/home/")),
        lambda: owner("/home/gus/x", (rng.choice([1, 1000, THEM]), 0)),
        lambda: owner("/home/gus/x", after=(rng.choice([0, 1, 1000]), THEM)),
        lambda: owner("/home/gus/x", after=(THEM, rng.choice([0, 27, 42]))),
        lambda: owner(f"/home/gus/{'../' * rng.randrange(1, 4)}etc/shadow"),
        lambda: move(place, rng.choice(["/etc/profile.d/x.sh", "/tmp/x", place + ".sh"])),
        lambda: move("/etc/profile.d/golang", rng.choice(["/etc/profile.d/other.sh", "/tmp/golang.sh", place])),
        lambda: move("/etc/profile.d/golang.sh", "/etc/profile.d/golang.sh.sh"),
        lambda: move("/etc/profile.d/x.csh", rng.choice(["/etc/profile.d/x.sh", "/etc/profile.d/x.csh.sh"])),
        lambda: move("/usr/local/bin/go", rng.choice(["/usr/local/bin/sudo", "/tmp/go", place])),
        lambda: move("/opt/go/src/runtime/mbarrier.go", rng.choice([place, f"/opt/go/.gomedic-saved{place}"])),
        lambda: move(place, f"/opt/go/.gomedic-saved/src{place}"),
        lambda: MakeFolder(path=f"/opt/go/.gomedic-saved/etc{place}", privileged=True),
        lambda: link(place, None, "/opt/go/bin/go"),
        lambda: link("/usr/local/bin/go", None, rng.choice(["/bin/sh", "/tmp/bin/go", "../go", "bin/go", place])),
        lambda: link("/usr/local/bin/" + rng.choice(["sudo", "ls", "go2", "../go"]), None, "/opt/go/bin/go"),
        lambda: MakeFolder(path=place, privileged=True) if place != "/etc/profile.d" else mode("/etc", 0o700, 0o755),
        lambda: MakeFolder(path="/etc/fish", mode=rng.choice([0o777, 0o1777, 0o700]), privileged=True),
        lambda: MakeFolder(path="/etc/profile.d", exists=False, privileged=True),
        lambda: EditFile(path=path, before=OLD, after=NEW),
    ])()  # fmt: skip
    company = rng.choice([[], LISTED["edit"], LISTED["aside and link"]])
    return mangled(
        rng, plan(*rng.choice([[step, *company], [*company, step]]), act=rng.choice(["apply", "check"]))
    )


def mangled(rng, data):
    """Return the plan, now and then one that is damaged as well."""
    if rng.random() < 0.8:
        return data
    given = json.loads(data)
    damage = [
        lambda: {**given, "schema": rng.choice([0, 2, "1", True, None, 1.0])},
        lambda: {**given, "act": rng.choice(["", "run", "redo", None, ["apply"]])},
        lambda: {
            **given,
            "id": rng.choice(["../x", "", "x", None, "20261123T060207.123456Z-abcdef/../../x"]),
        },
        lambda: {**given, "more": 1},
        lambda: {**given, "steps": []},
        lambda: {**given, "steps": {}},
        lambda: {**given, "act": "undo"},
        lambda: {**given, "steps": [{**LISTED_AS_JSON, "do": "run"}]},
        lambda: {**given, "steps": [{**LISTED_AS_JSON, "unknown": 1}]},
        lambda: {**given, "steps": [{**LISTED_AS_JSON, "before": "not base64!"}]},
        lambda: {key: value for key, value in given.items() if key != "steps"},
        lambda: [given],
    ]
    text = json.dumps(rng.choice(damage)()).encode()
    return rng.choice([text, text, text[: rng.randrange(len(text))], b"\xff" + text])


LISTED_AS_JSON = msgspec.to_builtins(LISTED["edit"][0])


def test_ten_thousand_plans_outside_the_list(helper, tree, tmp_path, snapshot):
    rng = random.Random(20261123)
    was = snapshot(tmp_path)
    taken = [data for data in (outside(rng) for _ in range(10_000)) if helper.answer(data).state != "refused"]
    assert taken == []
    assert snapshot(tmp_path) == was


@pytest.mark.parametrize("line", EVIL_LINES)
def test_every_evil_line_alone(helper, line):
    assert helper.answer(plan(edit("/etc/profile.d/go.sh", None, line.encode() + b"\n"))).state == "refused"


@pytest.mark.parametrize("line", [
    "", "# anything `at` all", "export PATH=$PATH:/usr/local/go/bin", 'PATH="$PATH:/usr/local/go/bin"; export PATH',
    'export PATH="/usr/local/go/bin:${PATH}"', "GOROOT=/usr/local/go", "unset GOROOT GOPATH", "export GOROOT",
    'case ":${PATH}:" in', "*:/usr/local/go/bin:*) ;;", "    *) export PATH=$PATH:/usr/local/go/bin ;;", "esac",
    'case ":$PATH:" in *:/opt/go/bin:*) ;; *) PATH=$PATH:/opt/go/bin ;; esac', "fi",
    'if [ -d "/opt/go/bin" ]; then', '[ -d /opt/go/bin ] && export PATH="$PATH:/opt/go/bin"',
    "set -gx PATH $PATH /opt/go/bin $HOME/go/bin", "fish_add_path -a /opt/go/bin", "set -e GOROOT", "end",
    "path+=(/opt/go/bin $HOME/go/bin)", "export GOPROXY=https://goproxy.cn,direct", "export GOFLAGS=-mod=mod # ours",
    'contains /opt/go/bin $PATH; or set -gx PATH $PATH /opt/go/bin', "export PATH=$PATH:~/go/bin",
"if [ -d /opt/go/bin ]; then export PATH=/opt/go/bin:$PATH; fi",
])  # fmt: skip
def test_what_fixes_write_is_listed(helper, line):
    assert (
        helper.answer(plan(edit("/etc/profile.d/go.sh", None, line.encode() + b"\n"), act="check")).state
        == "fit"
    )


def test_a_command_that_runs_already_may_move(helper, tree):
    old = b"export PATH=$PATH:/opt/go/bin:$(/opt/go/bin/go env GOPATH)/bin\n# $(id)\n"
    (tree / "etc/profile.d/golang.sh").write_bytes(old)
    new = b"export PATH=/opt/go/bin:$PATH:$(/opt/go/bin/go env GOPATH)/bin\n# $(id)\n"
    assert helper.answer(plan(edit("/etc/profile.d/golang.sh", old, new), act="check")).state == "fit"
    for evil in (b"export PATH=/opt/go/bin:$PATH:$(id)/bin\n", b"$(/opt/go/bin/go env GOPATH)\n"):
        assert helper.answer(plan(edit("/etc/profile.d/golang.sh", old, evil))).state == "refused"


def test_a_long_line_does_not_keep_the_judge_busy(helper):
    for line in (
        "path=(" + "a" * 1900,
        "[" + " -a" * 600,
        "case x in" + " x) ;;" * 300,
        "PATH=" + " PATH=" * 300,
    ):
        assert (
            helper.answer(plan(edit("/etc/profile.d/go.sh", None, line.encode() + b"!"))).state == "refused"
        )


# ------------------------------------------------------------------ a machine that is not as it should be


def hard_linked(tree):
    os.link(tree / "etc/profile.d/golang.sh", tree / "home/other-name")


def symbolic(tree):
    (tree / "etc/profile.d/golang.sh").unlink()
    (tree / "etc/profile.d/golang.sh").symlink_to("../shadow")


def linked_folder(tree):
    (tree / "etc/profile.d").rename(tree / "etc/elsewhere")
    (tree / "etc/profile.d").symlink_to("elsewhere")


def open_folder(tree):
    (tree / "etc/profile.d").chmod(0o777)


def open_file(tree):
    (tree / "etc/profile.d/golang.sh").chmod(0o666)


def open_go(tree):
    (tree / "opt/go/bin").chmod(0o777)


def listed_folder(tree):
    give_by_list(tree / "etc/profile.d")


def listed_file(tree):
    give_by_list(tree / "etc/profile.d/golang.sh")


def listed_go(tree):
    give_by_list(tree / "opt/go/bin")


def give_by_list(path):
    """Let somebody else write, as only the access control list says: the group is root's."""
    if not shutil.which("setfacl"):
        pytest.skip("needs setfacl (package acl)")
    subprocess.run(["setfacl", "-m", f"u:{THEM}:rwx", path], check=True)


def fifo(tree):
    (tree / "etc/profile.d/golang.sh").unlink()
    os.mkfifo(tree / "etc/profile.d/golang.sh")


@pytest.mark.parametrize(
    "trap",
    [
        hard_linked,
        symbolic,
        linked_folder,
        open_folder,
        open_file,
        open_go,
        fifo,
        listed_folder,
        listed_file,
        listed_go,
    ],
)
def test_traps_in_the_tree(helper, tree, snapshot, trap):
    trap(tree)
    was = snapshot(tree)
    assert helper.answer(plan(edit("/etc/profile.d/golang.sh", OLD, NEW))).state == "refused"
    assert snapshot(tree) == was


def test_a_file_with_other_content_is_stale(helper, tree, snapshot):
    (tree / "etc/profile.d/golang.sh").write_bytes(b"the administrator's own\n")
    was = snapshot(tree)
    steps = [edit("/etc/profile", b"# profile\n", b"# Go\n"), *LISTED["edit"]]
    answer = helper.answer(plan(*steps))
    assert (answer.state, answer.path) == ("stale", "/etc/profile.d/golang.sh")
    assert snapshot(tree) == was


def test_undo_overwrites_nothing_that_changed_since(helper, tree, snapshot):
    name = f"{journal.new_id()}-0"
    helper.answer(plan(*LISTED["edit"], name=name))
    (tree / "etc/profile.d/golang.sh").write_bytes(b"the administrator's own\n")
    was = snapshot(tree)
    assert helper.answer(plan(act="undo", name=name)).state == "stale"
    assert snapshot(tree) == was


def test_undo_leaves_alone_what_an_administrator_took_back(helper, tree, snapshot):
    name = f"{journal.new_id()}-0"
    was = snapshot(tree)
    assert helper.answer(plan(*LISTED["edit"], *LISTED["create"], name=name)).state == "done"
    (tree / "etc/profile.d/go.sh").unlink()
    assert helper.answer(plan(act="undo", name=name)).state == "done"
    assert snapshot(tree) == was


def test_a_crash_in_the_middle_is_taken_back_by_the_next_act(helper, tree, snapshot):
    was = snapshot(tree)
    name, steps = f"{journal.new_id()}-0", (*LISTED["edit"], *LISTED["create"])
    assert helper.answer(plan(*steps, name=name)).state == "done"
    (tree / "etc/profile.d/go.sh").unlink()  # as if killed between the two steps
    journal.mark(helper.state_folder, name, "begun", 1)
    assert helper.answer(plan(act="undo", name=f"{journal.new_id()}-0")).state == "done"
    assert snapshot(tree) == was
    assert journal.history(helper.state_folder).receipts == ()


def test_one_id_one_plan(helper, tree):
    name = f"{journal.new_id()}-0"
    assert helper.answer(plan(*LISTED["edit"], name=name)).state == "done"
    assert helper.answer(plan(*LISTED["edit"], name=name, act="apply")).state in ("done", "stale")
    assert helper.answer(plan(*LISTED["create"], name=name)).state == "refused"
    assert helper.answer(plan(act="undo", name=name)).state == "done"
    assert helper.answer(plan(act="undo", name=name)).why == "nothing of that id is left to take back"


def test_a_journal_that_is_not_roots_own_is_refused(helper, tmp_path):
    (tmp_path / "root-state").mkdir(mode=0o755)
    assert helper.answer(plan(*LISTED["edit"])).state == "refused"


# ------------------------------------------------------------------ somebody pulls at it

ROOTS_FILE, ROOTS_FOLDER = "/home/gus/.cache/go-build/a", "/home/gus/.cache/go-build"


def fresh_secret(tree):
    """Lay out, outside the home, what must not change hands."""
    secret = tree / "etc/secret"
    (secret / "go-build").mkdir(parents=True)
    for name in ("a", "go-build/a"):
        (secret / name).write_text("secret")
    return secret


def hands(secret):
    return {path.stat().st_uid for path in (secret, *secret.rglob("*"))}


def swap_link_for_cache(home, secret):
    os.rename(home / ".cache", home / ".kept")
    os.symlink(secret, home / ".cache")


def swap_link_for_folder(home, secret):
    os.rename(home / ".cache/go-build", home / ".kept")
    os.symlink(secret / "go-build", home / ".cache/go-build")


def swap_link_for_file(home, secret):
    os.rename(home / ".cache/go-build/a", home / ".kept")
    os.symlink(secret / "a", home / ".cache/go-build/a")


def swap_file_for_file(home, secret):
    os.rename(home / ".cache/go-build/a", home / ".kept")
    os.link(secret / "a", home / ".cache/go-build/a")


def swap_file_for_folder(home, secret):
    os.rename(home / ".cache/go-build", home / ".kept")
    os.link(secret / "a", home / ".cache/go-build")


SWAPS = [
    swap_link_for_cache,
    swap_link_for_folder,
    swap_link_for_file,
    swap_file_for_file,
    swap_file_for_folder,
]
_at_event = []  # one function at a time, called before each thing that Python asks of the kernel


def _hook(event, args):
    if _at_event and event.startswith(("open", "os.")) and "root-state" not in str(args[0]):
        act = _at_event.pop()
        act()


sys.addaudithook(_hook)  # cannot be taken out again; does nothing while the list is empty


def swapping_at(count, act):
    """Arrange for `act` at the count-th event from now; return a list that is empty once it has been done."""

    def wait(left):
        if left:
            _at_event.append(lambda: wait(left - 1))
        else:
            act()

    wait(count)
    return _at_event


@as_root
@pytest.mark.parametrize("undoing", [False, True])
@pytest.mark.parametrize(
    ("swap", "target"),
    [*((swap, ROOTS_FILE) for swap in SWAPS[:4]), (SWAPS[1], ROOTS_FOLDER), (SWAPS[4], ROOTS_FOLDER)],
)
def test_a_swap_at_any_moment_gets_nowhere(quick, tree, swap, target, undoing):
    """The swap comes before the first call to the kernel, then before the second, and so on."""
    home, secret = tree / "home/gus", fresh_secret(tree)
    for count in range(300):
        name = f"{journal.new_id()}-0"
        if undoing:
            assert quick.answer(plan(owner(target), name=name)).state == "done"
        pending = swapping_at(count, lambda: swap(home, secret))
        quick.answer(plan(act="undo", name=name) if undoing else plan(owner(target), name=name))
        over = bool(pending)
        pending.clear()
        assert hands(secret) == {0}
        for folder in (home, quick.state_folder):
            shutil.rmtree(folder, ignore_errors=True)
        make_home(tree)
        if over:
            return
    pytest.fail("the helper never came to its end")


@as_root
@pytest.mark.parametrize("target", [ROOTS_FILE, ROOTS_FOLDER])
def test_swapping_links_and_files_under_it_gets_nowhere(quick, tree, target):
    """Another process swaps as fast as it can: it may do in the home what it likes, and nothing outside."""
    secret = fresh_secret(tree)
    swapper = subprocess.Popen([sys.executable, "-c", SWAPPER, tree / "home/gus", secret])
    try:
        asked = [f"{journal.new_id()}-0" for _ in range(400)]
        acts = [(plan(owner(target), name=name), plan(act="undo", name=name)) for name in asked]
        states = {quick.answer(data).state for pair in acts for data in pair}
    finally:
        swapper.kill()
        swapper.wait()
    assert hands(secret) == {0}
    assert states & {"stale", "refused", "failed"}


SWAPPER = """
import os, sys
from pathlib import Path
home, secret = map(Path, sys.argv[1:])
cache, kept = home / ".cache", home / ".kept"
build, aside = cache / "go-build", cache / "aside"
while True:
    os.rename(cache, kept)
    os.symlink(secret, cache)
    os.unlink(cache)
    os.rename(kept, cache)
    os.rename(build, aside)
    os.symlink(secret / "go-build", build)
    os.unlink(build)
    os.rename(aside, build)
    os.rename(build / "a", build / "b")
    os.link(secret / "a", build / "a")
    os.unlink(build / "a")
    os.symlink(secret / "a", build / "a")
    os.unlink(build / "a")
    os.rename(build / "b", build / "a")
"""


# ------------------------------------------------------------------ as a program

COMMAND = [sys.executable, "-I", "-B", "-m", "gomedic.root_helper"]


def ask(data, **env):
    ended = subprocess.run(
        COMMAND, input=data, env=env, cwd="/", capture_output=True, check=False, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    return json.loads(ended.stdout)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\xff\0", b"[" * 50_000, plan(edit("/etc/shadow", OLD, NEW), act="check")]
)
def test_the_program_answers_in_json_whatever_it_is_given(data):
    assert ask(data, PYTHONPATH="/nowhere", PYTHONSTARTUP="/nowhere")["state"] == "refused"


@as_root
def test_the_caller_is_whom_sudo_says():
    refused = ask(plan(owner("/root/x", after=(0, 0)), act="check"))
    assert refused["state"] == "refused"
    assert ask(plan(owner("/nonexistent/x"), act="check"), SUDO_UID=str(THEM))["state"] == "refused"


@pytest.mark.skipif(os.geteuid() == 0, reason="shows what an ordinary user gets")
def test_nobody_but_root_gets_anything_done():
    assert ask(plan(*LISTED["edit"])) == {"state": "refused", "why": "not root"}
