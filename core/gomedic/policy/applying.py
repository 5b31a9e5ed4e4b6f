"""A policy over an examination: what it finds, and what is to be said of the policy itself."""

from msgspec.structs import replace

from gomedic.examining import AS_IF
from gomedic.host import Host
from gomedic.limits import Limits
from gomedic.model import Examination
from gomedic.policy.judging import judge, judged
from gomedic.policy.model import Policy
from gomedic.policy.observing import observe
from gomedic.texts import N_, Message

HOLDS = N_("The policy {name} holds.")
BROKEN = N_("The policy {name} does not hold: {count} of its demands are not met.")
BROKEN_ONCE = N_("The policy {name} does not hold: one of its demands is not met.")
GOOD = N_("The policy is signed by {signer} on {made}.")
NOT_CHECKED = N_(
    "The policy has a signature ({file}) that was not checked: the settings name no key for policies (policy_keys)."
)


def under_policy(host: Host, policy: Policy | None) -> Host:
    """Return the machine as the policy wants it to be judged: with its limits, where none were given."""
    return host if policy is None or host.limits is not None else host.with_limits(policy.limits)


def by_policy(host: Host, examination: Examination, policy: Policy) -> Examination:
    """Return an examination of `host`, a machine or an image, with what the policy finds, and notes on the policy.

    A policy without a file is but limits: nothing is said of it but these.
    """
    examination = _with_limits_told(host, examination)
    if not policy.file:
        return examination
    observed = observe(host, examination, policy)
    count = len(judge(policy, observed))
    name = policy.name or policy.file
    found = judged(policy, observed, examination)
    return replace(found, notes=(*found.notes, verdict(name, count), *on_signature(policy)))


def _with_limits_told(host: Host, examination: Examination) -> Examination:
    if host.limits is None or any(note.text == AS_IF for note in examination.notes):
        return examination
    told = Message(AS_IF, {"limits": host.limits.text})
    return replace(examination, notes=(*examination.notes, told))


def with_limits(policy: Policy | None, limits: Limits | None) -> Policy | None:
    """Return a policy with these limits in place of its own; where there is none, one that is but limits."""
    return policy if limits is None else replace(policy or Policy(""), limits=limits)


def verdict(name: str, broken: int) -> Message:
    """Return how a policy came off whose demands are not met in so many places."""
    if broken > 1:
        return Message(BROKEN, {"name": name, "count": broken})
    return Message(BROKEN_ONCE if broken else HOLDS, {"name": name})


def verdict_in(examination: Examination) -> Message | None:
    """Return what was said of the policy that an examination was judged by; None where there was none."""
    return next((note for note in examination.notes if note.text in (HOLDS, BROKEN_ONCE, BROKEN)), None)


def on_signature(policy: Policy) -> tuple[Message, ...]:
    """Return what is to be said of a policy's signature, nothing where it has none."""
    signed = policy.signed
    if signed.state == "good" and signed.signer is not None:
        return (Message(GOOD, {"signer": signed.signer, "made": signed.made or "?"}),)
    if signed.state == "not checked":
        return (Message(NOT_CHECKED, {"file": signed.file or "?"}),)
    return ()
