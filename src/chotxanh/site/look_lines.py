"""Looks at a person's data in words: when, and what for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chotxanh.language.texts import catalogue, text

OTHER = "looks.purpose.other"
FEED = "feed"  # cards sent ahead to a station: written down by site, not by person

SEARCH = "people_search"  # a search at the office, whomever it found: its people are looks of their own

_OF_MANY = "+"


@dataclass(frozen=True)
class OwnLook:
    """One look as the person is told of it: when (UTC), and what for."""

    at: datetime
    purpose: str


def purpose_words(purpose: str) -> str:
    """Return what a look was for."""
    key = f"looks.purpose.{purpose}"
    return text(key if key in catalogue() else OTHER)


def sent_ahead(subject: str) -> tuple[str, str]:
    """Return what the subject of a look of the feed names: the code of a site, and how many cards."""
    site, _, rest = subject.partition(":")
    return site, rest.partition(":")[0]


def search_subject(kinds: Sequence[str], count: int, *, is_cut: bool) -> str:
    """Return what the log says of a search: by what, and how many it found (or more); never what was typed."""
    return f"{_OF_MANY.join(kinds)}:{count}{_OF_MANY if is_cut else ''}"


def search_words(subject: str) -> str:
    """Return a search as it is read in the log."""
    kinds, _, count = subject.partition(":")
    by = ", ".join(text(f"office.found_by.{kind}") for kind in kinds.split(_OF_MANY))
    is_cut = count.endswith(_OF_MANY)
    return text("looks.searched_more" if is_cut else "looks.searched", by=by, count=count.rstrip(_OF_MANY))
