"""What an export is made for where nothing is said: the Go of the person's own sessions."""

from pathlib import Path

import pytest

from gomedic.exporting import KINDS, ExportRefusedError, Options, generate, kind_named
from gomedic.exporting.suggesting import suggested
from gomedic.model import BUILT_IN, Account, Examination, GoCommand, Session, Toolchain, Variable

ACCOUNT = Account("gus", 1000, 1000, "/home/gus", "/bin/bash", "/home/gus")


def session(kind: str, root: str | None, **variables: str) -> Session:
    go = GoCommand(f"{root}/bin/go", f"{root}/bin/go", "go1.22.5", root) if root else None
    named = {name: Variable(value, True, BUILT_IN) for name, value in variables.items()}
    return Session(kind, "/bin/bash", "ok", 0.1, go=go, variables=named, environment={"HOME": "/home/gus"})


def toolchain(root: str, *, healthy: bool = True, version: str = "go1.22.5") -> Toolchain:
    return Toolchain(root, version, "official", healthy, binary=f"{root}/bin/go")


def examined(*sessions: Session, toolchains: tuple[Toolchain, ...] = ()) -> Examination:
    return Examination(ACCOUNT, None, 0.1, "2026-11-23T00:00:00Z", sessions, toolchains, (), ())


def test_the_go_of_a_terminal_is_the_persons_own() -> None:
    found = suggested(
        kind_named("profile.d"),
        examined(
            session("ssh", "/opt/old"), session("terminal", "/opt/go"),
            toolchains=(toolchain("/opt/newer", version="go1.26.0"), toolchain("/opt/old"), toolchain("/opt/go")),
        ),
    )  # fmt: skip
    assert (found.options, found.notes) == (Options(goroot="/opt/go"), ())


def test_an_ill_go_is_not_handed_on() -> None:
    tools = (toolchain("/opt/ill", healthy=False), toolchain("/opt/well"))
    found = suggested(kind_named("profile.d"), examined(session("terminal", "/opt/ill"), toolchains=tools))
    assert found.options.goroot == "/opt/well"
    found = suggested(
        kind_named("profile.d"),
        examined(session("terminal", "/opt/ill"), session("login", "/opt/well"), toolchains=tools),
    )
    assert found.options.goroot == "/opt/well"


def test_without_a_go_the_usual_place_is_taken_and_told() -> None:
    found = suggested(kind_named("profile.d"), examined(session("terminal", None)))
    assert found.options == Options()
    assert [str(note) for note in found.notes] == [
        "No Go that works was found on this machine, so the set-up is made for /usr/local/go."
    ]


def test_settings_of_the_session_go_along_where_the_kind_can_carry_them() -> None:
    terminal = session("terminal", "/opt/go", GOPATH="/home/gus/work:/x", GOPROXY="https://goproxy.cn,direct")
    examination = examined(terminal, toolchains=(toolchain("/opt/go"),))
    options = suggested(kind_named("profile.d"), examination).options
    assert (options.gopath, options.goproxy) == ("~/work", "https://goproxy.cn,direct")
    options = suggested(kind_named("dockerfile"), examination).options
    assert (options.gopath, options.goproxy) == ("", "https://goproxy.cn,direct")
    assert suggested(kind_named("sudoers"), examination).options == Options(goroot="/opt/go")


def test_a_password_does_not_go_along() -> None:
    terminal = session("terminal", "/opt/go", GOPROXY="https://gus:secret@proxy")
    found = suggested(kind_named("profile.d"), examined(terminal, toolchains=(toolchain("/opt/go"),)))
    assert found.options.goproxy == ""
    assert "left out, for it has a password" in str(found.notes[0])


@pytest.mark.parametrize(
    ("version", "expected"), [("go1.22.5", "go1.22.5"), ("go1.22.5-campus", "latest"), ("", "latest")]
)
def test_a_build_machine_fetches_the_version_that_the_person_has(version: str, expected: str) -> None:
    tools = (toolchain("/home/gus/go1.22", version=version),)
    found = suggested(
        kind_named("github-actions"),
        examined(session("terminal", "/home/gus/go1.22", GOPATH="/home/gus/x"), toolchains=tools),
    )
    assert (found.options.version, found.options.gopath, found.notes) == (expected, "", ())


def test_supervisord_runs_for_the_account_that_was_examined() -> None:
    options = suggested(kind_named("supervisord"), examined(session("terminal", None))).options
    assert (options.user, options.home) == ("gus", "/home/gus")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_what_is_suggested_can_be_made(kind) -> None:  # type: ignore[no-untyped-def]
    strange = session(
        "terminal", "/opt/my \"go\" 'x' $", GOPATH="/home/gus/a 'b\" ;c", GOPROXY="'\"off ${{ x"
    )
    examination = examined(strange, toolchains=(toolchain("/opt/my \"go\" 'x' $"),))
    options = suggested(kind, examination).options
    if kind.id == "supervisord":  # GOROOT itself cannot be written there: that is told, and nothing else
        with pytest.raises(ExportRefusedError, match="/opt/my"):
            generate(kind, options)
    else:
        assert generate(kind, options).text


def test_a_go_in_a_home_is_told_where_others_need_it(tmp_path: Path) -> None:
    for kind in ("profile.d", "entrypoint", "init", "dockerfile", "systemd"):
        said = [
            str(message)
            for message in generate(kind_named(kind), Options(goroot="/home/gus/go1.22")).warnings
        ]
        assert any("lies in a home" in text for text in said), kind
    assert generate(kind_named("environment.d"), Options(goroot="/home/gus/go1.22")).warnings == ()
