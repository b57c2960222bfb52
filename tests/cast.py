"""The fixed cast of every test: who drives, who samples, who tests, who leads, and where they stand."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.kinds import Role
from chotxanh.domain.methods import Method
from chotxanh.domain.pools import LARGEST_POOL
from chotxanh.domain.questionnaire import NOTICE_VERSION, QUESTIONS
from chotxanh.domain.validity import Anchor
from chotxanh.domain.works import TESTERS
from chotxanh.ledger.authority_changes import JUDGE_AGAIN
from chotxanh.ledger.models import Rejudging
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.ledger.worker.models import Errand
from chotxanh.protocol.envelope import new_salt
from chotxanh.registers.devices.node import enrol_node
from chotxanh.registers.facilities.entries import FacilityAuthorised, FacilityRegistered
from chotxanh.registers.kits.entries import KitListed, PoolProtocol
from chotxanh.registers.posts.entries import PostKind, PostOpened
from chotxanh.registers.rules.entries import RULE_CHANGED, RuleEnacted
from chotxanh.registers.staff.entries import GrantGiven, MemberPersonal, MemberRegistered
from chotxanh.registers.staff.models import Grant, Member
from chotxanh.site import shipped
from tests.kept import laid_out

BEGINS = datetime(2021, 7, 1, tzinfo=UTC)
MORNING = datetime(2021, 7, 25, 1, 0, tzinfo=UTC)  # 8 o'clock at the checkpoint
EVENING = MORNING + timedelta(hours=12)

PHU_MY = "ttyt-phu-my"
CHAU_DUC = "ttyt-chau-duc"
QL51 = "ql51-xe-tai"
QL56 = "ql56-chau-duc"
# The only lane of each.
POSTS = {
    QL51: UUID("017adaf0-0000-7000-8000-000000000051"),
    QL56: UUID("017adaf0-0000-7000-8000-000000000056"),
}
# The tests and kits of the cast. `ANY_TIME` may be read at any time and pooled; `TIMED` from minute 15 to 30, singly.
AG_RAPID = UUID("017adaf0-0000-7000-8000-000000000061")
RT_PCR = UUID("017adaf0-0000-7000-8000-000000000062")
ANY_TIME = UUID("017adaf0-0000-7000-8000-000000000063")
TIMED = UUID("017adaf0-0000-7000-8000-000000000064")
PASSWORD = "mat-khau-cua-vai-dien"


@dataclass(frozen=True)
class Person:
    """Someone on the road, with everything that identifies them."""

    full_name: str
    birth: date
    sex: str
    id_number: str | None
    phone: str
    plate: str | None
    category: str = "goods_driver"
    vehicle_class: str = "truck"

    @property
    def code(self) -> str:
        """The person's own code, always the same in the tests."""
        return new_code(CodeType.PERSON, self.full_name.encode()[-16:].rjust(16, b"."))

    def facts(self, page_digest: str | None = None) -> dict[str, Any]:
        """Return the facts of this person's registration."""
        return {
            "person_code": self.code,
            "page_digest": page_digest,
            "birth_year": self.birth.year,
            "birth_precision": "day",
            "sex": self.sex,
            "language": "vi",
        }

    def personal(self, salt: str | None = None) -> dict[str, Any]:
        """Return the personal part of this person's registration."""
        return {
            "salt": salt or new_salt(),
            "full_name": self.full_name,
            "birth_date": self.birth.isoformat(),
            "id_number": self.id_number,
            "phone": self.phone,
        }

    def journey(self, registration: UUID) -> dict[str, Any]:
        """Return the facts of a journey that this person, so registered, declares."""
        return {
            "registration": registration,
            "person_code": self.code,
            "category": self.category,
            "vehicle_class": self.vehicle_class,
            "direction": "in",
            "origin": {"scheme": "nso-2021", "code": "79"},
            "destination": {"scheme": "nso-2021", "code": "77"},
            "answers": dict.fromkeys(sorted(QUESTIONS), False),
            "notice": NOTICE_VERSION,
            "road": "QL51",
        }

    def journey_personal(self, salt: str | None = None) -> dict[str, Any]:
        """Return the personal part of this person's journey."""
        return {"salt": salt or new_salt(), "plate": self.plate}


DRIVER = Person("Nguyễn Văn Đường", date(1985, 3, 5), "male", "077085000123", "+84912345678", "72C-123.45")
ASSISTANT = Person(
    "Lê Thị Hồng Gấm", date(1994, 11, 20), "female", "077194000456", "+84987654321", "72C-123.45"
)
PASSENGER = Person(
    "Trần Quốc Toản",
    date(1971, 1, 9),
    "male",
    "079071000789",
    "+84903111222",
    None,
    "coach_passenger",
    "coach",
)
RIDER = Person(
    "Phạm Thị Ửng", date(2001, 6, 30), "female", None, "+84868123123", "72B1-456.78", "other", "motorbike"
)
WALKER = Person(
    "Y Bhăm Niê Kdăm", date(1966, 12, 1), "male", "066066000321", "+84377000999", None, "other", "none"
)
TRAVELLERS = (DRIVER, ASSISTANT, PASSENGER, RIDER, WALKER)


@dataclass(frozen=True)
class Staff:
    """The members of staff, here and elsewhere."""

    officer: Member
    officer_elsewhere: Member
    technician: Member
    lead: Member
    data_protection: Member
    physician: Member


def lay_out_cast() -> Staff:
    """Record places, rules, the node and the staff; passwords stay unset until a test signs someone in."""
    return laid_out("cast", _record_cast)


def _record_cast() -> Staff:
    enrol_node(BEGINS)
    names = {PHU_MY: "Trung tâm Y tế thị xã Phú Mỹ", CHAU_DUC: "Trung tâm Y tế huyện Châu Đức"}
    deeds = [Deed(FacilityRegistered(code, name)) for code, name in names.items()]
    deeds += [Deed(FacilityAuthorised(code, BEGINS, "QĐ 1/QĐ-SYT", list(Method))) for code in names]
    record_deeds(deeds, BEGINS)
    places = ((QL51, "QL51", PHU_MY), (QL56, "QL56", CHAU_DUC))
    for position, (site, road, facility) in enumerate(places):
        post = PostOpened(site, f"Chốt {road}", PostKind.LANE, "Làn 1", facility, road, position=position)
        record_deeds([Deed(post, id=POSTS[site])], BEGINS)
    lay_out_tests()
    for code, category, anchor in (
        ("goods-driver-72h", "goods_driver", "resulted"),
        ("coach-passenger-72h", "coach_passenger", "sampled"),
        ("general-72h", "", "sampled"),
    ):
        rule = RuleEnacted(code, Anchor(anchor), 72, BEGINS, "7/2021", category or None)
        record_deeds([Deed(rule)], BEGINS)
    staff = Staff(
        officer=_member(1, "can-bo", Role.OFFICER, QL51, PHU_MY),
        officer_elsewhere=_member(2, "can-bo-khac", Role.OFFICER, QL56, CHAU_DUC),
        technician=_member(3, "ky-thuat", Role.TECHNICIAN, "", PHU_MY),
        lead=_member(4, "truong-ca", Role.LEAD),
        data_protection=_member(5, "bao-ve", Role.DATA_PROTECTION),
        physician=_member(6, "bac-si", Role.PHYSICIAN),
    )
    rest()
    return staff


def lay_out_tests() -> None:
    """List a rapid test with two kits, and RT-PCR."""
    protocol = PoolProtocol("QĐ 2/QĐ-SYT", LARGEST_POOL)
    deeds = [
        Deed(shipped.AG_RAPID, id=AG_RAPID),
        Deed(shipped.RT_PCR, id=RT_PCR),
        Deed(
            KitListed("any-time", "Bộ đọc lúc nào cũng được", AG_RAPID, 0, 10_000, pool=protocol), id=ANY_TIME
        ),
        Deed(KitListed("timed", "Bộ đọc từ 15 đến 30 phút", AG_RAPID, 15, 30, dcc_device="345"), id=TIMED),
    ]
    record_deeds(deeds, BEGINS)


def rest() -> None:
    """Let the worker have nothing to do: nobody did anything before this province was set up."""
    Rejudging.objects.all().delete()
    Errand.objects.filter(name__in=[JUDGE_AGAIN, RULE_CHANGED]).delete()


def _member(number: int, username: str, role: Role, site: str = "", facility: str = "") -> Member:
    id = UUID(int=number)
    person = MemberPersonal(new_salt(), f"Nhân viên {number}")
    methods = list(Method) if role in TESTERS else []
    grant = GrantGiven(id, role, BEGINS, methods, facility=facility or None, site=site or None)
    record_deeds([Deed(MemberRegistered(id, username), person), Deed(grant)], BEGINS)
    return Member.objects.get(id=id)


def hire(role: Role, site: str = QL51, facility: str = PHU_MY) -> Member:
    """Let somebody new work at a post in one role, since before the day's work."""
    number = list(Role).index(role) + 100
    member = _member(number, f"ai-{role.value.replace('_', '-')}", role, site, facility)
    rest()
    return member


def change_grants(member: Member, **changed: Any) -> None:
    """Change a member's grants as no entry would: for tests of what was different from the beginning."""
    Grant.objects.filter(member=member.id).update(**changed)
