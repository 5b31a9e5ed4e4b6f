"""Judge a toolchain or an archive as the command line asks it: in the environment that the account's terminals have."""

import os
from collections.abc import Iterator

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.sessions.survey import survey
from gomedic.settings import read_settings
from gomedic.texts import N_, Message
from gomedic.toolchain.sandbox import Sandbox
from gomedic.toolchain.verify import Verdict, verify
from gomedic.trying import sandbox

_STARTING = N_("Starting every kind of session")


def verify_toolchain(host: Host, target: str, archive: str | None = None) -> Iterator[Progress | Verdict]:
    """Yield progress, and last the verdict, as `toolchain.verify.verify`; a tree is tried as in a new terminal."""
    within = Sandbox()
    if not os.path.isfile(os.path.join(host.cwd, target)):
        yield Progress(Message(_STARTING))
        within = sandbox(host, survey(host).sessions)
    yield from verify(host, read_settings(host), target, archive=archive, sandbox=within)
