"""`gomedic check` on strange machines: the right exit code, a document as promised, one clear sentence on failure."""

import os
import shutil
from pathlib import Path

import pytest

from go_trees import write_go
from made_up import Machine, Ran
from schema import Report, report_of
from started import snapshot


def told(ran: Ran) -> Report:
    """Return the document, after the rules that hold for every examination."""
    assert ran.err == ""
    report = report_of(ran.out)
    assert ran.code == (1 if report.ill else 0)
    assert [check.id for check in report.checks if check.state == "failed"] == []
    return report


def sentence(ran: Ran) -> str:
    """Return the one sentence on standard error of a program that printed nothing else."""
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err
    return ran.err.strip()


ENVIRONMENTS: list[dict[str, str | None]] = [
    {},
    {"HOME": None, "LANG": None, "TERM": None, "SHELL": None},
    {"HOME": None, "LANG": None, "TERM": None, "SHELL": None, "PATH": None},
    {"HOME": "/"},
    {"HOME": ""},
    {"HOME": "/nowhere/at/all"},
    {"HOME": "relative"},
    {"DISPLAY": "", "WAYLAND_DISPLAY": "", "PATH": "/nowhere"},  # where there is no gpg either
    {"PATH": "", "XDG_STATE_HOME": "/nowhere", "XDG_CONFIG_HOME": "/proc/1/nowhere", "TMPDIR": "/nowhere"},
    {"LC_ALL": "zh_CN.GBK", "PYTHONIOENCODING": "ascii"},
    {"LANG": "no such locale", "BASH_ENV": "/nowhere", "ENV": "/nowhere", "LD_LIBRARY_PATH": "/nowhere"},
]


@pytest.mark.parametrize("changes", ENVIRONMENTS, ids=[str(changes) for changes in ENVIRONMENTS])
def test_any_environment_is_examined(machine: Machine, changes: dict[str, str | None]) -> None:
    report = told(machine.gomedic("check", "--json", env=machine.env(**changes)))
    assert {"terminal", "login"} <= {session.kind for session in report.sessions}
    assert report.examined.home
    assert report.session("login").state == "ok"


def test_a_user_without_start_up_files_is_examined(machine: Machine) -> None:
    shutil.rmtree(machine.home)
    machine.home.mkdir()
    report = told(machine.gomedic("check", "--json"))
    assert report.session("terminal").state == "ok"
    assert list(machine.home.iterdir()) == []


@pytest.mark.parametrize("shell", ["/usr/sbin/nologin", "/nowhere/sh", "/etc/passwd", ""])
def test_an_account_without_a_shell_is_examined(machine: Machine, shell: str) -> None:
    host = machine.with_shell(shell)
    report = told(host.gomedic("check", "--json", env=host.env(SHELL=None)))
    assert report.session("login").state == ("failed" if shell else "ok")


def test_a_shell_that_runs_no_commands_is_named(machine: Machine) -> None:
    host = machine.with_shell("/nowhere/sh")
    assert "login: /nowhere/sh runs no commands" in host.gomedic("check").out


def test_a_current_folder_that_is_gone_or_closed_is_no_matter(machine: Machine, tmp_path: Path) -> None:
    gone, closed = tmp_path / "gone", tmp_path / "closed"
    gone.mkdir()
    closed.mkdir(mode=0o100)
    told(machine.gomedic("check", "--json", cwd=gone, before=f"rmdir {gone}; exec"))
    told(machine.gomedic("check", "--json", cwd=closed))


def test_bytes_that_are_no_utf8_are_shown_as_escapes(machine: Machine) -> None:
    strange = os.fsencode(machine.home) + b"/\xff\xfe b\n"
    os.mkdir(strange)
    profile = b'export GOFLAGS="\xff -x"\nexport PATH="$PATH:' + strange + b'"\n# \xc4\xe3\xba\xc3\n'
    (machine.home / ".bashrc").write_bytes(profile)
    report = told(machine.gomedic("check", "--json"))
    terminal = report.session("terminal")
    assert terminal.path[-1].entry.endswith("/\\xff\\xfe b\n")
    assert (terminal.path[-1].exists, terminal.path[-1].origin.line) == (True, 3)  # where the statement ends
    assert terminal.variables["GOFLAGS"].value == "\\xff -x"
    shown = machine.gomedic("explain", "PATH", "--session", "terminal").out
    assert "/\\xff\\xfe b\\n" in shown


@pytest.mark.parametrize("line", [b"# " + b"x" * 98 + b"\n", b"x" * (5 << 20), b": x\n"])
def test_start_up_files_of_5_mb_are_read(machine: Machine, line: bytes) -> None:
    head = b"export PATH=$PATH:/head\n: "
    count = max(1, (5 << 20) // len(line)) if line.startswith(b"#") else 1 if len(line) > 100 else 20_000
    (machine.home / ".bashrc").write_bytes(head + line * count + b"\nexport PATH=$PATH:/tail\n")
    report = told(machine.gomedic("check", "--json"))
    terminal = report.session("terminal")
    assert [entry.entry for entry in terminal.path[-2:]] == ["/head", "/tail"]
    assert terminal.path[-2].origin.line == 1


def test_a_library_that_start_up_files_preload_does_no_harm(machine: Machine) -> None:
    (machine.home / ".bashrc").write_text(
        "export LD_PRELOAD=/nope.so PYTHONHOME=/nope IFS=/:\nexport PATH=$PATH:/b\n"
    )
    assert told(machine.gomedic("check", "--json")).session("terminal").path[-1].entry == "/b"


def test_folders_where_files_should_be_do_no_harm(machine: Machine) -> None:
    for name in (".bashrc", ".zshrc", ".config/go/env", ".ssh/authorized_keys", ".bash_history", "go.mod"):
        (machine.home / name).unlink(missing_ok=True)
        (machine.home / name).mkdir(parents=True)
    assert told(machine.gomedic("check", "--json")).session("terminal").state == "ok"


# ------------------------------------------------------------------ output


def test_the_report_speaks_the_language_of_the_locale(machine: Machine) -> None:
    english = machine.gomedic("check")
    chinese = machine.gomedic("check", env=machine.env(LANG="zh_CN.UTF-8"))
    assert (english.code, english.err) == (chinese.code, chinese.err)
    assert "检查" in chinese.out
    assert "检查" not in english.out
    report = told(machine.gomedic("check", "--json", env=machine.env(LANG="zh_CN.UTF-8")))
    assert all(not f.message.isascii() for f in report.findings)


UNWRITABLE = [
    (">&-", ("check", "--json"), "not writable"),
    (">/dev/full", ("check",), "No space left on device"),
    (">/dev/full", ("explain", "PATH"), "No space left on device"),
    ("<&- >/dev/full", ("history", "--json"), "No space left on device"),
]


@pytest.mark.parametrize(("redirection", "words", "reason"), UNWRITABLE)
def test_output_that_cannot_be_written_is_one_sentence(
    machine: Machine, redirection: str, words: tuple[str, ...], reason: str
) -> None:
    ran = machine.gomedic(*words, after=redirection)
    assert ran.code == 3
    assert sentence(ran) == f"The report could not be written to standard output: {reason}."


def test_a_closed_standard_error_is_no_matter(machine: Machine) -> None:
    told(machine.gomedic("check", "--json", after="<&- 2>&-"))
    assert machine.gomedic("check", "--json", after="<&- >&- 2>&-").code == 3


def test_a_reader_that_leaves_is_no_matter(machine: Machine) -> None:
    ran = machine.gomedic("check", after="| head -n 0")
    assert (ran.out, ran.err) == ("", "")


# ------------------------------------------------------------------ refusals


def test_a_settings_file_with_an_unknown_key_is_refused(machine: Machine) -> None:
    folder = machine.home / ".config/gomedic"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('language = "en"\nfrobnicate = 1\n')
    ran = machine.gomedic("check", "--json")
    assert ran.code == 2
    assert sentence(ran).startswith(f"{folder}/config.toml:2: “frobnicate” is not a setting")


def test_an_unknown_check_is_refused(machine: Machine) -> None:
    ran = machine.gomedic("check", "--json", "--only", "no-such-check")
    assert (ran.code, sentence(ran)) == (2, "There is no check named no-such-check.")


@pytest.mark.parametrize(
    "words", [("frobnicate",), ("check", "--frob"), ("explain",), ("fix", "--yes", "--frob")]
)
def test_wrong_usage_is_refused(machine: Machine, words: tuple[str, ...]) -> None:
    ran = machine.gomedic(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "usage: gomedic" in ran.err


# ------------------------------------------------------------------ what it says


def test_only_the_chosen_checks_run(machine: Machine) -> None:
    report = told(machine.gomedic("check", "--json", "--only", "rc-crlf", "--only", "gocache-off"))
    assert [check.id for check in report.checks] == ["rc-crlf", "gocache-off"]
    assert report.findings == []


def test_a_go_of_the_account_is_found_with_the_line_that_gives_it(machine: Machine) -> None:
    root = write_go(machine.home / "go1.22", "go1.22.10")
    (machine.home / ".profile").write_text(f"export PATH={root}/bin:$PATH\n. ~/.bashrc\n")
    (machine.home / ".bashrc").write_text(f"export PATH={root}/bin:$PATH\nexport GOFLAGS=-mod=mod\n")
    report = told(machine.gomedic("check", "--json"))
    for kind, place in (("terminal", ".bashrc"), ("login", ".bashrc")):
        session = report.session(kind)
        assert session.go is not None
        assert (session.go.version, session.go.root, session.go.path) == (
            "go1.22.10",
            str(root),
            f"{root}/bin/go",
        )
        assert session.path[0].origin.file == f"{machine.home}/{place}"
        assert session.variables["GOFLAGS"].origin.line == 2
    assert (str(root), True) in [(tool.root, tool.healthy) for tool in report.toolchains]


def test_nothing_is_written_anywhere_in_the_home(machine: Machine) -> None:
    (machine.home / ".bashrc").write_text("mkdir -p ~/.cache/x; echo y >>~/.z\nexec 5>~/.log\n")
    before = snapshot(machine.home)
    told(machine.gomedic("check", "--json"))
    machine.gomedic("explain", "go")
    machine.gomedic("history", "--json")
    assert snapshot(machine.home) == before


@pytest.mark.parametrize("shell", ["/bin/dash", "/usr/bin/zsh", "/usr/bin/fish"])
def test_other_shells_are_examined(machine: Machine, shell: str) -> None:
    if not Path(shell).exists():
        pytest.skip(f"{shell} is not installed")
    own = machine.with_shell(shell)
    before = snapshot(machine.home)
    report = told(own.gomedic("check", "--json"))
    assert {(s.state, s.shell) for s in report.sessions if s.kind in ("terminal", "login")} == {("ok", shell)}
    assert snapshot(machine.home) == before


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become an account without a name")
def test_an_account_without_a_name_is_examined(machine: Machine) -> None:
    os.chown(machine.home, 54321, 54321)
    for folder in (machine.home, *machine.home.parents):
        if folder != Path("/tmp") and folder.stat().st_uid == 0 and folder.is_relative_to("/tmp"):
            folder.chmod(0o755)
    ran = machine.gomedic(
        "check", "--json", before="exec setpriv --reuid 54321 --regid 54321 --clear-groups --"
    )
    if "Permission denied" in ran.err or "No module" in ran.err:
        pytest.skip("another account cannot read this Python")
    report = told(ran)
    assert report.examined.account == "54321"
    assert report.session("terminal").state == "ok"


def test_the_program_without_a_display_prints_the_diagnosis(machine: Machine) -> None:
    plain, checked = machine.gomedic(), machine.gomedic("check")
    assert plain.code == checked.code
    assert plain.out.splitlines()[0] == checked.out.splitlines()[0]


@pytest.mark.parametrize("trouble", ["libGL.so.1: cannot open shared object file", "No module named PySide6"])
def test_where_qt_cannot_be_loaded_the_diagnosis_is_printed(
    machine: Machine, tmp_path: Path, trouble: str
) -> None:
    broken = tmp_path / "broken/PySide6"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text(f"raise ImportError({trouble!r}, name='PySide6')\n")
    env = machine.env(DISPLAY=":77", PYTHONPATH=str(broken.parent))
    ran = machine.gomedic(env=env)
    assert ran.err == f"The window cannot be opened ({trouble}), so the diagnosis is printed.\n"
    assert (ran.code in (0, 1), "checks passed" in ran.out) == (True, True)


def test_a_window_that_is_itself_broken_is_not_hidden(machine: Machine, tmp_path: Path) -> None:
    broken = tmp_path / "broken/gomedic_gui"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("")
    (broken / "app.py").write_text("import gomedic_gui.lost\n")
    ran = machine.gomedic(env=machine.env(DISPLAY=":77", PYTHONPATH=str(broken.parent)))
    assert (ran.code, "gomedic_gui.lost" in sentence(ran)) == (3, True)


def test_without_proc_it_says_how_to_mount_it(machine: Machine) -> None:
    ran = machine.gomedic("check", before="mount -t tmpfs tmpfs /proc && exec")
    assert (ran.code, "mount -t proc proc /proc" in sentence(ran)) == (3, True)
