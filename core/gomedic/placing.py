"""What a fix that installs a toolchain makes ready, and the steps that put it into its place and into the sessions."""

import os
from collections.abc import Collection, Generator

from gomedic.administrator import commands_for_administrator
from gomedic.facts import Facts
from gomedic.fixes.install import STARTED_BY, switch_steps
from gomedic.host import Host
from gomedic.model import InstallToolchain, Progress, Session, Step
from gomedic.problems import NeedsRootError
from gomedic.settings import read_settings
from gomedic.toolchain import making
from gomedic.toolchain.errors import AlreadyInstalled
from gomedic.toolchain.install import Staged, install, steps_to_place
from gomedic.toolchain.recorded import encoded
from gomedic.toolchain.sandbox import Sandbox
from gomedic.toolchain.staging import discard
from gomedic.toolchain.targets import LOCAL, OPT, Target, steps_to_share, target
from gomedic.toolchain.tree import tree
from gomedic.trying import sandbox


def staged(
    host: Host, wanted: InstallToolchain, sessions: Collection[Session], *, may_ask: bool
) -> Generator[Progress, None, Staged]:
    """Fetch, verify, unpack and try what is wanted. Raises ToolchainError, SettingsError, NeedsRootError."""
    to = target(host, wanted.to, wanted.image)
    work = install(
        host,
        read_settings(host),
        wanted.version,
        wanted.source,
        to=to,
        sandbox=Sandbox() if to.image else sandbox(host, sessions),
        may_ask=may_ask,
        without_signature=wanted.without_signature,
    )
    last: Staged | None = None
    try:
        for value in work:
            if isinstance(value, Progress):
                yield value
            else:
                last = value
    except making.NeedsRoot as error:
        steps = steps_to_share(to, error.target, error.staged, lacking(to, sessions))
        commands = (*error.commands, *commands_for_administrator(steps))
        raise NeedsRootError(error.message, commands) from error
    assert last is not None  # noqa: S101 - install's last value is what it staged
    return last


def steps(host: Host, ready: Staged, sessions: Collection[Session]) -> tuple[Step, ...]:
    """Return the steps that put a staged toolchain into its place and make new sessions find it.

    Raises AlreadyInstalled where another gomedic has put it there meanwhile.
    """
    there = tree(ready.target_path)
    if there.whole and (there.version == ready.version or ready.to.place != LOCAL):
        raise AlreadyInstalled(version=ready.version, path=ready.target_path)
    if ready.to.shared:
        kept = encoded(ready.verification)
        return steps_to_share(
            ready.to, ready.target_path, ready.staged_path, lacking(ready.to, sessions), kept
        )
    switch = switch_steps(Facts(host, sessions), ready.target_path)
    return (*steps_to_place(ready), *switch)


def lacking(to: Target, sessions: Collection[Session]) -> tuple[str, ...]:
    """Return the kinds of session that do not have a shared place's own folder on PATH."""
    folder = f"{LOCAL}/bin" if to.place == LOCAL else f"{OPT}/go/bin"
    started = (session for session in sessions if session.kind in STARTED_BY)
    return tuple(s.kind for s in started if folder not in {entry.entry for entry in s.path})


def let_go(host: Host, ready: Staged) -> None:
    """Delete what is still staged, where no step moved it to its place."""
    if os.path.lexists(ready.staged_path) and os.stat(ready.staged_path).st_uid != os.geteuid():
        making.discard_by_root(host, ready.staged_path)
    else:
        discard(ready.staged_path)
