"""The exported shell scripts, run in every shell they are for."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gomedic.exporting import KINDS, ExportRefusedError, Generated, Options, Tool, generate, kind_named

PATH = "/usr/local/bin:/usr/bin:/bin"
CHECKER = shutil.which("shellcheck", path=f"{os.path.dirname(sys.executable)}:{os.defpath}")
Run = Callable[..., subprocess.CompletedProcess[str]]
MakeGo = Callable[..., str]
FEW = settings(max_examples=15, deadline=None, database=None)


def made(kind: str, **options: object) -> Generated:
    return generate(kind_named(kind), Options(**options))  # type: ignore[arg-type]


def saved(folder: Path, generated: Generated) -> str:
    path = folder / generated.file
    path.write_text(generated.text)
    path.chmod(generated.mode)
    return str(path)


def can_be_written(name: str) -> bool:
    """Whether shells can carry a name on PATH at all."""
    return ":" not in name and name.isprintable()


# ------------------------------------------------------------------ profile.d


def sourced(
    run: Run, shell: Sequence[str], script: str, *, before: str = "", times: int = 1, **env: str
) -> str:
    code = f"{before}; " if before else ""
    code += f". '{script}'; " * times + 'printf %s "$PATH|${GOPATH-unset}|${GOPROXY-unset}|$?"'
    return run([*shell, "-c", code], **env).stdout


def test_a_login_shell_gets_go_in_front(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path
) -> None:
    root = goroot(tmp_path / "go")
    script = saved(tmp_path, made("profile.d", goroot=root))
    assert sourced(run, shell, script, PATH=PATH) == f"{root}/bin:{PATH}|unset|unset|0"


def test_reading_the_script_again_changes_nothing(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path
) -> None:
    root = goroot(tmp_path / "go")
    script = saved(
        tmp_path, made("profile.d", goroot=root, gopath="~/my go", goproxy="https://goproxy.cn,direct")
    )
    once = sourced(run, shell, script, PATH=PATH, HOME="/home/gus")
    assert once == f"{root}/bin:{PATH}:/home/gus/my go/bin|/home/gus/my go|https://goproxy.cn,direct|0"
    assert sourced(run, shell, script, times=3, PATH=PATH, HOME="/home/gus") == once


def test_a_go_that_is_gone_changes_nothing(run: Run, shell: Sequence[str], tmp_path: Path) -> None:
    script = saved(tmp_path, made("profile.d", goroot=str(tmp_path / "gone")))
    assert sourced(run, shell, script, PATH=PATH) == f"{PATH}|unset|unset|0"


def test_what_is_set_already_stays(run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path) -> None:
    script = saved(
        tmp_path, made("profile.d", goroot=goroot(tmp_path / "go"), gopath="/srv/x", goproxy="https://a")
    )
    out = sourced(run, shell, script, PATH=PATH, HOME="/h", GOPATH="/own", GOPROXY="off")
    assert out == f"{tmp_path}/go/bin:{PATH}:/own/bin|/own|off|0"


@pytest.mark.parametrize(
    "before", ["set -eu; unset GOPATH GOPROXY HOME", "set -eu; unset PATH", "set -eu; PATH="]
)
def test_a_strict_shell_is_not_ended(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path, before: str
) -> None:
    root = goroot(tmp_path / "go")
    script = saved(tmp_path, made("profile.d", goroot=root, gopath="~/go", goproxy="https://a"))
    out = sourced(run, shell, script, before=before, PATH=PATH, HOME="/h")
    assert out.startswith(f"{root}/bin:")
    assert "/usr/bin" in out


def test_any_folder_is_found_or_refused(
    run: Run,
    goroot: MakeGo,
    tmp_path_factory: pytest.TempPathFactory,
    shell: Sequence[str],
    names: st.SearchStrategy[str],
    hard: str,
) -> None:
    @FEW
    @given(names, names)
    @example(hard, hard)
    def holds(name: str, other: str) -> None:
        folder = tmp_path_factory.mktemp("p")
        wanted = {"goroot": f"{folder}/{name}", "gopath": f"/srv/{other}", "goproxy": f"https://{other}"}
        if not can_be_written(name + other):
            with pytest.raises(ExportRefusedError):
                saved(folder, made("profile.d", **wanted))
            return
        script = saved(folder, made("profile.d", **wanted))
        goroot(folder / name)
        out = sourced(run, shell, script, PATH=PATH)
        assert (
            out
            == f"{wanted['goroot']}/bin:{PATH}:{wanted['gopath']}/bin|{wanted['gopath']}|{wanted['goproxy']}|0"
        )

    holds()


# ------------------------------------------------------------------ entrypoint


def entered(
    run: Run, shell: Sequence[str], script: str, *words: str, code: int = 0, **env: str
) -> tuple[str, str]:
    asked = words or ("sh", "-c", 'printf %s "$PATH|${GOROOT-unset}"')
    ended = run([*shell, script, *asked], code=code, **env)
    return ended.stdout, ended.stderr


def test_the_named_go_comes_first(run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path) -> None:
    root, other = goroot(tmp_path / "go"), goroot(tmp_path / "other")
    script = saved(tmp_path, made("entrypoint", goroot=root))
    path = f"{other}/bin:{PATH}"
    assert entered(run, shell, script, PATH=path) == (f"{root}/bin:{path}|unset", "")


def test_goroot_of_the_environment_goes_before(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path
) -> None:
    root, other = goroot(tmp_path / "go"), goroot(tmp_path / "other")
    script = saved(tmp_path, made("entrypoint", goroot=root))
    assert entered(run, shell, script, PATH=PATH, GOROOT=other) == (f"{other}/bin:{PATH}|{other}", "")


def test_a_goroot_without_go_is_taken_away(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path
) -> None:
    root = goroot(tmp_path / "go")
    script = saved(tmp_path, made("entrypoint", goroot=root))
    out, err = entered(run, shell, script, PATH=PATH, GOROOT="/nowhere")
    assert out == f"{root}/bin:{PATH}|unset"
    assert "GOROOT=/nowhere" in err


def test_the_go_on_path_is_asked_where_the_named_one_is_gone(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path
) -> None:
    root = goroot(tmp_path / "real")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/go").symlink_to(f"{root}/bin/go")
    script = saved(tmp_path, made("entrypoint", goroot=str(tmp_path / "gone")))
    path = f"{tmp_path}/bin:{PATH}"
    assert entered(run, shell, script, PATH=path) == (f"{root}/bin:{path}|unset", "")


def test_without_any_go_the_command_still_runs(run: Run, shell: Sequence[str], tmp_path: Path) -> None:
    script = saved(tmp_path, made("entrypoint", goroot=str(tmp_path / "gone")))
    text = Path(script).read_text()
    for usual in ("/usr/local/go", "/usr/lib/go ", "/usr/lib/golang", "/opt/go"):
        text = text.replace(usual, "/nowhere ")
    Path(script).write_text(text)
    out, err = entered(run, shell, script, PATH="/usr/bin:/bin")
    assert out == "/usr/bin:/bin|unset"
    assert "no Go was found" in err


def test_entering_again_prepends_nothing(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path
) -> None:
    root = goroot(tmp_path / "go")
    script = saved(tmp_path, made("entrypoint", goroot=root))
    inner = ("sh", "-c", 'printf %s "$PATH|${GOROOT-unset}"')
    out, _err = entered(run, shell, script, *shell, script, *shell, script, *inner, PATH=PATH)
    assert out == f"{root}/bin:{PATH}|unset"


def test_the_command_takes_the_wrappers_place(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path
) -> None:
    script = saved(tmp_path, made("entrypoint", goroot=goroot(tmp_path / "go")))
    assert entered(run, shell, script, "sh", "-c", "exit 7", code=7, PATH=PATH) == ("", "")
    words = ("printf", "%s\\n", "a b", "", "*", "'\"$")
    assert entered(run, shell, script, *words, PATH=PATH)[0] == "a b\n\n*\n'\"$\n"


def test_an_empty_path_does_not_lose_the_system(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path
) -> None:
    root = goroot(tmp_path / "go")
    script = saved(tmp_path, made("entrypoint", goroot=root))
    out, _err = entered(run, shell, script, PATH="")
    assert out.startswith(f"{root}/bin:")
    assert "/usr/bin" in out


def test_any_folder_is_entered_or_refused(
    run: Run,
    goroot: MakeGo,
    tmp_path_factory: pytest.TempPathFactory,
    shell: Sequence[str],
    names: st.SearchStrategy[str],
    hard: str,
) -> None:
    @FEW
    @given(names)
    @example(hard)
    def holds(name: str) -> None:
        folder = tmp_path_factory.mktemp("e")
        if not can_be_written(name):
            with pytest.raises(ExportRefusedError):
                saved(folder, made("entrypoint", goroot=f"{folder}/{name}"))
            return
        script = saved(folder, made("entrypoint", goroot=f"{folder}/{name}"))
        root = goroot(folder / name)
        assert entered(run, shell, script, PATH=PATH) == (f"{root}/bin:{PATH}|unset", "")

    holds()


# ------------------------------------------------------------------ the cache


@pytest.mark.parametrize("kind", ["entrypoint", "profile.d"])
def test_a_warm_cache_is_linked_once(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path, kind: str
) -> None:
    warm = tmp_path / "warm/0a"
    warm.mkdir(parents=True)
    (warm / "0a1-d").write_text("object")
    (tmp_path / "warm/trim.txt").write_text("1")
    warm.chmod(0o555)
    script = saved(tmp_path, made(kind, goroot=goroot(tmp_path / "go"), cache=True))
    Path(script).write_text(Path(script).read_text().replace("/opt/go-cache", str(tmp_path / "warm")))
    (tmp_path / "tmp").mkdir()
    tell = 'set -eu; printf %s "$GOCACHE"'
    words = [script, "sh", "-c", tell] if kind == "entrypoint" else ["-c", f". {script}; {tell}"]
    for _time in range(2):
        out = run([*shell, *words], PATH=PATH, HOME="/h", TMPDIR=str(tmp_path / "tmp")).stdout
        assert out == f"{tmp_path}/tmp/go-cache-{os.getuid()}"
        assert os.path.realpath(f"{out}/0a/0a1-d") == str(warm / "0a1-d")
        assert Path(f"{out}/0a").stat().st_mode & 0o200, "go must be able to write there"
        assert abs(int(Path(f"{out}/trim.txt").read_text()) - int(Path(out).stat().st_mtime)) < 5
        assert (tmp_path / "warm/trim.txt").read_text() == "1"
        assert os.listdir(tmp_path / "tmp") == [f"go-cache-{os.getuid()}"]


def test_without_a_warm_cache_gocache_stays(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path
) -> None:
    script = saved(tmp_path, made("profile.d", goroot=goroot(tmp_path / "go"), cache=True))
    Path(script).write_text(Path(script).read_text().replace("/opt/go-cache", str(tmp_path / "cold")))
    assert run([*shell, "-c", f'. {script}; echo "${{GOCACHE-unset}}"'], PATH=PATH).stdout == "unset\n"


@pytest.mark.parametrize("own", ["off", "/nowhere/cache"])
def test_a_gocache_that_cannot_be_made_stays_as_it_is(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path, own: str
) -> None:
    (tmp_path / "warm").mkdir()
    script = saved(tmp_path, made("profile.d", goroot=goroot(tmp_path / "go"), cache=True))
    Path(script).write_text(Path(script).read_text().replace("/opt/go-cache", str(tmp_path / "warm")))
    ended = run([*shell, "-c", f'cd {tmp_path}; . {script}; echo "$GOCACHE"'], PATH=PATH, GOCACHE=own)
    assert (ended.stdout, ended.stderr) == (f"{own}\n", "")


# ------------------------------------------------------------------ the init command


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder that stands for / in the init command: its links and files go there."""
    for name in ("usr/local/bin", "usr/bin", "etc"):
        (tmp_path / "root" / name).mkdir(parents=True)
    return tmp_path / "root"


def init_line(machine: Path, **options: object) -> str:
    text = made("init", **options).text
    assert text.count("\n") == 1
    for name in ("/etc/profile.d", "/usr/local/bin", "/usr/bin"):
        text = text.replace(f"{name}/", f"{machine}{name}/").replace(f"{name} ", f"{machine}{name} ")
    return text.replace(f"{machine}/usr/local/bin:", "/usr/local/bin:").replace(
        f"d in {machine}/usr/local/bin /usr/bin;", f"d in {machine}/usr/local/bin {machine}/usr/bin;"
    )


@pytest.mark.parametrize("times", [1, 2])
def test_the_init_command_writes_script_and_links(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path, machine: Path, times: int
) -> None:
    root = goroot(tmp_path / "go root")
    line = init_line(machine, goroot=root, goproxy="https://goproxy.cn,direct")
    for _time in range(times):
        ended = run([*shell, "-c", f"umask 077; {line}"], PATH=PATH)
        assert (ended.stdout, ended.stderr) == ("", "")
    script = machine / "etc/profile.d/go.sh"
    assert stat.S_IMODE(script.stat().st_mode) == 0o644
    assert os.listdir(machine / "etc/profile.d") == ["go.sh"]
    for name in ("usr/local/bin/go", "usr/bin/go", "usr/bin/gofmt"):
        assert os.readlink(machine / name) == f"{root}/bin/{Path(name).name}"
    assert (
        sourced(run, shell, str(script), PATH=PATH) == f"{root}/bin:{PATH}|unset|https://goproxy.cn,direct|0"
    )


def test_the_init_command_replaces_links_that_lead_nowhere_but_no_programs(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path, machine: Path
) -> None:
    root = goroot(tmp_path / "go")
    (machine / "usr/local/bin/go").symlink_to("/gone/bin/go")
    (machine / "usr/bin/go").write_text("a program")
    run([*shell, "-c", init_line(machine, goroot=root)], PATH=PATH)
    assert os.readlink(machine / "usr/local/bin/go") == f"{root}/bin/go"
    assert (machine / "usr/bin/go").read_text() == "a program"


def test_a_goroot_that_leads_to_the_link_itself_makes_no_circle(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path, machine: Path
) -> None:
    root = goroot(tmp_path / "go")
    real = goroot(tmp_path / "real")
    (machine / "usr/bin/go").symlink_to(f"{real}/bin/go")
    Path(f"{root}/bin/go").unlink()
    Path(f"{root}/bin/go").symlink_to(machine / "usr/bin/go")
    run([*shell, "-c", init_line(machine, goroot=root)], PATH=PATH)
    assert os.path.realpath(machine / "usr/bin/go") == f"{real}/bin/go"


def test_the_init_command_never_fails_a_start(run: Run, shell: Sequence[str], tmp_path: Path) -> None:
    line = made("init", goroot=str(tmp_path / "gone")).text.replace("/etc/profile.d", "/proc/gone")
    assert run([*shell, "-c", f"set -eu; {line} echo still here"], PATH=PATH).stdout == "still here\n"


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("there", ["absent", "empty folder", "link that leads nowhere"])
def test_another_tool_chain_is_linked(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path, machine: Path, there: str, times: int
) -> None:
    gcc, target = tmp_path / "share/gcc 13", tmp_path / "opt gcc"
    (gcc / "bin").mkdir(parents=True)
    (gcc / "bin/gcc").write_text("#!/bin/sh\necho gcc 13\n")
    (gcc / "bin/gcc").chmod(0o755)
    (gcc / "bin/notes.txt").write_text("")
    if there == "empty folder":
        target.mkdir()
    if there == "link that leads nowhere":
        target.symlink_to("/gone")
    tools = (Tool(str(gcc), str(target)),)
    line = init_line(machine, goroot=goroot(tmp_path / "go"), tools=tools)
    line = line.replace("mount -o bind", "false")
    for _time in range(times):
        run([*shell, "-c", line], PATH=PATH)
    assert os.readlink(target) == str(gcc)
    assert os.listdir(gcc) == ["bin"]
    assert run([str(machine / "usr/local/bin/gcc")]).stdout == "gcc 13\n"
    assert not (machine / "usr/local/bin/notes.txt").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount")
def test_another_tool_chain_is_mounted_once(
    run: Run, shell: Sequence[str], goroot: MakeGo, tmp_path: Path, machine: Path
) -> None:
    gcc, target = tmp_path / "share/gcc 13", tmp_path / "opt gcc"
    (gcc / "bin").mkdir(parents=True)
    (gcc / "bin/gcc").write_text("#!/bin/sh\necho gcc 13\n")
    (gcc / "bin/gcc").chmod(0o755)
    line = init_line(machine, goroot=goroot(tmp_path / "go"), tools=(Tool(str(gcc), str(target)),))
    look = f"{line}{line} {machine}/usr/local/bin/gcc; grep -c 'opt.040gcc' /proc/self/mountinfo"
    ended = run(["unshare", "-m", *shell, "-c", look], code=None, PATH=PATH)
    if "unshare" in ended.stderr:
        pytest.skip(f"no mount namespace here: {ended.stderr.strip()}")
    assert ended.stdout == "gcc 13\n1\n"
    assert not target.is_symlink()


def test_any_folder_is_linked_or_refused(
    run: Run,
    goroot: MakeGo,
    tmp_path_factory: pytest.TempPathFactory,
    shell: Sequence[str],
    names: st.SearchStrategy[str],
    hard: str,
) -> None:
    @FEW
    @given(names)
    @example(hard)
    def holds(name: str) -> None:
        folder = tmp_path_factory.mktemp("i")
        machine = folder / "r"
        for below in ("usr/local/bin", "usr/bin"):
            (machine / below).mkdir(parents=True)
        if not can_be_written(name):
            with pytest.raises(ExportRefusedError):
                init_line(machine, goroot=f"{folder}/{name}")
            return
        line = init_line(machine, goroot=f"{folder}/{name}")
        root = goroot(folder / name)
        assert run([*shell, "-c", line], PATH=PATH).stderr == ""
        assert os.readlink(machine / "usr/bin/go") == f"{root}/bin/go"
        assert (
            sourced(run, shell, f"{machine}/etc/profile.d/go.sh", PATH=PATH)
            == f"{root}/bin:{PATH}|unset|unset|0"
        )

    holds()


# ------------------------------------------------------------------ fish


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish here")
def test_fish_finds_any_folder_or_it_is_refused(
    run: Run,
    goroot: MakeGo,
    tmp_path_factory: pytest.TempPathFactory,
    names: st.SearchStrategy[str],
    hard: str,
) -> None:
    home = str(tmp_path_factory.mktemp("home"))

    @FEW
    @given(names, names)
    @example(hard, hard)
    def holds(name: str, other: str) -> None:
        folder = tmp_path_factory.mktemp("f")
        wanted = {"goroot": f"{folder}/{name}", "gopath": f"~/{other}", "goproxy": f"https://{other}"}
        if not can_be_written(name + other):
            with pytest.raises(ExportRefusedError):
                saved(folder, made("fish", **wanted))
            return
        script = saved(folder, made("fish", **wanted))
        root = goroot(folder / name)
        code = (
            f"source '{script}'; source '{script}'; string join0 -- (string join : -- $PATH) $GOPATH $GOPROXY"
        )
        out = run(["fish", "--no-config", "-c", code], PATH=PATH, HOME=home).stdout.split("\0")
        assert out[:3] == [f"{root}/bin:{PATH}:{home}/{other}/bin", f"{home}/{other}", wanted["goproxy"]]

    holds()


# ------------------------------------------------------------------ what a checker says


@pytest.mark.skipif(CHECKER is None, reason="no shellcheck here")
@pytest.mark.parametrize("kind", ["entrypoint", "profile.d", "init"])
def test_shellcheck_has_nothing_to_say(tmp_path: Path, kind: str) -> None:
    tools = {"tools": (Tool("/mnt/gcc 13", "/opt/gcc"), Tool("/opt/x"))} if kind == "init" else {}
    text = made(
        kind, goroot="/opt/my go", gopath="~/a b", goproxy="https://a,direct", cache=True, **tools
    ).text
    script = tmp_path / "script.sh"
    script.write_text(text)
    quiet = ["-e", "SC2016"] if kind == "init" else []  # what it writes is for another shell to expand
    ended = subprocess.run(
        [str(CHECKER), "-s", "sh", *quiet, str(script)], capture_output=True, text=True, check=False
    )
    assert ended.stdout == ""


def test_every_script_ends_with_one_line_break() -> None:
    for kind in KINDS:
        text = generate(kind, Options()).text
        assert text.endswith("\n"), kind.id
        assert not text.endswith("\n\n"), kind.id
