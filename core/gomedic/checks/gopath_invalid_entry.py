"""GOPATH or GOBIN begins with a tilde, keeps its quotes, or is no absolute path."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.shell_text import home_relative
from gomedic.fixes.variables import in_go_env_file, set_value
from gomedic.model import Finding, Fix, Severity, Step
from gomedic.texts import N_, Message

TITLE = N_("GOPATH is a list of absolute paths")
WHY = N_(
    "A shell leaves ~ alone within quotes, and a go env file keeps quotes as they are; go refuses to work with such a path."
)
FOUND = N_("GOPATH is set to {value} in {place}: go refuses every command until it is an absolute path.")
SET = N_("Set GOPATH to {better}")


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GOPATH"):
        bad = next((entry for entry in value.value.split(":") if entry and not entry.startswith("/")), None)
        if bad is not None:
            message = Message(FOUND, {"value": value.value, "place": _values.place(facts, value.origin)})
            fixes = (*_better(facts, value), *_values.drop_fixes(facts, value))
            yield _values.finding(facts, value, "gopath-invalid-entry", message, WHY, fixes=fixes, weight=60)


def _better(facts: Facts, value: _values.Value) -> tuple[Fix, ...]:
    """Offer the path that was meant: quotes gone, ~ replaced."""
    entries = [entry.strip("\"'") for entry in value.value.split(":")]
    entries = [
        facts.home + entry[1:] if entry == "~" or entry.startswith("~/") else entry for entry in entries
    ]
    if not all(entry.startswith("/") for entry in entries):
        return ()
    better = ":".join(entries)
    steps: tuple[Step, ...] = ()
    if value.where == "go env file" and value.origin.path:
        steps = in_go_env_file(facts, value.origin.path, "GOPATH", better)
    else:
        shown = ":".join(home_relative(entry, facts.home) for entry in entries)
        step = set_value(facts, "GOPATH", value.origin, f'"{shown}"')
        steps = (step,) if step else ()
    safe = not any(step.privileged for step in steps)
    return (Fix("set", Message(SET, {"better": better}), steps, safe=safe),) if steps else ()


CHECK = Check(
    "gopath-invalid-entry",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"value": "~/go", "place": "~/.bashrc:12"}),
    found=N_(
        "Each entry of GOPATH is looked at as go gets it: whether it still begins with ~, still has its quotes, or is no absolute path for another reason."
    ),
    cured=N_(
        "The fix writes the path that was meant, with $HOME instead of ~ and without stray quotes. Where that cannot be told, it stops setting GOPATH, and go takes ~/go."
    ),
    threads=("madcowfred/GoPostStuff#21", "golang/go#35338", "golang/go#62239"),
)
