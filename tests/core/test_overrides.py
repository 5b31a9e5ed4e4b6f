"""The what-if table: each way to override the Go of a machine is really tried, the line that defeats it named, nothing changed."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from go_trees import write_go
from gomedic.host import Host
from gomedic.model import Progress
from gomedic.overrides.trying import try_overrides
from gomedic.overrides.values import Outcome, Overrides, Row
from gomedic.sessions.chamber import chamber
from started import snapshot

BuildHost = Callable[..., Host]
OLD, NEW = "go1.19.8", "go1.22.10"


@pytest.fixture
def machine(host: BuildHost) -> BuildHost:
    """Build hosts on which a copy-on-write view can be had."""
    with chamber(host()) as place:
        if not place.isolated:
            pytest.skip("no copy-on-write view here")
    return host


def write_gos(home: Path, bashrc: str = "") -> None:
    """Put an old Go where start-up lines lead to it, and a newer one beside it."""
    write_go(home / "old", OLD)
    write_go(home / "sdk/go1.22.10", NEW)
    with (home / ".bashrc").open("a") as file:
        file.write(bashrc)


def table(host: Host, *only: str) -> Overrides:
    *progress, found = try_overrides(host, only or None)
    assert all(isinstance(value, Progress) for value in progress)
    assert isinstance(found, Overrides)
    assert len(progress) == len(found.rows) + 1, "one piece of progress for each way"
    return found


def row(found: Overrides, way: str) -> Row:
    return next(row for row in found.rows if row.way.id == way)


def outcome(found: Overrides, way: str, kind: str) -> Outcome:
    return next(outcome for outcome in row(found, way).outcomes if outcome.kind == kind)


def reason(found: Overrides, way: str, kind: str) -> str:
    one = outcome(found, way, kind)
    assert one.state != "works", one
    return str(one.reason)


OLD_FIRST = 'export PATH="$HOME/old/bin:$PATH"\n'


def test_nothing_is_changed_and_every_way_is_told_for_every_session(machine: BuildHost, home: Path) -> None:
    write_gos(home, OLD_FIRST)
    before = snapshot(home)
    found = table(machine())
    assert snapshot(home) == before
    kinds = [session.kind for session in found.sessions]
    assert {"terminal", "login"} <= set(kinds)
    assert all([o.kind for o in row.outcomes] == kinds for row in found.rows)
    assert all(o.state == "works" or o.reason for row in found.rows for o in row.outcomes)


def test_a_line_at_the_end_beats_the_old_go_and_one_at_the_top_is_beaten_by_a_named_line(
    machine: BuildHost, home: Path
) -> None:
    write_gos(home, OLD_FIRST)
    guilty = (home / ".bashrc").read_text().split("\n").index(OLD_FIRST.strip()) + 1
    found = table(machine(), "export-path", "export-path-at-end")
    assert found.target.version == NEW
    beaten = outcome(found, "export-path", "terminal")
    assert (beaten.state, beaten.version) == ("fails", OLD)
    assert str(beaten.reason) == f"~/.bashrc:{guilty} puts {home}/old/bin first again."
    assert beaten.place is not None
    assert (beaten.place.path, beaten.place.line) == (str(home / ".bashrc"), guilty)
    assert outcome(found, "export-path-at-end", "terminal").version == NEW
    assert found.best == "export-path-at-end"


def test_a_goroot_of_the_old_go_must_be_changed_with_path(machine: BuildHost, home: Path) -> None:
    write_gos(home)
    (home / ".profile").write_text(f"export GOROOT=$HOME/old\n{OLD_FIRST}. ~/.bashrc\n")
    found = table(machine(), "export-goroot", "export-goroot-path", "export-path")
    assert reason(found, "export-path", "login") == (
        f"~/.profile:1 sets GOROOT={home}/old: the new go would work with the files of another release."
    )
    assert outcome(found, "export-goroot-path", "login").state == "works"
    assert reason(found, "export-goroot", "login").startswith(f"`go` stays {home}/old/bin/go, Go 1.19.8;")
    assert found.best == "export-goroot-path"


def test_go_older_than_1_21_is_not_told_what_toolchain_to_run(machine: BuildHost, home: Path) -> None:
    write_gos(home, OLD_FIRST)
    found = table(machine())
    for way in ("export-gotoolchain", "go-env-gotoolchain"):
        assert reason(found, way, "terminal").startswith("Go 1.19.8 does not know GOTOOLCHAIN")


@pytest.fixture
def newer(home: Path) -> Path:
    """Give a home where Go 1.22 runs, and an older one lies beside it; return the file that `go env -w` writes."""
    write_go(home / "new", "go1.22.10")
    write_go(home / "sdk/go1.21.3", "go1.21.3")
    (home / ".bashrc").write_text('export PATH="$HOME/new/bin:$PATH"\n')
    return home / ".config/go/env"


def test_gotoolchain_leads_to_a_command_of_that_name_on_path(
    machine: BuildHost, home: Path, newer: Path
) -> None:
    found = table(machine(), "go-env-gotoolchain")
    assert found.target.version == "go1.21.3"
    assert outcome(found, "go-env-gotoolchain", "terminal").state == "untried"
    (home / "new/bin/go1.21.3").symlink_to(home / "sdk/go1.21.3/bin/go")
    at_hand = outcome(table(machine(), "go-env-gotoolchain"), "go-env-gotoolchain", "terminal")
    assert (at_hand.state, at_hand.version) == ("works", "go1.21.3")
    assert not newer.exists()


def test_a_variable_overrules_the_go_env_file_and_goproxy_off_forbids(
    machine: BuildHost, home: Path, newer: Path
) -> None:
    newer.parent.mkdir(parents=True)
    newer.write_text("GOPROXY=off\n")
    found = table(machine(), "export-gotoolchain", "go-env-gotoolchain")
    assert "GOPROXY=off in ~/.config/go/env:1 forbids" in reason(found, "export-gotoolchain", "terminal")
    with (home / ".bashrc").open("a") as file:
        file.write("export GOTOOLCHAIN=local\n")
    assert reason(
        table(machine(), "export-gotoolchain", "go-env-gotoolchain"), "go-env-gotoolchain", "terminal"
    ) == ("~/.bashrc:2 sets GOTOOLCHAIN=local, which counts instead.")


def test_a_toolchain_that_the_environment_asks_for_takes_over(
    machine: BuildHost, home: Path, newer: Path
) -> None:
    (home / ".bashrc").write_text('export GOTOOLCHAIN=go1.20.1 PATH="$HOME/new/bin:$PATH"\n')
    assert reason(table(machine(), "export-path-at-end", "export-path"), "export-path", "terminal") == (
        "~/.bashrc:1 sets GOTOOLCHAIN=go1.20.1: the new go would hand over to that release."
    )


def test_what_go_install_brings_is_a_command_of_its_own(machine: BuildHost, home: Path) -> None:
    write_gos(home, f'{OLD_FIRST}export PATH="$PATH:$HOME/go/bin"\n')
    (home / ".profile").write_text(OLD_FIRST)
    found = table(machine(), "golang-dl")
    assert reason(found, "golang-dl", "terminal") == "`go` stays Go 1.19.8; go1.22.10 is a command beside it."
    assert reason(found, "golang-dl", "login").endswith(
        "go1.22.10 comes into ~/go/bin, which is not on PATH there."
    )


def test_a_guard_against_scripts_is_named(machine: BuildHost, home: Path) -> None:
    """As Debian has it in ~/.bashrc: the rest is for shells that somebody types into."""
    write_gos(home)
    (home / ".profile").write_text(f"{OLD_FIRST}. ~/.bashrc\n")
    guard = (home / ".bashrc").read_text().split("\n").index("      *) return;;") + 1
    said = reason(table(machine(), "export-path-at-end"), "export-path-at-end", "login")
    assert said == f"~/.bashrc:{guard} ends that file for this kind of shell, before the line is reached."


def test_a_link_goes_into_the_folder_that_comes_before_the_old_go(machine: BuildHost, home: Path) -> None:
    (home / "tools").mkdir()
    write_gos(home, f'{OLD_FIRST}export PATH="$HOME/tools:$PATH"\n')
    found = table(machine(), "link")
    assert row(found, "link").way.folder == str(home / "tools")
    assert outcome(found, "link", "terminal").path == str(home / "tools/go")
    assert list((home / "tools").iterdir()) == []


def test_a_folder_that_start_up_files_look_for_counts_once_it_is_there(
    machine: BuildHost, home: Path
) -> None:
    """Debian's ~/.profile puts ~/.local/bin on PATH where there is one."""
    write_gos(home)
    (home / ".profile").write_text(f'{OLD_FIRST}[ -d "$HOME/.local/bin" ] && PATH="$HOME/.local/bin:$PATH"\n')
    found = table(machine(), "link")
    assert outcome(found, "link", "login").state == "works"
    assert not (home / ".local").exists()


def test_an_alias_counts_where_somebody_types(machine: BuildHost, home: Path) -> None:
    write_gos(home, OLD_FIRST)
    found = table(machine(), "alias")
    assert outcome(found, "alias", "terminal").state == "works"
    assert reason(found, "alias", "login") == "An alias counts only where somebody types."


def test_an_alias_of_the_person_comes_before_path(machine: BuildHost, home: Path) -> None:
    write_gos(home, f"{OLD_FIRST}alias go='git checkout'\n")
    assert "git checkout" in reason(table(machine(), "export-path-at-end"), "export-path-at-end", "terminal")


def test_links_and_scripts_of_root_are_tried_in_the_view_alone(machine: BuildHost, home: Path) -> None:
    write_gos(home, OLD_FIRST)
    there = {path: os.path.lexists(path) for path in ("/usr/local/bin/go", "/etc/profile.d/zz-go.sh")}
    found = table(machine(PATH="/usr/local/bin:/usr/bin:/bin"), "profile-d", "system-link")
    login = outcome(found, "system-link", "login")
    assert (login.state, login.path) == ("works", "/usr/local/bin/go")
    assert reason(found, "system-link", "terminal").endswith("first again.")
    assert outcome(found, "profile-d", "login").state == "works"
    assert (
        reason(found, "profile-d", "terminal") == "bash reads /etc/profile.d/zz-go.sh in login shells only."
    )
    assert {path: os.path.lexists(path) for path in there} == there


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh")
def test_zsh_never_reads_profile_d(machine: BuildHost, home: Path) -> None:
    write_gos(home)
    (home / ".zshenv").write_text(OLD_FIRST)
    found = table(machine(shell="/usr/bin/zsh"), "export-path", "profile-d")
    assert reason(found, "profile-d", "login") == "zsh never reads /etc/profile.d/zz-go.sh."
    assert outcome(found, "export-path", "terminal").state == "works"


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh")
def test_a_bash_that_leaves_for_zsh_is_judged_as_zsh(machine: BuildHost, home: Path) -> None:
    write_gos(home, "exec zsh\n")
    (home / ".zshrc").write_text(OLD_FIRST)
    found = table(machine(), "export-path-at-end", "profile-d")
    assert outcome(found, "export-path-at-end", "terminal").state == "works"
    assert reason(found, "export-path-at-end", "login") == "bash never reads ~/.zshrc."
    assert reason(found, "profile-d", "terminal") == "zsh never reads /etc/profile.d/zz-go.sh."


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish")
def test_fish_gets_lines_of_its_own(machine: BuildHost, home: Path) -> None:
    write_gos(home)
    config = home / ".config/fish/config.fish"
    config.parent.mkdir(parents=True)
    config.write_text("set -gx PATH $HOME/old/bin $PATH\n")
    found = table(machine(shell="/usr/bin/fish"), "alias", "export-path")
    assert str(row(found, "export-path").way.how[0]).startswith("~/.config/fish/config.fish: set -gx PATH")
    assert outcome(found, "export-path", "terminal").state == "works"
    assert outcome(found, "alias", "terminal").state == "works"


def test_dash_and_a_start_up_that_ends_the_shell(machine: BuildHost, home: Path) -> None:
    write_gos(home)
    (home / ".profile").write_text("echo\nexit 0\n")
    found = table(machine(shell="/bin/dash"), "export-path")
    assert "stops at ~/.profile:2" in reason(found, "export-path", "login")


def test_of_a_shell_that_runs_no_commands_nothing_is_said(machine: BuildHost, home: Path) -> None:
    write_gos(home)
    assert (
        outcome(table(machine(shell="/usr/sbin/nologin"), "export-path"), "export-path", "login").state
        == "untried"
    )


def test_where_there_is_no_other_go_a_stand_in_is_tried_and_never_run(machine: BuildHost, home: Path) -> None:
    write_go(home / "old", OLD)
    (home / ".bashrc").write_text(OLD_FIRST)
    found = table(machine(), "export-path")
    assert found.target.stand_in
    assert found.target.root.startswith(str(home))
    works = outcome(found, "export-path", "terminal")
    assert (works.state, works.version, works.path) == ("works", None, found.target.binary)
    assert not os.path.lexists(found.target.root)


def test_what_runs_the_target_already_says_so(machine: BuildHost, home: Path) -> None:
    write_gos(home, 'export PATH="$HOME/sdk/go1.22.10/bin:$PATH"\n')
    (home / ".profile").write_text(OLD_FIRST)
    found = table(machine(), "export-path", "go-env-goroot")
    assert found.target.version == NEW
    assert outcome(found, "go-env-goroot", "terminal").already
    assert not outcome(found, "export-path", "login").already


@pytest.fixture
def with_asdf(home: Path) -> Path:
    """Give a home where asdf chooses the older of two; return the file of the choice."""
    write_go(home / ".asdf/installs/golang/1.21.3/go", "go1.21.3")
    write_go(home / ".asdf/installs/golang/1.22.10/go", NEW)
    shim = home / ".asdf/shims/go"
    shim.parent.mkdir()
    shim.write_text('#!/bin/sh\nexec asdf exec go "$@"\n')
    shim.chmod(0o755)
    (home / ".bashrc").write_text('export PATH="$HOME/.asdf/shims:$PATH"\n')
    (home / ".tool-versions").write_text("nodejs 20.1.0\ngolang 1.21.3\n")
    return home / ".tool-versions"


def test_a_version_manager_can_be_told(machine: BuildHost, home: Path, with_asdf: Path) -> None:
    before = with_asdf.read_text()
    found = table(machine(), "version-manager", "export-path", "link")
    terminal = next(session for session in found.sessions if session.kind == "terminal")
    assert terminal.go is not None
    assert terminal.go.version == "go1.21.3"
    assert found.target.version == NEW
    works = outcome(found, "version-manager", "terminal")
    assert (works.state, works.version, works.path) == ("works", NEW, str(home / ".asdf/shims/go"))
    assert [str(line) for line in row(found, "version-manager").way.how] == [
        "~/.tool-versions: golang 1.22.10"
    ]
    assert with_asdf.read_text() == before
    assert reason(found, "link", "terminal") == "~/.local/bin is not on PATH there."


def test_a_choice_nearer_by_overrules_that_of_the_account(
    machine: BuildHost, home: Path, with_asdf: Path
) -> None:
    project = home / "project"
    project.mkdir()
    (project / ".tool-versions").write_text("golang 1.21.3\n")
    found = table(machine(cwd=project), "version-manager")
    assert reason(found, "version-manager", "terminal").startswith(
        f"{project}/.tool-versions chooses Go 1.21.3"
    )


def test_a_grader_that_calls_go_by_its_path_is_beyond_all_this(machine: BuildHost, home: Path) -> None:
    write_gos(home, OLD_FIRST)
    settings = home / ".config/gomedic/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[[session]]\nname = "grader"\ncommand = "{home}/old/bin/go build"\n')
    found = table(machine(), "export-path")
    assert reason(found, "export-path", "grader") == (
        f"It calls {home}/old/bin/go by its full path, so PATH plays no part."
    )


def test_a_service_with_an_environment_of_its_own_finds_a_link_alone(machine: BuildHost, home: Path) -> None:
    write_gos(home, OLD_FIRST)
    settings = home / ".config/gomedic/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '[[session]]\nname = "runner"\ncommand = "make"\nenvironment = { PATH = "/usr/local/bin" }\n'
    )
    found = table(machine(), "export-path", "system-link")
    assert reason(found, "export-path", "runner") == (
        "It has an environment of its own, which no start-up file reaches."
    )
    assert outcome(found, "system-link", "runner").state == "works"


def test_a_script_that_is_not_read_is_no_matter_of_order(machine: BuildHost, home: Path) -> None:
    """Even where the folder is on PATH, further back."""
    write_gos(home, f'{OLD_FIRST}export PATH="$PATH:$HOME/sdk/go1.22.10/bin"\n')
    found = table(machine(), "profile-d")
    assert (
        reason(found, "profile-d", "terminal") == "bash reads /etc/profile.d/zz-go.sh in login shells only."
    )


def test_a_machine_without_a_view_is_tried_in_a_home_of_links(host: BuildHost, tmp_path: Path) -> None:
    """A home with a comma in its name cannot be covered (mount(8), overlay): the same as without namespaces."""
    home = tmp_path / "a,b"
    shutil.copytree("/etc/skel", home)
    write_gos(home, OLD_FIRST)
    before = snapshot(home)
    found = table(host(home), "export-path", "export-path-at-end", "system-link", "profile-d")
    assert snapshot(home) == before
    works = outcome(found, "export-path-at-end", "terminal")
    assert (works.state, works.path) == ("works", str(home / "sdk/go1.22.10/bin/go"))
    beaten = outcome(found, "export-path", "terminal")
    assert beaten.place is not None
    assert beaten.place.path == str(home / ".bashrc")
    assert "no copy-on-write view" in reason(found, "profile-d", "login")
    assert [row(found, way).tried for way in ("profile-d", "system-link", "export-path")] == [
        False,
        False,
        True,
    ]
    assert outcome(found, "system-link", "login").state == "works", (
        "as PATH tells, where nothing looks for it"
    )
    assert len(found.notes) == 1


def test_a_cancelled_trial_leaves_nothing(
    machine: BuildHost, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_gos(home, OLD_FIRST)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    work: Iterator[Progress | Overrides] = try_overrides(machine())
    for _value in range(4):
        next(work)
    work.close()  # type: ignore[attr-defined]
    assert list(scratch.iterdir()) == []
