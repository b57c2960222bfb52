"""The server's clock was ahead and was put right: a person's word, by which times of receipt may fall once.

Without it everything received after would have to carry the time to which the clock ran, and no paper could rest on it
until that day has come.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from chotxanh.ledger.models import ClockPutRight
from chotxanh.protocol.envelope import Line, Time
from chotxanh.protocol.kinds import PROVINCE, Happening, KindRow, Touched, Who, follow, register
from chotxanh.storage.rows import Table, add_missing


class ServerClockPutRight(msgspec.Struct, frozen=True):
    """What this server received after `since`, dated up to `until`, it received while its clock was ahead."""

    since: Time
    until: Time
    reason: Line


class _Row(NamedTuple):
    id: UUID
    since: datetime
    until: datetime


_PUT_RIGHT = Table(ClockPutRight, _Row)


def apply_put_right(happenings: Sequence[Happening[ServerClockPutRight, None]], _touched: Touched) -> None:
    """Store which times of receipt are not held against the clock any more."""
    add_missing(_PUT_RIGHT, [_Row(item.id, item.facts.since, item.facts.until) for item in happenings])


def register_kinds() -> None:
    """Declare the kind."""
    register(PUT_RIGHT)
    follow([ServerClockPutRight], apply_put_right)


PUT_RIGHT = KindRow(
    "server_clock.put_right",
    ServerClockPutRight,
    Who(nodes=PROVINCE),
    "The server's clock was ahead and was put right: what it received meanwhile binds no later time of receipt.",
    ("Chỉnh lại đồng hồ máy chủ", "Server's clock put right"),
    {
        "since": "2021-07-25T01:05:00.000Z",
        "until": "2022-02-10T01:05:00.000Z",
        "reason": "Pin đồng hồ máy chủ hết, đã thay",
    },
)
