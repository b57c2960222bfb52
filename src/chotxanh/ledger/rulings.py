"""A lead's rulings on held entries and withdrawals of applied ones, recorded as entries themselves."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.grounds import Grounds
from chotxanh.domain.kinds import Answer
from chotxanh.domain.problems import Problem
from chotxanh.ledger.entries import EntryAdmitted, EntryRefused, EntryWithdrawn
from chotxanh.ledger.held import place_led, refused, undecided
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.ledger.unconfirmed import words_of_others
from chotxanh.registers.staff.models import Member


class Word(NamedTuple):
    """Who decides, when (UTC), and on which grounds."""

    member: Member
    now: datetime
    grounds: Grounds | None


def admit_entry(entry: UUID, member: Member, now: datetime, grounds: Grounds | None = None) -> None:
    """Apply a held entry on a lead's word, one that was refused too; nobody lets their own count.

    Raises Problem: `entry_unknown`, `not_allowed`, `ruling_own`.
    """
    known = (undecided() | refused()).filter(id=entry).first()
    if known is not None and known.actor == member.id:
        raise Problem("ruling_own")
    _rule(EntryAdmitted, known, Word(member, now, grounds))


def refuse_entry(entry: UUID, member: Member, now: datetime, grounds: Grounds | None = None) -> None:
    """Leave a held entry out for good; it stays in the ledger. Raises Problem: `entry_unknown`, `not_allowed`."""
    _rule(EntryRefused, undecided().filter(id=entry).first(), Word(member, now, grounds))


def confirm_word(entry: UUID, member: Member, now: datetime, grounds: Grounds | None = None) -> None:
    """Let a word count whose lead's grant had ended: another lead says the same.

    Raises Problem: `entry_unknown`, `not_allowed`.
    """
    known = words_of_others(member).filter(id=entry).first()
    _rule(EntryAdmitted, known, Word(member, now, grounds))


def withdraw_entry(withdrawal: EntryWithdrawn, member: Member, now: datetime) -> None:
    """Take an applied entry back. Raises Problem: `entry_unknown`, `not_allowed`."""
    if not Entry.objects.filter(id=withdrawal.entry, answer=Answer.APPLIED).exists():
        raise Problem("entry_unknown")
    record_deeds([Deed(withdrawal, actor=member.id)], now)


def _rule(ruling: type[EntryAdmitted | EntryRefused], entry: Entry | None, word: Word) -> None:
    """Record a word on an entry, with where it was done: who may say it, `covers` tells as of every deed."""
    if entry is None:
        raise Problem("entry_unknown")
    place = place_led(entry)
    facts = ruling(entry.id, word.grounds, place.facility or None, place.site or None, place.post)
    record_deeds([Deed(facts, actor=word.member.id)], word.now)
