"""Brings the rows of some aggregates to what they should be, writing only what differs."""

from collections.abc import Collection, Sequence
from typing import Any

from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Row, Table, upsert


def replace_rows(table: Table[Row], key: str, values: Collection[Any], wanted: Sequence[Row]) -> list[Row]:
    """Let `wanted` be all rows whose column `key` is among `values`; return those written or deleted.

    The first column names a row.

    Mostly nothing changes, or something is new: then nothing is deleted, and what is equal is not written again.
    """
    stored = {row[0]: row for row in lookup(table, key, values)}
    written = [row for row in wanted if stored.get(row[0]) != row]
    upsert(table, written)
    gone = stored.keys() - {row[0] for row in wanted}
    if gone:
        table.model._default_manager.filter(pk__in=gone).delete()
    return written + [stored[name] for name in gone]
