"""Names of what a list mentions, read at once for the whole page: members of staff, people (masked), devices."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from chotxanh.domain.phones import show_phone
from chotxanh.language.texts import catalogue, text
from chotxanh.people.queries import personal_of, registrations_claiming
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


def either(words: Iterable[str]) -> str:
    """Return what may be one or another: `Lan hoặc Mai`; each once, the empty left out."""
    return f" {text('office.either')} ".join(dict.fromkeys(word for word in words if word))


def people_named(codes: Collection[str]) -> dict[str, str]:
    """Return who each code is, as a lead needs it who must decide (finding H10): name and year of birth.

    Of a code that several people claim all of them are told. Whoever shows this logs the look.
    """
    wanted = sorted(set(codes))
    claims = registrations_claiming(wanted)
    details = personal_of([each.id for claiming in claims.values() for each in claiming])
    unknown = text("office.unknown_person")
    people = {}
    for code in wanted:
        known = [(details.get(each.id), each.birth_year) for each in claims.get(code, [])]
        shown = [f"{who.full_name}, {year}" if who else unknown for who, year in known]
        people[code] = either(shown) or unknown
    return people


def reason_words(codes: Iterable[str]) -> tuple[str, ...]:
    """Return why a tube or one of its records is disputed, in a lead's words."""
    return tuple(_reason(code) for code in codes)


def _reason(code: str) -> str:
    key = f"office.reason_{code}"
    return text(key) if key in catalogue() else text("office.reason_other", code=code)
