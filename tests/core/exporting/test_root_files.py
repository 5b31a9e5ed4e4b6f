"""Lines for cron and sudo, read by cron and sudo themselves."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gomedic.exporting import ExportRefusedError, Generated, Options, generate, kind_named
from gomedic.sessions.pam_env import read_environment

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
Run = Callable[..., subprocess.CompletedProcess[str]]
ReadEnvironment = Callable[[str], Mapping[str, str]]
FEW = settings(max_examples=25, deadline=None, database=None)
root_only = pytest.mark.skipif(
    os.getuid() != 0, reason="only root can give this machine other files in a view"
)
# cron -f: jobs marked @reboot run at once; the view has a crontab of its own and dies with what is started in it
_CRON = r"""
mount -t tmpfs none /run && mount -t tmpfs none /var/spool/cron && mkdir -m 1730 /var/spool/cron/crontabs || exit 77
cp "$1" /var/spool/cron/crontabs/root && chmod 600 /var/spool/cron/crontabs/root
mkfifo /run/told
cron -f & timeout 60 cat /run/told
kill $!
"""
_PAM = r"""
mount --bind "$1" /etc/environment || exit 77
su root -s /bin/sh -c 'env -0'
"""
_SUDO = r"""
mount --bind "$1" /etc/sudoers.d || exit 77
sudo -n env -0
"""


def made(kind: str, **options: object) -> Generated:
    return generate(kind_named(kind), Options(**options))  # type: ignore[arg-type]


def in_view(run: Run, script: str, file: Path) -> str:
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here")
    words = ["unshare", "-m", "-p", "-f", "--kill-child", "sh", "-c", script, "sh", str(file)]
    ended = run(words, code=None, PATH=SYSTEM_PATH, HOME="/root", LANG="C.UTF-8")
    if ended.returncode == 77 or ended.stderr.startswith("unshare"):
        pytest.skip(f"no view of its own here: {ended.stderr.strip()}")
    return ended.stdout


def can_be_written(name: str) -> bool:
    return ":" not in name and name.isprintable()


# ------------------------------------------------------------------ cron


def jobs_environment(run: Run, environment: ReadEnvironment, folder: Path, text: str) -> Mapping[str, str]:
    crontab = folder / "crontab"
    crontab.write_text(text + "@reboot /usr/bin/env -0 > /run/told\n")
    return environment(in_view(run, _CRON, crontab))


@root_only
@pytest.mark.skipif(shutil.which("cron", path=SYSTEM_PATH) is None, reason="no cron here")
@pytest.mark.parametrize(
    ("name", "proxy"),
    [
        ("go", "https://goproxy.cn,direct"),
        ("go 1.22 100%", "https://a  b\\"),
        ("中文 $HOME", "x'quoted'"),
        ("it's", 'x"quoted"'),
        ("a#b", "#c"),
    ],
)
def test_a_job_gets_what_the_lines_say(
    run: Run, environment: ReadEnvironment, tmp_path: Path, name: str, proxy: str
) -> None:
    text = made("cron", goroot=f"/opt/{name}", gopath=f"/srv/{name}", goproxy=proxy).text
    found = jobs_environment(run, environment, tmp_path, text)
    assert found["PATH"] == f"/opt/{name}/bin:{SYSTEM_PATH}:/srv/{name}/bin"
    assert (found["GOPATH"], found["GOPROXY"]) == (f"/srv/{name}", proxy)


def test_what_cron_cannot_read_is_refused() -> None:
    with pytest.raises(ExportRefusedError, match="cron cannot fill in a home folder"):
        made("cron", gopath="~/go")
    for proxy in ("'a'", '"a', "a ", " a"):
        with pytest.raises(ExportRefusedError, match="takes blanks and quotes away"):
            made("cron", goproxy=proxy)
    with pytest.raises(ExportRefusedError, match="too long"):
        made("cron", goroot="/" + "a" * 900)


# ------------------------------------------------------------------ PAM


@root_only
@pytest.mark.skipif(not os.path.exists("/etc/pam.d/su"), reason="su asks no PAM here")
@pytest.mark.parametrize(
    ("name", "proxy"),
    [("go", "https://goproxy.cn,direct"), ("a b $HOME \\ 'x' \"q\" %h;", 'x\'y"z"'), ("中文", "off")],
)
def test_who_logs_in_gets_what_the_lines_say(
    run: Run, environment: ReadEnvironment, tmp_path: Path, name: str, proxy: str
) -> None:
    (tmp_path / "environment").write_text(
        made("etc-environment", goroot=f"/opt/{name}", gopath=f"/srv/{name}", goproxy=proxy).text
    )
    found = environment(in_view(run, _PAM, tmp_path / "environment"))
    assert found["PATH"] == f"/opt/{name}/bin:{SYSTEM_PATH}:/srv/{name}/bin"
    assert (found["GOPATH"], found["GOPROXY"]) == (f"/srv/{name}", proxy)


def test_pam_reads_any_folder_or_it_is_refused(names: st.SearchStrategy[str], hard: str) -> None:
    """By the same reading that examines /etc/environment, which is held to PAM itself elsewhere."""

    @settings(FEW, max_examples=150)
    @given(names, names)
    @example(hard, hard)
    @example("a\\", "b\\")
    def holds(name: str, other: str) -> None:
        options = {"goroot": f"/opt/{name}", "goproxy": f"{other}"}
        odd_end = other != other.strip() or other[0] in "'\"" or other[-1] == "\\"
        if not can_be_written(name) or not other.isprintable() or "#" in name + other or odd_end:
            with pytest.raises(ExportRefusedError):
                made("etc-environment", **options)
            return
        found = {
            setting.name: setting.value
            for setting in read_environment(made("etc-environment", **options).text)
        }
        assert found == {"PATH": f"/opt/{name}/bin:{SYSTEM_PATH}", "GOPROXY": other}

    holds()


# ------------------------------------------------------------------ sudo


@root_only
@pytest.mark.skipif(shutil.which("sudo") is None, reason="no sudo here")
@pytest.mark.parametrize("name", ["go", 'go 1.22 "100%"', "中文 $HOME \\ it's", "a#b,c!d=e", "a\\\\b\\#"])
def test_sudo_gives_what_the_lines_say(
    run: Run, environment: ReadEnvironment, tmp_path: Path, name: str
) -> None:
    made_lines = made("sudoers", goroot=f"/opt/{name}")
    (tmp_path / "go").write_text(made_lines.text)
    (tmp_path / "go").chmod(made_lines.mode)
    assert environment(in_view(run, _SUDO, tmp_path))["PATH"] == f"/opt/{name}/bin:{SYSTEM_PATH}"


@pytest.mark.skipif(shutil.which("visudo", path=SYSTEM_PATH) is None, reason="no visudo here")
def test_visudo_accepts_any_folder_or_it_is_refused(
    run: Run, tmp_path_factory: pytest.TempPathFactory, names: st.SearchStrategy[str], hard: str
) -> None:
    visudo = str(shutil.which("visudo", path=SYSTEM_PATH))

    @FEW
    @given(names)
    @example(hard)
    def holds(name: str) -> None:
        if not can_be_written(name) or '\\"' in name:
            with pytest.raises(ExportRefusedError):
                made("sudoers", goroot=f"/opt/{name}")
            return
        file = tmp_path_factory.mktemp("s") / "go"
        file.write_text(made("sudoers", goroot=f"/opt/{name}").text)
        file.chmod(0o440)
        run([visudo, "-c", "-q", "-f", str(file)], LANG="C.UTF-8")

    holds()


def test_a_go_in_a_home_is_no_matter_for_root_without_a_word() -> None:
    assert "as root with sudo" in str(made("sudoers", goroot="/home/gus/go").warnings[0])
    assert made("sudoers", goroot="/usr/local/go").warnings == ()
