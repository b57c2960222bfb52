"""Was a facility authorised then: authorisations less what was suspended, judged at the time of the deed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from chotxanh.registers.facilities.entries import AUTHORISED, EVENTS, SUSPENDED, EventRow
from chotxanh.storage.lookups import lookup


@dataclass
class FacilityAuthority:
    """What is known of one facility's authorisation."""

    events: list[EventRow] = field(default_factory=list)

    def is_authorised(self, at: datetime) -> bool:
        """Say whether the facility might sample and test at `at` (UTC)."""
        begun = [each for each in self.events if each.since <= at]
        is_allowed = any(
            each.what == AUTHORISED and (each.until is None or at < each.until) for each in begun
        )
        stops = [each for each in begun if each.what != AUTHORISED]
        last = max(stops, key=lambda each: (each.since, each.id), default=None)
        return is_allowed and (last is None or last.what != SUSPENDED)


def authority_of(facilities: Collection[str]) -> dict[str, FacilityAuthority]:
    """Return what is known of these facilities, in one query."""
    found = {code: FacilityAuthority() for code in facilities}
    for event in lookup(EVENTS, "facility", list(found)):
        found[event.facility].events.append(event)
    return found
