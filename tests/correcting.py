"""Lets leads say anew who somebody is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chotxanh.ledger.server_log import record_deeds
from chotxanh.protocol.envelope import new_salt
from tests.cast import EVENING, Person
from tests.device import deed_of

SUBJECTS = {"full_name": "name", "id_number": "id_number"}


def correction_of(registration: UUID, code: str, **said: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the facts and the personal part of a correction that says this: `full_name`, `born`, `id_number`."""
    born = said.pop("born", None)
    facts = {
        "registration": registration,
        "person_code": code,
        "corrects": [*(SUBJECTS[each] for each in said), *(["birth"] if born else [])],
        "reason": "typing_error",
    }
    if born:
        facts |= {"birth_year": born.year, "birth_precision": "day"}
        said |= {"birth_date": born.isoformat()}
    return facts, {"salt": new_salt()} | said


def correct_person(
    registration: UUID, person: Person, lead: UUID, now: datetime = EVENING, **said: Any
) -> UUID:
    """Let a lead correct a person; return the entry."""
    facts, personal = correction_of(registration, person.code, **said)
    (answer,) = record_deeds([deed_of("person.corrected", facts, personal, actor=lead)], now)
    assert answer.id is not None
    return answer.id
