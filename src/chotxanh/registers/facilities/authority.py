"""Was a facility authorised then: authorisations less what was suspended, judged at the time of the deed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from chotxanh.domain.standing.times import Span
from chotxanh.registers.facilities.entries import AUTHORISED, EVENTS, SUSPENDED, EventRow
from chotxanh.registers.facilities.models import FacilityEvent
from chotxanh.storage.lookups import lookup


@dataclass
class FacilityAuthority:
    """What is known of one facility's authorisation."""

    events: list[EventRow] = field(default_factory=list)

    def is_authorised(self, at: datetime) -> bool:
        """Say whether the facility might sample and test at `at` (UTC)."""
        return self.has_document(at) and not self.is_suspended(at)

    def is_authorised_throughout(self, span: Span) -> bool:
        """Say the same of any time of `span`."""
        return all(self.is_authorised(at) for at in span.moments(self._changes()))

    def names_throughout(self, method: str, span: Span) -> bool:
        """Say whether at any time of `span` at which a document allowed it to test, one named the method."""
        moments = span.moments(self._changes())
        return all(method in self.methods(at) for at in moments if self.has_document(at))

    def has_document(self, at: datetime) -> bool:
        """Say whether a document allowed it at `at` (UTC), suspended or not."""
        return bool(self.documents(at))

    def documents(self, at: datetime) -> list[EventRow]:
        """Return the authorisations in force at `at` (UTC), suspended or not."""
        return [
            each
            for each in self.events
            if each.what == AUTHORISED and each.since <= at and (each.until is None or at < each.until)
        ]

    def methods(self, at: datetime) -> frozenset[str]:
        """Return by which methods documents let it test at `at` (UTC), suspended or not."""
        return frozenset(method for each in self.documents(at) for method in each.methods.split())

    def is_suspended(self, at: datetime) -> bool:
        """Say whether it was suspended at `at` (UTC), and not yet let back."""
        stops = [each for each in self.events if each.what != AUTHORISED and each.since <= at]
        last = max(stops, key=lambda each: (each.since, each.id), default=None)
        return last is not None and last.what == SUSPENDED

    def _changes(self) -> Iterator[datetime]:
        for each in self.events:
            yield from (each.since, each.until) if each.until else (each.since,)


def authority_of(facilities: Collection[str]) -> dict[str, FacilityAuthority]:
    """Return what is known of these facilities, in one query."""
    found = {code: FacilityAuthority() for code in facilities}
    for event in lookup(EVENTS, "facility", list(found)):
        found[event.facility].events.append(event)
    return found


def is_authorised_in_the_database(at: datetime) -> Q:
    """Say of rows of facilities what `FacilityAuthority.is_authorised` says, for lists that are counted and cut."""
    begun = FacilityEvent.objects.filter(facility=OuterRef("code"), since__lte=at)
    allowed = begun.filter(what=AUTHORISED).exclude(until__lte=at)
    stops = begun.exclude(what=AUTHORISED).order_by("-since", "-id").values("what")
    return Q(Exists(allowed)) & ~Q(Exact(Coalesce(Subquery(stops[:1]), Value("")), Value(SUSPENDED)))
