"""What the window asks of the core, bound to one machine."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from gomedic import doctor as core
from gomedic import plans, watching
from gomedic.doctor import Offer, Restored, Treatment
from gomedic.ending import ending
from gomedic.host import Host
from gomedic.model import EditFile, Examination, Finding, Fix, InstallToolchain, Progress, Receipt, Step
from gomedic.probes.open_folders import others_can_write
from gomedic.proof import Proof
from gomedic.settings import Settings, SettingsError, Source, read_settings
from gomedic_gui import instructing
from gomedic_gui.judging import Demands, Judging
from gomedic_gui.many import Many, many_for
from gomedic_gui.purge import purges
from gomedic_gui.text import catalogue

if TYPE_CHECKING:  # imported where they are asked for: an examination must be quick
    from gomedic.images.model import ImageReport, NotRead
    from gomedic.overrides.values import Overrides
    from gomedic.persistence import Persistence
    from gomedic.policy.model import Policy
    from gomedic.reporting.merging import Overview
    from gomedic.settings_edit import Change, Own
    from gomedic.toolchain.availability import Availability
    from gomedic.toolchain.command import Installed
    from gomedic.toolchain.contents import Contents
    from gomedic.toolchain.measuring import Measured


class Doctor(Struct, frozen=True):
    """The core's doors. Each may take long, and is called off the GUI thread."""

    examine: Callable[[], Iterator[Progress | Examination]]
    treat: Callable[[Examination, Finding, Fix], Iterator[Progress | Treatment]]
    take_back: Callable[[str | None], Iterator[Progress | Restored]]
    history: Callable[[], tuple[Receipt, ...]]
    text: Callable[[str], str | None]  # content of a file
    go_in: Callable[[str], str | None]  # real path of the go command in a folder
    is_open: Callable[[str], bool] = lambda _folder: False  # whether others can put programs into a folder
    prove: Callable[[Examination, Finding, Fix], Iterator[Progress | Proof | None]] = lambda *_fix: iter(
        (None,)
    )
    best_fix: Callable[[Examination, Finding], Iterator[Progress | Offer]] = lambda _seen, finding: iter(
        (Offer.untried(finding.fixes),)
    )
    examine_thoroughly: Callable[[], Iterator[Progress | Examination]] = lambda: iter(())  # may yield two
    overrides: "Callable[[], Iterator[Progress | Overrides]]" = lambda: iter(())
    installed: "Callable[[], tuple[Installed, ...]]" = tuple
    available: "Callable[[bool], Iterator[Progress | Availability]]" = lambda _offline: iter(())
    contents: "Callable[[str], Iterator[Progress | Contents]]" = lambda _word: iter(())
    plan_use: Callable[[Examination, str, str | None], Fix] = lambda _seen, version, _to: Fix(
        "use", plans.title(plans.USE, version)
    )
    edits_of: Callable[[Examination, InstallToolchain], tuple[Step, ...]] = lambda _seen, _wanted: ()
    plan_removal: Callable[[Examination, str], Fix] = lambda _seen, version: Fix(
        "remove", plans.title(plans.REMOVE, version)
    )
    watched: Callable[[Examination], tuple[str, ...]] = lambda _seen: ()  # paths that it rests on
    states: Callable[[Iterable[str]], Mapping[str, str]] = lambda _paths: {}
    report: Callable[[Examination, str, bool], str] = lambda seen, form, mask: _report(
        Host({}, "/", seen.account), seen, form, mask
    )  # form: of `reporting.forms`; whether names are hidden
    settings: "Callable[[], Own]" = lambda: _no_settings()
    change_settings: "Callable[[Change], Own]" = lambda _change: _no_settings()
    try_source: "Callable[[Source], Iterator[Progress | Measured]]" = lambda _source: iter(())
    check_image: "Callable[[str, bool], Iterator[Progress | ImageReport | NotRead]]" = lambda _path, _run: (
        iter(())
    )  # the second: whether its shells are started
    fingerprint: Callable[[str], str] = lambda _file: ""  # of the signing key in a file
    judge_by: Callable[[Demands], None] = lambda _demands: None  # from the next examination on
    policy: "Callable[[str], Policy]" = lambda _file: _no_policy()  # in a file, verified
    lasting: "Callable[[Examination, str], Iterator[Progress | Persistence]]" = lambda _seen, _image: iter(
        ()
    )  # the second: a file or folder with the image of the running container; "": none
    joined: "Callable[[Sequence[str], bool], Iterator[Progress | Overview]]" = lambda _files, _mask: iter(())
    many: Many = Many()  # several fixes as one


def doctor_for(host: Host, project: str | None = None) -> Doctor:
    """Return the real doctor for `host`."""
    judging = Judging(host)
    return Doctor(
        examine=partial(_examine, judging, project),
        treat=partial(_treat, judging),
        take_back=partial(core.take_back, host, may_ask=True),
        history=partial(core.history, host),
        text=host.text,
        go_in=partial(_go_in, host),
        is_open=partial(others_can_write, uid=host.account.uid),
        prove=lambda *asked: core.prove(judging.host, *asked),
        best_fix=lambda *asked: core.best_fix(judging.host, *asked),
        examine_thoroughly=partial(_examine, judging, project, deep=True),
        overrides=partial(_overrides, host),
        installed=partial(_installed, host),
        available=partial(_available, host),
        contents=partial(_contents, host),
        plan_use=partial(plans.to_use, host),
        edits_of=partial(_edits_of, host),
        plan_removal=partial(plans.to_remove, host),
        report=partial(_report, host),
        settings=partial(_own_settings, host),
        change_settings=partial(_change_settings, host),
        try_source=partial(_try_source, host),
        fingerprint=partial(_fingerprint, host),
        check_image=judging.check_image,
        judge_by=judging.choose,
        policy=judging.read,
        lasting=partial(instructing.lasting, host),
        joined=partial(instructing.joined, host),
        watched=lambda seen: (*watching.watched(seen, host), *judging.files),
        states=partial(watching.states, host),
        many=many_for(lambda: judging.host, judging.treated),
    )


def _examine(judging: Judging, project: str | None, deep: bool = False) -> Iterator[Progress | Examination]:
    """Examine as the settings say; where they cannot be followed, as by default."""
    judging.begin()
    host = judging.host
    try:
        settings = read_settings(host)
    except SettingsError:
        settings = Settings()
    there = host if settings.network else host.without_network()
    work = core.examine(there, project=project, deep=deep or settings.deep)
    with ending(work):
        yield from judging.judged(host, work)


def _treat(judging: Judging, seen: Examination, finding: Finding, fix: Fix) -> Iterator[Progress | Treatment]:
    host = judging.host
    if plans.removes(fix):
        work = core.remove_as_planned(host, seen, fix, purge=purges(fix))
    else:
        work = core.treat(host, seen, finding, fix, may_ask=True)
    with ending(work):
        yield from judging.treated(work)


def _overrides(host: Host) -> "Iterator[Progress | Overrides]":
    from gomedic.overrides.trying import try_overrides

    return try_overrides(host)


def _edits_of(host: Host, seen: Examination, wanted: InstallToolchain) -> tuple[Step, ...]:
    """Return the edits by which an installation for the account alone comes to be found by new sessions."""
    from gomedic.facts import Facts
    from gomedic.fixes.install import switch_steps
    from gomedic.toolchain.install import toolchains_folder

    goal = os.path.join(toolchains_folder(host), wanted.version)
    steps = switch_steps(Facts(host, plans.starting(seen)), goal)
    return tuple(step for step in steps if isinstance(step, EditFile))


def _installed(host: Host) -> "tuple[Installed, ...]":
    from gomedic.toolchain.command import installed

    return installed(host)


def _contents(host: Host, word: str) -> "Iterator[Progress | Contents]":
    from gomedic.toolchain.contents import contents

    return contents(host, read_settings(host), word)


def _available(host: Host, offline: bool) -> "Iterator[Progress | Availability]":
    from gomedic.toolchain.availability import available

    return available(host.without_network() if offline else host, read_settings(host))


def _no_settings() -> "Own":
    from gomedic.settings_edit import Own

    return Own("", Settings(), Settings())


def _no_policy() -> "Policy":
    from gomedic.policy.model import Policy

    return Policy("")


def _own_settings(host: Host) -> "Own":
    from gomedic.settings_edit import own_settings

    return own_settings(host)


def _change_settings(host: Host, change: "Change") -> "Own":
    from gomedic.settings_edit import change_settings

    return change_settings(host, change)


def _try_source(host: Host, source: Source) -> "Iterator[Progress | Measured]":
    from gomedic.settings_edit import own_settings
    from gomedic.toolchain.measuring import measured

    return measured(host, own_settings(host).whole, source)


def _fingerprint(host: Host, file: str) -> str:
    from gomedic.toolchain.signature import key_in

    return key_in(host, file).key.fingerprint


def _report(host: Host, seen: Examination, form: str, mask: bool) -> str:
    from gomedic.reporting.forms import rendered

    return rendered(host, seen, catalogue(), form, mask=mask)


def _go_in(host: Host, folder: str) -> str | None:
    found = host.which("go", path=folder) if folder.startswith("/") else None
    return os.path.realpath(found) if found else None
