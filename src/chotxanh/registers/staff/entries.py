"""Members and grants as the office records them: payloads and storing, in any order of arrival."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.kinds import Role
from chotxanh.domain.methods import Method, methods_said
from chotxanh.protocol.envelope import Code, Time
from chotxanh.protocol.kinds import Happening, KindRow, Touched, follow, register
from chotxanh.registers.dated import OFFICE, Endings, check_times
from chotxanh.registers.staff.models import Grant, GrantEnd, Leaving, Member
from chotxanh.registers.staff.naming import NAMINGS, NamingRow, latest_namings, name_anew, told_apart
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, add_missing, upsert

Methods = Annotated[list[Method], Meta(max_length=len(Method))]
Username = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9._-]{1,39}\Z")]


class MemberRegistered(msgspec.Struct, frozen=True):
    """Someone works for the department or one of its facilities, and signs in by this name."""

    member: UUID
    username: Username


class MemberPersonal(msgspec.Struct, frozen=True):
    """Who the member is."""

    salt: Annotated[str, Meta(min_length=20, max_length=64)]
    full_name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\A[^\x00-\x1f]+\Z")]
    phone: Annotated[str, Meta(max_length=20)] | None = None


class MemberLeft(msgspec.Struct, frozen=True):
    """The member works here no longer: every grant ends then."""

    member: UUID
    at: Time


class GrantGiven(msgspec.Struct, frozen=True):
    """A role for a member: at a post, at a site, for a facility, or in the whole province if none is named.

    `methods` are the ways of testing whose results the member may write and decide on: none of them without one.
    """

    member: UUID
    role: Role
    since: Time
    methods: Methods
    until: Time | None = None
    facility: Code | None = None
    site: Code | None = None
    post: UUID | None = None


class PasswordGiven(msgspec.Struct, frozen=True):
    """A member was handed a one-time password, the first or another; it stands in no entry."""

    member: UUID


class ResetFor(StrEnum):
    """Why a member's authenticator was forgotten."""

    LOST = "lost"
    REPLACED = "replaced"
    COPIED = "copied"
    OTHER = "other"


class SecondFactorReset(msgspec.Struct, frozen=True):
    """A member's authenticator was forgotten, so that another is set up; its secret stands in no entry."""

    member: UUID
    reason: ResetFor


class BadgeGiven(msgspec.Struct, frozen=True):
    """A member was given a badge with a first PIN, in place of an earlier one; neither stands in any entry."""

    member: UUID


class BadgeEnded(msgspec.Struct, frozen=True):
    """A member's badge opens nothing any more: it was lost, or handed back."""

    member: UUID


class GrantEnded(msgspec.Struct, frozen=True):
    """A grant ended; what was done before stays as it was."""

    grant: UUID
    at: Time


class GrantRow(NamedTuple):
    """One grant as authority is judged by it."""

    id: UUID
    member: UUID
    role: str
    facility: str
    site: str
    post: UUID | None
    methods: str
    valid_from: datetime
    until: datetime | None
    valid_to: datetime | None


class _EndRow(NamedTuple):
    id: UUID
    grant: UUID
    at: datetime


class _LeavingRow(NamedTuple):
    id: UUID
    member: UUID
    at: datetime


GRANTS = Table(Grant, GrantRow)
_ENDS = Endings(Table(GrantEnd, _EndRow), of="grant")
_LEAVINGS = Endings(Table(Leaving, _LeavingRow), of="member")


def apply_members(
    happenings: Sequence[Happening[MemberRegistered, MemberPersonal]], _touched: Touched
) -> None:
    """Keep accounts; the latest entry about a member stands, whatever came first, and no password is touched."""
    members = {item.facts.member for item in happenings}
    rows = [
        NamingRow(item.id, item.facts.member, item.facts.username, item.effective_at) for item in happenings
    ]
    add_missing(NAMINGS, rows)
    latest = latest_namings(members)
    for item in happenings:
        member, personal = item.facts.member, item.personal
        if latest[member].id != item.id:
            continue
        said = {
            "full_name": personal.full_name if personal else "",
            "phone": (personal.phone or "") if personal else "",
        }
        # The password opens nothing until the office sets one; the name is given at once.
        made = {"username": told_apart(item.facts.username, member), "password": "!"}
        Member.objects.update_or_create(id=member, defaults=said, create_defaults=said | made)
    name_anew(members)


def apply_leavings(happenings: Sequence[Happening[MemberLeft, None]], touched: Touched) -> None:
    """Store leavings; every grant of the member ends."""
    _LEAVINGS.store([_LeavingRow(item.id, item.facts.member, item.facts.at) for item in happenings])
    _reckon({item.facts.member for item in happenings})
    for item in happenings:
        touched.judge_again("member", str(item.facts.member))


def apply_grants(happenings: Sequence[Happening[GrantGiven, None]], touched: Touched) -> None:
    """Store grants."""
    add_missing(GRANTS, [_grant_row(item) for item in happenings])
    _reckon({item.facts.member for item in happenings})
    for item in happenings:
        touched.judge_again("member", str(item.facts.member))


def apply_ends(happenings: Sequence[Happening[GrantEnded, None]], touched: Touched) -> None:
    """Store ends of grants; one that comes before its grant waits for it."""
    _ENDS.store([_EndRow(item.id, item.facts.grant, item.facts.at) for item in happenings])
    ended = lookup(GRANTS, "id", [item.facts.grant for item in happenings])
    _reckon({grant.member for grant in ended})
    for grant in ended:
        touched.judge_again("member", str(grant.member))


def register_kinds() -> None:
    """Declare the kinds this register owns."""
    register(REGISTERED, LEFT, PASSWORD, RESET, BADGE, BADGE_ENDED, GIVEN, ENDED)
    follow([MemberRegistered], apply_members)
    follow([MemberLeft], apply_leavings)
    follow([GrantGiven], apply_grants)
    follow([GrantEnded], apply_ends)


def _reckon(members: Collection[UUID]) -> None:
    """Reckon anew until when each grant of these members holds."""
    grants = lookup(GRANTS, "member", list(members))
    ended, left = _ENDS.earliest([grant.id for grant in grants]), _LEAVINGS.earliest(members)
    changed = []
    for grant in grants:
        times = (ended.get(grant.id), left.get(grant.member), grant.until)
        valid_to = min((at for at in times if at), default=None)
        if valid_to != grant.valid_to:
            changed.append(grant._replace(valid_to=valid_to))
    upsert(GRANTS, changed)


def _grant_row(item: Happening[GrantGiven, Any]) -> GrantRow:
    facts = item.facts
    return GrantRow(
        id=item.id,
        member=facts.member,
        role=facts.role.value,
        facility=facts.facility or "",
        site=facts.site or "",
        post=facts.post,
        methods=methods_said(facts.methods),
        valid_from=facts.since,
        until=facts.until,
        valid_to=facts.until,
    )


_MEMBER = "017adaf0-0000-7000-8000-000000000042"
_AT = "2021-07-25T01:05:00.000Z"
REGISTERED = KindRow(
    "member.registered",
    MemberRegistered,
    OFFICE,
    "Someone works for the department or one of its facilities.",
    ("Ghi tên nhân viên", "Member of staff registered"),
    {"member": _MEMBER, "username": "canbo"},
    personal=MemberPersonal,
    example_personal={"salt": "AAECAwQFBgcICQoLDA0ODw", "full_name": "Trần Thị Mai", "phone": "+84912345678"},
)
LEFT = KindRow(
    "member.left",
    MemberLeft,
    OFFICE,
    "A member works here no longer; every grant ends then.",
    ("Nhân viên thôi việc", "Member of staff left"),
    {"member": _MEMBER, "at": _AT},
    check=check_times,
    changes_judging=True,
)
PASSWORD = KindRow(
    "password.given",
    PasswordGiven,
    OFFICE,
    "A member was handed a one-time password, by whom and when.",
    ("Cấp mật khẩu dùng một lần", "One-time password given"),
    {"member": _MEMBER},
)
RESET = KindRow(
    "second_factor.reset",
    SecondFactorReset,
    OFFICE,
    "A member's authenticator was forgotten, by whom, when and why.",
    ("Đặt lại mã xác thực", "Authenticator reset"),
    {"member": _MEMBER, "reason": "lost"},
)
BADGE = KindRow(
    "badge.given",
    BadgeGiven,
    OFFICE,
    "A member was given a badge with a first PIN, by whom and when.",
    ("Cấp thẻ ca trực", "Badge given"),
    {"member": _MEMBER},
)
BADGE_ENDED = KindRow(
    "badge.ended",
    BadgeEnded,
    OFFICE,
    "A member's badge opens nothing any more.",
    ("Hủy thẻ ca trực", "Badge ended"),
    {"member": _MEMBER},
)
GIVEN = KindRow(
    "grant.given",
    GrantGiven,
    OFFICE,
    "A member has a role at a place from a time on, and writes results of these methods.",
    ("Phân công", "Role assigned"),
    {
        "member": _MEMBER,
        "role": "officer",
        "since": _AT,
        "methods": ["ag_rapid"],
        "until": None,
        "facility": "ttyt-phu-my",
        "site": "ql51-xe-tai",
        "post": None,
    },
    check=check_times,
    changes_judging=True,
)
ENDED = KindRow(
    "grant.ended",
    GrantEnded,
    OFFICE,
    "A grant ended.",
    ("Thôi phân công", "Role ended"),
    {"grant": "017adaf0-0000-7000-8000-000000000044", "at": _AT},
    check=check_times,
    changes_judging=True,
)
