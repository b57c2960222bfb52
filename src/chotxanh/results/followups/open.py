"""Whom physicians follow up: who has a positive that still speaks, and their contacts; and how they end it."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from msgspec.structs import replace

from chotxanh.domain.pools import ResultValue
from chotxanh.domain.problems import Problem
from chotxanh.domain.standing.person import State
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.claims import claims_of
from chotxanh.registers.staff.models import Member
from chotxanh.results.followups.closings import ClosingOutcome, ClosingPersonal, FollowupClosed
from chotxanh.results.followups.models import Call
from chotxanh.results.followups.payloads import Reason
from chotxanh.results.models import PersonResult, WhatStands
from chotxanh.results.standing import found_about


class Said(NamedTuple):
    """How a physician ends a follow-up, and why."""

    closing: FollowupClosed
    why: ClosingPersonal


def open_followups() -> QuerySet[PersonResult]:
    """Return the positives that nothing has ended or taken away, the oldest first.

    The rules of what stands have said so already: each of them is a call, made or not, whatever else is in doubt.
    """
    calls = Call.objects.filter(
        reason=Reason.POSITIVE, person_code=OuterRef("person_code"), tube=OuterRef("tube")
    )
    positive = PersonResult.objects.filter(Exists(calls), value=ResultValue.POSITIVE)
    return positive.order_by("resulted_at", "key")


def followup_of(result: UUID) -> PersonResult:
    """Return the positive of an open follow-up. Raises Problem("entry_unknown")."""
    found = open_followups().filter(result=result).first()
    if found is None:
        raise Problem("entry_unknown")
    return found


def warnings_about(person_code: str, registration: UUID | None = None) -> list[str]:
    """Return the names of the tests that warn of a person by now, or of anybody who bears on them.

    `registration` is of whom it is asked, of several who claim the code; None of what waits for whose it is.
    """
    return found_about({person_code}).warnings_about(person_code, registration)


def close_followup(said: Said, physician: Member, now: datetime) -> None:
    """Record a physician's closing (UTC `now`) of what it names that warns by now. Raises Problem: `not_allowed`.

    It speaks of the registration that it names, and of nobody else who claims the code; without one, of the tests it
    names that wait for whose they are. A false alarm is a word on the person's own tests: whoever lives with a positive
    stays a contact (field rule A2).
    """
    code, holder = said.closing.person_code, said.closing.registration
    found = found_about({code})
    is_false_alarm = said.closing.outcome is ClosingOutcome.NOT_CONFIRMED
    ask = found.warnings_of if is_false_alarm else found.warnings_about
    whose = holder or found.samplings.claims[code].owner
    closing = replace(said.closing, registration=whose, is_of_one=holder is not None)
    _close(said._replace(closing=closing), ask(code, holder), physician, now)


def contacts() -> QuerySet[WhatStands]:
    """Return who is a contact and nothing graver: first those of whom nothing more is ordered."""
    return WhatStands.objects.filter(state=State.CONTACT).order_by("order", "person_code")


def contact_named(person_code: str) -> WhatStands:
    """Return a contact. Raises Problem("entry_unknown")."""
    found = contacts().filter(person_code=person_code).first()
    if found is None:
        raise Problem("entry_unknown")
    return found


def release_contact(said: Said, physician: Member, now: datetime) -> None:
    """Record that the CDC releases a contact (UTC `now`), of what it names that warns of companions (field rule A2).

    It speaks of no test of the contact's own. Raises Problem: `entry_unknown`, `not_allowed`.
    """
    code = contact_named(said.closing.person_code).person_code
    closing = replace(said.closing, registration=claims_of([code])[code].owner)
    _close(said._replace(closing=closing), warnings_beside(code), physician, now)


def warnings_beside(person_code: str) -> list[str]:
    """Return the names of the tests that warn of a person's companions by now."""
    return found_about({person_code}).warnings_beside(person_code)


def _close(said: Said, known: Collection[str], physician: Member, now: datetime) -> None:
    """What the physician did not see yet goes on warning. The reason is erased with whom it was said of."""
    considered = sorted(set(known).intersection(said.closing.considered or ()))
    record_deeds([Deed(replace(said.closing, considered=considered), said.why, actor=physician.id)], now)
