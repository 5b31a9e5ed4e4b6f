"""Start the shells and the entry point of an image for real, in a box, and tell what each way of launching gives."""

from gomedic.host import Host
from gomedic.images.box import InBox, box
from gomedic.images.launch import of_image, read_launches, shell_starts
from gomedic.images.machine import arch_of, image_host
from gomedic.images.problems import ImageRefused
from gomedic.images.stopping import Event
from gomedic.images.view import View
from gomedic.model import Origin, Session
from gomedic.probes.toolchains import native_arch
from gomedic.sessions import dash
from gomedic.sessions.attribution import cached_lines
from gomedic.sessions.base import Base
from gomedic.sessions.result import Start, bare_session, session_of
from gomedic.sessions.script import Mode, environment_of
from gomedic.sessions.startup_files import family_of
from gomedic.sessions.survey import TIME_LIMIT, run_starts
from gomedic.texts import N_

OTHER_ARCH = N_(
    "The image is for {arch}, so its programs do not run on this machine. Without --run its start-up files are read."
)
_SHOWN_FILES = ("bash", "sh", "zsh")  # fish is traced by way of its folders, which the box does not show


def run_launches(
    here: Host, view: View, user: str | None = None, cancelled: Event | None = None
) -> dict[str, Session]:
    """Return the sessions that the ways of launching an image really give, by way (`launch.WAYS`).

    Its start-up files and entry point run in a box: as the account, unprivileged, without network, each for a few
    seconds at most. Ways without a shell of their own are left out, for there is nothing to run. Raises
    ImageRefused where the machine or the image does not allow it, Cancelled where `cancelled` is set.
    """
    image = image_host(view, user)
    if arch_of(view) != native_arch():
        raise ImageRefused(OTHER_ARCH, arch=arch_of(view))
    with box(here, view, image, cancelled) as place:
        inside = image.starting_by(place.enter)
        found = _shells(inside, view, place)
        started = _entry(inside, view, place)
    return {**found, **({"run": started} if started is not None else {})}


def _shells(inside: Host, view: View, place: InBox) -> dict[str, Session]:
    starts = {
        way: Start("command" if way == "ssh-command" else way, *start)
        for way, start in shell_starts(view, inside).items()
        if family_of(start[0], inside.files) in _SHOWN_FILES and inside.files.is_file(start[0])
    }
    bases = [start.base for start in starts.values()]
    outcomes = run_starts(
        inside, place, list(starts.values()), bases, time_limit=TIME_LIMIT, cancelled=place.cancelled
    )
    lines = cached_lines(inside.text)
    sessions = (session_of(outcome, lines, inside.files) for outcome in outcomes)
    return {
        way: session
        for way, outcome, session in zip(starts, outcomes, sessions, strict=True)
        if outcome.environment is not None or session.state not in ("ok", "failed")  # else it never ran
    }


def _entry(inside: Host, view: View, place: InBox) -> Session | None:
    """Return what the entry point hands on to a command; None where it never starts one."""
    base, words = of_image(view, inside), view.image.entrypoint
    report = dash.command_script(Mode(login=False, interactive=False), base.env, "/bin/sh").argv
    program = words[0] if words else ""
    path = (
        program
        if program.startswith("/")
        else inside.which(program, base.env.get("PATH"))
        if program
        else None
    )
    if program and path is None:
        return None
    argv = (path, *words[1:], *report) if path else report
    ended = inside.run(
        place.command(argv, view.image.folder or "/"),
        env=base.env,
        cwd="/",
        timeout=TIME_LIMIT,
        channels=("env",),
        cancelled=place.cancelled,
    )
    told = environment_of(ended.channels["env"])
    return _handed_on(view, inside, base, told[0], path) if told is not None else None


def _handed_on(view: View, inside: Host, base: Base, env: dict[str, str], path: str | None) -> Session:
    """Return the session of an environment: with the origins that reading gave, where reading came to the same PATH."""
    read = read_launches(view, inside).readings["run"].session
    if read.environment.get("PATH") == env.get("PATH"):
        return read
    origin = Origin(path or "unknown")
    changed = {name: origin for name, value in env.items() if base.env.get(name) != value}
    return bare_session("run", Base(env, {**base.origins, **changed}), inside.files)
