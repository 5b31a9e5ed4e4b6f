"""Probes read: go settings, folders that files name, the module around a folder, what shows that a session is used."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gomedic.host import Host
from gomedic.model import GoCommand, Origin, Session, Variable
from gomedic.probes import project, startup, usage
from gomedic.probes.go_settings import GoSettings, env_file
from gomedic.probes.mentions import folders_named
from gomedic.probes.startup import StartupFile

BuildHost = Callable[..., Host]


def session(home: Path, *, root: str | None = None, shell_only: bool = False, **env: str) -> Session:
    origin = Origin(f"{home}/.bashrc", 3, "x")
    variables = {
        name: Variable(value, not shell_only, origin) for name, value in env.items() if name.startswith("GO")
    }
    go = GoCommand(f"{root}/bin/go", f"{root}/bin/go", "go1.22.10", root) if root else None
    handed_on = {} if shell_only else env
    return Session(
        "terminal",
        "/bin/bash",
        "ok",
        0.1,
        variables=variables,
        go=go,
        environment={"HOME": str(home), **handed_on},
    )


ENV_FILES = [
    ({}, "@/.config/go/env"),
    ({"XDG_CONFIG_HOME": "/c"}, "/c/go/env"),
    ({"GOENV": "/my/env"}, "/my/env"),
    ({"GOENV": "off"}, None),
]


@pytest.mark.parametrize(("env", "path"), ENV_FILES)
def test_the_go_env_file_is_where_go_looks_for_it(home: Path, env: dict[str, str], path: str | None) -> None:
    assert env_file(session(home, **env)) == (path.replace("@", str(home)) if path else None)


def test_without_a_home_there_is_no_go_env_file() -> None:
    assert env_file(Session("cron", "/bin/sh", "ok", 0.0, environment={})) is None


def test_a_setting_comes_from_the_first_place_that_has_it(
    home: Path, host: BuildHost, tmp_path: Path
) -> None:
    (home / ".config/go").mkdir(parents=True)
    (home / ".config/go/env").write_text('# c\nGOPROXY=file\nGOFLAGS="-x"\nGOBIN=\nlower=1\n')
    root = tmp_path / "go"
    root.mkdir()
    (root / "go.env").write_text("GOPROXY=shipped\nGOSUMDB=shipped\nGOBIN=/shipped\n")
    settings = GoSettings(host())

    def told(name: str, **env: str) -> tuple[str, str, int | None]:
        found = settings.get(session(home, root=str(root), **env), name)
        return found.value, found.where, found.origin.line

    assert told("GOPROXY", GOPROXY="mine") == ("mine", "environment", 3)
    assert told("GOPROXY") == ("file", "go env file", 2)
    assert told("GOPROXY", GOPROXY="") == ("file", "go env file", 2)
    assert told("GOPROXY", GOENV="off") == ("shipped", "GOROOT/go.env", 1)
    assert told("GOFLAGS") == ('"-x"', "go env file", 3)  # quotes mean themselves there
    assert told("GOSUMDB") == ("shipped", "GOROOT/go.env", 2)
    assert told("GOBIN") == ("/shipped", "GOROOT/go.env", 3)  # an empty value is none
    assert told("GOPATH") == (f"{home}/go", "default", None)
    assert told("lower")[1] == "default"


def test_what_is_not_exported_is_no_setting(home: Path, host: BuildHost) -> None:
    assert GoSettings(host()).get(session(home, shell_only=True, GOFLAGS="-x"), "GOFLAGS").where == "default"


NAMED = [
    ("export PATH=$PATH:/opt/go/bin", ["/opt/go/bin"]),
    ("export PATH=$HOME/go/bin:~/sdk/bin:$PATH", ["@/go/bin", "@/sdk/bin"]),
    ("export GOROOT=/opt/go\nexport PATH=$GOROOT/bin:$PATH", ["/opt/go", "/opt/go/bin"]),
    ("GOROOT='/opt/go'\nPATH=\"${GOROOT}/bin\"", ["/opt/go", "/opt/go/bin"]),
    ("# export PATH=/opt/go/bin", []),
    ("set -gx GOROOT /opt/go\nset -gx PATH $GOROOT/bin $PATH", ["/opt/go", "/opt/go/bin"]),
    ("fish_add_path /opt/go/bin/", ["/opt/go/bin"]),
    ("export PATH=$UNKNOWN/bin", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "folders"), NAMED)
def test_folders_that_lines_name_are_told(text: str, folders: list[str]) -> None:
    file = StartupFile("/h/.zshrc", "zsh", text.encode(), 0o644, 0, True)
    found = [mention.folder for mention in folders_named(file, "/h") if mention.folder != "/h"]
    assert found == [folder.replace("@", "/h") for folder in folders]


MODULES = [
    ("module x\n\ngo 1.22.1\n\ntoolchain go1.22.5\n", ("1.22.1", "go1.22.5", 3)),
    ("go 1.19\r\n", ("1.19", "", 1)),
    ("module x\n", ("", "", None)),
    ("// go 1.1\nmodule go\n\tgo 1.2\n", ("", "", None)),
]


@pytest.mark.parametrize(("text", "expected"), MODULES)
def test_a_module_tells_what_it_asks_for(
    home: Path, host: BuildHost, text: str, expected: tuple[str, str, int | None]
) -> None:
    (home / "p/cmd").mkdir(parents=True)
    (home / "p/go.mod").write_bytes(text.encode())
    found = project.probe(host(), f"{home}/p/cmd")
    assert found is not None
    assert found.module == f"{home}/p/go.mod"
    assert (found.go_line, found.toolchain_line, found.line) == expected


@pytest.mark.parametrize(
    ("listed", "expected"), [("./p", ("1.25", "go1.25.1", "go.work")), ("./q", ("1.19", "", "p/go.mod"))]
)
def test_a_workspace_asks_for_the_modules_that_it_lists(
    home: Path, host: BuildHost, listed: str, expected: tuple[str, str, str]
) -> None:
    (home / "p").mkdir()
    (home / "p/go.mod").write_text("module x\n\ngo 1.19\n")
    (home / "go.work").write_text(f"go 1.25\n\ntoolchain go1.25.1\n\nuse {listed}\n")
    machine, folder = host(), f"{home}/p"
    found = project.demand(project.probe(machine, folder), project.workspace(machine, folder))
    assert found is not None
    assert (found.go_line, found.toolchain_line, found.module) == (*expected[:2], f"{home}/{expected[2]}")


def test_a_folder_in_no_module_is_no_project(home: Path, host: BuildHost) -> None:
    assert project.probe(host(), f"{home}/nowhere") is None
    assert project.probe(host(), None) is None
    (home / "go.mod").write_text("module x\n")
    assert project.probe(host(cwd=home), None) is not None


def test_what_shows_that_sessions_are_used_is_named(home: Path, host: BuildHost) -> None:
    folder = home / "p"
    folder.mkdir()
    assert not {"ssh", "command", "sudo"} & set(usage.probe(host(), str(folder)))
    (home / ".ssh").mkdir()
    (home / ".ssh/authorized_keys").write_text("ssh-ed25519 AAAA\n")
    (folder / "Makefile").write_text("install:\n\tsudo -E go install ./...\n")
    found = usage.probe(host(), str(folder))
    assert found["ssh"] == found["command"] == f"{home}/.ssh/authorized_keys"
    assert found["sudo"] == f"{folder}/Makefile"


def test_start_up_files_that_exist_are_read(home: Path, host: BuildHost) -> None:
    (home / ".bashrc").write_bytes(b"a\r\n\xff")
    (home / ".zshrc").mkdir()
    (home / ".more").write_text("x")
    read = Session("terminal", "/bin/bash", "ok", 0.0, files=(f"{home}/.more", f"{home}/.gone"))
    found = startup.probe(host(), [read])
    assert found[f"{home}/.bashrc"].lines == ["a\r", "\udcff"]
    assert found[f"{home}/.bashrc"].family == "bash"
    assert found[f"{home}/.more"].family == ""
    assert f"{home}/.zshrc" not in found
    assert f"{home}/.gone" not in found
