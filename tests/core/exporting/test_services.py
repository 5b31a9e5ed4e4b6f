"""Set-ups for systemd and supervisord, read by systemd and supervisord themselves."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gomedic.exporting import ExportRefusedError, Generated, Options, generate, kind_named

GENERATOR = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator"
SYSTEMD = next(
    (path for path in ("/lib/systemd/systemd", "/usr/lib/systemd/systemd") if os.path.exists(path)), None
)
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SUPERVISORD = os.path.join(os.path.dirname(sys.executable), "supervisord")
Run = Callable[..., subprocess.CompletedProcess[str]]
FEW = settings(max_examples=25, deadline=None, database=None)


def made(kind: str, **options: object) -> Generated:
    return generate(kind_named(kind), Options(**options))  # type: ignore[arg-type]


def can_be_written(name: str) -> bool:
    return ":" not in name and name.isprintable()


# ------------------------------------------------------------------ environment.d


def generated(folder: Path, text: str) -> tuple[Mapping[str, str], str]:
    """Return what systemd makes of an environment.d file, and what it says about it."""
    (folder / "environment.d").mkdir(exist_ok=True)
    (folder / "environment.d/60-go.conf").write_text(text)
    env = {"XDG_CONFIG_HOME": str(folder), "HOME": "/home/gus", "PATH": "/usr/bin:/bin"}
    ended = subprocess.run([GENERATOR], env=env, capture_output=True, text=True, check=True)
    found = dict(line.partition("=")[::2] for line in ended.stdout.splitlines())
    return {name: unquoted(value) for name, value in found.items()}, ended.stderr


def unquoted(value: str) -> str:
    quoted = value.startswith('"') and value.endswith('"')
    return re.sub(r"\\(.)", r"\1", value[1:-1] if quoted else value)


@pytest.mark.skipif(not os.path.exists(GENERATOR), reason="no systemd here")
def test_systemd_users_get_any_folder_or_it_is_refused(
    tmp_path_factory: pytest.TempPathFactory, names: st.SearchStrategy[str], hard: str
) -> None:
    @FEW
    @given(names, names)
    @example(hard, hard)
    def holds(name: str, other: str) -> None:
        options = {"goroot": f"/opt/{name}", "gopath": f"~/{other}", "goproxy": f"https://{other}"}
        if not can_be_written(name + other):
            with pytest.raises(ExportRefusedError):
                made("environment.d", **options)
            return
        found, said = generated(tmp_path_factory.mktemp("d"), made("environment.d", **options).text)
        assert said == ""
        assert found["PATH"] == f"/opt/{name}/bin:/usr/bin:/bin:/home/gus/{other}/bin"
        assert (found["GOPATH"], found["GOPROXY"]) == (f"/home/gus/{other}", f"https://{other}")

    holds()


# ------------------------------------------------------------------ units


def unit(folder: Path, drop_in: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "web.service").write_text("[Service]\nExecStart=/bin/true\nDynamicUser=yes\n")
    (folder / "web.service.d").mkdir(exist_ok=True)
    (folder / "web.service.d/go.conf").write_text(drop_in)
    return folder


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_wrong_with_the_drop_in(tmp_path: Path) -> None:
    text = made(
        "systemd", goroot='/opt/a "b" 100%', gopath="/srv/中 文", goproxy="https://a,direct", name="web"
    ).text
    folder = unit(tmp_path / "units", text)
    ended = subprocess.run(
        ["systemd-analyze", "verify", "web.service"], env={"SYSTEMD_UNIT_PATH": f"{folder}:", "PATH": SYSTEM_PATH},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")


def environment_of_unit(folder: Path, text: str) -> Mapping[str, str]:
    """Return the environment that systemd would give the service, as its own rehearsal prints it."""
    folder.chmod(0o755)
    (folder / "home").mkdir(exist_ok=True)
    unit(folder / "units", text)
    words = [str(SYSTEMD), "--test", "--user", "--unit=web.service"]
    if os.getuid() == 0:  # it refuses to rehearse as root
        os.chown(folder / "home", 65534, 65534)
        words = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", *words]
    env = {
        "HOME": str(folder / "home"), "XDG_RUNTIME_DIR": str(folder / "home"), "PATH": SYSTEM_PATH, "LANG": "C.UTF-8",
        "SYSTEMD_UNIT_PATH": f"{folder}/units:",
    }  # fmt: skip
    ended = subprocess.run(words, env=env, capture_output=True, text=True, check=False, timeout=120)
    whole = re.search(r"-> Unit web\.service:\n(.*?)(?=\n-> |\Z)", ended.stdout, re.DOTALL)
    if whole is None:
        pytest.skip(f"systemd cannot rehearse here: {ended.stderr[-300:]}")
    found = re.findall(r"^\t\tEnvironment: (\w+)=(.*)$", whole[1], re.MULTILINE)
    return dict(found)


@pytest.fixture(scope="module")
def open_folder() -> Path:
    """A folder that another account can reach; pytest's own are private."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.mark.skipif(SYSTEMD is None, reason="no systemd here")
def test_a_service_gets_any_folder_or_it_is_refused(
    open_folder: Path, names: st.SearchStrategy[str], hard: str
) -> None:
    @settings(FEW, max_examples=8)
    @given(names, names)
    @example(hard, hard)
    def holds(name: str, other: str) -> None:
        options = {"goroot": f"/opt/{name}", "gopath": f"/srv/{other}", "goproxy": f"https://{other}"}
        if not can_be_written(name + other):
            with pytest.raises(ExportRefusedError):
                made("systemd", **options)
            return
        found = environment_of_unit(open_folder, made("systemd", **options).text)
        assert found["PATH"] == f"/opt/{name}/bin:{SYSTEM_PATH}:/srv/{other}/bin"
        assert (found["GOPATH"], found["GOPROXY"]) == (f"/srv/{other}", f"https://{other}")
        assert found["GOCACHE"].endswith("/web-go/build")

    holds()


def test_a_unit_fills_in_no_home() -> None:
    with pytest.raises(ExportRefusedError, match="systemd cannot fill in a home folder"):
        made("systemd", gopath="~/go")


# ------------------------------------------------------------------ supervisord


def started(folder: Path, section: str, env: Mapping[str, str]) -> Mapping[str, str]:
    """Run supervisord with this program until the program has told its environment."""
    told, fifo = folder / "told", folder / "done"
    fifo.unlink(missing_ok=True)
    os.mkfifo(fifo)
    tell = f"import json, os; json.dump(dict(os.environ), open({str(told)!r}, 'w')); open({str(fifo)!r}, 'w')"
    script = folder / "tell.py"
    script.write_text(tell)
    section = re.sub(r"^command=.*$", f"command={sys.executable} {script}", section, flags=re.MULTILINE)
    section = re.sub(r"^directory=.*$", f"directory={folder}", section, flags=re.MULTILINE)
    head = f"[supervisord]\nnodaemon=true\nlogfile={folder}/log\npidfile={folder}/pid\nchildlogdir={folder}\n"
    head += "user=root\n" if os.getuid() == 0 else ""
    (folder / "supervisord.conf").write_text(head + section + "startsecs=0\nautorestart=false\n")
    words = [SUPERVISORD, "-c", str(folder / "supervisord.conf")]
    process = subprocess.Popen(
        words, env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        try:
            import select

            poll = select.poll()
            poll.register(reading, select.POLLIN | select.POLLHUP)
            assert poll.poll(60_000), (folder / "log").read_text()
        finally:
            os.close(reading)
        return json.loads(told.read_text())
    finally:
        process.terminate()
        process.communicate(timeout=20)


needs_supervisord = pytest.mark.skipif(not os.path.exists(SUPERVISORD), reason="no supervisord here")


@needs_supervisord
def test_supervisord_gives_the_program_go_and_a_home(tmp_path: Path) -> None:
    text = made(
        "supervisord", goroot="/opt/go 100%", gopath="~/中文", goproxy="https://a,direct", user="root"
    ).text
    if os.getuid():
        text = text.replace("user=root\n", "")
    found = started(tmp_path, text, {"HOME": "/wrong"})  # without a PATH of its own
    assert found["PATH"] == f"/opt/go 100%/bin:{SYSTEM_PATH}:/root/中文/bin"
    assert (found["GOPATH"], found["GOPROXY"], found["HOME"]) == ("/root/中文", "https://a,direct", "/root")


@needs_supervisord
def test_supervisord_gives_any_folder_or_it_is_refused(names: st.SearchStrategy[str], hard: str) -> None:
    from supervisor.datatypes import dict_of_key_value_pairs
    from supervisor.options import UnhosedConfigParser, expand

    refused: list[str] = []

    @settings(FEW, max_examples=150)
    @given(names, names)
    @example(hard, hard)
    def holds(name: str, other: str) -> None:
        options = {"goroot": f"/opt/{name}", "goproxy": f"https://{other}"}
        try:
            text = made("supervisord", **options).text
        except ExportRefusedError:
            refused.append(name + other)
            return
        parser = UnhosedConfigParser()
        parser.read_string(text)
        parser.expand_here("/here")
        found = dict_of_key_value_pairs(expand(parser.get("program:app", "environment"), {}, "environment"))
        assert found["PATH"] == f"/opt/{name}/bin:{SYSTEM_PATH}"
        assert found["GOPROXY"] == f"https://{other}"

    holds()
    plain = [
        name for name in refused if can_be_written(name) and not re.search(r"['\"]|\s[;#]|%\(here", name)
    ]
    assert plain == []


@pytest.mark.parametrize("name", ["a\"b'c", "a ;b", "a #b", "x%(here)s"])
def test_what_supervisord_cannot_read_is_refused(name: str) -> None:
    with pytest.raises(ExportRefusedError, match="supervisord cannot carry"):
        made("supervisord", goroot=f"/opt/{name}")


def test_supervisord_must_know_whose_home_is_meant() -> None:
    with pytest.raises(ExportRefusedError, match="--user"):
        made("supervisord", gopath="~/go")
