"""The tubes on which a lead must decide: counted, cut in pages and read with few statements, however many wait."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Left, StrIndex

from chotxanh.domain.marks import Mark, disputes_of
from chotxanh.protocol.places import Place
from chotxanh.registers.staff.leading import Led
from chotxanh.results.models import ResultFact, TubeResult
from chotxanh.results.tubes import EARLY
from chotxanh.specimens.models import Collection, CollectionMember, Tube
from chotxanh.storage.rows import as_json

REASON = re.compile(r'"([a-z_]+)"')
# A dispute for this alone may end without a lead, once the device measures its clock: it comes last. Reasons are read
# as the text of their lists, that of the samplings and that of the results.
_CLOCK = as_json(disputes_of(Mark.TIME_DOUBTFUL))
_NOTHING: frozenset[str] = frozenset()
_COLLECTION, _RESULT = frozenset({"collection"}), frozenset({"result"})
_BOTH = _COLLECTION | _RESULT
_NO_TEXT = Value("", TextField())
_IS_LAST = Case(When(reasons__in=(_CLOCK, _CLOCK + _CLOCK), then=Value(1)), default=Value(0))


@dataclass
class RecordedTube:
    """A tube with everything that was recorded about it; `reasons` are empty where nothing is disputed.

    `open` says on what a lead must decide: its `collection`, its `result`.
    """

    key: str
    site: str = ""
    reasons: tuple[str, ...] = ()
    open: frozenset[str] = frozenset()
    collections: list[Collection] = field(default_factory=list)
    results: list[ResultFact] = field(default_factory=list)
    members: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def facility(self) -> str:
        """The facility that answers for the tube."""
        return self.key.partition("/")[0]

    @property
    def barcode(self) -> str:
        """What stands on the tube."""
        return self.key.partition("/")[2]

    @property
    def place(self) -> Place:
        """Where the tube belongs; before its sampling is known, no site."""
        return Place(self.facility, self.site)


def disputed(led: Led, reason: str = "") -> "QuerySet[Any, Any]":
    """Return the disputed tubes that somebody leads: those only a lead can settle first, then the oldest.

    The rows are `(key, is_last, since)`, counted and cut in one statement each. With a `reason`, only those that are
    disputed for it.
    """
    columns = ("tube_key", "is_last", "since")
    parts = [
        rows.filter(reasons__contains=as_json(reason)) if reason else rows
        for rows in (_disputed_tubes(led), _disputed_by_results(led))
    ]
    tubes, results = (rows.order_by().values_list(*columns) for rows in parts)
    return tubes.union(results, all=True).order_by("is_last", "since", "tube_key")


def count_by_reason(led: Led) -> dict[str, int]:
    """Return how many tubes are disputed for each reason, the most frequent first; a tube may have several."""
    found: Counter[str] = Counter()
    for rows in (_disputed_tubes(led), _disputed_by_results(led)):
        for reasons, count in rows.order_by().values_list("reasons").annotate(count=Count("pk")):
            found.update(dict.fromkeys(REASON.findall(reasons), count))
    return dict(found.most_common())


def recorded_tubes(keys: Sequence[str]) -> list[RecordedTube]:
    """Return these tubes in this order, each with all that was recorded, what was withdrawn included.

    It takes as many statements for fifty as for one. A key of which nothing is known gives a tube without records.
    """
    found = {key: RecordedTube(key) for key in keys}
    for tube in Tube.objects.filter(key__in=keys):
        found[tube.key].site = tube.site
        found[tube.key].reasons = tuple(tube.disputes)
        found[tube.key].open = _COLLECTION if tube.disputes else _NOTHING
    for outcome in TubeResult.objects.filter(tube__in=keys, is_disputed=True):
        reasons = (*found[outcome.tube].reasons, *outcome.disputes)
        found[outcome.tube].reasons = tuple(dict.fromkeys(reasons))
        found[outcome.tube].open |= _BOTH if EARLY in outcome.disputes else _RESULT
    for collection in Collection.objects.filter(tube__in=keys).order_by("sampled_at", "id"):
        found[collection.tube].collections.append(collection)
    for member in CollectionMember.objects.filter(tube__in=keys).order_by("key"):
        found[member.tube].members[member.collection].append(member.person_code)
    for fact in ResultFact.objects.filter(tube__in=keys).order_by("resulted_at", "id"):
        found[fact.tube].results.append(fact)
    return list(found.values())


def key_of_record(entry: UUID) -> str:
    """Return the key of the tube that a sampling or a result is about; empty where there is no such entry."""
    for model in (Collection, ResultFact):
        found = model.objects.filter(id=entry).values_list("tube", flat=True).first()
        if found:
            return found
    return ""


def _disputed_tubes(led: Led) -> "QuerySet[Any]":
    """Tubes disputed for their samplings, whatever is disputed about their results."""
    result = TubeResult.objects.filter(tube=OuterRef("key"), is_disputed=True)
    reasons_of_result = Subquery(result.values(text=Cast("disputes", TextField())))
    rows = Tube.objects.filter(is_disputed=True).annotate(
        reasons=Concat(Cast("disputes", TextField()), Coalesce(reasons_of_result, _NO_TEXT)),
        tube_key=F("key"),
        since=F("sampled_at"),
    )
    return led.within(rows.annotate(is_last=_IS_LAST))


def _disputed_by_results(led: Led) -> "QuerySet[Any]":
    """Tubes disputed for their results alone; their sampling may not be known."""
    tube = Tube.objects.filter(key=OuterRef("tube"))
    rows = TubeResult.objects.filter(~Exists(tube.filter(is_disputed=True)), is_disputed=True).annotate(
        reasons=Cast("disputes", TextField()),
        tube_key=F("tube"),
        since=F("resulted_at"),
        facility=Left("tube", StrIndex("tube", Value("/")) - 1),
        site=Coalesce(Subquery(tube.values("site")), Value("")),
    )
    return led.within(rows.annotate(is_last=_IS_LAST))
