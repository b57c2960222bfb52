"""Published texts: the payload, storing, and which one stands. The first is the notice of personal data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

import msgspec

from chotxanh.protocol.envelope import Code, Time
from chotxanh.protocol.kinds import Happening, KindRow, Touched, follow, register
from chotxanh.registers.dated import OFFICE, check_times
from chotxanh.registers.notices.models import PublishedText
from chotxanh.storage.rows import Table, upsert

PRIVACY: Literal["privacy"] = "privacy"


class TextPublished(msgspec.Struct, frozen=True):
    """A version of a text is shown from a time on; `digest` (base64url of SHA-256) proves its words."""

    name: Literal["privacy"]
    version: Code
    digest: Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{43}\Z")]
    since: Time


class _TextRow(NamedTuple):
    id: UUID
    name: str
    version: str
    since: datetime


_TEXTS = Table(PublishedText, _TextRow)


def apply_texts(happenings: Sequence[Happening[TextPublished, None]], _touched: Touched) -> None:
    """Store what was published."""
    upsert(
        _TEXTS,
        [_TextRow(item.id, item.facts.name, item.facts.version, item.facts.since) for item in happenings],
    )


def published(name: str, version: str, at: datetime) -> datetime | None:
    """Return since when a version is published (UTC), as of a time; None where it was not."""
    found = (
        PublishedText.objects.filter(name=name, version=version, since__lte=at)
        .order_by("since", "id")
        .first()
    )
    return found.since if found else None


def register_kinds() -> None:
    """Declare the kind this register owns."""
    register(PUBLISHED)
    follow([TextPublished], apply_texts)


PUBLISHED = KindRow(
    "text.published",
    TextPublished,
    OFFICE,
    "A text is published to the people whose data is taken.",
    ("Công bố văn bản", "Text published"),
    {
        "name": PRIVACY,
        "version": "2026-12",
        "digest": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "since": "2021-07-25T01:05:00.000Z",
    },
    check=check_times,
)
