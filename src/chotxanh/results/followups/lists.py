"""The call list: who must be called now, who was, and which tubes are overdue; noting what came of a call."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from chotxanh.domain.problems import Problem
from chotxanh.domain.tubes import key_written
from chotxanh.ledger.entries import EntryWithdrawn
from chotxanh.ledger.rulings import withdraw_entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.protocol.envelope import new_id
from chotxanh.protocol.places import Place
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.results.corrections.kinds import Way
from chotxanh.results.corrections.telling import told_by_contact, told_with
from chotxanh.results.followups.models import Call, Contact, Escalation, OverdueTube
from chotxanh.results.followups.payloads import TOLD, ContactOutcome, FollowupContacted, Reason
from chotxanh.results.followups.waiting import contacts_about_tubes, overdue_tubes, told_tubes
from chotxanh.specimens.models import Tube

SHOWN_FOR = timedelta(hours=24)


def open_calls(led: Led) -> QuerySet[Call]:
    """Return who must be called now, the most urgent first, of these the longest waiting.

    The people of one tube stand in the order in which they were scanned into it.
    """
    return led.within(
        Call.objects.filter(closed_at=None).order_by("urgency", "known_at", "tube", "position", "key")
    )


def closed_calls(led: Led, now: datetime) -> QuerySet[Call]:
    """Return who was reached within SHOWN_FOR before `now` (UTC), the latest first."""
    return led.within(Call.objects.filter(closed_at__gt=now - SHOWN_FOR).order_by("-closed_at", "key"))


def overdue(led: Led) -> QuerySet[OverdueTube]:
    """Return the tubes that should have had a result by now, the oldest first."""
    return led.within(overdue_tubes().order_by("sampled_at", "tube"))


def told(led: Led, now: datetime) -> "QuerySet[Any]":
    """Return the overdue tubes whose people were told within SHOWN_FOR before `now` (UTC), the latest first."""
    return led.within(told_tubes(now - SHOWN_FOR).order_by("-told_at", "tube"))


def escalated_among(keys: Collection[str]) -> set[str]:
    """Return which of these calls waited too long."""
    return set(Escalation.objects.filter(key__in=keys).values_list("key", flat=True))


def last_contacts_about(tubes: Collection[str]) -> dict[str, Contact]:
    """Return the contact about each of these overdue tubes by which its people were told, else the latest."""
    contacts = contacts_about_tubes().filter(tube__in=tubes).order_by("contacted_at", "id")
    in_order = sorted(contacts, key=lambda each: each.outcome in TOLD)
    return {contact.tube: contact for contact in in_order}


def contact_led(entry: UUID, led: Led) -> Contact:
    """Return a noted call of a tube that somebody leads. Raises Problem("entry_unknown")."""
    contact = Contact.objects.filter(id=entry).first()
    if contact is None or not led.covers(_place(contact.tube)):
        raise Problem("entry_unknown")
    return contact


def note_contact(contact: FollowupContacted, led: Led, member: Member, now: datetime) -> UUID:
    """Record what came of a call, and what it told whom it reached; return its entry.

    Raises Problem: `entry_unknown` for a call that is not on the list; `not_allowed`.
    """
    tube = key_written(contact.facility, contact.tube)
    if contact.reason is Reason.OVERDUE:
        tubes = list(overdue(led).filter(tube=tube).values_list("tube", flat=True))
    else:
        own = open_calls(led).filter(person_code=contact.person_code or "", reason=contact.reason)
        tubes = list(own.values_list("tube", flat=True))
    if tube not in tubes:
        raise Problem("entry_unknown")
    entry = new_id()
    deeds = [Deed(contact, actor=member.id, id=entry)]
    is_of_own_result = contact.reason in (Reason.POSITIVE, Reason.RECALL)
    if contact.person_code and is_of_own_result and contact.outcome in TOLD:
        way = Way.POST if contact.outcome is ContactOutcome.TOLD_AT_POST else Way.CALL
        told_now = told_by_contact(contact.person_code, tubes, way, entry)
        deeds += [Deed(each, actor=member.id) for each in told_now]
    record_deeds(deeds, now)
    return entry


def take_contact_back(contact: UUID, member: Member, now: datetime) -> None:
    """Withdraw a noted call, with what it told. Raises Problem: `entry_unknown`, `not_allowed`."""
    for entry in (contact, *told_with(contact)):
        withdraw_entry(EntryWithdrawn(entry, "slip_of_the_hand"), member, now)


def _place(tube: str) -> Place:
    """Where a tube belongs; before its sampling is known, no site."""
    site = Tube.objects.filter(key=tube).values_list("site", flat=True).first()
    return Place(tube.partition("/")[0], site or "")
