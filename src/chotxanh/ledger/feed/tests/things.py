"""Cards of an invented kind, and a station that reads them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from chotxanh.ledger.feed.cards import Card
from chotxanh.ledger.feed.pages import FeedPage, read_feed
from chotxanh.ledger.feed.writing import write_feed
from chotxanh.protocol.showings import CardName, Showings
from tests.cast import EVENING

THING = "thing"
HERE = "post:here"
ELSEWHERE = "post:elsewhere"
ROAD = "road:here"
LATER = EVENING + timedelta(hours=72)


class Thing(msgspec.Struct, frozen=True):
    """The body of an invented card."""

    name: str


def things(keys: Sequence[str]) -> dict[str, Thing]:
    """Build the bodies; what is called `lost...` no longer exists."""
    return {key: Thing(key) for key in keys if not key.startswith("lost")}


def show(*keys: str, scope: str = HERE, until: datetime = LATER, now: datetime = EVENING) -> None:
    """Let a scope hold these cards, in a transaction of its own."""
    showings = Showings()
    for key in keys:
        showings.show(CardName(THING, key), scope, until)
    with transaction.atomic():
        write_feed(showings, now)


def show_only(key: str, family: str, scopes: dict[str, datetime]) -> None:
    """Let exactly these scopes of a family hold a card."""
    showings = Showings()
    showings.show_only(CardName(THING, key), family, scopes)
    with transaction.atomic():
        write_feed(showings, EVENING)


@dataclass
class Reader:
    """Keeps what a station keeps: the newest version of each card, forgotten at a snapshot."""

    scopes: Sequence[str] = (HERE, ROAD)
    cursor: str = ""
    held: dict[str, Card] = field(default_factory=dict)
    epoch: str = ""

    def page(self, now: datetime = EVENING) -> FeedPage:
        """Read one page."""
        page = read_feed(self.cursor, self.scopes, now)
        self.cursor, self.epoch = page.cursor, page.epoch
        if page.is_snapshot:
            self.held.clear()
        self.keep(page.cards)
        return page

    def keep(self, cards: Iterable[Card]) -> None:
        """Keep the newest of each."""
        for card in cards:
            if card.id not in self.held or self.held[card.id].version < card.version:
                self.held[card.id] = card

    def read(self, now: datetime = EVENING) -> list[FeedPage]:
        """Read on to the end; return the pages."""
        pages = [self.page(now)]
        while pages[-1].has_more:
            pages.append(self.page(now))
        return pages

    def alive(self) -> set[str]:
        """Return the keys of the cards that are there."""
        return {key for key, card in self.held.items() if card.body is not None}


def ids_of(pages: Sequence[FeedPage]) -> list[str]:
    """Return the keys of all cards on these pages, in their order."""
    return [card.id for page in pages for card in page.cards]
