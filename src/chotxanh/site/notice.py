"""The notice of personal data: what it is filled with, and the proof of its words."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.questionnaire import NOTICE_VERSION
from chotxanh.language.texts import catalogue
from chotxanh.registers.duties.entries import province_number
from chotxanh.registers.notices.entries import PRIVACY, TextPublished, published
from chotxanh.registers.retention.entries import Category, days_kept

# How long a backup may be kept: what it holds of somebody erased is forgotten with it.
BACKUP_DAYS = 30
_TOLD = (Category.JOURNEYS, Category.PEOPLE, Category.CERTIFICATES, Category.ACCESS_LOG)


@dataclass(frozen=True)
class KeptFor:
    """A kind of data by the key of its words, and for how many days it is kept; None where no time was set."""

    words: str
    days: int | None


@dataclass(frozen=True)
class Notice:
    """What the notice says of this province now. `since` is when this version was published (UTC), if it was."""

    version: str
    since: datetime | None
    kept: tuple[KeptFor, ...]
    backup_days: int
    phone: str


def notice_at(now: datetime) -> Notice:
    """Return the notice as it reads at `now` (UTC)."""
    days = days_kept(now)
    return Notice(
        version=NOTICE_VERSION,
        since=published(PRIVACY, NOTICE_VERSION, now),
        kept=tuple(KeptFor(f"privacy.kept.{category}", days.get(category)) for category in _TOLD),
        backup_days=BACKUP_DAYS,
        phone=province_number(now),
    )


def publication(since: datetime) -> TextPublished:
    """Return the entry by which this version is published from a time on (UTC)."""
    return TextPublished(PRIVACY, NOTICE_VERSION, _digest(), since)


def _digest() -> str:
    """Return what proves the words of the notice, as they stand in the texts, the numbers not filled in.

    SHA-256 (base64url) of one line for each text whose key begins with `privacy.` and each language, in order of key,
    then of language: the key, a space, the language, a space, the words; between the lines one line feed (UTF-8). Other
    words are another version (`NOTICE_VERSION`).
    """
    words = [
        f"{key} {language} {said}"
        for key, texts in sorted(catalogue().items())
        if key.startswith("privacy.")
        for language, said in sorted(texts.items())
    ]
    return to_base64url(hashlib.sha256("\n".join(words).encode()).digest())
