"""Go is forbidden to switch to the release that the project asks for."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.path import add_lines
from gomedic.fixes.shell_text import set_line
from gomedic.fixes.variables import in_go_env_file
from gomedic.model import Evidence, Finding, Fix, Severity, Step
from gomedic.probes.go_settings import env_file
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain, version_key

TITLE = N_("Go may switch to the release that the project asks for")
WHY = N_("Since Go 1.21 go runs the newer release that a go.mod asks for, unless GOTOOLCHAIN is local.")
FOUND = N_(
    "{module} asks for Go {wanted}, {path} is Go {version}, and GOTOOLCHAIN=local in {place} forbids go to switch."
)
AUTO = N_("Let go switch: GOTOOLCHAIN=auto")


def _run(facts: Facts) -> Iterator[Finding]:
    project = facts.demand
    if project is None or not project.go_line:
        return
    for value in _values.values(facts, "GOTOOLCHAIN"):
        go = value.sessions[0].go
        if (
            go is None
            or value.value != "local"
            or version_key(go.version or "") >= version_key(project.go_line)
        ):
            continue
        values: Values = {
            "module": facts.short(project.module), "wanted": project.go_line, "path": go.path,
            "version": plain(go.version), "place": _values.place(facts, value.origin),
        }  # fmt: skip
        shown: tuple[Evidence, ...] = (
            told(f"go {project.go_line}", None, project.module, project.line),
            told("GOTOOLCHAIN=local", value.sessions[0], value.origin.path),
        )
        message, fixes = Message(FOUND, values), _auto(facts, value)
        yield _values.finding(
            facts, value, "gotoolchain-local", message, WHY, fixes=fixes, more=shown, weight=50
        )


def _auto(facts: Facts, value: _values.Value) -> tuple[Fix, ...]:
    """A variable of the environment goes before the go env file, so it is overridden in a start-up file."""
    path = env_file(value.sessions[0])
    steps: tuple[Step, ...] = ()
    if value.where != "environment" and path is not None:
        steps = in_go_env_file(facts, path, "GOTOOLCHAIN", "auto")
    elif value.where == "environment":
        steps = add_lines(facts, kinds(value.sessions), lambda family: [_line(facts, family)])
    return (Fix("auto", Message(AUTO), steps, safe=not any(step.privileged for step in steps)),)


def _line(facts: Facts, family: str) -> str:
    return set_line("GOTOOLCHAIN", "auto", facts.home, family).replace('"', "")


CHECK = Check(
    "gotoolchain-local",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND,
        {
            "module": "~/hello/go.mod",
            "wanted": "1.24",
            "path": "/usr/local/go/bin/go",
            "version": "1.22.10",
            "place": "~/.config/go/env:1",
        },
    ),
    found=N_(
        "The go line of the project's go.mod is compared with the release of the `go` in use, and GOTOOLCHAIN is read: from the environment, from `go env -w`, and from the go.env of a distribution."
    ),
    cured=N_(
        "The fix sets GOTOOLCHAIN=auto where it counts, and go fetches the release that the project asks for. Without a network, install that release instead."
    ),
    threads=(
        "delaneyj/1a5s-datastar#8",
        "docker-library/golang#472",
        "osbuild/image-builder-cli#442",
        "https://go.dev/doc/toolchain",
    ),
)
