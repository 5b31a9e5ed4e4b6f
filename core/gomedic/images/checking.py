"""Examine an image: its sessions read or given, the catalogue's checks and the images' own, each finding with its layer."""

import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from gomedic import checks
from gomedic.checks import no_go_installed
from gomedic.checks._words import KINDS
from gomedic.diagnosis import Check, diagnose, ordered
from gomedic.facts import Facts
from gomedic.host import Host
from gomedic.images.advice import REMOVED, advice_for
from gomedic.images.blame import Blame
from gomedic.images.launch import Launch, read_launches, table
from gomedic.images.machine import image_host
from gomedic.images.model import Advice, Image, ImageReport, NotRead
from gomedic.images.own_checks import CHECKS, ImageFacts
from gomedic.images.problems import ImageRefused
from gomedic.images.reading import name_of, open_image
from gomedic.images.running import run_launches
from gomedic.images.starts import Reading
from gomedic.images.stopping import Event, go_on
from gomedic.images.view import View
from gomedic.images.workers import WorkerLostError, Workers
from gomedic.model import CheckResult, Evidence, Examination, Finding, Progress, Session, Severity
from gomedic.policy.applying import by_policy, under_policy
from gomedic.policy.model import Policy
from gomedic.texts import N_, Message
from gomedic.toolchain.background import beside

READING = N_("Reading {name}")
READ_SO_FAR = N_("{done} of {all} images read")
NOT_COPIED = N_(
    "The image could not be copied to be run ({reason}). Without --run its start-up files are read."
)
LOST = N_("The process that examined the image ended without an answer; perhaps there is too little memory.")
POSSIBLE = N_("Read, not run: the answers are what is possible.")

# Those of the catalogue that ask for files, sessions and settings alone: the others ask the machine itself
# (memory, network, clock, running processes, a project), which an image does not have.
_NOT_FOR_IMAGES = frozenset(
    (
        "glibc-too-old", "goroot-trimmed-binary", "startup-syntax", "gotoolchain-unavailable", "stray-parent-gomod",
        "stray-go-work", "git-dubious-ownership", "goroot-no-tools", "goroot-mixed-versions", "goroot-not-writable-stale-std", "tmp-noexec",
        "tmp-no-space", "low-memory", "seccomp-clone3", "fs-no-exec-bit", "cc-missing", "libc-headers-missing", "http-proxy-dead",
        "goproxy-unreachable", "dns-failure", "ca-bundle-missing", "ca-untrusted-proxy", "git-missing", "modcache-corrupt",
        "tool-go-version-mismatch", "ide-setting-wrong", "ide-sandboxed", "ide-env-differs", "stale-session-env",
        "go-fails-unexplained", "fish-universal-variable", "version-manager-no-version", "sudo-secure-path",
        "go-too-old", "gopath-unset-scripts", "gopath-mode-outside-gopath", "modcache-not-writable", "gobin-not-on-path",
        "newer-go-not-selected",
    )
)  # fmt: skip
CATALOGUE: tuple[Check, ...] = tuple(
    check for check in checks.ALL if check.id not in _NOT_FOR_IMAGES and not check.waits
)
_IMAGE_WORDS = {
    KINDS["terminal"]: N_("an interactive shell"),
    KINDS["login"]: N_("a login shell"),
    KINDS["exec"]: N_("docker exec"),
    no_go_installed.MISSING: N_(
        "There is no Go in this image: no way to launch it has `go`, and none lies in the usual places."
    ),
    no_go_installed.WHY: N_("Without Go in the image, nothing in it can run `go`."),
}


def check_image(
    path: str,
    platform: str | None = None,
    user: str | None = None,
    only: Sequence[str] = (),
    run_on: Host | None = None,
    policy: Policy | None = None,
    cancelled: Event | None = None,
    *,
    sums: bool = False,
) -> ImageReport:
    """Return the report on one image. Raises ImageRefused; Cancelled soon after `cancelled` is set.

    Nothing of it is run or written; but where `run_on` gives this machine, its start-up files and entry point are
    started in a box there (see `running`), and the report then says "measured". `sums` are reckoned of plain layers
    too, as they always are where something is run.
    """
    view = open_image(path, platform, cancelled, sums=sums or run_on is not None)
    try:
        given = run_launches(run_on, view, user, cancelled) if run_on is not None else None
        go_on(cancelled)
        return report_on(view, user, only, given, policy)
    finally:
        view.close()


def report_on(
    view: View,
    user: str | None = None,
    only: Sequence[str] = (),
    given: Mapping[str, Session] | None = None,
    policy: Policy | None = None,
) -> ImageReport:
    """Return the report on an image that is open.

    `given` are sessions that were really run, by the way they were launched (`launch.WAYS`); they take the place
    of those that are read. `policy` is what the image is judged by besides.
    """
    begun = time.monotonic()
    took_place = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    host = under_policy(image_host(view, user), policy)
    launch = _with_given(read_launches(view, host), given or {})
    facts = Facts(host, launch.sessions())
    results, findings = _judged(view, host, facts, launch, only)
    found = tuple(_finished(view, finding) for finding in ordered(_caused(view, findings)))
    advice = tuple(a for finding in found for a in advice_for(view, finding))
    examination = Examination(
        account=facts.account,
        project=None,
        seconds=round(time.monotonic() - begun, 3),
        took_place=took_place,
        sessions=facts.sessions,
        toolchains=facts.toolchains,
        findings=tuple(_with_advice(f, [a for a in advice if a.finding == f.id]) for f in found),
        checks=results,
        notes=(*view.notes, *(() if given else (Message(POSSIBLE),))),
    )
    if policy is not None:
        examination = by_policy(host, examination, policy)
    rows = table(view, host, launch, given or {})
    return ImageReport(view.image, examination, rows, advice, "measured" if given else "possible")


def _with_given(launch: Launch, given: Mapping[str, Session]) -> Launch:
    readings = {way: Reading(session) for way, session in given.items()}
    return Launch({**launch.readings, **readings}, launch.absent)


def _judged(
    view: View, host: Host, facts: Facts, launch: Launch, only: Sequence[str]
) -> tuple[tuple[CheckResult, ...], list[Finding]]:
    results: list[CheckResult] = []
    findings: list[Finding] = []
    chosen = [check for check in CATALOGUE if not only or check.id in only]
    for result, found in diagnose(facts, chosen):
        results.append(result)
        findings += found
    ways = {"terminal": "terminal", "login": "login-shell", "exec": "exec", "run": "run"}
    readings = {kind: launch.readings[way] for kind, way in ways.items()}
    image = ImageFacts(view, facts, host, launch, readings)
    for name, check in CHECKS.items():
        if not only or name in only:
            own = list(check(image))
            results.append(CheckResult(name, "found" if own else "passed", 0.0))
            findings += own
    return tuple(results), findings


def _caused(view: View, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings; what a line in a start-up file that the account cannot read would prevent follows from that."""
    unread = [f for f in findings if f.check == "startup-file-unreadable"]
    texts = {f.id: (view.read(f.subject) or b"").decode("utf-8", "replace") for f in unread}
    for finding in findings:
        cause = next((name for name, text in texts.items() if finding.subject in text), None)
        yield replace(finding, because_of=cause) if cause and finding not in unread else finding


def _finished(view: View, finding: Finding) -> Finding:
    """Return a finding in an image's words, each piece of evidence with the layer behind it."""
    blame = Blame(view)
    shown = tuple(replace(e, made_by=blame.of_evidence(e)) for e in finding.evidence)
    return replace(
        finding,
        evidence=(*shown, *_removals(view, blame, finding)),
        message=_in_image_words(finding.message),
        why=_in_image_words(finding.why),
    )


def _in_image_words(message: Message) -> Message:
    values = {
        name: _in_image_words(value) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    return Message(_IMAGE_WORDS.get(message.text, message.text), values)


def _removals(view: View, blame: Blame, finding: Finding) -> Iterator[Evidence]:
    """Yield who put a Go there and who took it away, where a finding misses it."""
    told = " ".join(evidence.text for evidence in finding.evidence) + " " + str(finding.message)
    for path, _was, gone in view.removed():
        folder = path.rpartition("/")[0]
        if path.endswith("/bin/go") and (folder in told or finding.check == "no-go-installed"):
            yield Evidence(f"rm {path}", path, None, REMOVED, blame.of_layer(gone.layer))


def _with_advice(finding: Finding, advice: Sequence[Advice]) -> Finding:
    """Return a finding with what to write in the Dockerfile; its fixes are for machines, not for images."""
    said: list[Message] = []
    for item in advice:
        if item.replaces is not None:
            said.append(item.title)
        said += [Message(ADD_LINE, {"line": line}) for line in item.lines]
    return replace(finding, advice=tuple(said), fixes=())


ADD_LINE = N_("Add to the Dockerfile: {line}")


def is_ill(report: ImageReport) -> bool:
    """Tell whether anything at error or warning was found."""
    return any(f.severity is not Severity.HINT for f in report.examination.findings)


# ------------------------------------------------------------------ several


class Question(Struct, frozen=True):
    """What is asked of one image: see `check_image`."""

    path: str
    platform: str | None
    user: str | None
    only: tuple[str, ...]
    run_on: Host | None
    policy: Policy | None
    sums: bool = False


def check_images(
    paths: Iterable[str],
    platform: str | None = None,
    user: str | None = None,
    only: Sequence[str] = (),
    workers: int = 2,
    run_on: Host | None = None,
    policy: Policy | None = None,
    *,
    apart: bool = False,
    sums: bool = False,
) -> Generator[Progress | ImageReport | NotRead, None, None]:
    """Yield progress, and the report on each image in the order given; an image that is refused becomes a `NotRead`.

    Several images are examined by so many processes of our own, a single one beside the caller; with `apart` in a
    process of its own too, so that a window is not slowed down. Closing the generator ends the work soon, and
    returns when nothing of it is left, no process and no copy.
    """
    questions = [Question(path, platform, user, tuple(only), run_on, policy, sums) for path in paths]
    if len(questions) == 1 and not apart:
        reading = Message(READING, {"name": name_of(questions[0].path)})
        yield (yield from beside(reading, partial(report_or_reason, questions[0])))
    elif questions:
        yield from _by_workers(questions, min(workers, len(questions)))


def _by_workers(
    questions: Sequence[Question], count: int
) -> Generator[Progress | ImageReport | NotRead, None, None]:
    workers = Workers()
    with ThreadPoolExecutor(count) as pool:
        try:
            running = [pool.submit(_asked, workers, question) for question in questions]
            yield from _as_they_come(running, questions[0].path)
        finally:
            workers.end()
            pool.shutdown(wait=False, cancel_futures=True)


def _asked(workers: Workers, question: Question) -> ImageReport | NotRead:
    try:
        answer = workers.ask(question)
    except WorkerLostError:
        return NotRead(question.path, Message(LOST))
    assert isinstance(answer, ImageReport | NotRead)  # noqa: S101 - what `report_or_reason` returns
    return answer


def _as_they_come(
    running: "list[Future[ImageReport | NotRead]]", first: str
) -> Iterator[Progress | ImageReport | NotRead]:
    told, pending = 0, set(running)
    while told < len(running):
        done = len(running) - len(pending)
        if len(running) == 1:
            yield Progress(Message(READING, {"name": name_of(first)}))
        else:
            yield Progress(Message(READ_SO_FAR, {"done": done, "all": len(running)}), done / len(running))
        while told < len(running) and running[told].done():
            yield running[told].result()
            told += 1
        if pending:
            _done, pending = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)


def report_or_reason(q: Question, cancelled: Event | None = None) -> ImageReport | NotRead:
    """Return the report on an image, or why there is none. Raises Cancelled."""
    try:
        return check_image(q.path, q.platform, q.user, q.only, q.run_on, q.policy, cancelled, sums=q.sums)
    except ImageRefused as refused:
        return NotRead(q.path, refused.message)
    except OSError as error:
        if q.run_on is None:
            raise
        return NotRead(q.path, Message(NOT_COPIED, {"reason": error.strerror or str(error)}))


def summary(image: Image) -> str:
    """Return what an image is, in a line without words: platform, layers, tag."""
    return " ".join(part for part in (image.platform, *image.tags[:1]) if part)
