"""Corrections of positives as the office lists them: those that wait for a second account, and all of them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from chotxanh.domain.problems import Problem
from chotxanh.domain.tubes import tube_named
from chotxanh.domain.works import SIGNERS
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.results.corrections.effects import Effect
from chotxanh.results.corrections.kinds import ResultCountersigned
from chotxanh.results.corrections.methods import check_method
from chotxanh.results.corrections.models import TakenBack
from chotxanh.results.models import ResultFact


def waiting_corrections(reached: Led) -> QuerySet[TakenBack]:
    """Return the corrections that wait for a second account of a facility that somebody reaches, the oldest first."""
    waiting = TakenBack.objects.filter(state=Effect.WAITS).order_by("corrected_at", "id")
    return reached.within(waiting, site=None)


def all_corrections() -> QuerySet[TakenBack]:
    """Return every correction that takes a positive back, the latest first."""
    return TakenBack.objects.order_by("-corrected_at", "id")


def corrections_without_effect(entries: Collection[UUID]) -> set[UUID]:
    """Return which of these entries are corrections that have no effect."""
    found = TakenBack.objects.filter(id__in=entries).exclude(state=Effect.SIGNED)
    return set(found.values_list("id", flat=True))


def correction_of(entry: UUID, reached: Led) -> TakenBack:
    """Return a correction of a facility that somebody reaches. Raises Problem("entry_unknown")."""
    found: TakenBack | None = reached.within(TakenBack.objects.filter(id=entry), site=None).first()
    if found is None:
        raise Problem("entry_unknown")
    return found


def countersign(entry: UUID, reached: Led, member: Member, now: datetime) -> None:
    """Record that a second account confirms a correction (UTC `now`).

    Raises Problem: `entry_unknown`, `correction_own`, `correction_signed`, `correction_told`, `method_not_granted`,
    `not_allowed`.
    """
    in_one_transaction(lambda: _countersign(correction_of(entry, reached), member, now))


def refusal_of(correction: TakenBack, member: Member) -> str | None:
    """Return the code of the problem for which a member cannot sign a correction; None where they can."""
    if correction.corrector == member.id:
        return "correction_own"
    refusals = {Effect.SIGNED: "correction_signed", Effect.AFTER_TELLING: "correction_told"}
    return refusals.get(Effect(correction.state))


def _countersign(correction: TakenBack, member: Member, now: datetime) -> None:
    refusal = refusal_of(correction, member)
    if refusal is not None:
        raise Problem(refusal)
    corrected = ResultFact.objects.get(id=correction.id)
    check_method(corrected, correction.facility, member, SIGNERS, now)
    tube = tube_named(correction.barcode)
    is_own = tube.facility == correction.facility
    facts = ResultCountersigned(
        correction.facility, tube.barcode, correction.id, None if is_own else tube.facility
    )
    record_deeds([Deed(facts, actor=member.id)], now)
