"""A lead's words on disputed tubes: which collection and which result stand, and when they really were."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chotxanh.domain.problems import Problem
from chotxanh.domain.tubes import tube_key
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.staff.models import Member
from chotxanh.results.entries import ResultResolved
from chotxanh.results.models import ResultFact
from chotxanh.specimens.entries import SpecimenResolved
from chotxanh.specimens.models import Collection


@dataclass(frozen=True)
class TubeWord:
    """What a lead says of one tube: the entry that stands and its confirmed time (UTC).

    `shown` are the entries of that kind that the lead had before their eyes: the word speaks of no others.
    """

    facility: str
    tube: str
    stands: UUID
    at: datetime
    shown: frozenset[UUID]

    @property
    def key(self) -> str:
        """The tube's key."""
        return tube_key(self.facility, self.tube)


def resolve_collection(word: TubeWord, member: Member, now: datetime) -> None:
    """Record which collection stands.

    Raises Problem: `entry_unknown`, `more_arrived`, `not_allowed`, `time_in_future`.
    """
    known = [each.id for each in Collection.objects.filter(tube=word.key)]
    _check(word, known, now)
    facts = SpecimenResolved(word.facility, word.tube, word.stands, word.at, known)
    record_deeds([Deed(facts, actor=member.id)], now)


def resolve_result(word: TubeWord, member: Member, now: datetime) -> None:
    """Record which result stands.

    Raises Problem: `entry_unknown`, `more_arrived`, `not_allowed`, `time_in_future`.
    """
    known = [each.id for each in ResultFact.objects.filter(tube=word.key)]
    _check(word, known, now)
    facts = ResultResolved(word.facility, word.tube, word.stands, word.at, known)
    record_deeds([Deed(facts, actor=member.id)], now)


def _check(word: TubeWord, known: list[UUID], now: datetime) -> None:
    if word.stands not in known:
        raise Problem("entry_unknown")
    if not word.shown.issuperset(known):
        raise Problem("more_arrived")
    if word.at > now:
        raise Problem("time_in_future")
