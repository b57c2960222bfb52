"""Names of what a list mentions, read at once for the whole page: members of staff, people (masked), devices."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from chotxanh.domain.names import mask_name
from chotxanh.domain.phones import show_phone
from chotxanh.language.texts import catalogue, text
from chotxanh.people.queries import personal_of, registrations_of
from chotxanh.registers.staff.models import Member


@dataclass(frozen=True)
class Officer:
    """Who recorded something, and the number to ask them at (empty where none is known)."""

    name: str = ""
    phone: str = ""

    @property
    def shown_phone(self) -> str:
        """The number as people read it."""
        return show_phone(self.phone) if self.phone else ""


NOBODY = Officer()


def officers_named(ids: Iterable[UUID | None]) -> dict[UUID | None, Officer]:
    """Return those of these members of staff that are known."""
    wanted = {id for id in ids if id}
    found = Member.objects.filter(id__in=wanted).values_list("id", "full_name", "username", "phone")
    return {id: Officer(full_name or username, phone) for id, full_name, username, phone in found}


def people_masked(codes: Collection[str]) -> dict[str, str]:
    """Return who each code is, as much as a lead needs to ask the right people: masked name and year of birth."""
    wanted = sorted(set(codes))
    registrations = registrations_of(wanted)
    details = personal_of([each.id for each in registrations.values()])
    people = {}
    for code in wanted:
        registration = registrations.get(code)
        personal = details.get(registration.id) if registration else None
        if registration is None or personal is None:
            people[code] = text("office.unknown_person")
        else:
            people[code] = f"{mask_name(personal.full_name)}, {registration.birth_year}"
    return people


def reason_words(codes: Iterable[str]) -> tuple[str, ...]:
    """Return why a tube or one of its records is disputed, in a lead's words."""
    return tuple(_reason(code) for code in codes)


def _reason(code: str) -> str:
    key = f"office.reason_{code}"
    return text(key) if key in catalogue() else text("office.reason_other", code=code)
