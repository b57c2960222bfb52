"""Writes which cards changed: one row a card and scope, without a number, as the last thing a transaction does."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import NamedTuple

from chotxanh.domain.clocks import unix_ms
from chotxanh.ledger.feed.dialects import dialect
from chotxanh.ledger.feed.numbering import number_in_place
from chotxanh.ledger.scopes import family_of
from chotxanh.protocol.showings import CardName, Showings
from chotxanh.storage.statements import ask, say
from chotxanh.storage.vendors import is_postgresql

_collected: ContextVar[Showings | None] = ContextVar("collected_showings", default=None)


class _Row(NamedTuple):
    """One card in one scope, as it is to stand."""

    kind: str
    key: str
    scope: str
    expires_at_ms: int
    is_gone: bool


@contextmanager
def write_feed_last(now: datetime) -> Iterator[None]:
    """Collect what `write_feed` is told while the block runs, and write it when the outermost such block ends.

    What a record decides is recorded within it; the rows of the feed are the last that a transaction locks.
    """
    if _collected.get() is not None:
        yield
        return
    showings = Showings()
    token = _collected.set(showings)
    try:
        yield
    finally:
        _collected.reset(token)
    write_feed(showings, now)


def write_feed(showings: Showings, now: datetime) -> None:
    """Say what changed about cards (UTC `now`): at once, or at the end of the block that collects it."""
    collected = _collected.get()
    if collected is not None:
        collected.add(showings)
        return
    rows = _rows(showings, unix_ms(now))
    if rows:
        _write(rows)


def _rows(showings: Showings, now_ms: int) -> list[_Row]:
    held: dict[CardName, dict[str, _Row]] = {}
    unnumbered = set()
    for row, waits in _held(sorted(showings.changed)):
        held.setdefault(CardName(row.kind, row.key), {})[row.scope] = row
        if waits:
            unnumbered.add(row)
    # A row that waits for its number waits until this transaction ends, which holds its lock: it tells of this too.
    return [
        row
        for card in sorted(showings.changed)
        for row in _rows_of(card, held.get(card, {}), showings, now_ms)
        if row not in unnumbered
    ]


def _rows_of(card: CardName, held: Mapping[str, _Row], showings: Showings, now_ms: int) -> list[_Row]:
    """Return the rows of one card as they are to stand, sorted by scope; where nothing holds it now, nothing begins."""
    alive = {
        scope: row.expires_at_ms
        for scope, row in held.items()
        if not row.is_gone and row.expires_at_ms > now_ms
    }
    wanted = dict(alive)
    for family, scopes in showings.exact.get(card, {}).items():
        wanted = {scope: until for scope, until in wanted.items() if family_of(scope) != family}
        wanted |= {scope: unix_ms(until) for scope, until in scopes.items()}
    for scope, until in showings.longer.get(card, {}).items():
        wanted[scope] = max(unix_ms(until), wanted.get(scope, 0))
    rows = [_Row(*card, scope, until, is_gone=False) for scope, until in wanted.items() if until > now_ms]
    rows += [
        _Row(*card, scope, until, is_gone=True)
        for scope, until in alive.items()
        if wanted.get(scope, 0) <= now_ms
    ]
    return sorted(rows)


def _held(cards: Sequence[CardName]) -> list[tuple[_Row, bool]]:
    """Return and lock the rows of these cards (sorted, not repeated), each with whether it waits for its number."""
    if not cards:
        return []
    speech = dialect()
    rows = ask(speech.held, speech.columns(cards))
    return [(_Row(*card)._replace(is_gone=bool(card[-1])), bool(waits)) for *card, waits in rows]


def _write(rows: Sequence[_Row]) -> None:
    speech = dialect()
    say(speech.write, speech.columns(rows))
    if not is_postgresql():
        number_in_place()
