"""Who is the same person: equal identities, then what leads say; their latest word on two registrations stands."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from chotxanh.people.models import Link, Registration
from chotxanh.people.queries import codes_of_same_people

NOON = datetime(2021, 7, 25, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def register(code: str, identity: bytes | None = None) -> Registration:
    return Registration.objects.create(
        id=uuid4(),
        person_code=code,
        birth_year=1990,
        sex="male",
        language="vi",
        registered_at=NOON,
        identity_index=identity,
    )


def say(
    first: Registration, second: Registration, at: datetime, *, is_linked: bool, id: UUID | None = None
) -> None:
    Link.objects.create(
        id=id or uuid4(), first=first.id, second=second.id, is_linked=is_linked, effective_at=at
    )


def test_equal_identities_are_one_person_and_missing_ones_are_not() -> None:
    mai, again = register("MAI", b"a"), register("AGAIN", b"a")
    hung, lan = register("HUNG"), register("LAN")
    assert codes_of_same_people([mai, hung]) == {"MAI": {"MAI", "AGAIN"}, "HUNG": {"HUNG"}}
    assert codes_of_same_people([again, lan]) == {"AGAIN": {"MAI", "AGAIN"}, "LAN": {"LAN"}}
    assert codes_of_same_people([]) == {}


def test_a_lead_joins_from_either_side() -> None:
    mai, hung = register("MAI"), register("HUNG", b"h")
    say(mai, hung, NOON, is_linked=True)
    assert codes_of_same_people([mai, hung]) == {"MAI": {"MAI", "HUNG"}, "HUNG": {"MAI", "HUNG"}}


def test_a_lead_parts_equal_identities() -> None:
    mai, other, third = register("MAI", b"a"), register("OTHER", b"a"), register("THIRD", b"a")
    say(other, mai, NOON, is_linked=False)
    assert codes_of_same_people([mai]) == {"MAI": {"MAI", "THIRD"}}
    assert codes_of_same_people([third]) == {"THIRD": {"MAI", "OTHER", "THIRD"}}


def test_the_latest_word_stands_and_of_two_at_once_the_one_with_the_higher_number() -> None:
    mai, hung = register("MAI"), register("HUNG")
    say(mai, hung, NOON + HOUR, is_linked=False)
    say(hung, mai, NOON, is_linked=True)
    assert codes_of_same_people([mai]) == {"MAI": {"MAI"}}
    say(hung, mai, NOON + 2 * HOUR, is_linked=False, id=UUID(int=1))
    say(mai, hung, NOON + 2 * HOUR, is_linked=True, id=UUID(int=2))
    assert codes_of_same_people([hung]) == {"HUNG": {"MAI", "HUNG"}}
