"""What somebody is in the middle of typing: kept for an hour under a secret name, sealed, gone once it was sent.

So every POST ends in a redirect: Back shows what was typed and never the browser's own error page, and after sending it
shows nothing of the last person.
"""

import itertools
from datetime import datetime, timedelta

from chotxanh.beside.router import beside
from chotxanh.domain.clocks import unix_ms
from chotxanh.keys.sealing import SealBroken, blind_index, seal, unseal
from chotxanh.storage.statements import ask, carry_out, say

DRAFT_LIFE = timedelta(hours=1)
LONGEST_DRAFT_BYTES = 16_384  # ten people of one vehicle
LONGEST_LIST_BYTES = 2 << 20
PRUNE_EVERY = 100

_KEEP = """
    INSERT INTO beside_draft (key, sealed, expires_at_ms) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed, expires_at_ms = excluded.expires_at_ms
"""
_READ = "SELECT sealed FROM beside_draft WHERE key = %s AND expires_at_ms > %s"
_PRUNE = "DELETE FROM beside_draft WHERE expires_at_ms <= %s"
_kept = itertools.count(1)


def keep_draft(name: str, content: bytes, now: datetime) -> bool:
    """Keep `content` under a secret name (a random token) from `now` (UTC); False if it is too long to be kept."""
    if len(content) > LONGEST_DRAFT_BYTES:
        return False
    if next(_kept) % PRUNE_EVERY == 0:
        _forget_old(now)
    replace_draft(name, content, now)
    return True


def keep_list(name: str, content: bytes, now: datetime) -> bool:
    """Keep a list of people likewise: it is longer, and those whose hour is over go at once."""
    if len(content) > LONGEST_LIST_BYTES:
        return False
    _forget_old(now)
    replace_draft(name, content, now)
    return True


def _forget_old(now: datetime) -> None:
    carry_out(_PRUNE, (unix_ms(now),), database=beside())


def replace_draft(name: str, content: bytes, now: datetime) -> None:
    """Keep what is short likewise; in a transaction of this database it goes with what follows it."""
    key = _key(name)
    say(_KEEP, (key, seal(content, key), unix_ms(now + DRAFT_LIFE)), database=beside())


def draft_of(name: str, now: datetime) -> bytes | None:
    """Return what was kept under a name, if it is no older than an hour."""
    key = _key(name)
    rows = ask(_READ, (key, unix_ms(now)), database=beside())
    try:
        return unseal(bytes(rows[0][0]), key) if rows else None
    except SealBroken:  # the key it was sealed by is gone
        return None


def _key(name: str) -> bytes:
    return blind_index("draft", name)
