"""Builds the cards that stations are fed: a person with their last result, a tube with its people."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict

from chotxanh.certificates.queries import standing_until
from chotxanh.declarations.models import Declaration
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.domain.units import PROVINCE_BY_CODE
from chotxanh.ledger.feed.cards import build_cards_with
from chotxanh.people.queries import codes_of_same_people, personal_of, registrations_of
from chotxanh.protocol.cards import LastResult, PersonCard, TubeCard, TubeMember
from chotxanh.protocol.envelope import wire_time
from chotxanh.results.models import PersonResult, TubeResult
from chotxanh.results.queries import last_results, standings_of
from chotxanh.specimens.models import CollectionMember, Tube


class _Trip(TypedDict, total=False):
    vehicle_class: str
    direction: str
    origin: str
    destination: str
    symptoms: list[str]
    exposures: list[str]


def person_cards(codes: Sequence[str]) -> dict[str, PersonCard]:
    """Return the cards of these people; of a code that nobody declared there is none."""
    registrations = registrations_of(codes)
    personal = personal_of([each.id for each in registrations.values()])
    declarations = Declaration.objects.in_bulk([each.id for each in registrations.values()])
    standings = standings_of(list(registrations))
    linked = codes_of_same_people(list(registrations.values()))
    everyone = sorted({code for codes in linked.values() for code in codes})
    results, until = last_results(everyone), standing_until(everyone)
    cards = {}
    for code, registration in registrations.items():
        details = personal.get(registration.id)
        result = _latest(results[each] for each in linked[code] if each in results)
        cards[code] = PersonCard(
            person_code=code,
            full_name=details.full_name if details else "",
            birth_year=registration.birth_year,
            sex=registration.sex,
            category=registration.category,
            declared_at=wire_time(registration.declared_at),
            plate=details.plate if details else None,
            state=standings[code].state,
            last_result=_result(result, until.get(result.person_code)) if result else None,
            **_trip(declarations.get(registration.id)),
        )
    return cards


def tube_cards(keys: Sequence[str]) -> dict[str, TubeCard]:
    """Return the cards of these tubes."""
    tubes = Tube.objects.in_bulk(keys)
    outcomes = TubeResult.objects.in_bulk(keys)
    members = list(CollectionMember.objects.filter(tube__in=tubes).order_by("key"))
    names = _names([member.person_code for member in members])
    people: dict[str, list[TubeMember]] = defaultdict(list)
    for member in members:
        if member.collection == tubes[member.tube].collection:
            people[member.tube].append(TubeMember(member.person_code, names.get(member.person_code)))
    return {key: _tube(tube, outcomes.get(key), people[key]) for key, tube in tubes.items()}


def register_cards() -> None:
    """Let the feed build both kinds of card."""
    build_cards_with("person", person_cards)
    build_cards_with("tube", tube_cards)


def _names(codes: Sequence[str]) -> dict[str, str]:
    registrations = registrations_of(codes)
    personal = personal_of([each.id for each in registrations.values()])
    return {code: personal[each.id].full_name for code, each in registrations.items() if each.id in personal}


def _latest(results: Iterable[PersonResult]) -> PersonResult | None:
    return max(results, key=lambda result: (result.sampled_at, result.key), default=None)


def _trip(declaration: Declaration | None) -> _Trip:
    if declaration is None:
        return {}
    answers = declaration.answers
    return {
        "vehicle_class": declaration.vehicle_class,
        "direction": declaration.direction,
        "origin": _unit_name(declaration.origin),
        "destination": _unit_name(declaration.destination),
        "symptoms": [each for each in SYMPTOMS if answers.get(each)],
        "exposures": [each for each in EXPOSURES if answers.get(each)],
    }


def _unit_name(unit: str) -> str:
    province = PROVINCE_BY_CODE.get(unit.rpartition(":")[2])
    return province.name if province else unit


def _result(result: PersonResult, valid_until: datetime | None) -> LastResult:
    return LastResult(
        value=result.value,
        test_type=result.test_type,
        sampled_at=wire_time(result.sampled_at),
        resulted_at=wire_time(result.resulted_at),
        valid_until=wire_time(valid_until) if valid_until else None,
    )


def _tube(tube: Tube, outcome: TubeResult | None, members: list[TubeMember]) -> TubeCard:
    is_disputed = tube.is_disputed or (outcome is not None and outcome.is_disputed)
    state = "disputed" if is_disputed else "resulted" if outcome else "waiting"
    return TubeCard(
        facility=tube.facility,
        tube=tube.barcode,
        site=tube.site,
        pool_kind=tube.pool_kind,
        sampled_at=wire_time(tube.sampled_at),
        members=members,
        state=state,
        value=outcome.value if outcome else None,
        result=str(outcome.result) if outcome else None,
        resulted_at=wire_time(outcome.resulted_at) if outcome else None,
    )
