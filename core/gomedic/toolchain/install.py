"""A Go release made ready to be put into its place: fetched, verified, unpacked, tried; nothing changed yet."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import EditFile, MakeFolder, Move, Progress, Step
from gomedic.settings import Settings
from gomedic.stages import LOOK, SUM
from gomedic.texts import N_, Message
from gomedic.toolchain.background import waiting
from gomedic.toolchain.errors import (
    AlreadyInstalled,
)
from gomedic.toolchain.intake import Intake
from gomedic.toolchain.lying import copied, known_release, lying_at
from gomedic.toolchain.making import Archive, Wish, made, made_of, told
from gomedic.toolchain.obtaining import (
    WORTHLESS,
    checked,
    downloads,
    fetched,
    judge_content,
    missing_folders,
    question_for,
)
from gomedic.toolchain.offers import Offer, offer
from gomedic.toolchain.recorded import Verification, encoded, record, record_file
from gomedic.toolchain.sandbox import Sandbox
from gomedic.toolchain.signature import Question
from gomedic.toolchain.smoke import Tried
from gomedic.toolchain.staging import LIST, STAGING, discard, existing, sweep
from gomedic.toolchain.targets import LOCAL, Target, arch_for
from gomedic.toolchain.tree import Tree, tree
from gomedic.toolchain.web import Web

__all__ = [
    "STAGING", "Staged", "Verification", "discard", "encoded", "existing", "install", "judge_content", "missing_folders", "record",
    "record_file", "steps_to_place", "toolchains_folder",
]  # fmt: skip

_LOOKING = N_("Looking for Go {version}")
_ASKING_SIGNATURE = N_("Fetching the signature of {file}")
_SUM_GOOD = N_("The SHA-256 is the one that {authority} says.")


class Staged(Struct, frozen=True):
    """A toolchain that was verified and works, on the file system of its place. The caller's, from now on."""

    version: str
    staged_path: str  # the GOROOT to be
    target_path: str
    verification: Verification
    tried: Tried
    to: Target = Target()
    notes: tuple[Message, ...] = ()  # what the person should know of how it was chosen


def toolchains_folder(host: Host) -> str:
    """Return the folder of the account's own toolchains."""
    return os.path.join(host.data_folder, "toolchains")


def install(
    host: Host,
    settings: Settings,
    version: str,
    source: str | None = None,
    *,
    try_it: bool = True,
    sandbox: Sandbox = Sandbox(),  # noqa: B008 - frozen
    to: Target = Target(),  # noqa: B008 - frozen
    may_ask: bool = False,
    without_signature: bool = False,
) -> Iterator[Progress | Staged]:
    """Yield progress, and last the toolchain, staged beside where it is to go (`to`; `may_ask` for a password there).

    `version` is a name, a series or `latest`; `source` an address, a folder or the name of a source (None: all).
    `sandbox` is how it is tried before it counts.
    `without_signature` lets the sum that Google's list says do where the signature is missing or cannot be checked.
    Closing the generator, like every refusal (ToolchainError), leaves nothing but what was fetched so far. From
    the moment it is yielded, the staged folder is the caller's: to be moved by `steps_to_place`, or `discard`ed.
    """
    yield Progress(Message(_LOOKING, {"version": version}), step=LOOK)
    arch = arch_for(to)
    if source is not None and (lying := lying_at(host, source, version, arch)) is not None:
        yield from _from_tree(
            host, lying, Wish(to, to.path(host, lying.version), may_ask, try_it, sandbox, arch)
        )
        return
    with downloads(host) as folder, Web(host, settings.proxy) as web:
        looking = Message(_LOOKING, {"version": version})
        wish = yield from waiting(looking, partial(offer, host, settings, web, version, source, arch))
        yield from (Progress(note, step=LOOK) for note in wish.notes)
        target = to.path(host, wish.version)
        _make_room(host, to, target, wish.version)
        may_lack = without_signature
        asking = Message(_ASKING_SIGNATURE, {"file": wish.file})
        question = yield from waiting(asking, partial(question_for, host, web, wish, to, may_lack=may_lack))
        intake = yield from fetched(web, folder, wish, settings.shared_cache or "")
        with contextlib.closing(intake):
            yield Progress(Message(_SUM_GOOD, {"authority": wish.sum_from}), step=SUM)
            made_so = Wish(to, target, may_ask, try_it, sandbox, arch)
            yield from _verified(host, wish, question, intake, made_so)


def _make_room(host: Host, to: Target, target: str, version: str) -> None:
    """Delete what nobody needs there any more. Raises AlreadyInstalled."""
    sweep(host, os.path.dirname(target))
    found = tree(target)
    if found.whole and (found.version == version or to.place != LOCAL):
        raise AlreadyInstalled(version=version, path=target)


def _from_tree(host: Host, lying: Tree, wish: Wish) -> Iterator[Progress | Staged]:
    _make_room(host, wish.to, wish.path, lying.version)
    why, files = known_release(host, lying, wish)
    path, tried = yield from made_of(host, wish, lying.version, why, partial(copied, lying, files, wish.arch))
    yield Staged(lying.version, path, wish.path, told(why, tried), tried, wish.to)


def _verified(
    host: Host, offered: Offer, question: Question | None, intake: Intake, wish: Wish
) -> Iterator[Progress | Staged]:
    try:
        signature = None if question is None else (yield from checked(host, question, intake))
        plan = intake.plan()
        judge_content(offered.file, offered.version, plan)
        verification = Verification(
            offered.file, offered.sha256, intake.size, offered.sum_from, intake.source,
            signature, question.url if question else "", offered.index_signed,
        )  # fmt: skip
        signed = question.signature if question else b""
        archive = Archive(
            intake.path, offered.file, offered.version, offered.sha256, signed, plan, verification
        )
        path, tried = yield from made(host, archive, wish)
    except WORTHLESS:
        os.unlink(intake.path)
        raise
    kept = told(verification, tried)
    yield Staged(offered.version, path, wish.path, kept, tried, wish.to, offered.notes)


def steps_to_place(staged: Staged) -> tuple[Step, ...]:
    """Return the steps that put a staged toolchain into its place; a broken one there is moved aside first."""
    target, record = staged.target_path, record_file(staged.target_path)
    steps: list[Step] = [MakeFolder(path=path) for path in missing_folders(os.path.dirname(target))]
    aside = f"{os.path.dirname(target)}/{STAGING}broken-{secrets.token_hex(8)}"
    ends = (end for end in ("", LIST) if os.path.lexists(target + end))
    steps += [Move(source=target + end, target=aside + end) for end in ends]
    before, after = _content(record), encoded(staged.verification)
    return (
        *steps,
        Move(source=staged.staged_path, target=target),
        *_kept_list(staged.staged_path, target),
        *((EditFile(path=record, before=before, after=after),) if before != after else ()),
    )


def _kept_list(staged: str, target: str) -> tuple[Step, ...]:
    there = os.path.lexists(staged + LIST)
    return (Move(source=staged + LIST, target=target + LIST),) if there else ()


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read(1 << 20)
    except OSError:
        return None
