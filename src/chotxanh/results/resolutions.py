"""A lead's words on disputed tubes: which collection and which result stand, and when they really were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.grounds import Grounds
from chotxanh.domain.kinds import LEADS
from chotxanh.domain.marks import disputes_of
from chotxanh.domain.pools import ResultValue
from chotxanh.domain.problems import Problem
from chotxanh.domain.tubes import tube_key, tube_named
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.claims import claims_of
from chotxanh.registers.staff.models import Member
from chotxanh.results.corrections.effects import takes_back
from chotxanh.results.corrections.lists import corrections_without_effect
from chotxanh.results.corrections.methods import check_method
from chotxanh.results.corrections.telling import was_told
from chotxanh.results.disputes import recorded_tubes
from chotxanh.results.models import ResultFact
from chotxanh.results.payloads import ResultResolved
from chotxanh.specimens.entries import Marked, Named, SpecimenResolved
from chotxanh.specimens.models import Collection, Tube


class Seen(NamedTuple):
    """A record as a page shows it, with the marks (domain.marks.Mark) it had then."""

    entry: UUID
    marks: int


@dataclass(frozen=True)
class TubeWord:
    """What a lead says of one tube, the entry that stands and its confirmed time (UTC).

    `shown` are the entries of that kind that the lead had before their eyes, as they were marked then: the word
    speaks of no others, and answers no other reason.
    """

    facility: str
    tube: str
    stands: UUID
    at: datetime
    shown: frozenset[Seen]
    grounds: Grounds | None = None

    @property
    def key(self) -> str:
        """The tube's key."""
        return tube_key(self.facility, self.tube)

    @property
    def barcode(self) -> str:
        """What stands on the tube, as entries name it."""
        return tube_named(self.key).barcode


def seen(records: Iterable[Collection | ResultFact]) -> frozenset[Seen]:
    """Return what a page that shows these records shows."""
    return frozenset(Seen(each.id, each.marks) for each in records)


def resolve_collection(word: TubeWord, member: Member, now: datetime) -> None:
    """Record which collection stands.

    Raises Problem: `entry_unknown`, `more_arrived`, `not_allowed`, `time_in_future`, `time_too_late`.
    """
    collections = recorded_tubes([word.key])[0].collections
    known = seen(collections)
    _check(word, known, now)
    _check_no_younger(word.at, [each.sampled_latest for each in collections if each.id == word.stands])
    entries, marked = _entries(known), _marked(known)
    facts = SpecimenResolved(
        word.facility, word.barcode, word.stands, word.at, entries, marked, grounds=word.grounds
    )
    record_deeds([Deed(facts, actor=member.id)], now)


def resolve_result(word: TubeWord, member: Member, now: datetime) -> None:
    """Record which result stands.

    Raises Problem: `correction_own`, `correction_told`, `correction_unsigned`, `entry_unknown`, `method_not_granted`,
    `more_arrived`, `not_allowed`, `ruling_own`, `time_in_future`, `time_too_late`.
    """
    if word.stands in corrections_without_effect([word.stands]):
        raise Problem("correction_unsigned")
    _check_taking_back(word, member)
    results = recorded_tubes([word.key])[0].results
    known = seen(results)
    _check(word, known, now)
    chosen = next(each for each in results if each.id == word.stands)
    if chosen.value == ResultValue.NEGATIVE:
        if chosen.actor == member.id:  # whoever read it lets it certify nobody by their own word
            raise Problem("ruling_own")
        _check_no_younger(word.at, [chosen.resulted_latest])
    check_method(chosen, word.facility, member, LEADS, now)
    entries, marked = _entries(known), _marked(known)
    facts = ResultResolved(word.facility, word.barcode, word.stands, word.at, entries, marked, word.grounds)
    record_deeds([Deed(facts, actor=member.id)], now)


def name_person(
    tube: str, named: Named, member: Member, now: datetime, grounds: Grounds | None = None
) -> None:
    """Record who was sampled under a code that two people claim; what was said of the tube before stays said.

    Raises Problem: `entry_unknown`, `not_allowed`.
    """
    stands = Tube.objects.filter(key=tube).first()
    if (
        stands is None
        or named.registration not in claims_of([named.person_code])[named.person_code].registrations
    ):
        raise Problem("entry_unknown")
    known = seen(recorded_tubes([tube])[0].collections)
    people = stands.people | {named.person_code: str(named.registration)}
    facts = SpecimenResolved(
        stands.facility,
        stands.barcode,
        stands.collection,
        stands.sampled_at,
        _entries(known),
        _marked(known),
        [Named(code, UUID(registration)) for code, registration in sorted(people.items())],
        grounds,
    )
    record_deeds([Deed(facts, actor=member.id)], now)


def _check_taking_back(word: TubeWord, member: Member) -> None:
    """No lead alone says that somebody is not positive, nor once somebody was told so (field rule A1).

    A line that was seen too late is taken back likewise (field rule A5).
    """
    results = {each.id: each for each in recorded_tubes([word.key])[0].results}
    chosen = results.get(word.stands)
    taken = {id for id, each in results.items() if chosen is not None and takes_back(each, chosen)}
    if chosen is None or not taken:
        return
    if chosen.actor == member.id:
        raise Problem("correction_own")
    if was_told(taken):
        raise Problem("correction_told")


def _check_no_younger(at: datetime, latest: Sequence[datetime]) -> None:
    """A later time than can be would lengthen the papers that rest on it."""
    if at > max(latest):
        raise Problem("time_too_late")


def _entries(known: Iterable[Seen]) -> list[UUID]:
    return sorted(each.entry for each in known)


def _marked(known: Iterable[Seen]) -> list[Marked]:
    """The reasons for a dispute that these records give."""
    reasons = {each.entry: disputes_of(each.marks) for each in known}
    return [Marked(entry, list(reasons[entry])) for entry in sorted(reasons) if reasons[entry]]


def _check(word: TubeWord, known: frozenset[Seen], now: datetime) -> None:
    if word.stands not in _entries(known):
        raise Problem("entry_unknown")
    if not word.shown.issuperset(known):
        raise Problem("more_arrived")
    if word.at > now:
        raise Problem("time_in_future")
