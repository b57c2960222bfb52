"""The access log: who read which person's data, for what, and when."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from chotxanh.beside.models import PersonalAccess
from chotxanh.beside.router import beside
from chotxanh.storage.rows import Table, insert_missing
from chotxanh.storage.statements import as_column, carry_out

LONGEST_SUBJECT = 90
# A list that is looked at again within this time is the same look.
SAME_LOOK = timedelta(minutes=15)
_NOTE = "INSERT INTO beside_personalaccess (member, subject, purpose, read_at) VALUES (%s, %s, %s, %s)"


AT_STATION = "station"


class Look(NamedTuple):
    """One look at a person's card (by code) at a station: the time it said (Unix ms), and the one that counts (UTC)."""

    member: UUID
    subject: str
    said_at: int
    read_at: datetime


class _StationLook(NamedTuple):
    said: bytes
    device: UUID
    member: UUID
    subject: str
    purpose: str
    read_at: datetime


_STATION_LOOKS = Table(PersonalAccess, _StationLook)


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


def note_station_looks(device: UUID, looks: Iterable[Look]) -> int:
    """Write down looks that a station kept, each once however often it is handed in; return how many are new.

    What was said tells them apart, not when it counts: a time that cannot be is another one at each hand-in.
    """
    rows = {
        said: _StationLook(said, device, each.member, each.subject, AT_STATION, each.read_at)
        for each in looks
        for said in (_digest(device, each),)
    }
    # In one order, so that two processes that take in the same do not wait for each other.
    return len(insert_missing(_STATION_LOOKS, [rows[said] for said in sorted(rows)]))


def _digest(device: UUID, look: Look) -> bytes:
    said = (device, look.member, look.subject, look.said_at)
    return hashlib.sha256(msgspec.json.encode(said)).digest()


def looks_at(subject: str) -> QuerySet[PersonalAccess]:
    """Return every look at a person, by code, the latest first."""
    return PersonalAccess.objects.filter(subject=subject).order_by("-read_at", "-id")


def looks_since(at: datetime) -> QuerySet[PersonalAccess]:
    """Return every look at anybody since `at` (UTC), the latest first."""
    return PersonalAccess.objects.filter(read_at__gt=at).order_by("-read_at", "-id")


def forget_looks(before: datetime) -> int:
    """Forget the looks before a moment (UTC); return how many."""
    return PersonalAccess.objects.filter(read_at__lt=before).delete()[0]
