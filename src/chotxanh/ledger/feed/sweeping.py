"""Takes out of the feed what has expired. Stations drop it by themselves; a page never shows it."""

from datetime import datetime

from chotxanh.domain.clocks import unix_ms
from chotxanh.storage.statements import carry_out
from chotxanh.storage.vendors import is_postgresql

# A subquery that locks is asked anew for each row where the planner loops, each time for as many rows as it may take.
_SWEEP_POSTGRESQL = """
WITH expired AS MATERIALIZED (
    SELECT id FROM ledger_feedcard WHERE expires_at_ms <= %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
DELETE FROM ledger_feedcard AS card USING expired WHERE card.id = expired.id
"""
_SWEEP_SQLITE = """
DELETE FROM ledger_feedcard WHERE id IN (
    SELECT id FROM ledger_feedcard WHERE expires_at_ms <= %s ORDER BY id LIMIT %s
)
"""


def sweep_feed(now: datetime, limit: int) -> int:
    """Delete up to `limit` rows that have expired by `now` (UTC); return how many. Zero says that none is left."""
    statement = _SWEEP_POSTGRESQL if is_postgresql() else _SWEEP_SQLITE
    return carry_out(statement, [unix_ms(now), limit])
