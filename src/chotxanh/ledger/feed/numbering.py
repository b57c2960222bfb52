"""Gives positions to changes once they are committed, so that whoever read up to a position has missed nothing."""

from datetime import datetime

from django.db import transaction

from chotxanh.ledger.feed.head import feed_head
from chotxanh.ledger.feed.witness import remember_position
from chotxanh.storage.statements import ask, carry_out
from chotxanh.storage.vendors import is_postgresql

SLICE = 5000

# Whoever holds this row is the one numberer; the others leave the work to it.
_TAKE_TURN = "SELECT position FROM ledger_feedhead WHERE id = 1 FOR UPDATE SKIP LOCKED"
_NUMBER_POSTGRESQL = """
WITH fresh AS MATERIALIZED (
    SELECT id FROM ledger_feedcard WHERE position IS NULL ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
), placed AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM fresh
)
UPDATE ledger_feedcard AS card SET position = %s + placed.place FROM placed WHERE card.id = placed.id
"""
_NUMBER_SQLITE = """
UPDATE ledger_feedcard SET position = placed.place + (SELECT position FROM ledger_feedhead WHERE id = 1)
FROM (
    SELECT id AS fresh, row_number() OVER (ORDER BY id) AS place FROM ledger_feedcard WHERE position IS NULL
) AS placed
WHERE ledger_feedcard.id = placed.fresh
"""
_ADVANCE = "UPDATE ledger_feedhead SET position = position + %s WHERE id = 1"


def number_changes(now: datetime) -> int:
    """Give positions to every committed change that has none; return how many got one.

    A change whose row is still being written waits for the next time; so does all of it while another one numbers.
    """
    if not is_postgresql():
        with transaction.atomic():
            total = number_in_place()
    else:
        total = _number_slices()
    if total:
        remember_position(now)
    return total


def number_waiting(now: datetime) -> int:
    """Number what waits, if anything does: a poll that found much of it would pay for everybody (UTC `now`)."""
    return number_changes(now) if is_postgresql() and feed_head().has_unnumbered else 0


def number_in_place() -> int:
    """Number within the transaction that writes: SQLite has one writer, so the order of writing is that of commits."""
    feed_head()
    count = carry_out(_NUMBER_SQLITE)
    if count:
        carry_out(_ADVANCE, [count])
    return count


def _number_slices() -> int:
    feed_head()  # begins the feed of an empty database
    total, count = 0, SLICE
    while count == SLICE:
        with transaction.atomic():
            count = _number_slice()
        total += count
    return total


def _number_slice() -> int:
    turn = ask(_TAKE_TURN)
    if not turn:
        return 0
    count = carry_out(_NUMBER_POSTGRESQL, [SLICE, turn[0][0]])
    if count:
        carry_out(_ADVANCE, [count])
    return count
