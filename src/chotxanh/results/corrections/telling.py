"""Writes down that people know: what a noted call told them, and taking that back."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q

from chotxanh.domain.marks import is_removed
from chotxanh.domain.pools import ResultValue
from chotxanh.domain.tubes import tube_named
from chotxanh.results.corrections.kinds import ResultTold, Way
from chotxanh.results.corrections.models import ResultTelling
from chotxanh.results.models import TubeResult


def told_by_call(person_code: str, tubes: Iterable[str], contact: UUID) -> list[ResultTold]:
    """Return what a call that reached somebody told of these tubes: positives, and lines that were seen too late."""
    said = Q(value=ResultValue.POSITIVE) | Q(line_seen=True)
    outcomes = TubeResult.objects.filter(said, tube__in=list(tubes)).order_by("key")
    return [_told(person_code, each.tube, each.result, Way.CALL, contact) for each in outcomes]


def told_with(contact: UUID) -> list[UUID]:
    """Return the entries that say what a noted call told."""
    return list(ResultTelling.objects.filter(contact=contact).order_by("id").values_list("id", flat=True))


def was_told(results: Collection[UUID]) -> bool:
    """Say whether somebody was told one of these results, and that was not taken back."""
    tellings = ResultTelling.objects.filter(result__in=results)
    return not all(is_removed(marks) for marks in tellings.values_list("marks", flat=True))


def _told(person_code: str, tube: str, result: UUID, way: Way, contact: UUID | None) -> ResultTold:
    name = tube_named(tube)
    return ResultTold(name.facility, name.barcode, result, person_code, way, contact)
