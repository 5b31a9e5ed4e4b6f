"""`gomedic image check`: examine container images without an engine."""

import argparse
import os
import sys
from typing import TYPE_CHECKING

from gomedic.cli_limits import add_limits
from gomedic.cli_policy import add_policy, policy_in, policy_json
from gomedic.console import Console
from gomedic.model import Progress
from gomedic.settings import read_settings
from gomedic.texts import N_, Message
from gomedic.ticker import Ticker

if TYPE_CHECKING:
    from gomedic.policy.model import Policy

OK, ILL, USAGE, COULD_NOT = 0, 1, 2, 3

PLATFORM = N_("--platform takes a value such as linux/amd64, not {platform}.")
UNKNOWN_CHECK = N_("There is no check of images named {name}.")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    image = commands.add_parser("image", help=N_("examine container images, without an engine"))
    below = image.add_subparsers(metavar="ACTION", required=True)
    check = below.add_parser(
        "check", help=N_("read images and report; nothing of them is run unless you say --run")
    )
    check.add_argument(
        "images", metavar="IMAGE", nargs="+",
        help=N_("a docker-archive, an OCI layout, a skopeo folder, or a root file system: a folder or a tar file"),
    )  # fmt: skip
    check.add_argument("--json", action="store_true", help=N_("print the report as JSON"))
    check.add_argument(
        "--platform",
        metavar="P",
        help=N_("the platform to examine, such as linux/arm64 (default: this machine's)"),
    )
    check.add_argument("--user", metavar="U", help=N_("examine as this user (default: the image's USER)"))
    check.add_argument(
        "--run", dest="start", action="store_true",
        help=N_("start its shells and entry point, in a box without network and without rights on this machine"),
    )  # fmt: skip
    check.add_argument(
        "--sums", action="store_true",
        help=N_("reckon the sums of uncompressed layers too (default: only where they are read whole anyway)"),
    )  # fmt: skip
    check.add_argument("--only", metavar="CHECK", action="append", default=[], help=N_("run only this check"))
    add_limits(check)
    add_policy(check)
    check.set_defaults(run=_check)


def _check(arguments: argparse.Namespace, console: Console) -> int:
    from gomedic.images import checking
    from gomedic.policy.applying import with_limits

    fault = _misuse(arguments)
    if fault is not None:
        console.say(fault, to=sys.stderr)
        return USAGE
    policy = policy_in(console.host, read_settings(console.host), arguments.policy)
    paths = [os.path.join(console.host.cwd, path) for path in arguments.images]
    run_on = console.host if arguments.start else None
    work = checking.check_images(
        paths,
        arguments.platform,
        arguments.user,
        arguments.only,
        _processors(),
        run_on,
        with_limits(policy, arguments.limits),
        sums=arguments.sums,
    )
    codes: list[int] = []
    documents: list[dict[str, object]] = []
    with Ticker(sys.stderr, console.catalogue, quiet=console.as_json) as ticker:
        for value in work:
            if isinstance(value, Progress):
                ticker.tell(value)
            else:
                codes.append(_tell(value, console, documents, policy))
    if console.as_json:
        console.document(documents[0] if len(paths) == 1 else {"schema": 1, "images": documents})
    return max(codes)


def _misuse(arguments: argparse.Namespace) -> Message | None:
    from gomedic.images import checking, own_checks

    if arguments.platform and arguments.platform.count("/") not in (1, 2):
        return Message(PLATFORM, {"platform": arguments.platform})
    known = {check.id for check in checking.CATALOGUE} | set(own_checks.CHECKS)
    unknown = next((name for name in arguments.only if name not in known), None)
    return Message(UNKNOWN_CHECK, {"name": unknown}) if unknown else None


def _processors() -> int:
    return max(2, len(os.sched_getaffinity(0)))


def _tell(
    found: object, console: Console, documents: list[dict[str, object]], policy: "Policy | None"
) -> int:
    """Print the report on one image, or keep its document; return its exit code."""
    from gomedic.images import report
    from gomedic.images.checking import is_ill
    from gomedic.images.model import ImageReport, NotRead

    if isinstance(found, NotRead):
        documents.append(report.refused_json(found, console.catalogue))
        console.say(Message(report.REFUSED, {"name": found.path, "reason": found.reason}), to=sys.stderr)
        return COULD_NOT
    assert isinstance(found, ImageReport)  # noqa: S101 - the generator gives nothing else
    if console.as_json:
        told = {} if policy is None else {"policy": policy_json(policy, found.examination, console.catalogue)}
        documents.append(report.image_json(found, console.catalogue) | told)
    else:
        console.lines(report.image_text(found, console.catalogue))
    return ILL if is_ill(found) else OK
