"""A lead's verdicts on held entries, recorded as entries themselves."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from chotxanh.domain.kinds import Kind
from chotxanh.domain.problems import Problem
from chotxanh.ledger.queries import undecided
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.staff.models import Member


def admit_entry(entry: UUID, member: Member, now: datetime) -> None:
    """Apply a held entry on a lead's word. Raises Problem: `entry_unknown`, `not_allowed`."""
    _decide(Kind.ENTRY_ADMITTED, entry, member, now)


def refuse_entry(entry: UUID, member: Member, now: datetime) -> None:
    """Leave a held entry out for good; it stays in the ledger. Raises Problem: `entry_unknown`, `not_allowed`."""
    _decide(Kind.ENTRY_REFUSED, entry, member, now)


def _decide(kind: Kind, entry: UUID, member: Member, now: datetime) -> None:
    if not undecided().filter(id=entry).exists():
        raise Problem("entry_unknown", HTTPStatus.NOT_FOUND)
    record_deeds([Deed(kind, {"entry": entry}, actor=member.id)], now)
