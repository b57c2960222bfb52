"""Whom physicians follow up: everybody with a positive that still speaks; and how they end it."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from msgspec.structs import replace

from chotxanh.domain.pools import ResultValue
from chotxanh.domain.problems import Problem
from chotxanh.domain.standing.person import State
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.staff.models import Member
from chotxanh.results.followups.closings import FollowupClosed
from chotxanh.results.followups.models import Closing
from chotxanh.results.models import PersonResult, WhatStands
from chotxanh.results.standing import found_about

SPEAKING = (State.SCREENING_POSITIVE, State.POSITIVE)


def open_followups() -> QuerySet[PersonResult]:
    """Return the positives of people who stand as positive, the oldest first.

    A doubt about something else hides none: of who stands as disputed each that no closing has spoken of.
    """
    stands = WhatStands.objects.filter(person_code=OuterRef("person_code"))
    closed = Closing.objects.filter(
        person_code=OuterRef("person_code"), closed_at__gte=OuterRef("resulted_at"), marks=0
    )
    is_doubted = Exists(stands.filter(state=State.DISPUTED)) & ~Exists(closed)
    positive = PersonResult.objects.filter(value=ResultValue.POSITIVE)
    return positive.filter(Exists(stands.filter(state__in=SPEAKING)) | is_doubted).order_by(
        "resulted_at", "key"
    )


def followup_of(result: UUID) -> PersonResult:
    """Return the positive of an open follow-up. Raises Problem("entry_unknown")."""
    found = open_followups().filter(result=result).first()
    if found is None:
        raise Problem("entry_unknown")
    return found


def close_followup(closing: FollowupClosed, physician: Member, now: datetime) -> None:
    """Record a physician's closing (UTC `now`) of every test that warns by now. Raises Problem: `not_allowed`."""
    known = found_about({closing.person_code}).warnings_about(closing.person_code)
    record_deeds([Deed(replace(closing, considered=known), actor=physician.id)], now)
