"""The way down: which cards changed, served by position to devices that work there (architecture, rule 8)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chotxanh.ledger.models import FeedItem
from chotxanh.storage.rows import Table, insert

PAGE = 500
# A transaction that took its positions early may commit late: begin this much before the cursor.
OVERLAP = timedelta(seconds=30)


class _Item(NamedTuple):
    kind: str
    key: str
    scope: str
    announced_at: datetime


_ITEMS = Table(FeedItem, _Item)
CardBuilder = Callable[[Sequence[str]], dict[str, dict[str, Any]]]
_builders: dict[str, CardBuilder] = {}


@dataclass(frozen=True)
class FeedPage:
    """Changed cards with their versions, the cursor to ask with next time, and whether more is waiting."""

    cards: list[dict[str, Any]]
    cursor: int
    more: bool


def build_cards_with(kind: str, builder: CardBuilder) -> None:
    """Let a feature build the bodies of a kind of card from its keys."""
    _builders[kind] = builder


def write_feed(cards: Iterable[tuple[str, str, str]], now: datetime) -> None:
    """Say that these cards (kind, key, scope) changed."""
    insert(_ITEMS, [_Item(kind, key, scope, now) for kind, key, scope in sorted(cards)])


def read_feed(after: int, scopes: Sequence[str], now: datetime) -> FeedPage:
    """Return up to PAGE changes past `after` in these scopes, and those shortly before it, newest version once."""
    visible = FeedItem.objects.filter(scope__in=["", *scopes])
    recent = visible.filter(id__lte=after, announced_at__gt=now - OVERLAP).order_by("-id")[:PAGE]
    fresh = list(visible.filter(id__gt=after).order_by("id")[: PAGE + 1])
    page = fresh[:PAGE]
    versions: dict[tuple[str, str], int] = {}
    for item in [*reversed(recent), *page]:
        versions[item.kind, item.key] = max(item.id, versions.get((item.kind, item.key), 0))
    cursor = page[-1].id if page else after
    return FeedPage(cards_of(versions), cursor, more=len(fresh) > PAGE)


def cards_of(versions: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    """Build the cards of these (kind, key) at these versions, in order of version."""
    bodies: dict[tuple[str, str], dict[str, Any]] = {}
    for kind in {kind for kind, _ in versions}:
        keys = [key for each, key in versions if each == kind]
        bodies.update({(kind, key): body for key, body in _builders[kind](keys).items()})
    return [
        {"kind": kind, "id": key, "version": version, "body": bodies.get((kind, key))}
        for (kind, key), version in sorted(versions.items(), key=lambda each: each[1])
    ]
