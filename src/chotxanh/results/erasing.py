"""Whose personal data may be erased, and by what orders: of nobody who is followed up or waits for a result."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import QuerySet

from chotxanh.domain.problems import Problem
from chotxanh.domain.standing.person import State
from chotxanh.ledger.entries import ErasureBasis, PersonalErased
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.models import Registration
from chotxanh.people.successors import companies_of
from chotxanh.results.awaited import disputed_among, waiting_among
from chotxanh.results.followups.models import Call
from chotxanh.results.followups.open import open_followups
from chotxanh.results.models import RecollectionOrder, WhatStands


def check_erasable(registration: Registration) -> None:
    """Refuse to erase whom the department still has to reach, or who waits for a result.

    Raises Problem: `erasure_followed_up`, `erasure_of_linked`.
    """
    if unsettled_among([registration.person_code]):
        raise Problem("erasure_followed_up")
    companies_of([registration.id])[registration.id].successors()


def unsettled_among(codes: Collection[str]) -> set[str]:
    """Return the codes for which something is not ended: a positive, a contact, an order, a doubt, a test under way.

    Of several things that stand for a person the gravest is said: behind a negative there may be what is still awaited.
    What stands is the owner's of a code; whoever else claims it may still have to be called, or be in doubt.
    """
    standing = WhatStands.objects.filter(person_code__in=codes).exclude(state=State.NEGATIVE)
    ordered = RecollectionOrder.objects.filter(person_code__in=codes, closed_by=None)
    called = Call.objects.filter(person_code__in=codes, closed_at=None)
    followed = open_followups().filter(person_code__in=codes)
    told = {
        code
        for each in (standing, ordered, called, followed)
        for code in each.values_list("person_code", flat=True)
    }
    return told | waiting_among(codes) | disputed_among(codes)


def erase_registration(
    registration: Registration, basis: ErasureBasis, now: datetime, actor: UUID | None = None
) -> None:
    """Record the orders that erase everything of a registration (UTC `now`).

    What it says of who was alike by machine goes on being said; so does what earlier erased ones said of it. Raises
    Problem likewise.
    """
    in_one_transaction(lambda: _erase_one(registration, basis, now, actor), savepoint=True)


def erase_registrations(
    registrations: Sequence[UUID], among: QuerySet[Registration], basis: ErasureBasis, now: datetime
) -> int:
    """Erase those of these registrations that may be (UTC `now`); return how many. A lead decides of the others.

    One transaction erases all of them, but for those who feel each other's erasure: they follow in the next. Each
    erases nobody who is no longer `among` those whose time is over: who was listed may have declared since.
    """
    count, left = 0, registrations
    while left:
        over = among.filter(id__in=left)
        erased, left = in_one_transaction(partial(_erase_apart, over, basis, now), savepoint=True)
        count += erased
    return count


def _erase_one(registration: Registration, basis: ErasureBasis, now: datetime, actor: UUID | None) -> None:
    """Nothing that is recorded meanwhile may follow the person up, or link somebody to them."""
    with in_ledger(is_alone=True):
        check_erasable(registration)
        successors = companies_of([registration.id])[registration.id].successors()
        orders = [PersonalErased(id, basis, beside) for id, beside in successors.items()]
        record_deeds([Deed(order, actor=actor) for order in orders], now)


def _erase_apart(
    registrations: QuerySet[Registration], basis: ErasureBasis, now: datetime
) -> tuple[int, Sequence[UUID]]:
    """Erase those who do not feel each other's erasure; return how many, and who is left for another time."""
    with in_ledger(is_alone=True):
        known = dict(registrations.values_list("id", "person_code"))
        busy = unsettled_among(set(known.values()))
        companies = companies_of([id for id, code in known.items() if code not in busy])
        count, left, felt, orders = 0, list[UUID](), set[UUID](), list[PersonalErased]()
        for id, company in sorted(companies.items()):
            if not felt.isdisjoint(company.everybody):
                left.append(id)
                continue
            felt |= company.everybody
            with suppress(Problem):  # others are linked to it
                successors = company.successors()
                orders += [PersonalErased(each, basis, beside) for each, beside in successors.items()]
                count += 1
        if orders:
            record_deeds([Deed(order) for order in orders], now)
    return count, left
