"""Fetch a Go release, verify it, and make it the account's own in every session."""

import os

from gomedic.facts import Facts
from gomedic.fixes.path import put_on_path
from gomedic.model import Fix, InstallToolchain, Step
from gomedic.texts import N_, Message

LATEST = N_("Download, verify and install the newest Go for this account")
VERSION = N_("Download, verify and install Go {version} for this account")
OTHER = N_("Use Go {version} in {root} instead")
NOTE = N_(
    "Its sum and its signature are checked before anything is unpacked. Needs a network, or a source in the settings."
)


def install_go(facts: Facts, version: str) -> Fix:
    """Return the fix that installs a release ("latest", "go1.22.10") and puts it first on PATH."""
    title = (
        Message(LATEST) if version == "latest" else Message(VERSION, {"version": version.removeprefix("go")})
    )
    return Fix("install", title, (), safe=False, install=InstallToolchain(version), note=Message(NOTE))


def use_other(facts: Facts, broken: str, kinds: tuple[str, ...]) -> tuple[Fix, ...]:
    """Return the fix that puts another, whole Go in front of a broken one, where there is another."""
    other = next((tool for tool in facts.usable() if tool.root != broken), None)
    if other is None:
        return ()
    folder = os.path.join(other.root, "bin")
    steps = put_on_path(facts, folder, kinds, first=True)
    title = Message(OTHER, {"version": other.version.removeprefix("go"), "root": facts.short(other.root)})
    return (Fix("use-other", title, steps, safe=True),)


def switch_steps(facts: Facts, root: str) -> tuple[Step, ...]:
    """Return the steps that make the tree at `root` the account's Go in all sessions."""
    everywhere = [
        session.kind for session in facts.sessions if session.kind in ("terminal", "ssh", "login", "command")
    ]
    return put_on_path(facts, os.path.join(root, "bin"), everywhere, first=True)
