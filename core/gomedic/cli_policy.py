"""`--policy FILE`: an examination judged by what a teacher or grader demands."""

import argparse
from typing import TYPE_CHECKING

from gomedic.host import Host
from gomedic.model import Examination
from gomedic.settings import Settings
from gomedic.texts import N_, in_language

if TYPE_CHECKING:
    from gomedic.policy.model import Policy
    from gomedic.report import Catalogue, Json


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
    """Return the machine as the policy wants it to be judged."""
    if policy is None:
        return host
    from gomedic.policy.applying import under_policy as limited

    return limited(host, policy)


def by_policy(host: Host, examination: Examination, policy: "Policy") -> Examination:
    """Return an examination with what the policy finds."""
    from gomedic.policy.applying import by_policy as governed

    return governed(host, examination, policy)


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
