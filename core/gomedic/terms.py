"""The words for what JSON names by a fixed English term: sources of values, states of receipts."""

from gomedic.model import Origin
from gomedic.texts import N_, Message

_SOURCES = {
    "image environment": N_("the system"),
    "PAM /etc/environment": N_("/etc/environment"),
    "go env file": N_("Go's own settings file"),
    "GOROOT/go.env": N_("the settings that came with Go"),
    "built in": N_("built in"),
    "process environment": N_("the running program"),
    "unknown": N_("not known"),
}
_RECEIPT_STATES = {
    "begun": N_("Interrupted"),
    "done": N_("Done"),
    "taken back": N_("Taken back"),
    "left": N_("Not taken back cleanly"),
    "final": N_("For good"),
}

_KINDS = {
    "terminal": N_("New terminal"),
    "ssh": N_("Login over ssh"),
    "login": N_("Login shell (su -)"),
    "command": N_("Command over ssh"),
    "exec": N_("docker exec"),
    "cron": N_("Scheduled job (cron)"),
    "sudo": N_("With sudo"),
    "editor": N_("Editor"),
}


def session_kind(kind: str, label: str | None = None) -> Message:
    """Return what a person calls this kind of session; `label` is a running program's command line."""
    if kind.startswith("process:"):
        number = kind.removeprefix("process:")
        return Message(N_("Running: {program} ({number})"), {"program": label or "?", "number": number})
    return Message(_KINDS.get(kind, kind))


def source_of(origin: Origin) -> Message | None:
    """Return the words for a source that is no start-up file, None for a file."""
    return Message(_SOURCES[origin.file]) if origin.file in _SOURCES and origin.line is None else None


def receipt_state(state: str) -> Message:
    """Return the words for a receipt's state."""
    return Message(_RECEIPT_STATES.get(state, state))
