"""The feed's statements as each database speaks them. A list is one value: an array in PostgreSQL, JSON in SQLite."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chotxanh.storage.rows import as_json
from chotxanh.storage.vendors import is_postgresql


@dataclass(frozen=True)
class Dialect:
    """`held`: cards; `write`: rows; `changed`: scopes, position, now, limit; `held_until`: cards, scopes, now.

    `first`: scopes, kind, now, limit; `start`: scopes, now, offset. Times are in Unix ms.
    """

    held: str
    write: str
    changed: str
    held_until: str
    first: str
    start: str

    def columns(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """Return what a statement takes for rows: one value a column, or one for all."""
        return [list(column) for column in zip(*rows, strict=True)] if self is POSTGRESQL else [as_json(rows)]

    def texts(self, texts: Sequence[str]) -> Any:
        """Return what a statement takes for a list of texts."""
        return list(texts) if self is POSTGRESQL else as_json(texts)


# `held` locks card after card in the order they are named: by the index whatever PostgreSQL thinks the table holds.
POSTGRESQL = Dialect(
    held="""
SELECT held.kind, held.key, held.scope, held.expires_at_ms, held.is_gone, held.position IS NULL
FROM unnest(%s::text[], %s::text[]) AS named(kind, key) CROSS JOIN LATERAL (
    SELECT kind, key, scope, expires_at_ms, is_gone, position FROM ledger_feedcard AS card
    WHERE card.kind = named.kind AND card.key = named.key ORDER BY scope FOR UPDATE
) AS held
""",
    write="""
INSERT INTO ledger_feedcard (kind, key, scope, expires_at_ms, is_gone)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::boolean[])
ON CONFLICT (kind, key, scope)
DO UPDATE SET position = NULL, expires_at_ms = EXCLUDED.expires_at_ms, is_gone = EXCLUDED.is_gone
""",
    changed="""
SELECT changed.kind, changed.key, changed.position
FROM unnest(%s::text[]) AS read(scope) CROSS JOIN LATERAL (
    SELECT kind, key, position FROM ledger_feedcard AS card
    WHERE card.scope = read.scope AND position > %s AND expires_at_ms > %s ORDER BY position LIMIT %s
) AS changed ORDER BY changed.position
""",
    held_until="""
SELECT kind, key, max(expires_at_ms), max(position) FROM ledger_feedcard
WHERE (kind, key) IN (SELECT kinds, keys FROM unnest(%s::text[], %s::text[]) AS named(kinds, keys))
AND scope = ANY(%s) AND NOT is_gone AND expires_at_ms > %s GROUP BY kind, key
""",
    first="""
SELECT kind, key, position FROM ledger_feedcard
WHERE scope = ANY(%s) AND kind = %s AND position > 0 AND NOT is_gone AND expires_at_ms > %s
ORDER BY expires_at_ms DESC LIMIT %s
""",
    start="""
SELECT position - 1 FROM ledger_feedcard
WHERE scope = ANY(%s) AND position > 0 AND NOT is_gone AND expires_at_ms > %s
ORDER BY position DESC OFFSET %s LIMIT 1
""",
)

SQLITE = Dialect(
    held="""
SELECT kind, key, scope, expires_at_ms, is_gone, position IS NULL FROM ledger_feedcard
WHERE (kind, key) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s))
""",
    write="""
INSERT INTO ledger_feedcard (kind, key, scope, expires_at_ms, is_gone)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
    json_extract(value, '$[3]'), json_extract(value, '$[4]')
FROM json_each(%s) WHERE true
ON CONFLICT (kind, key, scope)
DO UPDATE SET position = NULL, expires_at_ms = EXCLUDED.expires_at_ms, is_gone = EXCLUDED.is_gone
""",
    changed="""
SELECT kind, key, position FROM ledger_feedcard
WHERE scope IN (SELECT value FROM json_each(%s)) AND position > %s AND expires_at_ms > %s
ORDER BY position LIMIT %s
""",
    held_until="""
SELECT kind, key, max(expires_at_ms), max(position) FROM ledger_feedcard
WHERE (kind, key) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s))
AND scope IN (SELECT value FROM json_each(%s)) AND NOT is_gone AND expires_at_ms > %s GROUP BY kind, key
""",
    first="""
SELECT kind, key, position FROM ledger_feedcard
WHERE scope IN (SELECT value FROM json_each(%s)) AND kind = %s AND position > 0 AND NOT is_gone
AND expires_at_ms > %s ORDER BY expires_at_ms DESC LIMIT %s
""",
    start="""
SELECT position - 1 FROM ledger_feedcard
WHERE scope IN (SELECT value FROM json_each(%s)) AND position > 0 AND NOT is_gone AND expires_at_ms > %s
ORDER BY position DESC LIMIT 1 OFFSET %s
""",
)


def dialect() -> Dialect:
    """Return how the database in use is spoken to."""
    return POSTGRESQL if is_postgresql() else SQLITE
