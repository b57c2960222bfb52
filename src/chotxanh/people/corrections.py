"""Corrections: of a registration's name, birth and number the latest word on each stands, whenever it arrives."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.kinds import LEADS
from chotxanh.domain.marks import disputes_of
from chotxanh.ledger.applying import stored_payload
from chotxanh.ledger.models import Entry
from chotxanh.people.details import declared_year, details_among
from chotxanh.people.example import EXAMPLE_CORRECTED, EXAMPLE_CORRECTION
from chotxanh.people.indexes import indexes_of
from chotxanh.people.models import Correction, Registration
from chotxanh.people.payloads import CorrectionPersonal, PersonCorrected, check_correction
from chotxanh.protocol.kinds import Happening, KindRow, Touched, Who
from chotxanh.protocol.ranks import Rank
from chotxanh.storage.lookups import lookup, lookup_ahead
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.questions import Question, answers
from chotxanh.storage.rows import Table, upsert


class CorrectionRow(NamedTuple):
    """A lead's word on one registration, without what it says."""

    id: UUID
    registration: UUID
    person_code: str
    has_name: bool
    has_number: bool
    birth_year: int | None
    effective_at: datetime
    marks: int


class _CorrectedRow(NamedTuple):
    """What a correction changes of a registration; what finds the person is None once erased."""

    id: UUID
    person_code: str
    birth_year: int
    name_from: UUID | None
    birth_from: UUID | None
    number_from: UUID | None
    name_index: bytes | None
    id_number_index: bytes | None
    identity_group: UUID | None


class _KnownRow(NamedTuple):
    """A registration as it stands, with its own sealed part."""

    id: UUID
    person_code: str
    birth_year: int
    name_from: UUID | None
    birth_from: UUID | None
    number_from: UUID | None
    name_index: bytes | None
    id_number_index: bytes | None
    identity_group: UUID | None
    sealed: bytes | None

    @property
    def row(self) -> _CorrectedRow:
        """The registration alone."""
        return _CorrectedRow(*self[:-1])


_CORRECTIONS = Table(Correction, CorrectionRow)
_KNOWN = Question(
    """
SELECT person.id, person.person_code, person.birth_year, person.name_from, person.birth_from, person.number_from,
    person.name_index, person.id_number_index, person.identity_group, entry.personal
FROM people_registration AS person LEFT JOIN ledger_entry AS entry ON entry.id = person.id
WHERE person.id AMONG
""",
    _KnownRow,
)


def apply_corrections(
    happenings: Sequence[Happening[PersonCorrected, CorrectionPersonal]], touched: Touched
) -> None:
    """Store leads' words; who the registrations are now follows under the locks of their codes."""
    upsert(_CORRECTIONS, [_row(item) for item in happenings])
    touched.add(Rank.PERSON_CODE, {item.facts.person_code for item in happenings})


def corrected_by(entries: Collection[UUID]) -> set[UUID]:
    """Return the registrations that these entries, if they are corrections, speak of."""
    return {each.registration for each in lookup(_CORRECTIONS, "id", entries)}


def corrections_of(registrations: Collection[UUID]) -> set[UUID]:
    """Return the entries that speak of these registrations, by whichever code."""
    return {each.id for each in lookup(_CORRECTIONS, "registration", registrations)}


def corrections_ahead(codes: Collection[str]) -> Ahead[list[CorrectionRow]]:
    """Ask what was said of the registrations of these codes, in the trip of whatever is asked with it."""
    return lookup_ahead(_CORRECTIONS, "person_code", codes)


def carry_out_corrections(corrections: Collection[CorrectionRow], touched: Touched) -> bool:
    """Bring registrations to what was last said of them, under the locks of their codes; say whether any changed.

    A number or a name leads from one identity group to another: both are touched, and never a chain of them.
    """
    said: dict[UUID, list[CorrectionRow]] = defaultdict(list)
    for row in sorted(corrections, key=lambda each: (each.effective_at, each.id)):
        said[row.registration].append(row)
    has_changed = False
    known = answers(_KNOWN, list(said))
    first = _as_registered([each for each in known if any(disputes_of(word.marks) for word in said[each.id])])
    latest = [_latest(first.get(each.id, each), said[each.id]) for each in known]
    details = details_among(latest)
    for before, now in zip(known, latest, strict=True):
        after = now.row._replace(**indexes_of(details.get(now.id), now.birth_year))
        if after != before.row:
            Registration.objects.filter(id=now.id).update(**after._asdict())
            groups = {before.identity_group, after.identity_group} - {None}
            touched.add(Rank.IDENTITY_GROUP, {str(group) for group in groups})
            touched.add(Rank.COMPANY, {now.person_code})  # who leaves a group was perhaps never sampled
            touched.announce("person", now.person_code)
            has_changed = True
    return has_changed


def _latest(known: _KnownRow, said: Sequence[CorrectionRow]) -> _KnownRow:
    """Return a registration as the last word on each thing has it; who names another code speaks of nobody.

    A word that is disputed, its lead's grant having ended, is as if it had not been said.
    """
    for word in said:
        if word.person_code != known.person_code or disputes_of(word.marks):
            continue
        if word.has_name:
            known = known._replace(name_from=word.id)
        if word.has_number:
            known = known._replace(number_from=word.id)
        if word.birth_year is not None:
            known = known._replace(birth_from=word.id, birth_year=word.birth_year)
    return known


def _as_registered(corrected: Sequence[_KnownRow]) -> dict[UUID, _KnownRow]:
    """Return these registrations as they were before anybody corrected them.

    Of one whose facts were archived the sealed part tells the year; where only a year was declared, what stands stays.
    """
    asked = [each.id for each in corrected]
    entries = Entry.objects.filter(id__in=asked).exclude(body="") if asked else ()
    years = {entry.id: stored_payload(entry)[1].facts.birth_year for entry in entries}
    return {each.id: _uncorrected(each, years.get(each.id)) for each in corrected}


def _uncorrected(known: _KnownRow, year: int | None) -> _KnownRow:
    if year is None and known.birth_from is not None:
        year = declared_year(known)
    blank = known._replace(name_from=None, birth_from=None, number_from=None)
    return blank._replace(birth_year=year) if year is not None else blank


def _row(item: Happening[PersonCorrected, CorrectionPersonal]) -> CorrectionRow:
    facts = item.facts
    return CorrectionRow(
        id=item.id,
        registration=facts.registration,
        person_code=facts.person_code,
        has_name="name" in facts.corrects,
        has_number="id_number" in facts.corrects,
        birth_year=facts.birth_year,
        effective_at=item.effective_at,
        marks=int(item.marks),
    )


CORRECTED = KindRow(
    "person.corrected",
    PersonCorrected,
    Who(roles=LEADS),
    "A lead says anew who somebody is: the name, the birth, or the number of the identity paper.",
    ("Sửa thông tin người khai", "Person corrected"),
    EXAMPLE_CORRECTION,
    personal=CorrectionPersonal,
    example_personal=EXAMPLE_CORRECTED,
    check=check_correction,
    person=lambda facts: facts.registration,
)
