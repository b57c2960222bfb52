"""Stores registrations and links, and says how the people floor's tables follow from entries."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.kinds import LEADS
from chotxanh.domain.marks import disputes_of
from chotxanh.domain.works import DECLARERS
from chotxanh.keys.sealing import blind_index
from chotxanh.ledger.entries import PersonalErased
from chotxanh.people.claims import recompute_codes
from chotxanh.people.corrections import CORRECTED, apply_corrections, corrected_by, corrections_of
from chotxanh.people.example import (
    EXAMPLE,
    EXAMPLE_PERSONAL,
    REGISTRATION,
)
from chotxanh.people.groups import (
    codes_together,
    foresee_claims,
    foresee_groups,
    foresee_people,
    recompute_groups,
    touch_groups,
)
from chotxanh.people.indexes import indexes_of
from chotxanh.people.models import Link, Registration
from chotxanh.people.payloads import (
    PersonCorrected,
    PersonPersonal,
    PersonRegistered,
    RegistrationLinked,
    RegistrationUnlinked,
    check_registration,
)
from chotxanh.protocol.kinds import (
    FORMS,
    Happening,
    KindRow,
    Touched,
    Who,
    erase_with,
    follow,
    foresee_at,
    know_gone_with,
    name_with,
    recompute_at,
    register,
)
from chotxanh.protocol.places import ANYWHERE
from chotxanh.protocol.ranks import Rank
from chotxanh.protocol.showings import CardName
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, upsert


class _RegistrationRow(NamedTuple):
    """One registration as it is stored; what finds the person is None once the personal part was erased."""

    id: UUID
    person_code: str
    page_digest: bytes | None
    birth_year: int
    sex: str
    language: str
    registered_at: datetime
    name_index: bytes | None = None
    id_number_index: bytes | None = None
    phone_index: bytes | None = None
    identity_group: UUID | None = None
    # What corrects it is found anew under the lock of its code.
    name_from: UUID | None = None
    birth_from: UUID | None = None
    number_from: UUID | None = None


class _LinkRow(NamedTuple):
    id: UUID
    registration: UUID
    named_group: UUID | None
    is_linked: bool
    effective_at: datetime
    is_by_machine: bool = False


class _Identified(NamedTuple):
    id: UUID
    person_code: str


_REGISTRATIONS = Table(Registration, _RegistrationRow)
_IDENTIFIED = Table(Registration, _Identified)
_LINKS = Table(Link, _LinkRow)


def apply_registrations(
    happenings: Sequence[Happening[PersonRegistered, PersonPersonal]], touched: Touched
) -> None:
    """Store registrations; storing one again changes only what was erased since."""
    rows = [_with_indexes(_row(item), item.personal) for item in happenings]
    upsert(_REGISTRATIONS, rows)
    for item in happenings:
        touched.announce("person", item.facts.person_code)
    touched.add(Rank.PERSON_CODE, {item.facts.person_code for item in happenings})
    touched.add(Rank.IDENTITY_GROUP, {str(row.identity_group or row.id) for row in rows})


def apply_erasures(happenings: Sequence[Happening[PersonalErased, None]], touched: Touched) -> None:
    """Blank what finds the people of erased registrations, and their pages.

    Who was alike stays with them by a link of the machine, made of what the order names and of nothing personal.
    """
    entries = {item.facts.entry for item in happenings}
    erased = lookup(_IDENTIFIED, "id", sorted(entries))
    corrected = lookup(_IDENTIFIED, "id", sorted(corrected_by(entries)))
    blank = dict.fromkeys(("page_digest", "name_index", "id_number_index", "phone_index", "identity_group"))
    if erased or corrected:
        # Who is found alike no more is judged anew: what one suspended of the other ends with it.
        together = codes_together({each.person_code for each in (*erased, *corrected)})
        touched.add(Rank.PERSON_CODE, together)
        touched.add(Rank.COMPANY, together)  # whoever of them was never sampled too
        touched.showings.changed |= {CardName("person", code) for code in together}
        Registration.objects.filter(id__in=[each.id for each in erased]).update(**blank)
    upsert(_LINKS, [_kept(item) for item in happenings if item.facts.kept_with])


def apply_links(
    happenings: Sequence[Happening[RegistrationLinked | RegistrationUnlinked, None]], touched: Touched
) -> None:
    """Store leads' words; the groups that a registration is in or has left follow under its code's lock.

    One that is disputed, its lead's grant having ended, is as if it had not been said.
    """
    named = sorted({item.facts.registration for item in happenings})
    codes = {each.person_code for each in lookup(_IDENTIFIED, "id", named)}
    gone = [item.id for item in happenings if disputes_of(item.marks)]
    if gone:
        touch_groups(codes, touched)  # what they left once the word is gone, nothing tells
        Link.objects.filter(id__in=gone).delete()
    upsert(_LINKS, [_link_row(item) for item in happenings if item.id not in gone])
    touched.add(Rank.PERSON_CODE, codes)
    touched.add(Rank.COMPANY, codes)  # whoever of them was never sampled too


def register_kinds() -> None:
    """Declare the kinds this floor owns."""
    register(
        KindRow(
            "person.registered",
            PersonRegistered,
            Who(roles=DECLARERS, citizens_at=FORMS),
            "Who somebody is, on the web or at a window: registered once, they declare many journeys.",
            ("Đăng ký người khai", "Person registered"),
            EXAMPLE,
            personal=PersonPersonal,
            example_personal=EXAMPLE_PERSONAL,
            check=check_registration,
            place=lambda _facts: ANYWHERE,
        ),
        CORRECTED,
        KindRow(
            "registration.linked",
            RegistrationLinked,
            Who(roles=LEADS),
            "A lead says that a registration is one person with those of a group.",
            ("Ghép hai lần khai của một người", "Registrations linked"),
            {
                "registration": REGISTRATION,
                "group": "017adaf0-0000-7000-8000-000000000035",
                "reason": "papers_seen",
            },
        ),
        KindRow(
            "registration.unlinked",
            RegistrationUnlinked,
            Who(roles=LEADS),
            "A lead says that a registration is nobody else's.",
            ("Tách hai lần khai", "Registrations unlinked"),
            {"registration": REGISTRATION, "reason": "wrong_before"},
        ),
    )
    _follow_kinds()


def _follow_kinds() -> None:
    follow([PersonRegistered], apply_registrations)
    follow([PersonCorrected], apply_corrections)
    follow([RegistrationLinked, RegistrationUnlinked], apply_links)
    follow([PersonalErased], apply_erasures)
    erase_with(corrections_of)
    name_with(_codes_of)
    know_gone_with(_codes_gone)
    foresee_at(Rank.PERSON_CODE, foresee_claims)
    foresee_at(Rank.IDENTITY_GROUP, foresee_groups)
    foresee_at(Rank.PAPERS, foresee_people)
    recompute_at(Rank.PERSON_CODE, recompute_codes)
    recompute_at(Rank.PERSON_CODE, touch_groups)
    recompute_at(Rank.IDENTITY_GROUP, recompute_groups)


def _codes_of(entries: Collection[UUID]) -> set[str]:
    """Return the codes of those among these entries that are registrations."""
    return {each.person_code for each in lookup(_IDENTIFIED, "id", entries)}


def _codes_gone(codes: Collection[str]) -> set[str]:
    """Return those of these codes that somebody registered, and nobody who is not erased."""
    claims = Registration.objects.filter(person_code__in=codes).values_list("person_code", "name_index")
    known = list(claims)
    return {code for code, _ in known} - {code for code, name in known if name is not None}


def _row(item: Happening[PersonRegistered, PersonPersonal]) -> _RegistrationRow:
    facts = item.facts
    return _RegistrationRow(
        id=item.id,
        person_code=facts.person_code,
        page_digest=from_base64url(facts.page_digest) if facts.page_digest and item.personal else None,
        birth_year=facts.birth_year,
        sex=facts.sex,
        language=facts.language,
        registered_at=item.effective_at,
    )


def _link_row(item: Happening[RegistrationLinked | RegistrationUnlinked, None]) -> _LinkRow:
    facts = item.facts
    group = facts.group if isinstance(facts, RegistrationLinked) else None
    return _LinkRow(item.id, facts.registration, group, group is not None, item.effective_at)


def _kept(item: Happening[PersonalErased, None]) -> _LinkRow:
    facts = item.facts
    return _LinkRow(item.id, facts.entry, facts.kept_with, True, item.effective_at, is_by_machine=True)


def _with_indexes(row: _RegistrationRow, identity: PersonPersonal | None) -> _RegistrationRow:
    if identity is None:
        return row
    phone_index = blind_index("phone", identity.phone) if identity.phone else None
    return row._replace(phone_index=phone_index, **indexes_of(identity, row.birth_year))
