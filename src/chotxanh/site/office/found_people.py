"""Who is found at the office by what was typed: which registrations, and what the list shows of each, masked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chotxanh.declarations.queries import Journey, aboard, last_journeys
from chotxanh.domain.sought import By, Sought, Term
from chotxanh.language.texts import catalogue, text
from chotxanh.people.groups import groups_of, members_of
from chotxanh.people.models import Registration
from chotxanh.people.search import found_by_id, found_by_name, found_by_number, found_by_phone
from chotxanh.site.office.people_shown import ShownPerson, masked_people

MOST_FOUND = 50

Search = Callable[[str, int | None, int], list[Registration]]
_SEARCHES: Mapping[By, Search] = {
    By.NUMBER: found_by_number,
    By.OLD_NUMBER: found_by_number,
    By.PHONE: found_by_phone,
    By.NAME: found_by_name,
}


@dataclass(frozen=True)
class Found:
    """Registrations, the newest first, each with what it was found by; `is_cut` where there are more than are shown.

    `is_of_late` where a vehicle has more journeys than were looked through.
    """

    registrations: Sequence[Registration]
    by: Mapping[UUID, Sequence[By]]
    is_cut: bool
    is_of_late: bool


@dataclass(frozen=True)
class FoundRow:
    """One registration on the list.

    `vehicle` and `plate` are of the last journey, the plate empty where the reader may not see it; `company` counts the
    other registrations that are taken for the same person; `by` says in words what a card's search found it by.
    """

    person: ShownPerson
    vehicle: str
    plate: str
    company: int
    by: Sequence[str]


def find_people(sought: Sought, birth_year: int | None) -> Found:
    """Return whoever has one of the things sought, of a year of birth if one is given."""
    found: dict[UUID, Registration] = {}
    by: dict[UUID, list[By]] = {}
    is_of_late = False
    for term in sought.terms:
        registrations, is_partly = _found(term, birth_year)
        is_of_late = is_of_late or is_partly
        for each in registrations:
            found[each.id] = each
            by.setdefault(each.id, []).append(term.by)
    newest = sorted(found.values(), key=lambda each: (-each.registered_at.timestamp(), each.id))
    return Found(newest[:MOST_FOUND], by, is_cut=len(newest) > MOST_FOUND, is_of_late=is_of_late)


def _found(term: Term, birth_year: int | None) -> tuple[list[Registration], bool]:
    """Return who is found by one thing, and whether only a vehicle's last journeys were looked through."""
    if birth_year is not None and term.birth_year not in (None, birth_year):
        return [], False
    year, most = birth_year or term.birth_year, MOST_FOUND + 1
    if term.by is By.PLATE:
        travelled = aboard(term.value)
        return found_by_id(travelled.registrations, year, most), travelled.is_cut
    return _SEARCHES[term.by](term.value, year, most), False


def found_rows(found: Found, *, sees_plates: bool, is_of_card: bool) -> list[FoundRow]:
    """Return the list as it is read."""
    ids = [each.id for each in found.registrations]
    journeys, company = last_journeys(ids), _company_of(ids)
    return [
        FoundRow(
            person=person,
            vehicle=_vehicle(journeys.get(person.id)),
            plate=(journeys[person.id].plate or "") if sees_plates and person.id in journeys else "",
            company=company[person.id],
            by=[text(f"office.found_by.{by}") for by in found.by[person.id]] if is_of_card else (),
        )
        for person in masked_people(found.registrations)
    ]


def _vehicle(journey: Journey | None) -> str:
    """The class in words; one that this release does not know as it was declared."""
    if journey is None:
        return ""
    key = f"declare.vehicle_class.{journey.vehicle_class}"
    return text(key) if key in catalogue() else journey.vehicle_class


def _company_of(registrations: Sequence[UUID]) -> dict[UUID, int]:
    groups = groups_of(registrations)
    sizes = {group: len(members) for group, members in members_of(set(groups.values())).items()}
    return {id: sizes[groups[id]] - 1 for id in registrations}
