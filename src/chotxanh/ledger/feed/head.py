"""Where the feed stands: the node's epoch, the feed's epoch, and the last position that was given.

A rebuild begins a new feed, and stations fill themselves anew. A restored backup begins a new life of the node, and
stations also send again what they still keep.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chotxanh.storage.prepared import Ahead
from chotxanh.storage.statements import ask, ask_ahead, carry_out

EPOCH_BYTES = 6

COLUMNS = """
head.node_epoch, head.feed_epoch, head.position,
    (SELECT id FROM ledger_feedcard WHERE position IS NULL ORDER BY id LIMIT 1) IS NOT NULL
"""
_HEAD = f"SELECT {COLUMNS} FROM ledger_feedhead AS head WHERE head.id = 1"  # noqa: S608 -- constants
_EPOCH = "SELECT node_epoch FROM ledger_feedhead WHERE id = 1"
_BEGIN = """
INSERT INTO ledger_feedhead (id, node_epoch, feed_epoch, position) VALUES (1, %s, %s, 0) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Head:
    """`position` is the last one given; `has_unnumbered` says whether committed changes wait for theirs."""

    node_epoch: str
    feed_epoch: str
    position: int
    has_unnumbered: bool


def feed_head() -> Head:
    """Return where the feed stands; the first to ask an empty database begins it."""
    rows = ask(_HEAD)
    if not rows:
        carry_out(_BEGIN, [_new_epoch(), _new_epoch()])
        rows = ask(_HEAD)
    return head_of(rows[0])


def epoch_ahead() -> Ahead[str]:
    """Ask for the node's epoch alone: what a receipt names."""
    asked = ask_ahead(_EPOCH)
    return lambda: next((epoch for (epoch,) in asked()), None) or feed_head().node_epoch


def head_of(row: Sequence[Any]) -> Head:
    """Return the head whose COLUMNS a statement gave."""
    node_epoch, feed_epoch, position, has_unnumbered = row
    return Head(node_epoch, feed_epoch, position, bool(has_unnumbered))


def begin_feed() -> None:
    """Begin a new feed: every station fills itself anew. Positions go on, so that a card's version never falls."""
    feed_head()
    carry_out("UPDATE ledger_feedhead SET feed_epoch = %s WHERE id = 1", [_new_epoch()])


def continue_from(node_epoch: str, position: int) -> None:
    """Go on with a node's life in another database, as a new feed whose positions are above the last one given."""
    feed_head()
    carry_out(
        "UPDATE ledger_feedhead SET node_epoch = %s, position = %s WHERE id = 1", [node_epoch, position]
    )
    begin_feed()


def begin_node(ending: str) -> None:
    """Begin a new life of this node: stations fill themselves anew, and send again what they still keep.

    `ending` is the epoch that was found too old. Of several who find it at once one begins the new life.
    """
    carry_out(
        "UPDATE ledger_feedhead SET node_epoch = %s, feed_epoch = %s WHERE id = 1 AND node_epoch = %s",
        [_new_epoch(), _new_epoch(), ending],
    )


def _new_epoch() -> str:
    return secrets.token_hex(EPOCH_BYTES)
