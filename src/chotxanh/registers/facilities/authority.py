"""Was a facility authorised then: authorisations less what was suspended, judged at the time of the deed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from chotxanh.registers.facilities.entries import (
    AUTHORISATIONS,
    INTERRUPTIONS,
    AuthorisationRow,
    InterruptionRow,
)
from chotxanh.storage.lookups import lookup


@dataclass
class FacilityAuthority:
    """What is known of one facility's authorisation."""

    authorisations: list[AuthorisationRow] = field(default_factory=list)
    interruptions: list[InterruptionRow] = field(default_factory=list)

    def is_authorised(self, at: datetime) -> bool:
        """Say whether the facility might sample and test at `at` (UTC)."""
        is_allowed = any(
            each.since <= at and (each.until is None or at < each.until) for each in self.authorisations
        )
        earlier = [each for each in self.interruptions if each.at <= at]
        last = max(earlier, key=lambda each: (each.at, each.id), default=None)
        return is_allowed and (last is None or not last.is_suspension)


def authority_of(facilities: Collection[str]) -> dict[str, FacilityAuthority]:
    """Return what is known of these facilities, in two queries."""
    found = {code: FacilityAuthority() for code in facilities}
    for authorisation in lookup(AUTHORISATIONS, "facility", list(found)):
        found[authorisation.facility].authorisations.append(authorisation)
    for interruption in lookup(INTERRUPTIONS, "facility", list(found)):
        found[interruption.facility].interruptions.append(interruption)
    return found
