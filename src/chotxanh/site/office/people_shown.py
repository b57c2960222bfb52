"""What the office shows of a person, and of those who are or may be the same one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chotxanh.domain.codes import group
from chotxanh.domain.names import mask_id_number, mask_name, mask_phone
from chotxanh.domain.phones import show_phone
from chotxanh.language.texts import text
from chotxanh.people.details import Personal, sources_of
from chotxanh.people.groups import groups_of, members_of
from chotxanh.people.models import Registration
from chotxanh.people.queries import personal_of


@dataclass(frozen=True)
class ShownPerson:
    """One registration as a lead reads it; `number` and `phone` are empty where none is known."""

    id: UUID
    plain_code: str
    name: str
    born: str
    number: str
    phone: str
    registered_at: datetime
    is_corrected: bool
    is_erased: bool = False

    @property
    def code(self) -> str:
        """The person's code in groups."""
        return group(self.plain_code)


def shown_person(registration: Registration, *, masked: bool) -> ShownPerson:
    """Return what is shown of a registration; masked, only as much as tells people apart."""
    return _shown(registration, personal_of([registration.id]).get(registration.id), masked=masked)


def others_claiming(registration: Registration) -> list[ShownPerson]:
    """Return, masked, the other registrations of the same code."""
    others = Registration.objects.filter(person_code=registration.person_code).exclude(id=registration.id)
    return masked_people(list(others.order_by("registered_at", "id")))


def same_as(registration: Registration) -> list[tuple[ShownPerson, bool]]:
    """Return, masked, who is or may be the same person, and whether staff said so."""
    own = groups_of([registration.id])[registration.id]
    is_by_person = {each.registration: each.is_by_person for each in members_of([own])[own]}
    is_sure = is_by_person.pop(registration.id)
    others = Registration.objects.filter(id__in=is_by_person).order_by("registered_at", "id")
    return [(shown, is_sure and is_by_person[shown.id]) for shown in masked_people(list(others))]


def masked_people(registrations: Sequence[Registration]) -> list[ShownPerson]:
    """Return what lists show of these registrations, in their order."""
    details = personal_of([each.id for each in registrations])
    return [_shown(each, details.get(each.id), masked=True) for each in registrations]


def _shown(registration: Registration, details: Personal | None, *, masked: bool) -> ShownPerson:
    full_name, number, phone = (
        (details.full_name, details.id_number or "", details.phone or "") if details else ("", "", "")
    )
    # Whoever registered has a name to be found by, until it is erased.
    is_erased = details is None and registration.name_index is None
    born = details.birth_date if details and not masked else None
    return ShownPerson(
        id=registration.id,
        plain_code=registration.person_code,
        name=_name(full_name, is_erased=is_erased, masked=masked),
        born=date.fromisoformat(born).strftime("%d/%m/%Y") if born else str(registration.birth_year),
        number=mask_id_number(number) if masked and number else number,
        phone=(mask_phone(phone) if masked else show_phone(phone)) if phone else "",
        registered_at=registration.registered_at,
        is_corrected=bool(sources_of(registration)),
        is_erased=is_erased,
    )


def _name(full_name: str, *, is_erased: bool, masked: bool) -> str:
    if not full_name:
        return text("office.person_erased" if is_erased else "office.unknown_person")
    return mask_name(full_name) if masked else full_name
