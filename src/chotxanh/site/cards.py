"""Builds the cards that stations are fed: a person with their last result, a tube with its people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypedDict
from uuid import UUID

from chotxanh.certificates.queries import certified_until
from chotxanh.declarations.parties import Member, companions_of
from chotxanh.declarations.queries import LAST_JOURNEY, plate_in
from chotxanh.domain.marks import is_removed
from chotxanh.domain.pools import PoolKind, ResultValue
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.domain.tubes import tube_named
from chotxanh.ledger.feed.cards import build_cards_with
from chotxanh.people.claims import claims_of
from chotxanh.people.details import Personal, details_among
from chotxanh.people.groups import Same, same_people
from chotxanh.people.queries import first_claims, personal_of
from chotxanh.protocol.cards import Companion, LastResult, PersonCard, TubeCard, TubeMember
from chotxanh.protocol.envelope import wire_time
from chotxanh.results.people import PersonResultRow
from chotxanh.results.queries import PersonStanding, PersonState, results_of, standings_by
from chotxanh.results.rows import OUTCOMES, STARTS, OutcomeRow, StartRow
from chotxanh.results.samplings import holder_of
from chotxanh.site.sampling_advice import Bearing, bearings_of, has_reason_to_call, sampling_of
from chotxanh.specimens.models import Tube
from chotxanh.specimens.rows import COLLECTIONS, MEMBERS
from chotxanh.specimens.tubes import first_of
from chotxanh.storage.lookups import lookup
from chotxanh.storage.questions import Question, answers
from chotxanh.storage.rows import Table
from chotxanh.units.places import short_name, unit_named

ID_ENDING = 4


class _PersonRow(NamedTuple):
    """A registration, and its last journey, None where none is known; what identifies is sealed, None once erased."""

    id: UUID
    person_code: str
    birth_year: int
    sex: str
    registered_at: datetime
    name_from: UUID | None
    birth_from: UUID | None
    number_from: UUID | None
    sealed: bytes | None
    trip: UUID | None
    category: str | None
    declared_at: datetime | None
    vehicle_class: str | None
    direction: str | None
    origin: str | None
    destination: str | None
    answers: dict[str, bool] | None
    companions: int | None
    sealed_plate: bytes | None

    @property
    def plate(self) -> str | None:
        """The plate of the journey; None where there is none, or it was erased."""
        return plate_in(self.trip, self.sealed_plate) if self.trip else None


class _TubeRow(NamedTuple):
    key: str
    facility: str
    barcode: str
    site: str
    collection: UUID
    pool_kind: str
    test: UUID
    kit: UUID | None
    test_type: str
    sampled_at: datetime
    is_disputed: bool
    people: dict[str, str]


_PEOPLE = Question(
    f"""
SELECT person.id, person.person_code, person.birth_year, person.sex, person.registered_at,
    person.name_from, person.birth_from, person.number_from, entry.personal,
    trip.id, trip.category, trip.declared_at, trip.vehicle_class, trip.direction, trip.origin, trip.destination,
    trip.answers, trip.companions, plate.personal
FROM people_registration AS person
LEFT JOIN ledger_entry AS entry ON entry.id = person.id
LEFT JOIN declarations_declaration AS trip ON trip.id = {LAST_JOURNEY}
LEFT JOIN ledger_entry AS plate ON plate.id = trip.id
WHERE person.person_code AMONG
""",  # noqa: S608 - a constant of the program
    _PersonRow,
)
_TUBES = Table(Tube, _TubeRow)


class _Doubt(NamedTuple):
    """How somebody stands by another code; `is_alike` where only the machine finds it to be the same person."""

    state: PersonState
    is_alike: bool


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What a card tells of somebody, and of their tests; what identifies them is None once erased."""

    details: Personal | None
    state: PersonState
    result: PersonResultRow | None
    may_be_positive: bool
    may_be_same: bool
    party: list[Companion]


class _Trip(TypedDict, total=False):
    vehicle_class: str
    direction: str
    origin: str
    destination: str
    symptoms: list[str]
    exposures: list[str]
    party: list[Companion]


def person_cards(codes: Sequence[str]) -> dict[str, PersonCard]:
    """Return the cards of these people; of a code that nobody registered there is none.

    A code that two people claim tells nothing, neither on its own card nor on that of either under another code. Of a
    group that the machine made nobody's card shows another's result; but what is doubtful or positive under another
    code takes an older negative away (`_doubt`).
    """
    people = first_claims(answers(_PEOPLE, codes))
    names = details_among(people.values())
    parties = _parties([each.trip for each in people.values() if each.trip and each.companions])
    same = same_people(list(people))
    everyone = sorted({code for each in same.values() for code in each.all})
    results, until, bearings = results_of(everyone), certified_until(everyone), bearings_of(list(people))
    standings = standings_by(results, everyone)
    shared = {code for code in everyone if standings[code].is_code_shared}
    last = {result.person_code: result for result in results if _counts(result, standings)}
    cards = {}
    for code, person in people.items():
        standing = standings[code]
        sure = set() if standing.is_code_shared else same[code].own - shared
        result = _latest(last[each] for each in sure if each in last)
        doubt = _doubt(result, same[code], standings, last, code)
        state = standing.state if doubt is None else doubt.state
        alike = [standings[each].state for each in same[code].alike]
        told = _Told(
            details=names.get(person.id),
            state=state,
            result=result if doubt is None else None,
            may_be_positive=PersonState.POSITIVE in alike,
            may_be_same=_is_of_another(doubt, state, alike),
            party=parties.get(person.trip, []) if person.trip else [],
        )
        cards[code] = _card(person, told, until, bearings.get(code, Bearing(code)))
    return cards


def _parties(journeys: Collection[UUID]) -> Mapping[UUID, list[Companion]]:
    members = companions_of(journeys)
    names = personal_of([each.registration for party in members.values() for each in party])
    return {journey: [_companion(each, names) for each in party] for journey, party in members.items()}


def _companion(member: Member, names: Mapping[UUID, Personal]) -> Companion:
    known = names.get(member.registration)
    return Companion(member.person_code, known.full_name if known else None)


def _is_of_another(doubt: _Doubt | None, state: PersonState, alike: Sequence[PersonState]) -> bool:
    """Whether what is doubtful of a person comes from a registration that only the machine finds alike."""
    if doubt is not None:
        return doubt.is_alike
    return state is PersonState.DISPUTED and PersonState.POSITIVE in alike


def _card(
    person: _PersonRow, told: _Told, until: Mapping[str, datetime | None], bearing: Bearing
) -> PersonCard:
    details = told.details
    # Nobody can be shown to be whom the card of somebody erased speaks of: it lets nobody pass.
    result = told.result if details else None
    sampling = sampling_of(bearing, told.state, may_be_positive=told.may_be_positive)
    is_to_call = details is not None and has_reason_to_call(told.state, sampling)
    return PersonCard(
        person_code=person.person_code,
        full_name=details.full_name if details else "",
        birth_year=person.birth_year,
        sex=person.sex,
        category=person.category or "",
        registration=str(person.id),
        declared_at=wire_time(person.declared_at) if person.declared_at else None,
        plate=person.plate,
        state=told.state,
        last_result=_result(result, until) if result else None,
        sampling=sampling,
        may_be_same=told.may_be_same,
        phone=details.phone if details and is_to_call else None,
        id_ending=(details.id_number or "")[-ID_ENDING:] if details else "",
        **_trip(person, told.party),
    )


def _counts(result: PersonResultRow, standings: Mapping[str, PersonStanding]) -> bool:
    """Of a positive that speaks no more a card tells nothing."""
    ended = (PersonState.NEGATIVE, PersonState.SAMPLED, PersonState.CLOSED)
    return result.value != ResultValue.POSITIVE or standings[result.person_code].state not in ended


def _doubt(
    result: PersonResultRow | None,
    same: Same,
    standings: Mapping[str, PersonStanding],
    last: Mapping[str, PersonResultRow],
    own: str,
) -> _Doubt | None:
    """How a person stands whom a code that may be theirs, sampled at `result` or after it, makes doubtful.

    Whoever registers anew must not lose a dispute, a recollection, or a positive: one that may be theirs is a dispute.
    """
    if result is not None and result.value != ResultValue.NEGATIVE:
        return None
    found = set()
    for other in same.all - {own}:
        standing, known = standings[other], last.get(other)
        state, sampled_at = standing.state, standing.sampled_at
        if standing.is_code_shared:
            is_other = known is not None and known.value != ResultValue.NEGATIVE
            sampled_at = known.sampled_at if known is not None and is_other else None
        if state is PersonState.POSITIVE and other in same.alike:
            state = PersonState.DISPUTED
        is_newer = sampled_at is not None and (result is None or sampled_at >= result.sampled_at)
        if is_newer and state in (PersonState.DISPUTED, PersonState.RECOLLECT):
            found.add(_Doubt(state, is_alike=other in same.alike))
    return min(found, default=None)  # `disputed` before `recollect`, the person's own before another's


def tube_cards(keys: Sequence[str]) -> dict[str, TubeCard]:
    """Return the cards of these tubes."""
    tubes = {tube.key: tube for tube in lookup(_TUBES, "key", keys)}
    outcomes: dict[str, list[OutcomeRow]] = defaultdict(list)
    for outcome in sorted(lookup(OUTCOMES, "tube", keys), key=lambda each: (each.resulted_at, each.key)):
        outcomes[outcome.tube].append(outcome)
    starts = _starts(tubes)
    pools = [tube.collection for tube in tubes.values() if tube.pool_kind != PoolKind.SINGLE]
    collections = lookup(COLLECTIONS, "id", pools)
    households = {each.id for each in collections if each.is_household}
    members = [
        member
        for member in sorted(lookup(MEMBERS, "tube", list(tubes)))
        if member.collection == tubes[member.tube].collection
    ]
    claims = claims_of({member.person_code for member in members})
    holders = {
        member.key: holder_of(member, tubes[member.tube], claims[member.person_code]) for member in members
    }
    names = personal_of({holder for holder in holders.values() if holder})
    people: dict[str, list[TubeMember]] = defaultdict(list)
    for member in members:
        holder = holders[member.key]
        named = names.get(holder) if holder else None
        people[member.tube].append(TubeMember(member.person_code, named.full_name if named else None))
    return {
        key: _tube(
            tube, outcomes[key], people[key], starts.get(key), is_household=tube.collection in households
        )
        for key, tube in tubes.items()
    }


def register_cards() -> None:
    """Let the feed build both kinds of card."""
    build_cards_with("person", person_cards)
    build_cards_with("tube", tube_cards)


def _latest(results: Iterable[PersonResultRow]) -> PersonResultRow | None:
    return max(results, key=lambda result: (result.sampled_at, result.key), default=None)


def _trip(person: _PersonRow, party: list[Companion]) -> _Trip:
    if person.answers is None:
        return {}
    return {
        "vehicle_class": person.vehicle_class or "",
        "direction": person.direction or "",
        "origin": _unit_name(person.origin or ""),
        "destination": _unit_name(person.destination or ""),
        "symptoms": [each for each in SYMPTOMS if person.answers.get(each)],
        "exposures": [each for each in EXPOSURES if person.answers.get(each)],
        "party": party,
    }


def _unit_name(unit: str) -> str:
    """A code is looked up in its own scheme alone; one that never was is shown as it is written."""
    known = unit_named(unit)
    return short_name(known) if known else unit


def _result(result: PersonResultRow, until: Mapping[str, datetime | None]) -> LastResult:
    valid_until = until.get(result.person_code)
    return LastResult(
        value=result.value,
        test_type=result.test_type,
        sampled_at=wire_time(result.sampled_at),
        resulted_at=wire_time(result.resulted_at),
        valid_until=wire_time(valid_until) if valid_until else None,
        has_certificate=result.person_code in until,
    )


def _starts(tubes: Mapping[str, _TubeRow]) -> dict[str, datetime]:
    """Return since when each tube is being tested, as the last scan of its tray says (UTC)."""
    found: dict[str, datetime] = {}
    by_barcode: dict[str, list[StartRow]] = defaultdict(list)
    for start in lookup(STARTS, "tube", {first_of(key) for key in tubes}):
        if not is_removed(start.marks):
            by_barcode[start.tube].append(start)
    for key, tube in tubes.items():
        since = [each.started_at for each in by_barcode[first_of(key)] if each.started_at >= tube.sampled_at]
        if since:
            found[key] = max(since)
    return found


def _tube(
    tube: _TubeRow,
    outcomes: Sequence[OutcomeRow],
    members: list[TubeMember],
    started_at: datetime | None,
    *,
    is_household: bool,
) -> TubeCard:
    """What is shown of a tube's results is the latest one known; a dispute about any of them disputes the tube."""
    is_disputed = tube.is_disputed or any(outcome.is_disputed for outcome in outcomes)
    outcome = outcomes[-1] if outcomes else None
    state = "disputed" if is_disputed else "resulted" if outcome else "waiting"
    return TubeCard(
        facility=tube.facility,
        tube=tube_named(tube.key).barcode,
        site=tube.site,
        pool_kind=tube.pool_kind,
        sampled_at=wire_time(tube.sampled_at),
        members=members,
        state=state,
        value=outcome.value if outcome else None,
        result=str(outcome.result) if outcome else None,
        resulted_at=wire_time(outcome.resulted_at) if outcome else None,
        test=str(outcome.test if outcome else tube.test),
        kit=str(tube.kit) if tube.kit else None,
        test_type=outcome.method if outcome else tube.test_type,
        run=outcome.run if outcome else 0,
        asks_again=outcome is not None and outcome.asks_again,
        is_outside_window=outcome is not None and outcome.is_outside_window,
        line_seen=outcome.line_seen if outcome else None,
        started_at=wire_time(started_at) if started_at else None,
        is_household=is_household,
    )
