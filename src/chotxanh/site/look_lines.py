"""Looks at a person's data in words: when, and what for."""

from dataclasses import dataclass
from datetime import datetime

from chotxanh.language.texts import catalogue, text

OTHER = "looks.purpose.other"


@dataclass(frozen=True)
class OwnLook:
    """One look as the person is told of it: when (UTC), and what for."""

    at: datetime
    purpose: str


def purpose_words(purpose: str) -> str:
    """Return what a look was for."""
    key = f"looks.purpose.{purpose}"
    return text(key if key in catalogue() else OTHER)
