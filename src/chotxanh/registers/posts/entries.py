"""Posts as the office opens and closes them: payloads and storing, in any order of arrival."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.protocol.envelope import Code, Line, Time
from chotxanh.protocol.kinds import Happening, KindRow, Touched, follow, register
from chotxanh.registers.dated import OFFICE, Endings, check_times
from chotxanh.registers.posts.models import Post, PostClosing
from chotxanh.storage.rows import Table, upsert


class PostKind(StrEnum):
    """What a place of work is."""

    LANE = "lane"
    TABLE = "table"
    DESK = "desk"
    BENCH = "bench"


class PostOpened(msgspec.Struct, frozen=True):
    """A place of work opened within a site; deeds name it by the number of this entry."""

    site: Code
    site_name: Annotated[Line, Meta(min_length=1, max_length=200)]
    kind: PostKind
    name: Annotated[Line, Meta(min_length=1, max_length=100)]
    facility: Code
    road: Code | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    position: Annotated[int, Meta(ge=0, le=10_000)] = 0


class PostClosed(msgspec.Struct, frozen=True):
    """No shift begins at the post from a time on."""

    post: UUID
    at: Time


class PostRow(NamedTuple):
    """One post as it stands."""

    id: UUID
    site: str
    site_name: str
    kind: str
    name: str
    facility: str
    road: str
    latitude: float | None
    longitude: float | None
    position: int
    opened_at: datetime
    closed_at: datetime | None


class _ClosingRow(NamedTuple):
    id: UUID
    post: UUID
    at: datetime


POSTS = Table(Post, PostRow)
_CLOSINGS = Endings(Table(PostClosing, _ClosingRow), of="post")


def apply_opened(happenings: Sequence[Happening[PostOpened, None]], touched: Touched) -> None:
    """Store posts; deeds that named them before they were known are judged again."""
    upsert(POSTS, [_row(item) for item in happenings])
    _CLOSINGS.reckon(POSTS, "closed_at", [item.id for item in happenings])
    touched.judge_again("register", "posts")


def apply_closed(happenings: Sequence[Happening[PostClosed, None]], _touched: Touched) -> None:
    """Store closings; one that comes before its post waits for it."""
    _CLOSINGS.store([_ClosingRow(item.id, item.facts.post, item.facts.at) for item in happenings])
    _CLOSINGS.reckon(POSTS, "closed_at", [item.facts.post for item in happenings])


def register_kinds() -> None:
    """Declare the kinds this register owns."""
    register(OPENED, CLOSED)
    follow([PostOpened], apply_opened)
    follow([PostClosed], apply_closed)


def _row(item: Happening[PostOpened, None]) -> PostRow:
    facts = item.facts
    return PostRow(
        id=item.id,
        site=facts.site,
        site_name=facts.site_name,
        kind=facts.kind.value,
        name=facts.name,
        facility=facts.facility,
        road=facts.road or "",
        latitude=facts.latitude,
        longitude=facts.longitude,
        position=facts.position,
        opened_at=item.effective_at,
        closed_at=None,
    )


OPENED = KindRow(
    "post.opened",
    PostOpened,
    OFFICE,
    "A place of work opened within a site.",
    ("Mở vị trí làm việc", "Post opened"),
    {
        "site": "ql51-xe-tai",
        "site_name": "QL51 Phú Mỹ – chốt xe tải",
        "kind": "lane",
        "name": "Làn 1",
        "facility": "ttyt-phu-my",
        "road": "QL51",
        "latitude": 10.59,
        "longitude": 107.05,
        "position": 1,
    },
    changes_judging=True,
)
CLOSED = KindRow(
    "post.closed",
    PostClosed,
    OFFICE,
    "No shift begins at the post any more.",
    ("Đóng vị trí làm việc", "Post closed"),
    {"post": "017adaf0-0000-7000-8000-000000000046", "at": "2021-07-25T01:05:00.000Z"},
    check=check_times,
)
