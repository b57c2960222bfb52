"""The access log: who read which person's data, for what, and when."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from chotxanh.beside.models import PersonalAccess
from chotxanh.beside.router import beside
from chotxanh.storage.statements import as_column, carry_out

LONGEST_SUBJECT = 90
# A list that is looked at again within this time is the same look.
SAME_LOOK = timedelta(minutes=15)
_NOTE = "INSERT INTO beside_personalaccess (member, subject, purpose, read_at) VALUES (%s, %s, %s, %s)"


AT_STATION = "station"


class Look(NamedTuple):
    """One look at a person's card (by code) at a station, at a time (UTC)."""

    member: UUID
    subject: str
    read_at: datetime


def note_access(member: UUID, subject: str, purpose: str, now: datetime) -> None:
    """Write down one look. `subject` is a person code or a range of cards, never a name; `now` is UTC."""
    values = [as_column(member), subject[:LONGEST_SUBJECT], purpose, as_column(now)]
    carry_out(_NOTE, values, database=beside())


def note_looks(member: UUID, subjects: Collection[str], purpose: str, now: datetime) -> None:
    """Write down that a member saw these people (by code) on one list, in two statements; `now` is UTC."""
    recent = PersonalAccess.objects.filter(
        member=member, purpose=purpose, subject__in=subjects, read_at__gt=now - SAME_LOOK
    )
    known = set(recent.values_list("subject", flat=True))
    rows = [
        PersonalAccess(member=member, subject=subject, purpose=purpose, read_at=now)
        for subject in sorted(set(subjects) - known)
    ]
    PersonalAccess.objects.bulk_create(rows)


def note_station_looks(device: UUID, looks: Collection[Look]) -> int:
    """Write down looks that a station kept, each once however often it is handed in; return how many are new."""
    times = [look.read_at for look in looks]
    same = PersonalAccess.objects.filter(device=device, purpose=AT_STATION, read_at__in=times)
    known = {Look(*values) for values in same.values_list("member", "subject", "read_at")}
    rows = [
        PersonalAccess(device=device, purpose=AT_STATION, **look._asdict())
        for look in sorted(set(looks) - known)
    ]
    PersonalAccess.objects.bulk_create(rows)
    return len(rows)


def looks_at(subject: str) -> QuerySet[PersonalAccess]:
    """Return every look at a person, by code, the latest first."""
    return PersonalAccess.objects.filter(subject=subject).order_by("-read_at", "-id")


def looks_since(at: datetime) -> QuerySet[PersonalAccess]:
    """Return every look at anybody since `at` (UTC), the latest first."""
    return PersonalAccess.objects.filter(read_at__gt=at).order_by("-read_at", "-id")


def forget_looks(before: datetime) -> int:
    """Forget the looks before a moment (UTC); return how many."""
    return PersonalAccess.objects.filter(read_at__lt=before).delete()[0]
