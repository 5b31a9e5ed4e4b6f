"""An editor's settings name a Go that is not there."""

import re
from collections.abc import Iterator

from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import remove_lines
from gomedic.model import Finding, Fix, Severity
from gomedic.probes.editors import EditorSetting
from gomedic.texts import N_, Message, Values

TITLE = N_("The editor's settings name a Go that is there")
WHY = N_(
    "The editor takes its own setting before anything that the shell says; without it, it finds Go as the shell does."
)
FOUND = N_("{file} sets {name} to {value}, which does not exist, so the editor finds no Go.")
_WORD = r'"(?:[^"\\]|\\.)*"'
_ALONE = re.compile(rf"{_WORD}\s*:\s*(?:{_WORD}|\{{\s*{_WORD}\s*:\s*{_WORD}\s*,?\s*\}})\s*,?")
REMOVE = N_("Take {name} out of the editor's settings")


def _run(facts: Facts) -> Iterator[Finding]:
    for setting in facts.editor_settings:
        if setting.value.startswith("/") and not facts.exists(setting.value):
            yield _finding(facts, setting)


def _finding(facts: Facts, setting: EditorSetting) -> Finding:
    values: Values = {"file": facts.short(setting.file), "name": setting.name, "value": setting.value}
    alone = _ALONE.fullmatch(setting.text) is not None
    step = remove_lines(facts, setting.file, {setting.line})
    return Finding(
        check="ide-setting-wrong",
        subject=f"{setting.name}@{setting.file}",
        severity=Severity.WARNING,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(told(setting.text, None, setting.file, setting.line),),
        fixes=(Fix("remove", Message(REMOVE, values), (step,), safe=not step.privileged),) if alone else (),
        sessions=("editor",),
        weight=12,
    )


CHECK = Check(
    "ide-setting-wrong",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(
        FOUND,
        {"file": "~/.config/Code/User/settings.json", "name": "go.goroot", "value": "/usr/local/go1.17.1"},
    ),
    found=N_(
        "The settings of VS Code and its relatives are read for folders of Go (go.goroot, go.gopath, go.toolsGopath), and each folder is looked for."
    ),
    cured=N_(
        "The fix takes the setting out, and the editor finds Go as the shell does. Where it shares a line with other settings, change it in the editor."
    ),
    threads=("golang/vscode-go#971",),
)
