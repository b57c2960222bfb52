"""The demonstration: openly a scenario of July 2021, with the five checkpoints of the province's plan.

Source: the plan of the health department of Bà Rịa - Vũng Tàu for checkpoints, 25 July 2021.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from uuid import UUID, uuid4

from django.db.models import Q, QuerySet

from chotxanh.beside.office_sessions import end_office_sessions
from chotxanh.domain.kinds import Role
from chotxanh.domain.methods import Method
from chotxanh.domain.validity import Anchor
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.protocol.envelope import new_salt
from chotxanh.registers.devices.models import EnrolmentCode
from chotxanh.registers.devices.sessions import end_sessions_of
from chotxanh.registers.duties.entries import DutyOf, DutyPersonal, DutySet
from chotxanh.registers.duties.models import DutyNumber
from chotxanh.registers.facilities.entries import FacilityAuthorised, FacilityRegistered
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.posts.entries import PostKind, PostOpened
from chotxanh.registers.posts.models import Post
from chotxanh.registers.rules.entries import RuleEnacted
from chotxanh.registers.rules.models import Rule
from chotxanh.registers.staff.entries import GrantEnded, GrantGiven, MemberPersonal, MemberRegistered
from chotxanh.registers.staff.grants import grants_for, grants_of, is_in_force
from chotxanh.registers.staff.models import Member
from chotxanh.site.shipped import missing_meanings, missing_notice, missing_retention, missing_tests

AUTHORISED_BY = "Kịch bản trình diễn"
SCENARIO_BEGINS = datetime(2021, 7, 1, tzinfo=UTC)

FACILITIES = {
    "ttyt-phu-my": "Trung tâm Y tế thị xã Phú Mỹ",
    "ttyt-chau-duc": "Trung tâm Y tế huyện Châu Đức",
    "ttyt-xuyen-moc": "Trung tâm Y tế huyện Xuyên Mộc",
}
CONFIRMING = frozenset({"ttyt-phu-my"})  # allowed RT-PCR as well
# Invented: no subscriber's number in Viet Nam begins like these.
PROVINCE_NUMBER = "02540000100"
FACILITY_NUMBERS = {
    "ttyt-phu-my": "02540000101",
    "ttyt-chau-duc": "02540000102",
    "ttyt-xuyen-moc": "02540000103",
}
CHECKPOINTS = (
    ("ql51-xe-tai", "QL51 Phú Mỹ – chốt xe tải", "QL51", "ttyt-phu-my"),
    ("ql51-o-to", "QL51 Phú Mỹ – chốt ô tô", "QL51", "ttyt-phu-my"),
    ("ql51-xe-may", "QL51 Phú Mỹ – chốt xe máy", "QL51", "ttyt-phu-my"),
    ("ql56-chau-duc", "QL56 Châu Đức", "QL56", "ttyt-chau-duc"),
    ("ql55-xuyen-moc", "QL55 Xuyên Mộc", "QL55", "ttyt-xuyen-moc"),
)
LANES = ("Làn 1", "Làn 2")


@dataclass(frozen=True)
class Account:
    """A demonstration account; the password is printed by `up` and holds only in a demonstration."""

    username: str
    password: str
    full_name: str
    role: Role
    checkpoint: str = ""
    facility: str = ""
    methods: tuple[Method, ...] = ()


_RAPID, _BOTH = (Method.AG_RAPID,), tuple(Method)
ACCOUNTS = (
    Account("canbo", "chot-xanh-2021", "Trần Thị Mai", Role.OFFICER, "ql51-xe-tai", "ttyt-phu-my", _BOTH),
    Account(
        "canbo2", "chot-xanh-2021", "Lê Văn Hùng", Role.OFFICER, "ql56-chau-duc", "ttyt-chau-duc", _RAPID
    ),
    Account("tinhnguyen", "chot-xanh-2021", "Võ Thị Kim Thoa", Role.DATA_ENTRY, "ql51-xe-tai", "ttyt-phu-my"),
    Account("csgt", "chot-xanh-2021", "Trương Minh Khang", Role.TRAFFIC, "ql51-xe-tai", "ttyt-phu-my"),
    Account("kythuat", "chot-xanh-2021", "Phạm Ngọc Anh", Role.TECHNICIAN, "", "ttyt-phu-my", _BOTH),
    Account("truongca", "chot-xanh-2021", "Nguyễn Quốc Bảo", Role.LEAD, methods=_BOTH),
    Account("bacsi", "chot-xanh-2021", "Đỗ Thị Thanh Hà", Role.PHYSICIAN),
)
RULES = (
    (
        "goods-driver-72h",
        "goods_driver",
        "resulted",
        72,
        "Hướng dẫn của Bộ GTVT và Bộ Y tế, tháng 7/2021",
    ),
    (
        "coach-passenger-72h",
        "coach_passenger",
        "sampled",
        72,
        "Hướng dẫn của Bộ GTVT và Bộ Y tế, tháng 7/2021",
    ),
    (
        "general-72h",
        "",
        "sampled",
        72,
        "Quy định của UBND tỉnh Bà Rịa - Vũng Tàu, tháng 7/2021",
    ),
)


def lay_out_scenario(now: datetime) -> None:
    """Record what the demonstration lacks of facilities, checkpoints, tests, rules and accounts (UTC `now`)."""
    record_deeds(
        _missing_facilities()
        + _missing_posts()
        + missing_tests()
        + missing_meanings()
        + missing_retention(now)
        + missing_notice(now)
        + _missing_rules()
        + _missing_numbers(),
        now,
    )
    for account in ACCOUNTS:
        _open_account(account, now)


def end_scenario(now: datetime) -> None:
    """End what the demonstration's accounts may do from `now` (UTC) on: everybody knows their passwords."""
    members = _members_of_the_scenario()
    if not members.update(is_demonstration=True):
        return
    for member in members:
        end_sessions_of(member, now)
        end_office_sessions(member.id)
    grants = [grant for each in grants_of([member.id for member in members]).values() for grant in each]
    record_deeds([Deed(GrantEnded(grant.id, now)) for grant in grants if is_in_force(grant, now)], now)
    EnrolmentCode.objects.filter(created_by=None, used_by=None).delete()


def _members_of_the_scenario() -> QuerySet[Member]:
    """Those who have both the name to sign in by and the name of an account; nobody else is meant."""
    names = [Q(username=account.username, full_name=account.full_name) for account in ACCOUNTS]
    return Member.objects.filter(reduce(or_, names))


def _missing_facilities() -> list[Deed]:
    known = set(Facility.objects.values_list("code", flat=True))
    deeds: list[Deed] = []
    for code, name in FACILITIES.items():
        if code not in known:
            deeds.append(Deed(FacilityRegistered(code, name)))
            methods = list(_BOTH if code in CONFIRMING else _RAPID)
            deeds.append(Deed(FacilityAuthorised(code, SCENARIO_BEGINS, AUTHORISED_BY, methods)))
    return deeds


def _missing_posts() -> list[Deed]:
    known = set(Post.objects.values_list("site", flat=True))
    return [
        Deed(PostOpened(code, name, PostKind.LANE, lane, facility, road, position=position))
        for position, (code, name, road, facility) in enumerate(CHECKPOINTS)
        for lane in LANES
        if code not in known
    ]


def _missing_rules() -> list[Deed]:
    known = set(Rule.objects.values_list("code", flat=True))
    return [
        Deed(RuleEnacted(code, Anchor(anchor), hours, SCENARIO_BEGINS, reference, category or None))
        for code, category, anchor, hours, reference in RULES
        if code not in known
    ]


def _missing_numbers() -> list[Deed]:
    known = set(DutyNumber.objects.values_list("of", "code"))
    numbers = {(DutyOf.FACILITY, code): phone for code, phone in FACILITY_NUMBERS.items()}
    numbers[DutyOf.PROVINCE, DutyOf.PROVINCE.value] = PROVINCE_NUMBER
    return [
        Deed(DutySet(of, code, SCENARIO_BEGINS), DutyPersonal(new_salt(), phone))
        for (of, code), phone in numbers.items()
        if (of.value, code) not in known
    ]


def _open_account(account: Account, now: datetime) -> None:
    known = Member.objects.filter(username=account.username).first()
    if known is not None:
        if known.is_demonstration and not any(is_in_force(grant, now) for grant in grants_for(known)):
            record_deeds([_grant_of(account, known.id, now)], now)
        return
    id = uuid4()
    person = MemberPersonal(new_salt(), account.full_name)
    registered = Deed(MemberRegistered(id, account.username), person)
    record_deeds([registered, _grant_of(account, id, SCENARIO_BEGINS)], now)
    member = Member.objects.get(id=id)
    member.set_password(account.password)
    member.is_demonstration = True
    member.save(update_fields=["password", "is_demonstration"])


def _grant_of(account: Account, member: UUID, since: datetime) -> Deed:
    return Deed(
        GrantGiven(
            member,
            account.role,
            since,
            list(account.methods),
            facility=account.facility or None,
            site=account.checkpoint or None,
        )
    )
