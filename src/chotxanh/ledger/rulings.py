"""A lead's rulings on held entries and withdrawals of applied ones, recorded as entries themselves."""

from datetime import datetime
from uuid import UUID

import msgspec

from chotxanh.domain.grounds import Grounds
from chotxanh.domain.kinds import Answer
from chotxanh.domain.problems import Problem
from chotxanh.ledger.entries import EntryAdmitted, EntryRefused, EntryWithdrawn
from chotxanh.ledger.held import undecided
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.staff.models import Member


def admit_entry(entry: UUID, member: Member, now: datetime, grounds: Grounds | None = None) -> None:
    """Apply a held entry on a lead's word. Raises Problem: `entry_unknown`, `not_allowed`."""
    _rule(EntryAdmitted(entry, grounds), entry, member, now)


def refuse_entry(entry: UUID, member: Member, now: datetime, grounds: Grounds | None = None) -> None:
    """Leave a held entry out for good; it stays in the ledger. Raises Problem: `entry_unknown`, `not_allowed`."""
    _rule(EntryRefused(entry, grounds), entry, member, now)


def withdraw_entry(withdrawal: EntryWithdrawn, member: Member, now: datetime) -> None:
    """Take an applied entry back. Raises Problem: `entry_unknown`, `not_allowed`."""
    if not Entry.objects.filter(id=withdrawal.entry, answer=Answer.APPLIED).exists():
        raise Problem("entry_unknown")
    record_deeds([Deed(withdrawal, actor=member.id)], now)


def _rule(ruling: msgspec.Struct, entry: UUID, member: Member, now: datetime) -> None:
    if not undecided().filter(id=entry).exists():
        raise Problem("entry_unknown")
    record_deeds([Deed(ruling, actor=member.id)], now)
