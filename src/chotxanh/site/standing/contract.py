"""Reads `contracts/standing.json`."""

from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec
from django.conf import settings

from chotxanh.domain.standing.person import Order, State


class Words(msgspec.Struct, frozen=True):
    """One sentence in both languages."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """Return it in `vi` or `en`."""
        return self.vi if language == "vi" else self.en


class Certificate(msgspec.Struct, frozen=True):
    """A paper as it must stand: `valid`, `expired`, `suspended` or `revoked`."""

    tube: str
    state: str
    valid_until: datetime


class Asked(msgspec.Struct, frozen=True):
    """What must stand for a person at a moment, and why."""

    person: str
    at: datetime
    state: State
    certificates: tuple[Certificate, ...]
    order: Order | None
    why: Words


class Event(msgspec.Struct, frozen=True):
    """Something that happened, with what belongs to its kind; `between` are the bounds of a doubtful time."""

    what: str
    at: datetime
    tube: str = ""
    test: str = ""
    value: str = ""
    people: tuple[str, ...] = ()
    person: str = ""
    outcome: str = ""
    window: tuple[int, int] | None = None
    between: tuple[datetime, datetime] | None = None
    household: bool = False
    line_seen: bool = False
    disputed: bool = False
    withdrawn: bool = False
    after_telling: bool = False

    @property
    def known_at(self) -> datetime:
        """When it has happened for certain."""
        return self.between[1] if self.between else self.at


class Case(msgspec.Struct, frozen=True):
    """One story: what happened, and what must stand at each moment."""

    name: Words
    explanation: Words
    sources: tuple[str, ...]
    rules: str
    events: tuple[Event, ...]
    asked: tuple[Asked, ...]


class Chapter(msgspec.Struct, frozen=True):
    """Cases that belong together."""

    name: Words
    cases: tuple[Case, ...]


class _Contract(msgspec.Struct, frozen=True):
    description: str
    chapters: tuple[Chapter, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """Read every chapter once. Raises msgspec.DecodeError where the contract has another form."""
    file = Path(settings.CONTRACTS, "standing.json")
    return msgspec.json.decode(file.read_bytes(), type=_Contract).chapters
