"""The folder for temporary files is not there, or cannot be written."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("The folder for temporary files can be used")
WHY = N_("go makes a work folder there before it reads any code; unset, it takes /tmp.")
GONE = N_("{name} is set to {value} in {place}, but there is no such folder, so every build stops at once.")
CLOSED = N_(
    "{name} is set to {value} in {place}, and {account} cannot write there, so every build stops at once."
)


def _run(facts: Facts) -> Iterator[Finding]:
    for name in ("TMPDIR", "GOTMPDIR"):
        for value in _values.values(facts, name):
            if name == "TMPDIR" and value.where != "environment":
                continue  # go takes TMPDIR from the environment alone
            there = facts.is_folder(value.value)
            if there and facts.writable(value.value):
                continue
            values: Values = {
                "name": name, "value": value.value, "place": _values.place(facts, value.origin),
                "account": facts.account.name,
            }  # fmt: skip
            yield _values.finding(
                facts, value, "tmpdir-invalid", Message(CLOSED if there else GONE, values), WHY
            )


CHECK = Check(
    "tmpdir-invalid",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(GONE, {"name": "TMPDIR", "value": "/scratch/student/tmp", "place": "~/.bashrc:12"}),
    found=N_(
        "The folders that TMPDIR and GOTMPDIR name are looked for, and whether your account may write there."
    ),
    cured=N_(
        "The fix stops setting the variable, and go takes /tmp. If the folder should be there, because it lies on a disk that is not mounted now, mount that disk instead."
    ),
    threads=("golang/go#12823", "golang/go#23264", "golang/go#32320"),
)
