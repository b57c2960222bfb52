"""Recomputes tubes from all their facts: which collection stands, and what about it is disputed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from chotxanh.domain.marks import disputes_of, is_removed
from chotxanh.ledger.scopes import FACILITY, TUBE_OPEN_FOR, facility_scope
from chotxanh.protocol.kinds import Touched
from chotxanh.protocol.ranks import Rank
from chotxanh.protocol.showings import CardName
from chotxanh.specimens.models import CollectionResolution, Tube
from chotxanh.specimens.rows import COLLECTIONS, MEMBERS, CollectionRow
from chotxanh.specimens.words import answers, words_by_tube
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, as_json, upsert


class _TubeRow(NamedTuple):
    key: str
    facility: str
    barcode: str
    site: str
    collection: UUID
    pool_kind: str
    test_type: str
    sampled_at: datetime
    disputes: str
    is_disputed: bool
    chosen_at: datetime | None
    people: str


class ResolutionRow(NamedTuple):
    """A lead's word on a tube's collections."""

    id: UUID
    tube: str
    stands: UUID
    considered: Any
    marked: Any
    people: Any
    sampled_at: datetime
    effective_at: datetime
    marks: int


# The errand that looks whether a tube has its result; the features above settle it when one is known.
OVERDUE = "tube.overdue"
RESULT_AFTER = timedelta(minutes=15)
GRACE = timedelta(minutes=10)

_TUBES = Table(Tube, _TubeRow)
_RESOLUTIONS = Table(CollectionResolution, ResolutionRow)
Protect: TypeAlias = Callable[[Collection[str]], set[str]]
_protections: list[Protect] = []


@dataclass(frozen=True)
class CurrentCollection:
    """The collection that stands, the time it counts from (UTC), and the reasons why a lead must decide.

    `chosen_at` is when a lead chose it among several (UTC), or when the last of them was taken where those of other
    posts were taken back. `people` are the registrations that a lead named, by person code.
    """

    collection: CollectionRow
    sampled_at: datetime
    disputes: tuple[str, ...]
    chosen_at: datetime | None = None
    people: Mapping[str, str] = field(default_factory=dict)


def protect_with(protect: Protect) -> None:
    """Let a feature above name the tubes whose samplings no withdrawal removes (a positive stands in them)."""
    _protections.append(protect)


def recompute_tubes(keys: set[str], touched: Touched) -> None:
    """Recompute these tubes from their collections, sorted by time and number, and the leads' words."""
    collections: dict[str, list[CollectionRow]] = defaultdict(list)
    for collection in sorted(lookup(COLLECTIONS, "tube", keys), key=_by_time):
        collections[collection.tube].append(collection)
    resolutions = words_by_tube(lookup(_RESOLUTIONS, "tube", keys))
    live = _without_withdrawn(collections)
    current = {
        key: _as_if_chosen(stand(live[key], resolutions.get(key)), collections[key]) for key in sorted(live)
    }
    upsert(_TUBES, [_row(each) for each in current.values()])
    touched.add(Rank.PERSON_CODE, {member.person_code for member in lookup(MEMBERS, "tube", keys)})
    for key, each in current.items():
        held = {facility_scope(each.collection.facility): each.sampled_at + TUBE_OPEN_FOR}
        touched.showings.show_only(CardName("tube", key), FACILITY, held)
        touched.ask(OVERDUE, key, each.sampled_at + RESULT_AFTER + GRACE)
    _forget(collections.keys() - live.keys(), touched)


def stand(collections: Sequence[CollectionRow], resolution: ResolutionRow | None) -> CurrentCollection:
    """Decide which of a tube's collections (sorted by time and number, at least one) stands.

    Disputes: `tube_used_twice`, and those of the collections' marks. A lead's word holds for the collections it
    considered and the reasons it knew.
    """
    if resolution is not None and answers(resolution, collections):
        chosen = next((each for each in collections if each.id == resolution.stands), None)
        if chosen is not None:
            chosen_at = resolution.effective_at if len(collections) > 1 else None
            return CurrentCollection(chosen, resolution.sampled_at, (), chosen_at, resolution.people)
    disputes = ["tube_used_twice"] if len(collections) > 1 else []
    for collection in collections:
        disputes += [reason for reason in disputes_of(collection.marks) if reason not in disputes]
    return CurrentCollection(collections[0], collections[0].sampled_at, tuple(disputes))


def _as_if_chosen(current: CurrentCollection, collections: Sequence[CollectionRow]) -> CurrentCollection:
    """Where another post took its sampling of this tube back, the result may still be of its swab: as after a choice.

    Who takes back and samples again at the same post corrects a slip of the hand.
    """
    posts = {each.post for each in collections if is_removed(each.marks)} - {current.collection.post}
    if not posts or current.disputes or current.chosen_at is not None:
        return current
    return replace(current, chosen_at=max(each.sampled_at for each in collections))


def _by_time(collection: CollectionRow) -> tuple[datetime, UUID]:
    return (collection.sampled_at, collection.id)


def _without_withdrawn(collections: dict[str, list[CollectionRow]]) -> dict[str, list[CollectionRow]]:
    """Leave out what was withdrawn, but never the sampling under a positive: that would be a correction."""
    touched = [key for key, each in collections.items() if any(is_removed(one.marks) for one in each)]
    protected = {key for protect in _protections for key in protect(touched)} if touched else set()
    live = {
        key: [one for one in each if key in protected or not is_removed(one.marks)]
        for key, each in collections.items()
    }
    return {key: each for key, each in live.items() if each}


def _forget(keys: Collection[str], touched: Touched) -> None:
    """A tube whose every sampling was withdrawn is as if it had never been filled."""
    if keys:
        Tube.objects.filter(key__in=keys).delete()
        for key in keys:
            touched.showings.show_only(CardName("tube", key), FACILITY, {})
            touched.settle(OVERDUE, key)


def _row(current: CurrentCollection) -> _TubeRow:
    collection = current.collection
    return _TubeRow(
        key=collection.tube,
        facility=collection.facility,
        barcode=collection.tube.removeprefix(f"{collection.facility}/"),
        site=collection.site,
        collection=collection.id,
        pool_kind=collection.pool_kind,
        test_type=collection.test_type,
        sampled_at=current.sampled_at,
        disputes=as_json(current.disputes),
        is_disputed=bool(current.disputes),
        chosen_at=current.chosen_at,
        people=as_json(current.people),
    )
