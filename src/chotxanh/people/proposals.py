"""Who may be the same person as a registration, though no machine may say so: proposed to a person, with the evidence.

Fetched by blind indexes, some dozens at most, and compared in the open in memory. It changes nothing by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from chotxanh.domain.likeness import Alike, Likeness, Traits, likeness
from chotxanh.people.details import Personal
from chotxanh.people.groups import belonging_of, groups_of, members_of
from chotxanh.people.models import Registration
from chotxanh.people.queries import personal_of

MOST_COMPARED = 200  # the newest of one name and year
MOST_OF_NUMBER = 50
MOST_SHOWN = 20


@dataclass(frozen=True)
class Proposal:
    """Another registration, and how it compares; `was_parted` where a lead said of either that it is nobody else's."""

    other: Registration
    evidence: Likeness
    was_parted: bool


@dataclass(frozen=True)
class Proposals:
    """Who may be the same person, the likeliest first; `is_cut` where more resemble than were compared or are shown."""

    proposals: tuple[Proposal, ...]
    is_cut: bool


NONE = Proposals((), is_cut=False)


def proposals_for(registration: Registration) -> Proposals:
    """Return who resembles a registration and is in no group with it; nobody once it was erased."""
    own = personal_of([registration.id]).get(registration.id)
    if own is None or registration.name_index is None:
        return NONE
    found, is_cut = _candidates(registration)
    known = personal_of([each.id for each in found])
    mine = _traits(registration, own)
    compared = [
        (each, evidence)
        for each in found
        if (theirs := known.get(each.id)) is not None
        and (evidence := likeness(mine, _traits(each, theirs))) is not None
    ]
    shown = sorted(compared, key=lambda pair: _order(*pair))[:MOST_SHOWN]
    parted = _parted([registration.id, *(each.id for each, _ in shown)])
    return Proposals(
        tuple(
            Proposal(each, seen, not parted.isdisjoint({registration.id, each.id})) for each, seen in shown
        ),
        is_cut or len(compared) > MOST_SHOWN,
    )


def evidence_between(one: Registration, other: Registration) -> Likeness | None:
    """Return how two registrations compare; None where nothing speaks for it, or either was erased."""
    known = personal_of([one.id, other.id])
    mine, theirs = known.get(one.id), known.get(other.id)
    if mine is None or theirs is None:
        return None
    return likeness(_traits(one, mine), _traits(other, theirs))


def _candidates(registration: Registration) -> tuple[list[Registration], bool]:
    """Who shares name and phone, name and year, or the number; without whoever is in its group already."""
    named = Q(name_index=registration.name_index)
    asked = [(named & Q(birth_year=registration.birth_year), MOST_COMPARED)]
    if registration.phone_index is not None:
        asked.append((named & Q(phone_index=registration.phone_index), MOST_OF_NUMBER))
    if registration.id_number_index is not None:
        asked.append((Q(id_number_index=registration.id_number_index), MOST_OF_NUMBER))
    group = groups_of([registration.id])[registration.id]
    known = {each.registration for each in members_of([group])[group]}
    found: dict[UUID, Registration] = {}
    is_cut = False
    for wanted, most in asked:
        rows = list(Registration.objects.filter(wanted).order_by("-registered_at", "id")[: most + 1])
        is_cut = is_cut or len(rows) > most
        found |= {each.id: each for each in rows[:most] if each.id not in known}
    return list(found.values()), is_cut


def _traits(registration: Registration, personal: Personal) -> Traits:
    return Traits(
        personal.full_name,
        registration.birth_year,
        personal.birth_date,
        personal.id_number,
        personal.phone,
    )


def _order(other: Registration, evidence: Likeness) -> tuple[bool, bool, float]:
    """Those who may be one before those who are two; by the number before by the phone; the newest first."""
    is_numbered = evidence.number in (Alike.SAME, Alike.ONE_OFF, Alike.SWAPPED)
    return evidence.apart is not None, not is_numbered, -other.registered_at.timestamp()


def _parted(registrations: Iterable[UUID]) -> set[UUID]:
    """Return those of whom the latest word of a lead is that they are nobody else's."""
    words = belonging_of(list(registrations))
    return {id for id, word in words.items() if word.link is not None and not word.is_linked}
