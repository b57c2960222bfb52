"""Locks on aggregates: taken rank by rank and in sorted order, so that two transactions cannot wait in a ring.

PostgreSQL's advisory locks are two numbers. The first carries the schema: two provinces in one database never wait for
each other. The second is a stripe of 31 bits: 8 batches of 1,008 people each found 65,536 stripes always taken.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import TypeVar

from chotxanh.protocol.ranks import Rank
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.statements import ask_ahead, say
from chotxanh.storage.vendors import is_postgresql

T = TypeVar("T")
STRIPE_BITS = 31
# Above this many keys one lock on the whole rank is cheaper, and PostgreSQL's lock table is finite.
MOST_STRIPES = 256
WHOLE = -1
LEDGER = 0
_CLASS = "hashtext(current_schema() || '/ledger/' || %s::int)"

# Whether this transaction is in the ledger (False: beside others, True: alone); None outside.
_is_alone: ContextVar[bool | None] = ContextVar("is_alone_in_the_ledger", default=None)


def in_ledger(*, is_alone: bool) -> AbstractContextManager[None]:
    """Record beside others, or alone. The block must lie in a transaction, until whose end the lock is held.

    What changes how entries not yet seen are judged (a ruling, an erasure) and what arrives meanwhile would not see
    each other; so would the sealing of an entry and the dropping of the key that sealed it.
    """
    return asking_in_ledger(_nothing, is_alone=is_alone)


@contextmanager
def asking_in_ledger(ask: Callable[[], Ahead[T]], *, is_alone: bool) -> Iterator[T]:
    """Be in the ledger likewise, and give the answer to what `ask` asks ahead: it goes with the lock, behind it.

    When the block begins the lock is held: what follows may read a file, such as the key ring's, that only those
    alone here change.
    """
    was_alone = _is_alone.get()
    if was_alone is None or is_alone > was_alone:
        held = _take_ledger(is_alone=is_alone)
        answer = ask()
        held()
    else:
        answer = ask()
    token = _is_alone.set(is_alone or bool(was_alone))
    try:
        yield answer()
    finally:
        _is_alone.reset(token)


def lock(rank: Rank, keys: Iterable[str]) -> None:
    """Hold the locks of these aggregates until the transaction ends.

    Alone in the ledger nobody else is there to be kept out; SQLite has one writer and needs no locks.
    """
    if not is_postgresql() or _is_alone.get():
        return
    stripes = sorted({stripe_of(key) for key in keys})
    if len(stripes) > MOST_STRIPES:
        say(f"SELECT pg_advisory_xact_lock({_CLASS}, {WHOLE})", [rank])
    elif stripes:
        shared = f"SELECT pg_advisory_xact_lock_shared({_CLASS}, {WHOLE})"
        each = f"SELECT pg_advisory_xact_lock({_CLASS}, stripe)"
        say(f"{shared} UNION ALL {each} FROM unnest(%s::int[]) AS stripe", [rank, rank, stripes])


def stripe_of(key: str) -> int:
    """Return the stripe of an aggregate; two that share one only wait for each other."""
    digest = hashlib.blake2b(key.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") >> (32 - STRIPE_BITS)


def _take_ledger(*, is_alone: bool) -> Ahead[object]:
    if not is_postgresql():
        return _nothing
    function = "pg_advisory_xact_lock" if is_alone else "pg_advisory_xact_lock_shared"
    return ask_ahead(f"SELECT {function}({_CLASS}, {WHOLE})", [LEDGER])


def _nothing() -> Ahead[None]:
    return lambda: None
