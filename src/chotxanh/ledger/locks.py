"""Locks on aggregates: taken level by level and in sorted order, so that two transactions cannot wait in a ring."""

import hashlib
from collections.abc import Iterable

from django.db import connection

from chotxanh.protocol.ranks import Rank
from chotxanh.storage.rows import server_cursor

STRIPES = 1 << 16
# Above this many keys one lock on the whole level is cheaper, and PostgreSQL's lock table is finite.
MOST_STRIPES = 1024


def lock(level: Rank, keys: Iterable[str]) -> None:
    """Hold the locks of these aggregates until the transaction ends. SQLite has one writer and needs none."""
    if connection.vendor != "postgresql":
        return
    stripes = sorted({_stripe(key) for key in keys})
    with server_cursor() as cursor:
        if len(stripes) > MOST_STRIPES:
            cursor.execute("SELECT pg_advisory_xact_lock(%s::int, -1)", [int(level)])
        elif stripes:
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(%s::int, -1) UNION ALL "
                "SELECT pg_advisory_xact_lock(%s::int, stripe) FROM unnest(%s::int[]) AS stripe",
                [int(level), int(level), stripes],
            )


def enter_ledger(*, is_alone: bool) -> None:
    """Record beside others, or alone, until the transaction ends.

    What changes how entries not yet seen are judged (a shift, a verdict, an erasure) and what arrives meanwhile
    would not see each other; so would the sealing of an entry and the dropping of the key that sealed it.
    """
    if connection.vendor == "postgresql":
        function = "pg_advisory_xact_lock" if is_alone else "pg_advisory_xact_lock_shared"
        with server_cursor() as cursor:
            cursor.execute(f"SELECT {function}(0, -1)".encode())


def _stripe(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=2).digest(), "big") % STRIPES
