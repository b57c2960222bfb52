"""Writes down that people know: what a noted call, or talk at the post, told them, and taking that back."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from chotxanh.domain.marks import is_removed
from chotxanh.domain.pools import ResultValue
from chotxanh.domain.tubes import tube_named
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.results.corrections.kinds import ResultTold, Way
from chotxanh.results.corrections.models import ResultTelling
from chotxanh.results.models import PersonResult, TubeResult


def told_by_contact(person_code: str, tubes: Iterable[str], way: Way, contact: UUID) -> list[ResultTold]:
    """Return what a contact told somebody of these tubes: positives, and lines that were seen too late."""
    said = Q(value=ResultValue.POSITIVE) | Q(line_seen=True)
    outcomes = TubeResult.objects.filter(said, tube__in=list(tubes)).order_by("key")
    return [_told(person_code, each.tube, each.result, way, contact) for each in outcomes]


def told_with(contact: UUID) -> list[UUID]:
    """Return the entries that say what a noted call told."""
    return list(ResultTelling.objects.filter(contact=contact).order_by("id").values_list("id", flat=True))


def was_told(results: Collection[UUID]) -> bool:
    """Say whether somebody was told one of these results, and that was not taken back."""
    tellings = ResultTelling.objects.filter(result__in=results)
    return not all(is_removed(marks) for marks in tellings.values_list("marks", flat=True))


def untold_of(registration: UUID) -> list[ResultTold]:
    """Return, as their own page would tell them, the positives of somebody who has not been told them yet."""
    positive = PersonResult.objects.filter(registration=registration, value=ResultValue.POSITIVE)
    rows = list(positive.order_by("key").values_list("person_code", "tube", "result"))
    if not rows:
        return []
    known = {
        (told.person_code, told.result)
        for told in ResultTelling.objects.filter(result__in=[result for _, _, result in rows])
        if not is_removed(told.marks)
    }
    return [
        _told(code, tube, result, Way.PAGE, None)
        for code, tube, result in rows
        if (code, result) not in known
    ]


def tell_on_page(registration: UUID, now: datetime) -> None:
    """Record that somebody looks at their positives on their own page (UTC `now`); nothing where all are known."""
    deeds = [Deed(told) for told in untold_of(registration)]
    if deeds:
        record_deeds(deeds, now)


def _told(person_code: str, tube: str, result: UUID, way: Way, contact: UUID | None) -> ResultTold:
    name = tube_named(tube)
    return ResultTold(name.facility, name.barcode, result, person_code, way, contact)
