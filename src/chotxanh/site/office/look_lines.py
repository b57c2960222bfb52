"""Looks at a person's data as the office lists them: who, when, what for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chotxanh.beside.models import PersonalAccess
from chotxanh.site.look_lines import purpose_words
from chotxanh.site.office.names import NOBODY, officers_named


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
