"""Reads the feed: what changed since a cursor in the scopes of one station, or all of it from the beginning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from chotxanh.domain.clocks import unix_ms
from chotxanh.ledger.feed.cards import Card, bodies_of
from chotxanh.ledger.feed.cursors import read_cursor, write_cursor
from chotxanh.ledger.feed.dialects import dialect
from chotxanh.ledger.feed.head import Head, feed_head
from chotxanh.ledger.feed.numbering import number_changes
from chotxanh.ledger.feed.witness import begin_new_life
from chotxanh.protocol.showings import CardName
from chotxanh.storage.statements import ask

PAGE = 500
PAGE_BYTES = 400_000
MOST_CARDS = 40_000
# A snapshot begins with these, those that are held longest before the others: open tubes are.
FIRST_KIND = "tube"
LOOKED_UP_FOR = timedelta(hours=12)

Versions: TypeAlias = Mapping[CardName, int]


@dataclass(frozen=True)
class FeedPage:
    """Changed cards by version, the cursor to ask with next time, and whether more is waiting.

    With `is_snapshot` the station forgets every card it holds before it takes these. `epoch` is the node's.
    """

    epoch: str
    cards: Sequence[Card]
    cursor: str
    has_more: bool = False
    is_snapshot: bool = False


def read_feed(after: str, scopes: Sequence[str], now: datetime, head: Head | None = None) -> FeedPage:
    """Return the next page for a station that read up to the cursor `after`. Raises Problem("cursor_invalid").

    A cursor of another life of the feed is answered with a snapshot from the beginning of this one. `head` is where
    the feed stood a moment ago, if that was asked already.
    """
    cursor, head = read_cursor(after), _numbered(head or feed_head(), now)
    if cursor is not None and cursor.epoch == head.feed_epoch:
        if cursor.position == head.position:
            return FeedPage(head.node_epoch, (), after)
        if cursor.position < head.position:
            return _changes(head, cursor.position, scopes, unix_ms(now))
        if cursor.is_ours():  # the database is older than what its stations were given: it was restored
            begin_new_life(head.node_epoch)
            head = feed_head()
    return _snapshot(head, scopes, unix_ms(now))


def read_card(name: CardName, head: Head, now: datetime) -> Card | None:
    """Return one card on demand, None where nothing is known of it. A station keeps it for LOOKED_UP_FOR.

    `head` was asked before the body, which is then at least as new as the version it is given.
    """
    body = bodies_of([name]).get(name)
    if body is None:
        return None
    return Card(name.kind, name.key, head.position, unix_ms(now + LOOKED_UP_FOR), body)


def _numbered(head: Head, now: datetime) -> Head:
    return feed_head() if head.has_unnumbered and number_changes(now) else head


def _changes(head: Head, position: int, scopes: Sequence[str], now_ms: int) -> FeedPage:
    """Read what was numbered after `position`. All of it up to the head was committed before the head was read."""
    speech = dialect()
    rows = ask(speech.changed, [speech.texts(scopes), position, now_ms, PAGE])[:PAGE]
    versions = {CardName(kind, key): place for kind, key, place in rows}
    cards, is_cut = _within_bytes(_cards(versions, scopes, now_ms))
    has_more = is_cut or len(rows) == PAGE
    last = cards[-1].version if is_cut else rows[-1][2] if rows else position
    reached = last if has_more else max(head.position, last)
    return FeedPage(head.node_epoch, cards, write_cursor(head.feed_epoch, reached), has_more)


def _snapshot(head: Head, scopes: Sequence[str], now_ms: int) -> FeedPage:
    """Begin anew: what matters most at once, then everything by position, without what is beyond MOST_CARDS."""
    speech = dialect()
    names = speech.texts(scopes)
    start = ask(speech.start, [names, now_ms, MOST_CARDS - 1])
    first = ask(speech.first, [names, FIRST_KIND, now_ms, PAGE])
    cards, _ = _within_bytes(
        _cards({CardName(kind, key): place for kind, key, place in first}, scopes, now_ms)
    )
    cursor = write_cursor(head.feed_epoch, start[0][0] if start else 0)
    return FeedPage(head.node_epoch, cards, cursor, has_more=head.position > 0, is_snapshot=True)


def _cards(versions: Versions, scopes: Sequence[str], now_ms: int) -> list[Card]:
    """Build cards in the order of their versions.

    What left one scope of the station may still be held by another; what another holds further on comes there.
    """
    if not versions:
        return []
    speech = dialect()
    values = [*speech.columns(list(versions)), speech.texts(scopes), now_ms]
    held = {
        CardName(kind, key): (until, newest) for kind, key, until, newest in ask(speech.held_until, values)
    }
    here = {name: place for name, place in versions.items() if (held.get(name, (0, 0))[1] or 0) <= place}
    bodies = bodies_of(name for name in here if name in held)
    cards = [
        Card(name.kind, name.key, version, held.get(name, (now_ms, 0))[0], bodies.get(name))
        for name, version in here.items()
    ]
    return sorted(cards, key=lambda card: card.version)


def _within_bytes(cards: Sequence[Card]) -> tuple[Sequence[Card], bool]:
    """Return as many cards as a page may have bytes, at least one, and whether some were left for the next page."""
    total = 0
    for count, card in enumerate(cards):
        total += len(bytes(card.body)) if card.body is not None else 0
        if total > PAGE_BYTES and count:
            return cards[:count], True
    return cards, False
