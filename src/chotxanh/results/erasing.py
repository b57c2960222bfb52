"""Whose personal data may be erased, and by what orders: of nobody who is followed up or waits for a result."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from chotxanh.domain.problems import Problem
from chotxanh.domain.standing.person import State
from chotxanh.ledger.entries import ErasureBasis, PersonalErased
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.groups import groups_of, members_of
from chotxanh.people.models import Link, Registration
from chotxanh.results.models import WhatStands


def check_erasable(registration: Registration) -> None:
    """Refuse to erase whom the department still has to reach, or who waits for a result.

    Raises Problem: `erasure_followed_up`, `erasure_of_linked`.
    """
    if unsettled_among([registration.person_code]):
        raise Problem("erasure_followed_up")
    _kept_with(registration.id)


def unsettled_among(codes: Collection[str]) -> set[str]:
    """Return the codes for which something stands that is not ended: a positive, a contact, an order, a doubt."""
    standing = WhatStands.objects.filter(person_code__in=codes).exclude(state=State.NEGATIVE)
    return set(standing.values_list("person_code", flat=True))


def erase_registration(
    registration: Registration, basis: ErasureBasis, now: datetime, actor: UUID | None = None
) -> None:
    """Record the orders that erase everything of a registration (UTC `now`).

    What it says of who was alike by machine goes on being said; so does what earlier erased ones said of it. Raises
    Problem likewise.
    """
    check_erasable(registration)
    kept_with = _kept_with(registration.id)
    leaning = Link.objects.filter(named_group=registration.id, is_by_machine=True)
    others = set(leaning.values_list("registration", flat=True)) - {registration.id, kept_with}
    orders = [PersonalErased(registration.id, basis, kept_with)]
    orders += [PersonalErased(other, basis, kept_with) for other in sorted(others) if kept_with]
    record_deeds([Deed(order, actor=actor) for order in orders], now)


def _kept_with(registration: UUID) -> UUID | None:
    """Return the registration beside which an erased one goes on warning; None where nobody was alike.

    Of whom a lead had linked to it the machine would lose sight: they are unlinked or linked otherwise first. Raises
    Problem("erasure_of_linked").
    """
    group = groups_of([registration]).get(registration)
    if group is None:
        return None
    members = {each.registration for each in members_of([group])[group]} - {registration}
    by_lead = Link.objects.filter(is_linked=True, is_by_machine=False)
    if by_lead.filter(registration=registration).exists():
        return None  # the link stays, and with it the group
    leaning = set(by_lead.filter(named_group=registration).values_list("registration", flat=True)) & members
    erased = set(
        Registration.objects.filter(id__in=members, identity_group=None).values_list("id", flat=True)
    )
    alike = members - leaning - erased
    if leaning and alike:
        raise Problem("erasure_of_linked")
    return min(alike, default=None)
