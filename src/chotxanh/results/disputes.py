"""The tubes on which a lead must decide: counted, cut in pages and read with few statements, however many wait."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, Left, StrIndex

from chotxanh.domain.marks import CAME_LATE
from chotxanh.domain.tubes import tube_named
from chotxanh.people.models import ClaimedCode
from chotxanh.protocol.places import Place
from chotxanh.registers.staff.leading import Led
from chotxanh.results.barcodes import Barcode, barcodes_of
from chotxanh.results.models import PersonResult, ResultFact, TubeResult
from chotxanh.results.runs import root_of
from chotxanh.results.tubes import EARLY
from chotxanh.specimens.models import Collection, CollectionMember, Tube
from chotxanh.specimens.tubes import fillings_of, first_of
from chotxanh.storage.rows import as_json

# The reason of a tube of whose people a lead must say who was sampled.
CLAIMED = "code_claimed_twice"
REASON = re.compile(r'"([a-z_]+)"')
_NOTHING: frozenset[str] = frozenset()
_COLLECTION, _RESULT = frozenset({"collection"}), frozenset({"result"})
_BOTH = _COLLECTION | _RESULT
_NO_TEXT = Value("", TextField())


@dataclass
class RecordedTube:
    """A tube with everything that was recorded about it; `reasons` are empty where nothing is disputed.

    `open` says on what a lead must decide: its `collection`, its `result`. `waiting` are the codes of whom a lead must
    say who was sampled: two people claim them, and the officer named neither.
    """

    key: str
    site: str = ""
    reasons: tuple[str, ...] = ()
    open: frozenset[str] = frozenset()
    collections: list[Collection] = field(default_factory=list)
    results: list[ResultFact] = field(default_factory=list)
    members: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    waiting: list[str] = field(default_factory=list)

    def add(self, record: Collection | ResultFact) -> None:
        """Take in what was recorded about it, in the order of time."""
        if isinstance(record, Collection):
            self.collections.append(record)
        else:
            self.results.append(record)

    @property
    def facility(self) -> str:
        """The facility that answers for the tube."""
        return tube_named(self.key).facility

    @property
    def barcode(self) -> str:
        """What stands on the tube."""
        return tube_named(self.key).barcode

    @property
    def name(self) -> str:
        """The barcode, and which of its tubes, as an address carries it."""
        return self.key.removeprefix(f"{self.facility}/")

    @property
    def entries(self) -> set[UUID]:
        """Everything that was recorded."""
        return {each.id for each in self.collections} | {each.id for each in self.results}

    @property
    def place(self) -> Place:
        """Where the tube belongs; before its sampling is known, no site."""
        return Place(self.facility, self.site)


def disputed(led: Led, reason: str = "") -> "QuerySet[Any, Any]":
    """Return the disputed tubes that somebody leads, the oldest first.

    The rows are `(key, since)`, counted and cut in one statement each. With a `reason`, only those that are
    disputed for it.
    """
    columns = ("tube_key", "since")
    parts = [
        rows.filter(reasons__contains=as_json(reason)) if reason else rows
        for rows in (_disputed_tubes(led), _disputed_by_results(led), _waiting_in(led), _late_in(led))
    ]
    tubes, *others = (rows.order_by().values_list(*columns) for rows in parts)
    return tubes.union(*others).order_by("since", "tube_key")


def count_by_reason(led: Led) -> dict[str, int]:
    """Return how many tubes are disputed for each reason, the most frequent first; a tube may have several."""
    found: Counter[str] = Counter()
    waiting = (_counted(rows) for rows in (_waiting_in(led), _late_in(led)))
    of_tubes = _counted(_disputed_tubes(led)).union(*waiting, all=True)
    for counted in (of_tubes, _counted(_disputed_by_results(led))):
        for reasons, count in counted:
            if count:  # of no rows with a constant reason the database counts none
                found.update(dict.fromkeys(REASON.findall(reasons), count))
    return dict(found.most_common())


def recorded_tubes(keys: Sequence[str]) -> list[RecordedTube]:
    """Return these tubes in this order, each with all that was recorded, what was withdrawn included.

    It takes as many statements for fifty as for one. A key of which nothing is known gives a tube without records.
    """
    found = {key: RecordedTube(key) for key in keys}
    for row in Tube.objects.filter(key__in=keys):
        found[row.key].site = row.site
        found[row.key].reasons = tuple(row.disputes)
        found[row.key].open = _COLLECTION if row.disputes else _NOTHING
    for outcome in TubeResult.objects.filter(tube__in=keys, is_disputed=True):
        reasons = (*found[outcome.tube].reasons, *outcome.disputes)
        found[outcome.tube].reasons = tuple(dict.fromkeys(reasons))
        found[outcome.tube].open |= _BOTH if EARLY in outcome.disputes else _RESULT
    for late in PersonResult.objects.filter(tube__in=keys, waits_since__isnull=False):
        found[late.tube].reasons = tuple(dict.fromkeys((*found[late.tube].reasons, CAME_LATE)))
        found[late.tube].open |= _RESULT
    for member in _members_of(keys):
        tube = found[member.tube]
        tube.members[member.collection].append(member.person_code)
        if member.waits and member.person_code not in tube.waiting:
            tube.waiting.append(member.person_code)
            tube.reasons = tuple(dict.fromkeys((*tube.reasons, CLAIMED)))
    for key, record in _records_by_tube(_barcodes(keys)):
        if key in found:
            found[key].add(record)
    return list(found.values())


def _barcodes(keys: Sequence[str]) -> list[tuple[Barcode, list[Collection]]]:
    """Return the barcodes of these tubes, each with all its samplings in the order of time."""
    samplings: dict[str, list[Collection]] = {first_of(key): [] for key in keys}
    for each in Collection.objects.filter(tube__in=samplings).order_by("sampled_at", "id"):
        samplings[each.tube].append(each)
    return [(Barcode(first, fillings_of(each)), each) for first, each in samplings.items()]


def _records_by_tube(
    barcodes: Sequence[tuple[Barcode, list[Collection]]],
) -> Iterator[tuple[str, Collection | ResultFact]]:
    """Yield everything that was recorded with the very tube that it is about, in the order of time.

    A correction is of the tube of what it corrects; by its own time, if nothing is known of that.
    """
    for barcode, collections in barcodes:
        for collection in collections:
            yield barcode.tube_at(collection.sampled_at), collection
    named = {barcode.first: barcode for barcode, _ in barcodes}
    facts = list(ResultFact.objects.filter(tube__in=named).order_by("resulted_at", "id"))
    known = {fact.id: fact for fact in facts}
    for fact in facts:
        root = root_of(fact, known) or fact
        yield named[fact.tube].tube_at(root.resulted_latest), fact


def key_of_record(entry: UUID) -> str:
    """Return the key of the tube that a sampling or a result is about; empty where there is no such entry."""
    for model in (Collection, ResultFact):
        barcode = model.objects.filter(id=entry).values_list("tube", flat=True).first()
        if barcode:
            tubes = recorded_tubes(barcodes_of([barcode])[barcode].names)
            return next((tube.key for tube in tubes if entry in tube.entries), barcode)
    return ""


def _counted(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    counted: QuerySet[Any] = (
        rows.order_by().values_list("reasons").annotate(count=Count("tube_key", distinct=True))
    )
    return counted


def _members_of(keys: Sequence[str]) -> "QuerySet[Any]":
    """Who was sampled into these tubes; `waits` says whether a lead must say who it was."""
    own = _waiting().filter(tube=OuterRef("tube"), person_code=OuterRef("person_code"))
    return CollectionMember.objects.filter(tube__in=keys).annotate(waits=Exists(own)).order_by("key")


def _waiting() -> "QuerySet[Any]":
    """Results of a code that two people claim, of which neither an officer nor a lead has said whose they are."""
    claimed = ClaimedCode.objects.filter(person_code=OuterRef("person_code")).exclude(marks=0)
    return PersonResult.objects.filter(Exists(claimed), registration=None)


def _waiting_in(led: Led) -> "QuerySet[Any]":
    site = Tube.objects.filter(key=OuterRef("tube")).values("site")
    rows = _waiting().annotate(
        reasons=Value(as_json([CLAIMED]), TextField()),
        tube_key=F("tube"),
        since=F("sampled_at"),
        site=Coalesce(Subquery(site), Value("")),
    )
    return led.within(rows)


def _late_in(led: Led) -> "QuerySet[Any]":
    """Tubes with a negative that came late, when somebody whom it speaks of was known to be positive."""
    site = Tube.objects.filter(key=OuterRef("tube")).values("site")
    rows = PersonResult.objects.filter(waits_since__isnull=False).annotate(
        reasons=Value(as_json([CAME_LATE]), TextField()),
        tube_key=F("tube"),
        since=F("waits_since"),
        site=Coalesce(Subquery(site), Value("")),
    )
    return led.within(rows)


def _disputed_tubes(led: Led) -> "QuerySet[Any]":
    """Tubes disputed for their samplings, whatever is disputed about their results."""
    result = TubeResult.objects.filter(tube=OuterRef("key"), is_disputed=True).order_by("key")
    reasons_of_result = Subquery(result.values(text=Cast("disputes", TextField()))[:1])
    rows = Tube.objects.filter(is_disputed=True).annotate(
        reasons=Concat(Cast("disputes", TextField()), Coalesce(reasons_of_result, _NO_TEXT)),
        tube_key=F("key"),
        since=F("sampled_at"),
    )
    return led.within(rows)


def _disputed_by_results(led: Led) -> "QuerySet[Any]":
    """Tubes disputed for their results alone; their sampling may not be known."""
    tube = Tube.objects.filter(key=OuterRef("tube"))
    disputed_too = TubeResult.objects.filter(tube=OuterRef("tube"), is_disputed=True).order_by("resulted_at")
    rows = TubeResult.objects.filter(~Exists(tube.filter(is_disputed=True)), is_disputed=True).annotate(
        reasons=Cast("disputes", TextField()),
        tube_key=F("tube"),
        since=Subquery(disputed_too.values("resulted_at")[:1]),
        facility=Left("tube", StrIndex("tube", Value("/")) - 1),
        site=Coalesce(Subquery(tube.values("site")), Value("")),
    )
    return led.within(rows)
