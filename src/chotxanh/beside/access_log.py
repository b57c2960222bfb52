"""The access log: who read which person's data, for what, and when."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from chotxanh.beside.models import PersonalAccess
from chotxanh.beside.router import beside
from chotxanh.storage.statements import as_column, carry_out

LONGEST_SUBJECT = 90
# A list that is looked at again within this time is the same look.
SAME_LOOK = timedelta(minutes=15)
_NOTE = "INSERT INTO beside_personalaccess (member, subject, purpose, read_at) VALUES (%s, %s, %s, %s)"


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


def looks_at(subject: str) -> QuerySet[PersonalAccess]:
    """Return every look at a person, by code, the latest first."""
    return PersonalAccess.objects.filter(subject=subject).order_by("-read_at", "-id")


def forget_looks(before: datetime) -> int:
    """Forget the looks before a moment (UTC); return how many."""
    return PersonalAccess.objects.filter(read_at__lt=before).delete()[0]
