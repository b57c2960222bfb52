"""The call list: who must be called now, who was, and which tubes are overdue; noting what came of a call."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet

from chotxanh.domain.problems import Problem
from chotxanh.domain.tubes import normalise_tube, tube_key
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.results.followups.models import Call, Contact, Escalation, OverdueTube
from chotxanh.results.followups.payloads import FollowupContacted, Reason
from chotxanh.results.followups.waiting import overdue_tubes

SHOWN_FOR = timedelta(hours=24)


def open_calls(led: Led) -> QuerySet[Call]:
    """Return who must be called now, the most urgent first, of these the longest waiting."""
    return led.within(Call.objects.filter(closed_at=None).order_by("urgency", "known_at", "key"))


def closed_calls(led: Led, now: datetime) -> QuerySet[Call]:
    """Return who was reached within SHOWN_FOR before `now` (UTC), the latest first."""
    return led.within(Call.objects.filter(closed_at__gt=now - SHOWN_FOR).order_by("-closed_at", "key"))


def overdue(led: Led) -> QuerySet[OverdueTube]:
    """Return the tubes that should have had a result by now, the oldest first."""
    return led.within(overdue_tubes().order_by("sampled_at", "tube"))


def escalated_among(keys: Collection[str]) -> set[str]:
    """Return which of these calls waited too long."""
    return set(Escalation.objects.filter(key__in=keys).values_list("key", flat=True))


def last_contacts_about(tubes: Collection[str]) -> dict[str, Contact]:
    """Return the latest contact about each of these overdue tubes."""
    contacts = Contact.objects.filter(tube__in=tubes, reason=Reason.OVERDUE).order_by("contacted_at", "id")
    return {contact.tube: contact for contact in contacts}


def note_contact(contact: FollowupContacted, led: Led, member: Member, now: datetime) -> None:
    """Record what came of a call. Raises Problem: `entry_unknown` for a call that is not on the list; `not_allowed`."""
    tube = tube_key(contact.facility, normalise_tube(contact.tube) or "")
    if contact.reason is Reason.OVERDUE:
        is_listed = overdue(led).filter(tube=tube).exists()
    else:
        own = open_calls(led).filter(person_code=contact.person_code or "", reason=contact.reason)
        is_listed = own.filter(tube=tube).exists()
    if not is_listed:
        raise Problem("entry_unknown")
    record_deeds([Deed(contact, actor=member.id)], now)
