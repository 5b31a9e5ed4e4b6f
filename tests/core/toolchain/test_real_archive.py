"""Google's own archive of Go 1.27.1, under an instructor's name and key: installed from the loopback, and in use."""

import os
import subprocess
from pathlib import Path

import pytest
from campus import ARCH, VERSION, Campus, file_name, real_archive

from gomedic.model import EditFile, MakeFolder, Move, Progress
from gomedic.sessions.survey import survey
from gomedic.settings import read_settings
from gomedic.toolchain.bench import clean_environment
from gomedic.toolchain.install import Staged, install, steps_to_place
from gomedic.toolchain.verify import Verdict, verify
from gomedic.trying import sandbox

_NO_TOP = "tar: : Warning: Cannot stat: No such file or directory\n"  # of go/ itself, which is stripped
OF_THE_MACHINE = ("session", "cgo", "sysroot")  # a copy-on-write view, a C compiler
SUM = "63d339f0da5ab53635a56f2490a7984dfe12dfcff22ad749f63edaf590168445"


@pytest.mark.skipif(ARCH != "amd64", reason="the archive is for amd64")
def test_it_installs_end_to_end_and_verifies(campus: Campus) -> None:
    campus.publish(real_archive("go1.27.1.linux-amd64.tar.gz").read_bytes())
    told, staged = [], None
    within = sandbox(campus.host, survey(campus.host).sessions)
    for item in install(campus.host, read_settings(campus.host), VERSION, sandbox=within):
        if isinstance(item, Progress):
            told.append(str(item.what))
        else:
            staged = item
    assert isinstance(staged, Staged)
    assert staged.tried.says == "go version go1.27.1 linux/amd64"
    assert {
        row.name: row.state for row in staged.tried.rows if row.name not in OF_THE_MACHINE
    } == dict.fromkeys(("version", "env", "build", "run", "static", "cross", "glibc"), "ok")
    assert {row.state for row in staged.tried.rows if row.name in ("cgo", "sysroot")} <= {"ok", "not tried"}
    assert staged.verification.sha256 == SUM
    assert any(text.startswith(f"Fetching {file_name()} from localhost:") for text in told), told[:4]
    assert f"Verifying the signature of {file_name()}" in told
    assert f"Unpacking {VERSION}" in told
    place(staged)
    found = sorted(path for path in Path(staged.target_path).rglob("*") if not path.is_dir())
    assert len(found) == 15_639
    assert sum(path.stat().st_size for path in found) == 243_910_739
    assert differences(campus, Path(staged.target_path)) == []
    assert left_by_go(campus) == set()
    *_, verdict = verify(campus.host, read_settings(campus.host), VERSION)
    assert isinstance(verdict, Verdict)
    assert (verdict.good, verdict.version, verdict.reason) == (True, "go1.27.1", None)
    assert verdict.verification == staged.verification
    assert left_by_go(campus) == set()


def place(staged: Staged) -> None:
    for step in steps_to_place(staged):
        match step:
            case MakeFolder():
                os.mkdir(step.path)
            case Move():
                os.rename(step.source, step.target)
            case EditFile():
                Path(step.path).write_bytes(step.after or b"")


def differences(campus: Campus, root: Path) -> list[str]:
    """Return what the system's own tar finds different: bytes, modes, times."""
    archive = next(Path(campus.host.cache_folder, "downloads").iterdir())
    command = [
        "tar",
        "--compare",
        "--gzip",
        "--file",
        str(archive),
        "--strip-components=1",
        "--directory",
        str(root),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    not_restored = (": Uid differs", ": Gid differs")
    told = ended.stdout.splitlines() + ended.stderr.replace(_NO_TOP, "").splitlines()
    return [
        line
        for line in told
        if not line.endswith(not_restored)
        and not (
            line.endswith(": Mod time differs") and (root / line.split(":")[0].removeprefix("go/")).is_dir()
        )
    ]


def left_by_go(campus: Campus) -> set[str]:
    """Return what Go left in the home: telemetry, caches."""
    ours = {".cache", ".config", ".local"}
    home = Path(campus.host.home)
    top = {path.name for path in home.iterdir()} - {path.name for path in Path("/etc/skel").iterdir()}
    below = {str(path.relative_to(home)) for path in home.glob(".c*/*")} | {
        str(path.relative_to(home)) for path in home.glob(".local/*/*")
    }
    return (top - ours) | (below - {".cache/gomedic", ".config/gomedic", ".local/share/gomedic"})


def test_a_go_under_test_sees_nothing_of_the_person() -> None:
    env = clean_environment("/goroot", "/scratch")
    assert {name: value for name, value in env.items() if name.startswith("GO")} == {
        "GOCACHE": "/scratch/gocache", "GOPATH": "/scratch/gopath", "GOTMPDIR": "/scratch", "GOENV": "off",
        "GOFLAGS": "", "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOSUMDB": "off", "GOTELEMETRY": "off",
        "GO111MODULE": "on", "GOWORK": "off", "GOMODCACHE": "/scratch/gopath/pkg/mod",
    }  # fmt: skip
    assert (env["HOME"], env["XDG_CONFIG_HOME"], env["XDG_CACHE_HOME"]) == (
        "/scratch", "/scratch/config", "/scratch/cache",
    )  # fmt: skip
