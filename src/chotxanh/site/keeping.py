"""How long personal data is kept: each category's erasure before a moment, asked by a command or by the calendar."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from chotxanh.beside.access_log import forget_looks
from chotxanh.declarations.models import Declaration
from chotxanh.ledger.entries import CategoryErased, ErasureBasis
from chotxanh.ledger.erasing import forget_rejected, steps_to
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.ledger.setting_aside import forget_set_aside
from chotxanh.people.models import Registration
from chotxanh.results.erasing import erase_registrations
from chotxanh.specimens.models import Collection, CollectionMember

SLICE = 200


def erase_before(category: str, before: datetime, basis: ErasureBasis, now: datetime) -> int:
    """Erase what identifies people in a category before a moment (UTC); return of how many. Raises KeyError."""
    return CATEGORIES[category](before, basis, now)


def _erase_kind(category: str) -> Callable[[datetime, ErasureBasis, datetime], int]:
    def erase(before: datetime, basis: ErasureBasis, now: datetime) -> int:
        count, steps = steps_to(category, before)
        for moment in steps if count else ():
            record_deeds([Deed(CategoryErased(category, moment, basis))], now)
        return count

    return erase


def _erase_people(before: datetime, basis: ErasureBasis, now: datetime) -> int:
    """Erase who has neither registered, declared nor been sampled since, unless somebody follows them up.

    A slice of them is one transaction: of a million people neither all are locked at once, nor is all that was set
    aside read for each.
    """
    count, after, idle = 0, UUID(int=0), _idle(before)
    listed = idle.order_by("id").values_list("id", flat=True)
    while part := list(listed.filter(id__gt=after)[:SLICE]):
        after = part[-1]
        count += erase_registrations(part, idle, basis, now)
    return count


def _idle(before: datetime) -> QuerySet[Registration]:
    journeys = Declaration.objects.filter(registration=OuterRef("id"), declared_at__gte=before)
    named = CollectionMember.objects.filter(person_code=OuterRef(OuterRef("person_code"))).values(
        "collection"
    )
    samplings = Collection.objects.filter(id__in=named, sampled_latest__gte=before)
    known = Registration.objects.filter(registered_at__lt=before, name_index__isnull=False)
    return known.filter(~Exists(journeys), ~Exists(samplings))


def _erase_set_aside(before: datetime, _basis: ErasureBasis, _now: datetime) -> int:
    return forget_set_aside(before) + forget_rejected(before)


def _erase_looks(before: datetime, _basis: ErasureBasis, _now: datetime) -> int:
    return forget_looks(before)


CATEGORIES: Mapping[str, Callable[[datetime, ErasureBasis, datetime], int]] = {
    "journeys": _erase_kind("journeys"),
    "certificates": _erase_kind("certificates"),
    "people": _erase_people,
    "set_aside": _erase_set_aside,
    "access_log": _erase_looks,
}
