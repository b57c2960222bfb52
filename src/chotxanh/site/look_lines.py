"""Looks at a person's data in words: when, and what for."""

from dataclasses import dataclass
from datetime import datetime

from chotxanh.language.texts import catalogue, text

OTHER = "looks.purpose.other"
FEED = "feed"  # cards sent ahead to a station: written down by site, not by person


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
