"""Looks at a person's data in words: who, when, what for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chotxanh.beside.models import PersonalAccess
from chotxanh.language.texts import catalogue, text
from chotxanh.site.office.names import NOBODY, officers_named

OTHER = "looks.purpose.other"


@dataclass(frozen=True)
class LookLine:
    """One look: when (UTC), by whom, and what for."""

    at: datetime
    who: str
    purpose: str


def look_lines(looks: Sequence[PersonalAccess]) -> list[LookLine]:
    """Return looks as they are read."""
    officers = officers_named({look.member for look in looks})
    return [
        LookLine(look.read_at, officers.get(look.member, NOBODY).name, purpose_words(look.purpose))
        for look in looks
    ]


def purpose_words(purpose: str) -> str:
    """Return what a look was for."""
    key = f"looks.purpose.{purpose}"
    return text(key if key in catalogue() else OTHER)
