"""Keeps aside, sealed, what was not authentic or not readable: kept and counted, never applied."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.keys.sealing import seal
from chotxanh.ledger.models import SET_ASIDE_CONTEXT, SetAside
from chotxanh.ledger.receiving import Received
from chotxanh.storage.rows import Table, insert_missing


class _Aside(NamedTuple):
    entry: UUID | None
    device: UUID | None
    problem: str
    received_at: datetime
    raw: bytes
    digest: bytes


_SET_ASIDE = Table(SetAside, _Aside)


def put_aside(refused: Sequence[tuple[Received, str]], received_at: datetime) -> None:
    """Keep what was sent with its problem. What this server wrote itself came over no wire and needs no keeping."""
    rows = [_row(received, problem, received_at) for received, problem in refused if received.raw]
    insert_missing(_SET_ASIDE, rows)


def _row(received: Received, problem: str, received_at: datetime) -> _Aside:
    body = received.body
    return _Aside(
        entry=body.id if body else None,
        device=body.device if body else None,
        problem=problem,
        received_at=received_at,
        raw=seal(received.raw, SET_ASIDE_CONTEXT),
        digest=hashlib.sha256(received.raw).digest(),
    )
