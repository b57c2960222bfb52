"""Recomputes tubes from all their facts: which collection stands, and what about it is disputed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from chotxanh.domain.lateness import late_at
from chotxanh.domain.marks import Mark, disputes_of, is_removed
from chotxanh.domain.methods import Method
from chotxanh.domain.standing.times import Span
from chotxanh.domain.tubes import ONE_TUBE_FOR, filling_at, keys_of_fillings, starts_of_fillings, tube_named
from chotxanh.ledger.scopes import FACILITY, TUBE_OPEN_FOR, facility_scope
from chotxanh.protocol.kinds import Touched
from chotxanh.protocol.ranks import Rank
from chotxanh.protocol.showings import CardName
from chotxanh.registers.kits.known import KnownKit, kits_named
from chotxanh.specimens.models import Collection as SamplingModel
from chotxanh.specimens.models import CollectionResolution, Tube
from chotxanh.specimens.rows import COLLECTIONS, MEMBERS, CollectionRow, MemberRow
from chotxanh.specimens.words import answers, latest_word
from chotxanh.storage.lookups import foresee, lookup
from chotxanh.storage.rows import Table, as_json, upsert


class _TubeRow(NamedTuple):
    key: str
    facility: str
    barcode: str
    site: str
    collection: UUID
    pool_kind: str
    size: int
    test: UUID
    kit: UUID | None
    test_type: str
    sampled_at: datetime
    sampled_latest: datetime
    samplings: int
    disputes: str
    is_disputed: bool
    chosen_at: datetime | None
    people: str
    late_at: datetime | None


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
# When a result is due where no kit says so: its line is read, or a laboratory has worked.
RESULT_AFTER = {Method.AG_RAPID.value: timedelta(minutes=15), Method.RT_PCR.value: timedelta(hours=24)}
GRACE = timedelta(minutes=10)

_TUBES = Table(Tube, _TubeRow)
_RESOLUTIONS = Table(CollectionResolution, ResolutionRow)
# When something warned under each of these barcodes: nobody takes back the sampling of that swab.
Warned: TypeAlias = Mapping[str, Sequence[Span]]
Protect: TypeAlias = Callable[[Collection[str]], Warned]
# Who was sampled, by the collection: each with the registration that the officer named.
People: TypeAlias = Mapping[UUID, Collection[tuple[str, UUID | None]]]
_protections: list[Protect] = []


@dataclass(frozen=True)
class CurrentCollection:
    """The collection that stands, when it was (UTC), and the reasons why a lead must decide.

    `chosen_at` is when a lead chose it among several (UTC), or when the last of them was taken where those of other
    posts were taken back. `people` are the registrations that a lead named, by person code. `late_at` is when it came,
    if it came late and no lead has said that it stands (UTC).
    """

    collection: CollectionRow
    sampled: Span
    disputes: tuple[str, ...]
    chosen_at: datetime | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    late_at: datetime | None = None


def protect_with(protect: Protect) -> None:
    """Let a feature above say when something warned in tubes: no withdrawal removes the sampling under it."""
    _protections.append(protect)


def protected_among(keys: Collection[str]) -> Warned:
    """Return from which of these barcodes (each named by its first tube) no withdrawal takes a sampling away."""
    found: dict[str, list[Span]] = defaultdict(list)
    for warned in [protect(keys) for protect in _protections] if keys else ():
        for key, said in warned.items():
            found[key] += said
    return found


def foresee_tubes(keys: set[str], _touched: Touched) -> None:
    """Ask ahead for what is recorded of these barcodes; nearly always each named one tube."""
    foresee(COLLECTIONS, "tube", keys)
    foresee(_RESOLUTIONS, "tube", keys)
    foresee(MEMBERS, "tube", keys)


def recompute_tubes(keys: set[str], touched: Touched) -> None:
    """Recompute the tubes of these barcodes from their collections, sorted by time and number, and the leads' words."""
    collections: dict[str, list[CollectionRow]] = defaultdict(list)
    for collection in sorted(lookup(COLLECTIONS, "tube", keys), key=_by_time):
        collections[collection.tube].append(collection)
    words: dict[str, list[ResolutionRow]] = defaultdict(list)
    for word in lookup(_RESOLUTIONS, "tube", keys):
        words[word.tube].append(word)
    named = {key for barcode, each in collections.items() for key in keys_of_fillings(barcode, len(each))}
    members = lookup(MEMBERS, "tube", named)
    people = _people_in(members)
    live = _without_withdrawn(collections, people)
    current: dict[str, CurrentCollection] = {}
    speaking: set[UUID] = set()
    for barcode in sorted(live):
        found, others = _tubes_of(collections[barcode], live[barcode], words[barcode], people)
        current |= found
        speaking |= {each.id for each in (*live[barcode], *others)}
    upsert(_TUBES, [_row(key, each, len(collections[first_of(key)])) for key, each in current.items()])
    _put_in_their_tubes(members, collections, speaking)
    touched.add(Rank.PERSON_CODE, {member.person_code for member in members})
    due = _due(current)
    for key, each in current.items():
        held = {facility_scope(each.collection.facility): each.sampled.latest + TUBE_OPEN_FOR}
        touched.showings.show_only(CardName("tube", key), FACILITY, held)
        touched.ask(OVERDUE, key, due[key] + GRACE)
    _forget(named - current.keys(), touched)


def fillings_of(collections: Sequence[CollectionRow | SamplingModel]) -> list[datetime]:
    """Return when each tube of one barcode was first filled, by all its samplings (sorted by time).

    What was withdrawn begins no tube; nor does what is in doubt as to its time, lest a clock that is wrong by weeks
    hide that a tube was used twice.
    """
    times = [each.sampled_at for each in collections if not is_removed(each.marks) and not _is_doubtful(each)]
    return starts_of_fillings(times)


def due_at(sampled_at: datetime, test_type: str, kit: KnownKit | None) -> datetime:
    """Return when a tube's result is due (UTC): by its kit, or by its method."""
    after = timedelta(minutes=kit.earliest) if kit else RESULT_AFTER.get(test_type, timedelta())
    return sampled_at + after


def first_of(key: str) -> str:
    """Return the name of a barcode's first tube, by which all of its tubes are locked."""
    return tube_named(key)._replace(filling=1).key


def _is_doubtful(collection: CollectionRow | SamplingModel) -> bool:
    return Mark.TIME_DOUBTFUL in Mark(collection.marks)


def _tubes_of(
    collections: Sequence[CollectionRow],
    live: Sequence[CollectionRow],
    words: Sequence[ResolutionRow],
    people: People,
) -> tuple[dict[str, CurrentCollection], list[CollectionRow]]:
    """Return what stands of each tube of one barcode, and what was taken back whose swab may be in one all the same."""
    starts = fillings_of(collections)
    filling = {each.id: filling_at(starts, each.sampled_at) for each in collections}
    found, all_others = {}, []
    for number in sorted({filling[each.id] for each in live}):
        key = tube_named(collections[0].tube)._replace(filling=number).key
        own = [each for each in live if filling[each.id] == number]
        word = latest_word(each for each in words if filling.get(each.stands, 1) == number)
        current = stand(own, word)
        gone = [each for each in collections if filling[each.id] == number and each not in own]
        others = [each for each in gone if _may_be_in(current.collection, each, people)]
        found[key] = _as_if_chosen(current, others)
        all_others += others
    return found, all_others


def _people_in(members: Sequence[MemberRow]) -> People:
    people: dict[UUID, set[tuple[str, UUID | None]]] = defaultdict(set)
    for each in members:
        people[each.collection].add((each.person_code, each.registration))
    return people


def _may_be_in(stands: CollectionRow, gone: CollectionRow, people: People) -> bool:
    """Say whether the swab of a sampling that another post took back may be what is in the tube.

    Who takes back and samples again at the same post corrects a slip of the hand; the same people's swab is theirs
    either way; and what is a month apart was never one tube.
    """
    is_elsewhere = gone.post != stands.post and people[gone.id] != people[stands.id]
    return is_elsewhere and _is_of_one_tube(gone.sampled, stands.sampled)


def _is_of_one_tube(sampled: Span, said: Span) -> bool:
    """Say whether two times are not surely further apart than one tube is in use."""
    return sampled.earliest - ONE_TUBE_FOR <= said.latest and said.earliest <= sampled.latest + ONE_TUBE_FOR


def _put_in_their_tubes(
    members: Sequence[MemberRow],
    collections: Mapping[str, Sequence[CollectionRow]],
    speaking: Collection[UUID],
) -> None:
    """Write everybody into the very tube, and of whom it says nothing: their sampling does not speak."""
    belongs = {}
    for barcode, each in collections.items():
        starts = fillings_of(each)
        for one in each:
            name = tube_named(barcode)._replace(filling=filling_at(starts, one.sampled_at))
            belongs[one.id] = name.key
    placed = [
        each._replace(tube=belongs[each.collection], is_void=each.collection not in speaking)
        for each in members
    ]
    upsert(MEMBERS, [each for each, before in zip(placed, members, strict=True) if each != before])


def _due(current: Mapping[str, CurrentCollection]) -> dict[str, datetime]:
    kits = kits_named({each.collection.kit for each in current.values() if each.collection.kit})
    return {
        key: due_at(
            each.sampled.latest, each.collection.test_type, kits.get(each.collection.kit or UUID(int=0))
        )
        for key, each in current.items()
    }


def stand(collections: Sequence[CollectionRow], resolution: ResolutionRow | None) -> CurrentCollection:
    """Decide which of a tube's collections (sorted by time and number, at least one) stands.

    Disputes: `tube_used_twice`, and those of the collections' marks. A lead's word holds for the collections it
    considered and the reasons it knew. It makes no sampling younger than it can be, nor one that turns out positive
    older than was recorded: what was sampled in between would clear it.
    """
    if resolution is not None and answers(resolution, collections):
        chosen = next((each for each in collections if each.id == resolution.stands), None)
        if chosen is not None:
            chosen_at = resolution.effective_at if len(collections) > 1 else None
            latest = chosen.sampled.latest
            sampled = Span(min(resolution.sampled_at, latest), latest)
            return CurrentCollection(chosen, sampled, (), chosen_at, resolution.people)
    disputes = ["tube_used_twice"] if len(collections) > 1 else []
    for collection in collections:
        disputes += [reason for reason in disputes_of(collection.marks) if reason not in disputes]
    first = collections[0]
    late = late_at(first.sampled_at, first.received_at)
    return CurrentCollection(first, first.sampled, tuple(disputes), late_at=late)


def _as_if_chosen(current: CurrentCollection, others: Sequence[CollectionRow]) -> CurrentCollection:
    """Where the swab of others, whose sampling was taken back, may be in the tube, it is as after a choice."""
    if not others or current.disputes or current.chosen_at is not None:
        return current
    return replace(current, chosen_at=max(each.sampled_at for each in (current.collection, *others)))


def _by_time(collection: CollectionRow) -> tuple[datetime, UUID]:
    return (collection.sampled_at, collection.id)


def _without_withdrawn(
    collections: dict[str, list[CollectionRow]], people: People
) -> dict[str, list[CollectionRow]]:
    """Leave out what was withdrawn, but never the sampling under a positive: that would be a correction.

    A positive of a tube that was filled anew, by the same people or a month later, has its own sampling.
    """
    protected = protected_among(
        [key for key, each in collections.items() if any(is_removed(one.marks) for one in each)]
    )
    live = {
        key: [
            one
            for one in each
            if not is_removed(one.marks) or _is_under(protected.get(key, ()), one, each, people)
        ]
        for key, each in collections.items()
    }
    return {key: each for key, each in live.items() if each}


def _is_under(
    warned: Sequence[Span], gone: CollectionRow, collections: Sequence[CollectionRow], people: People
) -> bool:
    """Say whether what warned may be of this swab and of nobody's else: what is of no other may be of any."""
    stand = [each for each in collections if not is_removed(each.marks)]
    if any(
        (people[each.id], each.is_household) == (people[gone.id], gone.is_household)
        and _is_of_one_tube(gone.sampled, each.sampled)
        for each in stand
    ):
        return False
    return any(
        _is_of_one_tube(gone.sampled, said) or not any(_is_of_one_tube(each.sampled, said) for each in stand)
        for said in warned
    )


def _forget(keys: Collection[str], touched: Touched) -> None:
    """A tube whose every sampling was withdrawn, or is of another tube, is as if it had never been filled."""
    filled = {each.key for each in lookup(_TUBES, "key", keys)}
    if filled:
        Tube.objects.filter(key__in=filled).delete()
        for key in filled:
            touched.showings.show_only(CardName("tube", key), FACILITY, {})
            touched.settle(OVERDUE, key)


def _row(key: str, current: CurrentCollection, samplings: int) -> _TubeRow:
    collection = current.collection
    return _TubeRow(
        key=key,
        facility=collection.facility,
        barcode=tube_named(key).barcode,
        site=collection.site,
        collection=collection.id,
        pool_kind=collection.pool_kind,
        size=collection.size,
        test=collection.test,
        kit=collection.kit,
        test_type=collection.test_type,
        sampled_at=current.sampled.earliest,
        sampled_latest=current.sampled.latest,
        samplings=samplings,
        disputes=as_json(current.disputes),
        is_disputed=bool(current.disputes),
        chosen_at=current.chosen_at,
        people=as_json(current.people),
        late_at=current.late_at,
    )
