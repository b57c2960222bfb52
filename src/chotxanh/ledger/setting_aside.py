"""Keeps aside, sealed, what was not authentic or not readable: kept and counted, never applied."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from chotxanh.beside.limits import UNAUTHENTIC_ENTRIES, UNAUTHENTIC_ENTRIES_TOGETHER
from chotxanh.beside.networks import Network
from chotxanh.beside.throttle import take
from chotxanh.domain.problems import Problem
from chotxanh.keys.sealing import seal
from chotxanh.ledger.erasing import is_of_erased
from chotxanh.ledger.models import SET_ASIDE_CONTEXT, SetAside
from chotxanh.ledger.receiving import Received
from chotxanh.storage.rows import Table, add_missing


class _Aside(NamedTuple):
    entry: UUID | None
    device: UUID | None
    problem: str
    received_at: datetime
    raw: bytes
    digest: bytes


# What nobody vouches for: anyone may have sent it, in any number.
UNAUTHENTIC = frozenset({"device_unknown", "entry_unreadable", "personal_altered", "signature_invalid"})
LONGEST_UNAUTHENTIC_BYTES = 4096
UNAUTHENTIC_KEPT = timedelta(days=7)
_SET_ASIDE = Table(SetAside, _Aside)


def put_aside(refused: Sequence[tuple[Received, str]], received_at: datetime) -> None:
    """Keep what was sent with its problem. What has no text is not kept: it is beyond a quota, or this server's own."""
    rows = [_row(received, problem, received_at) for received, problem in refused if received.raw]
    add_missing(_SET_ASIDE, rows)


def keep_within_quota(received: Sequence[Received], sender: Network, received_at: datetime) -> list[Received]:
    """Cut what no enrolled device signed to its beginning, and leave out what is beyond the sender's quota."""
    kept = []
    has_quota = True
    for each in received:
        if each.problem not in UNAUTHENTIC:
            kept.append(each)
            continue
        has_quota = has_quota and _is_within_quota(sender, received_at)
        kept.append(replace(each, raw=each.raw[:LONGEST_UNAUTHENTIC_BYTES] if has_quota else b""))
    return kept


def _is_within_quota(sender: Network, now: datetime) -> bool:
    try:
        own = take(UNAUTHENTIC_ENTRIES, sender, now)
    except Problem:
        return False
    try:
        take(UNAUTHENTIC_ENTRIES_TOGETHER, "all", now)
    except Problem:
        own.give_back()
        return False
    return True


def _row(received: Received, problem: str, received_at: datetime) -> _Aside:
    body = received.body
    return _Aside(
        entry=body.id if body else None,
        device=body.device if body else None,
        problem=problem,
        received_at=received_at,
        raw=b"" if is_of_erased(received.raw) else seal(received.raw, SET_ASIDE_CONTEXT),
        digest=hashlib.sha256(received.raw).digest(),
    )


def forget_set_aside(before: datetime) -> int:
    """Forget what was set aside before a moment (UTC), but for its digest and problem; return how much."""
    return SetAside.objects.filter(received_at__lt=before).exclude(raw=b"").update(raw=b"")


def purge_unauthentic(now: datetime) -> int:
    """Delete what nobody vouched for once it has been kept for long enough (UTC `now`); return how many rows."""
    over = SetAside.objects.filter(problem__in=UNAUTHENTIC, received_at__lt=now - UNAUTHENTIC_KEPT)
    return over.delete()[0]
