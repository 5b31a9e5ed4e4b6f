"""The field's terms, in the words of somebody who has never met them."""

from gomedic.model import Session, Severity
from gomedic.terms import receipt_state, session_kind
from gomedic.texts import N_
from gomedic_gui.text import tr

_KINDS = {
    "terminal": N_("A terminal window or tab that you open now."),
    "ssh": N_("What you get with: ssh host"),
    "login": N_("What you get with su - or at the text console."),
    "command": N_("What you get with: ssh host command"),
    "exec": N_("A program started in the container, with no start-up file read."),
    "cron": N_("What a line in a crontab gets."),
    "sudo": N_("What you get with: sudo command"),
    "editor": N_("What VS Code or GoLand finds."),
}
_LEVELS = {
    "ok": N_("All right"),
    "hint": N_("Good to know"),
    "warning": N_("Warning"),
    "error": N_("Problem"),
    "unknown": N_("Not known"),
    "no": N_("Does not work"),
}
_STATES = {
    "hung": N_("Start-up hangs"),
    "exited": N_("Start-up ends the shell"),
    "execed": N_("Start-up hands over to another program"),
    "failed": N_("Could not be started"),
}


def kind_in_words(kind: str, label: str | None = None) -> str:
    """Return what a person calls this kind of session."""
    return tr(session_kind(kind, label))


def kind_explained(kind: str) -> str:
    """Return one sentence that says when a person meets this kind of session."""
    if kind.startswith("process:"):
        return tr(N_("A program that is running now; it keeps the environment it was started with."))
    return tr(_KINDS[kind]) if kind in _KINDS else ""


def level_in_words(level: str) -> str:
    """Return the word for a level: "ok", "unknown", "no" or the value of a Severity."""
    return tr(_LEVELS[level])


def severity_in_words(severity: Severity) -> str:
    """Return the word for a severity."""
    return level_in_words(severity.value)


def state_in_words(session: Session) -> str:
    """Return what went wrong when the session started, "" when nothing did."""
    return tr(_STATES[session.state]) if session.state in _STATES else ""


def receipt_state_in_words(state: str) -> str:
    """Return the state of a receipt."""
    return tr(receipt_state(state))


def go_in_words(session: Session) -> str:
    """Return which Go a session gets, in a few words."""
    if session.go is not None:
        return version_in_words(session.go.version)
    if session.alias is not None:
        return tr(N_("go is an alias"))
    return tr(N_("No Go"))


def version_in_words(version: str | None) -> str:
    """Return "Go 1.22.10" for "go1.22.10"."""
    if not version:
        return tr(N_("Go of an unknown version"))
    return "Go " + version.removeprefix("go")
