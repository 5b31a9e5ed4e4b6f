"""`--policy FILE`: an examination judged by what a teacher or grader demands."""

import argparse
from typing import TYPE_CHECKING

from msgspec.structs import replace

from gomedic.host import Host
from gomedic.model import Examination
from gomedic.settings import Settings
from gomedic.texts import N_, Message, in_language

if TYPE_CHECKING:
    from gomedic.policy.model import Policy
    from gomedic.report import Catalogue, Json

HOLDS = N_("The policy {name} holds.")
BROKEN = N_("The policy {name} does not hold: {count} of its demands are not met.")
GOOD = N_("The policy is signed by {signer} on {made}.")
NOT_CHECKED = N_(
    "The policy has a signature ({file}) that was not checked: the settings name no key for policies (policy_keys)."
)


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Let a command judge by a policy."""
    parser.add_argument("--policy", metavar="FILE", help=N_("judge by what this file demands (gomedic.toml)"))


def policy_in(host: Host, settings: Settings, file: str | None) -> "Policy | None":
    """Return the policy in a file, None where none is asked for. Raises SettingsError."""
    if file is None:
        return None
    from gomedic.policy.reading import read_policy  # it needs all checks

    return read_policy(host, settings, file)


def under_policy(host: Host, policy: "Policy | None") -> Host:
    """Return the machine as the policy wants it to be judged: with its limits, where none were given."""
    return host if policy is None or host.limits is not None else host.with_limits(policy.limits)


def by_policy(host: Host, examination: Examination, policy: "Policy") -> Examination:
    """Return an examination of `host` with what the policy finds, and what is to be said of the policy itself."""
    from gomedic.policy.judging import judge, judged
    from gomedic.policy.observing import observe

    observed = observe(host, examination, policy)
    count = len(judge(policy, observed))
    name = policy.name or policy.file
    verdict = Message(BROKEN, {"name": name, "count": count}) if count else Message(HOLDS, {"name": name})
    found = judged(policy, observed, examination)
    return replace(found, notes=(*found.notes, verdict, *_signature(policy)))


def _signature(policy: "Policy") -> tuple[Message, ...]:
    signed = policy.signed
    if signed.state == "good" and signed.signer is not None:
        return (Message(GOOD, {"signer": signed.signer, "made": signed.made or "?"}),)
    if signed.state == "not checked":
        return (Message(NOT_CHECKED, {"file": signed.file or "?"}),)
    return ()


def policy_json(policy: "Policy", examination: Examination, catalogue: "Catalogue") -> "Json":
    """Return what the document of `check --policy --json` says of the policy."""
    signed = policy.signed
    broken = [finding.id for finding in examination.findings if finding.check.startswith("policy-")]
    signature: Json = {"state": signed.state}
    if signed.signer is not None:
        signer = in_language(signed.signer, catalogue)
        signature |= {"signer": signer, "fingerprint": signed.fingerprint, "made": signed.made}
    return {
        "file": policy.file,
        "name": policy.name or None,
        "sha256": policy.sha256,
        "signature": signature,
        "holds": not broken,
        "broken": broken,
    }
