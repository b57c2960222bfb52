"""Leads' words on disputed tubes: which one counts, and what it answers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from chotxanh.domain.marks import disputes_of


class Word(Protocol):
    """A lead's word: which entry stands, which were known, and for which of them which reasons for a dispute."""

    @property
    def id(self) -> UUID:
        """The entry by which it was given."""

    @property
    def tube(self) -> str:
        """The tube's key."""

    @property
    def stands(self) -> UUID:
        """The entry that stands."""

    @property
    def considered(self) -> Any:
        """The ids of the entries that were known, as text."""

    @property
    def marked(self) -> Any:
        """By the id of a known entry, as text, the reasons that its marks gave."""

    @property
    def effective_at(self) -> datetime:
        """When it was given (UTC)."""

    @property
    def marks(self) -> int:
        """The marks of the word itself."""


class Spoken(Protocol):
    """A sampling or a result of which a word may speak."""

    @property
    def id(self) -> UUID:
        """Its entry."""

    @property
    def marks(self) -> int:
        """Its marks now."""


W = TypeVar("W", bound=Word)


def latest_word(words: Iterable[W]) -> W | None:
    """Return the latest of the words on one thing; one that is itself disputed settles nothing."""
    settling = (word for word in words if not disputes_of(word.marks))
    return max(settling, key=lambda each: (each.effective_at, each.id), default=None)


def answers(word: Word, entries: Sequence[Spoken]) -> bool:
    """Say whether a word answers all there is: each of these entries, and each reason that their marks give now.

    An entry or a mark that came later opens the dispute anew.
    """
    known = {UUID(text) for text in word.considered} | {word.stands}
    reasons = {UUID(text): set(each) for text, each in word.marked.items()}
    return all(
        each.id in known and reasons.get(each.id, set()).issuperset(disputes_of(each.marks))
        for each in entries
    )
