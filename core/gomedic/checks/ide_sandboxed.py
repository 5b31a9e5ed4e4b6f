"""An editor runs in a sandbox that has no Go in it."""

from collections.abc import Iterator

from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import append, edit, with_folders
from gomedic.model import Evidence, Finding, Fix, Severity, Step
from gomedic.probes.flatpaks import Sandboxed
from gomedic.texts import N_, Message, Values

TITLE = N_("Editors see the machine's Go")
WHY = N_(
    "A Flatpak has a /usr of its own: an editor in it sees neither the machine's Go nor what start-up files set, only Go's SDK extension, once that is turned on."
)
ABSENT = N_(
    "{name} is a Flatpak and cannot see the machine's Go: install org.freedesktop.Sdk.Extension.golang with flatpak, or {name} without Flatpak."
)
OFF = N_("{name} is a Flatpak; Go's SDK extension is installed, but not turned on for it in {file}.")
ENABLE = N_("Turn Go's SDK extension on for {name}")
_SETTING = "FLATPAK_ENABLE_SDK_EXT="


def _run(facts: Facts) -> Iterator[Finding]:
    for editor in facts.machine.sandboxed_editors:
        if not (editor.has_extension and "golang" in editor.enables):
            yield _finding(facts, editor)


def _finding(facts: Facts, editor: Sandboxed) -> Finding:
    values: Values = {"name": editor.name, "file": facts.short(editor.override)}
    said = f"{_SETTING}{','.join(editor.enables)}" if editor.enables else f"no {_SETTING[:-1]}"
    asked: tuple[Evidence, ...] = (told(said, None, editor.override),) if editor.has_extension else ()
    fix = Fix("enable", Message(ENABLE, values), _enabled(facts, editor), safe=True)
    return Finding(
        check="ide-sandboxed",
        subject=editor.app,
        severity=Severity.WARNING if facts.project else Severity.HINT,
        message=Message(OFF if editor.has_extension else ABSENT, values),
        why=Message(WHY),
        evidence=(told(editor.app, None, editor.folder), *asked),
        fixes=(fix,) if editor.has_extension else (),
        weight=10,
    )


def _enabled(facts: Facts, editor: Sandboxed) -> tuple[Step, ...]:
    """Return the steps that do what `flatpak override --user --env=FLATPAK_ENABLE_SDK_EXT=…,golang APP` does."""
    line = _SETTING + ",".join([*editor.enables, "golang"])
    text = (facts.read(editor.override) or b"").decode("utf-8", "surrogateescape")
    if editor.enables:
        change = edit(facts, editor.override, lambda lines: [_replaced(old, line) for old in lines])
    elif "[Environment]" in text.split("\n"):
        change = edit(facts, editor.override, lambda lines: [_followed(old, line) for old in lines])
    else:
        change = append(facts, editor.override, ["[Environment]", line])
    return with_folders(facts, change)


def _replaced(old: str, line: str) -> str:
    return f"{line}\n" if old.startswith(_SETTING) else old


def _followed(old: str, line: str) -> str:
    return f"{old}{line}\n" if old.strip() == "[Environment]" else old


CHECK = Check(
    "ide-sandboxed",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING, Severity.HINT),
    example=Message(ABSENT, {"name": "VS Code"}),
    found=N_(
        "Editors that were installed with Flatpak are looked for, and with them Go's SDK extension, and the setting that turns it on."
    ),
    cured=N_(
        "Where the extension is installed, the fix turns it on for the editor. Else install it: flatpak install org.freedesktop.Sdk.Extension.golang. An editor installed without Flatpak sees the machine's Go at once."
    ),
    threads=("flathub/com.visualstudio.code#344", "golang/vscode-go#263", "flathub/com.vscodium.codium#44"),
)
