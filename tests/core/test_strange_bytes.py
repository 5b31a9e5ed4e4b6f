"""Whatever lies in the files that are read, an examination ends, and no check breaks: it finds, or finds nothing."""

import json
import os
import resource
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from go_trees import write_go
from gomedic import checks, doctor, report
from gomedic.diagnosis import begin, diagnose
from gomedic.facts import Facts
from gomedic.host import Host
from gomedic.model import UNKNOWN, Account, CheckResult, Examination, PathEntry, Session, Variable
from gomedic.sessions.result import go_command
from gomedic.texts import catalogue_for
from made_up import Machine, refusal
from started import open_home

SHELLS = {"bash": "/bin/bash", "sh": "/bin/dash", "zsh": "/usr/bin/zsh", "fish": "/usr/bin/fish"}
STARTUP = {
    "bash": (".bash_profile", ".bash_login", ".profile", ".bashrc", ".bash_aliases"),
    "sh": (".profile",),
    "zsh": (".zshenv", ".zprofile", ".zshrc", ".zlogin"),
    "fish": (".config/fish/config.fish", ".config/fish/conf.d/a.fish", ".config/fish/fish_variables"),
}
READ = (
    *(name for names in STARTUP.values() for name in names),
    ".config/go/env", ".config/environment.d/a.conf", ".config/user-dirs.dirs", ".pam_environment",
    "sdk/go/VERSION", "sdk/go/go.env", "sdk/go/bin/go", "sdk/go/pkg/tool/linux_amd64/compile", "sdk/go/src/runtime/a.go",
    "go/bin/gopls", "go/bin/other", "lab/go.mod", "lab/go.sum", "lab/go.work", "lab/main.go", "lab/Makefile", "lab/a.sh", "lab/.git/config",
    "go.mod", "go.work", ".tool-versions", ".go-version", "lab/.tool-versions", "lab/.go-version", ".goenv/version", ".gitconfig",
    ".config/Code/User/settings.json", ".vscode-server/data/Machine/settings.json", ".config/JetBrains/GoLand2024.1/options/go.sdk.xml",
    "lab/.vscode/settings.json", "lab/.idea/workspace.xml", ".ssh/authorized_keys", ".bash_history", ".zsh_history",
    ".local/share/flatpak/overrides/com.visualstudio.code", ".var/app/com.visualstudio.code/x", "certificates.pem",
    "go/pkg/mod/cache/download/example.org/m/@v/v1.0.0.zip", ".local/state/gomedic/receipts/20260101T000000.000000Z-abcdef/receipt.json",
    ".local/state/gomedic/receipts/20260101T000000.000000Z-abcdef/state",
)  # fmt: skip
SENSIBLE = (
    b"export PATH=$HOME/sdk/go/bin:$PATH\nexport GOROOT=$HOME/sdk/go GOPATH=/x:rel GOFLAGS='-mod=vendor x'\nalias go=x\n",
    b"GOPROXY=https://[::1/x,direct\nGOBIN=rel\nGOTOOLCHAIN=go1.99\nGOFLAGS=-x\nGO111MODULE=maybe\n",
    b"go1.22.10\ntime 2024-12-01T00:00:00Z\n",
    b"module example.org/m\n\ngo 1.99\ntoolchain go9\nuse (\n./a\n)\nreplace a => b\n",
    b'{"go.goroot": "/x\\u0000", "go.gopath": "${env:HOME}/go", "a": [[[[{}]]]]}\n',
    b"golang 1.22\n",
    b"SETUVAR --export GOPATH:/x\\x1e\\x00y\nSETUVAR PATH:\\x2fbin\n",
    b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00" + b"\xff" * 60,
    b"\xff Go buildinf:\x08\x02" + bytes(16) + b"\x09go1.22.10",
    b"[Environment]\nFLATPAK_ENABLE_SDK_EXT=golang;;,\n[safe]\n\tdirectory = *\n",
    b'[{"id": 3}]',
    b"#!\n",
    b"#!/usr/bin/env -S go run\nsudo go build\n",
)
STRANGE = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n", b"\r", b"=", b"\\", b"'", b'"', b"`", b"$(", b"${", b"}", b"{" * 2000,
    b"(" * 2000, b"a" * 70000, b"\x1b[31m", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\n" * 3000, b"%s%n", b"export \xff=\xfe\n", b"\x85\xa0\x1c\x1e",
    "Ünïcödé 汉字\n".encode(), "汉字\n".encode("gb18030"), "text\n".encode("utf-16"), b"9" * 5000, b"export A=" + b"\xc3" * 5000, b"*[?]",
    b"if then fi\n", b"\x00" * 4096, b"PATH=\0:$PATH\n", b":" * 5000, b"go 99999999999999999999.9\n", b"../" * 1500,
)  # fmt: skip


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """Something sensible with something strange put into it, or nothing but bytes."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=400))
    text = draw(st.sampled_from(SENSIBLE))
    for strange in draw(st.lists(st.sampled_from(STRANGE), max_size=3)):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + strange + text[at:]
    return text


# ------------------------------------------------------------------ what may stand where a file should


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            made.bind(f"/proc/self/fd/{folder}/{path.name}"[:100])
        finally:
            os.close(folder)


def _closed(path: Path) -> None:
    path.write_bytes(b"x\n")
    path.chmod(0)


INSTEAD: Mapping[str, Callable[[Path], None]] = {
    "folder": Path.mkdir,
    "FIFO": _fifo,
    "socket": _socket,
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to nothing": lambda path: path.symlink_to("/nowhere/at all"),
    "link to the home": lambda path: path.symlink_to("/"),
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "empty device": lambda path: path.symlink_to("/dev/null"),
    "full device": lambda path: path.symlink_to("/dev/full"),
    "terminal": lambda path: path.symlink_to("/dev/tty"),
    "own memory": lambda path: path.symlink_to("/proc/self/mem"),
    "closed file": _closed,
    "large file": lambda path: path.write_bytes(b"export A=b # filler\n" * 20_000) and None,
    "one line": lambda path: path.write_bytes(b"a" * (3 << 20)) and None,
}
Places = Mapping[str, "bytes | str"]
PLACES = st.dictionaries(st.sampled_from(READ), contents() | st.sampled_from(sorted(INSTEAD)), max_size=12)


@contextmanager
def strange_home(places: Places) -> Iterator[Path]:
    with open_home({"lab/go.mod": "module m\n\ngo 1.21\n"}) as home:
        write_go(home / "sdk/go", "go1.22.10")
        for name, what in places.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)
            INSTEAD[what](path) if isinstance(what, str) else path.write_bytes(what)
            if isinstance(what, bytes) and "/bin/" in name:
                path.chmod(0o755)
        yield home


def host_of(home: Path, shell: str = "/bin/bash", **more: str) -> Host:
    account = Account("gus", os.getuid(), os.getgid(), str(home), shell, str(home))
    env = {
        "HOME": str(home),
        "PATH": f"{home}/sdk/go/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "USER": "gus",
        **more,
    }
    return Host(env, str(home / "lab"), account)


def broken(results: tuple[CheckResult, ...]) -> list[str]:
    return [f"{result.id}: {result.reason}" for result in results if "check itself" in str(result.reason)]


@pytest.fixture(autouse=True, scope="module")
def bounds() -> Iterator[None]:
    """Keep what reads without an end from filling the disk or the memory of whoever runs the tests."""
    wanted = {resource.RLIMIT_FSIZE: 256 << 20, resource.RLIMIT_DATA: 4 << 30}
    before = {which: resource.getrlimit(which) for which in wanted}
    for which, most in wanted.items():
        resource.setrlimit(which, (most, before[which][1]))
    yield
    for which, limits in before.items():
        resource.setrlimit(which, limits)


# ------------------------------------------------------------------ the checks alone: many examples


def session_of(home: Path, env: Mapping[str, str]) -> Session:
    path = tuple(PathEntry(e, os.path.isdir(e), UNKNOWN) for e in env["PATH"].split(":"))
    variables = {name: Variable(value, True, UNKNOWN) for name, value in env.items()}
    files = tuple(str(home / name) for names in STARTUP.values() for name in names)
    return Session(
        "terminal", "/bin/bash", "ok", 0.0, path, variables, go=go_command(path), environment=env, files=files
    )


VALUES = st.dictionaries(
    st.sampled_from(
        ["GOROOT", "GOPATH", "GOPROXY", "GOFLAGS", "GOBIN", "GOENV", "GOCACHE", "GOMODCACHE", "TMPDIR", "CC", "GOTOOLCHAIN", "HOME", "PATH",
         "https_proxy", "HTTP_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GOOS", "GOARCH", "GO111MODULE", "GOSUMDB", "ZDOTDIR"]
    ),
    contents().map(lambda data: os.fsdecode(data.replace(b"\0", b"")[:3000])) | st.sampled_from(["", "off", "/", ".", "~", "https://[", "http://a:b"]),
    max_size=5,
)  # fmt: skip
FEW = settings(
    max_examples=int(os.environ.get("STRANGE_EXAMPLES", "40")), deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@given(places=PLACES, values=VALUES)
@FEW
def test_no_file_breaks_a_check(places: Places, values: dict[str, str]) -> None:
    with strange_home(places) as home:
        host = host_of(home)
        env = {**host.env, **{name: value.replace("@HOME@", str(home)) for name, value in values.items()}}
        facts = Facts(host, (session_of(home, env),), str(home / "lab"))
        begin(facts, checks.ALL)
        results = tuple(result for result, _found in diagnose(facts, checks.ALL))
        assert broken(results) == []


# ------------------------------------------------------------------ whole examinations: real shells, fewer examples


def examined(home: Path, shell: str) -> Examination:
    """Examine as `check` does, and render it in every way."""
    examination = [v for v in doctor.examine(host_of(home, shell)) if isinstance(v, Examination)][-1]
    for language in ("en", "zh_CN"):
        catalogue = catalogue_for(language)
        assert json.loads(report.encoded(report.check_json(examination, catalogue)))["schema"] == 1
        assert "\x1b" not in "".join(line for line, _style in report.check_text(examination, catalogue))
    return examination


@pytest.mark.parametrize("family", SHELLS)
def test_no_start_up_file_breaks_an_examination(family: str) -> None:
    if not os.path.exists(SHELLS[family]):
        pytest.skip(f"{SHELLS[family]} is not installed")
    own = st.sampled_from([*STARTUP[family], *READ])

    @given(places=st.dictionaries(own, contents() | st.sampled_from(sorted(INSTEAD)), min_size=1, max_size=8))
    @settings(FEW, max_examples=FEW.max_examples // 10 + 1)
    def run(places: Places) -> None:
        with strange_home(places) as home:
            assert broken(examined(home, SHELLS[family]).checks) == []

    run()


@pytest.mark.parametrize("what", INSTEAD)
def test_whatever_stands_where_every_file_should_an_examination_ends(what: str) -> None:
    with strange_home({name: what for name in READ if "/a.go" not in name}) as home:
        assert broken(examined(home, "/bin/bash").checks) == []


# ------------------------------------------------------------------ the program: its exit code and its JSON

SETTINGS = (
    b"\0",
    b"\xff",
    b"\xef\xbb\xbfx",
    b"language = 3\n",
    b"a = " + b"[" * 20_000,
    b"[[source]]\nname = 1\n",
)
SYSTEM = (
    "/etc/environment",
    "/etc/profile",
    "/etc/bash.bashrc",
    "/etc/crontab",
    "/etc/login.defs",
    "/etc/pam.d/su",
    "/etc/resolv.conf",
)


@pytest.fixture
def machine(tmp_path: Path, home: Path) -> Machine:
    if reason := refusal():
        pytest.skip(f"no account can be made up: {reason}")
    return Machine(tmp_path, home)


@pytest.mark.parametrize("content", SETTINGS)
def test_settings_that_cannot_be_followed_end_in_a_sentence(machine: Machine, content: bytes) -> None:
    folder = machine.home / ".config/gomedic"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_bytes(content)
    ran = machine.gomedic("check", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "config.toml" in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("file", SYSTEM)
def test_whatever_the_system_s_files_hold_there_is_a_report(
    machine: Machine, tmp_path: Path, file: str
) -> None:
    if not os.path.exists(file):
        pytest.skip(f"there is no {file}")
    for number, content in enumerate((b"PATH=\0\xff:/x\nA\0B=\xe2\n" * 3, b"x=" * 90_000, b"\r\n${(if\n")):
        strange = tmp_path / f"strange-{number}"
        strange.write_bytes(content)
        ran = machine.gomedic("check", "--json", before=f"mount --bind {strange} {file} && exec")
        assert ran.code in (0, 1), ran.err
        found = json.loads(ran.out)
        assert [c for c in found["checks"] if "check itself" in c.get("reason", "")] == []
