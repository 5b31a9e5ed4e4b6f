"""What the person wants the machine judged by besides the checks: a policy, and the limits of a sandbox to come."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from gomedic.doctor import Treatment
from gomedic.host import Host
from gomedic.limits import Limits
from gomedic.model import Examination, Progress
from gomedic.settings import read_settings

if TYPE_CHECKING:  # imported where they are asked for: an examination must be quick
    from gomedic.images.model import ImageReport, NotRead
    from gomedic.policy.model import Policy


class Demands(Struct, frozen=True):
    """What was chosen."""

    policy: str = ""  # file of a policy; "": none
    limits: Limits | None = None


class Judging:
    """Holds what was chosen last, and judges by it.

    A policy is read and verified anew for each examination: its file may have changed since it was chosen.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._demands = Demands()
        self._policy: Policy | None = None  # of the examination that began last

    def choose(self, demands: Demands) -> None:
        """Judge by this from the next examination on."""
        self._demands = demands

    def read(self, file: str) -> "Policy":
        """Return the policy in a file, verified. Raises SettingsError."""
        from gomedic.policy.reading import read_policy

        return read_policy(self._host, read_settings(self._host), file)

    def begin(self) -> None:
        """Read the policy that the next examination is judged by. Raises SettingsError."""
        self._policy = self.read(self._demands.policy) if self._demands.policy else None

    @property
    def host(self) -> Host:
        """The machine, with the limits that were chosen, else those of the policy."""
        return self._limited(self._host)

    def _limited(self, host: Host) -> Host:
        limits = self._demands.limits or (self._policy.limits if self._policy is not None else None)
        return host if limits is None else host.with_limits(limits)

    def judged(self, host: Host, work: Iterator[Progress | Examination]) -> Iterator[Progress | Examination]:
        """Yield what `work` does, its examinations of `host` with what the policy finds."""
        for value in work:
            yield self._by_policy(host, value) if isinstance(value, Examination) else value

    def treated(self, work: Iterator[Progress | Treatment]) -> Iterator[Progress | Treatment]:
        """Yield what `work` does, the examinations after a fix with what the policy finds."""
        for value in work:
            if isinstance(value, Treatment):
                seen = self._by_policy(self.host, value.examination)
                broken = (found.id for found in seen.findings if found.check.startswith("policy-"))
                yield replace(value, examination=seen, after=(*value.after, *broken))
            else:
                yield value

    def _by_policy(self, host: Host, seen: Examination) -> Examination:
        if self._policy is None:
            return seen
        from gomedic.policy.applying import by_policy

        return by_policy(host, seen, self._policy)

    def check_image(self, path: str, run: bool) -> "Iterator[Progress | ImageReport | NotRead]":
        """Yield progress and the report on an image, judged by the policy too. Raises SettingsError."""
        from gomedic.policy.applying import with_limits
        from gomedic_gui import images

        chosen = self._demands
        policy = self.read(chosen.policy) if chosen.policy else None
        yield from images.checking(self._host, path, run, with_limits(policy, chosen.limits))

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the judgement rests on."""
        file = self._demands.policy
        return (file, file + ".asc", file + ".sig") if file else ()
