"""The order of arrival never decides what a register says: of every register, in any order and any split."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from chotxanh.domain.base64url import to_base64url
from chotxanh.keys.signatures import SigningKey
from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.envelope import wire_time
from chotxanh.protocol.kinds import kinds_where
from chotxanh.registers.devices.models import Device
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.kits.testing import LISTED
from chotxanh.registers.staff.models import Member
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import EVENING, MORNING
from tests.device import deed_of, id_of
from tests.stage import Stage

SALT = {"salt": "AAECAwQFBgcICQoLDA0ODw"}
AN, AN_TOO, BINH, CHI = (UUID(int=number << 96) for number in range(0x101, 0x105))
STATION = UUID(int=0x201)


def at(minute: int) -> datetime:
    """A time of that morning."""
    return MORNING + timedelta(minutes=minute)


def said(minute: int, kind: str, personal: dict[str, str] | None = None, /, **facts: Any) -> bytes:
    """What the province's server recorded at that minute."""
    return sign_deed(deed_of(kind, facts, SALT | personal if personal else None), at(minute))


def registered(minute: int, member: UUID, username: str, full_name: str) -> bytes:
    """A member registered, or registered anew."""
    return said(minute, "member.registered", {"full_name": full_name}, member=member, username=username)


def of_members() -> list[bytes]:
    """Two who claim one name, two who change places, all of them registered anew."""
    return [
        registered(1, AN, "an", "Cũ"),
        registered(2, AN_TOO, "an", "Người khác"),
        registered(3, AN, "an", "Mới"),
        registered(4, BINH, "binh", "Bình"),
        registered(5, CHI, "chi", "Chi"),
        registered(6, BINH, "chi", "Bình"),
        registered(7, CHI, "binh", "Chi"),
        registered(8, AN_TOO, "an", "Người khác nữa"),
        said(9, "member.left", member=CHI, at=wire_time(at(9))),
        said(10, "member.left", member=CHI, at=wire_time(at(8))),
        said(11, "password.given", member=AN),
        said(12, "second_factor.reset", member=AN, reason="lost"),
        *(said(n, "badge.given", member=AN) for n in (13, 14)),
        *(said(n, "badge.ended", member=AN) for n in (15, 16)),
    ]


def of_grants() -> list[bytes]:
    """A grant that ended twice."""
    grant = said(1, "grant.given", member=AN, role="officer", since=wire_time(at(1)), methods=["rt_pcr"])
    return [grant, *(said(n, "grant.ended", grant=id_of(grant), at=wire_time(at(20 - n))) for n in (2, 3))]


def of_facilities() -> list[bytes]:
    """A facility that was named twice, authorised, suspended and reinstated."""
    since: dict[str, Any] = {"since": wire_time(at(1)), "document": "QĐ 1", "methods": ["ag_rapid"]}
    return [
        said(1, "facility.registered", facility="x", name="Cũ"),
        said(2, "facility.registered", facility="x", name="Mới"),
        said(3, "facility.authorised", facility="x", **since),
        said(4, "facility.suspended", facility="x", at=wire_time(at(4)), reason="quality"),
        said(5, "facility.reinstated", facility="x", at=wire_time(at(5))),
    ]


def of_posts() -> list[bytes]:
    """A post that was closed twice."""
    post = said(1, "post.opened", site="s", site_name="S", kind="lane", name="Làn 1", facility="x")
    return [post, *(said(n, "post.closed", post=id_of(post), at=wire_time(at(20 - n))) for n in (2, 3))]


def of_kits() -> list[bytes]:
    """A test and a kit of it, both withdrawn twice."""
    test = said(1, "test.listed", **LISTED.example)
    kit = said(4, "kit.listed", code="k", name="K", test=id_of(test), earliest=15, latest=30)
    return [
        *(test, kit),
        *(said(n, "test.withdrawn", test=id_of(test), at=wire_time(at(20 - n))) for n in (2, 3)),
        *(said(n, "kit.withdrawn", kit=id_of(kit), at=wire_time(at(20 - n))) for n in (5, 6)),
    ]


def of_rules() -> list[bytes]:
    """A rule that was repealed twice."""
    facts: dict[str, Any] = {"code": "r", "anchor": "sampled", "valid_for_hours": 72, "legal_reference": "R"}
    rule = said(1, "rule.enacted", effective_from=wire_time(at(1)), **facts)
    return [rule, *(said(n, "rule.repealed", rule=id_of(rule), at=wire_time(at(20 - n))) for n in (2, 3))]


def of_duties_and_codes() -> list[bytes]:
    """A duty number and a code, both set twice."""
    site: dict[str, Any] = {"of": "site", "code": "s", "since": wire_time(at(1))}
    code: dict[str, Any] = {"register": "category", "code": "c", "en": "C"}
    return [
        *(said(n, "duty.set", {"phone": f"0254312345{n}"}, **site) for n in (1, 2)),
        *(said(n, "code.listed", vi=f"C{n}", **code) for n in (1, 2)),
    ]


def of_devices() -> list[bytes]:
    """A device that was enrolled under two keys and revoked twice."""
    keys = [to_base64url(SigningKey.generate().public_point) for _ in range(2)]
    enrolled = [
        said(n, "device.enrolled", device=STATION, name=f"Máy {n}", public_key=key, site=f"s{n}")
        for n, key in enumerate(keys, 1)
    ]
    return [*enrolled, *(said(n, "device.revoked", device=STATION) for n in (3, 4))]


def of_personal_data() -> list[bytes]:
    """A period that was set twice, what it lets go, a member who is forgotten, a notice that was published twice."""
    member = registered(1, AN, "an", "An")
    period: dict[str, Any] = {"category": "journeys", "since": wire_time(at(2))}
    notice: dict[str, Any] = {"name": "privacy", "digest": "A" * 43}
    return [
        member,
        *(said(n, "retention.set", days=60 + n, **period) for n in (2, 3)),
        *(
            said(n, "category.erased", category="journeys", before=wire_time(at(30 - n)), basis="period_over")
            for n in (4, 5)
        ),
        *(said(n, "personal.erased", entry=id_of(member), basis="request") for n in (6, 7)),
        *(
            said(n, "text.published", version=f"2026-{n:02}", since=wire_time(at(20 - n)), **notice)
            for n in (8, 9)
        ),
    ]


def of_incidents() -> list[bytes]:
    """An incident of which the same step was said twice."""
    noticed = {"noticed_at": wire_time(at(1)), "document": "12/BC-SYT"}
    incident = said(1, "incident.recorded", what="seen", people=3, **noticed)
    steps = (
        said(n, "incident.followed", incident=id_of(incident), step="reported", at=wire_time(at(20 - n)))
        for n in (2, 3)
    )
    return [incident, *steps]


REGISTERS: tuple[Callable[[], list[bytes]], ...] = (
    *(of_members, of_grants, of_facilities, of_posts),
    *(of_kits, of_rules, of_duties_and_codes, of_devices),
    *(of_personal_data, of_incidents),
)


def tables() -> dict[str, Any]:
    """Everything the registers say."""
    accounts = Member.objects.order_by("id").values_list("id", "username", "full_name", "phone", "password")
    devices = [
        (each.id, each.name, bytes(each.public_point), each.revoked_at, each.enrolled_at, each.place)
        for each in Device.objects.order_by("id")
    ]
    return {**fingerprints(), "accounts": list(accounts), "devices": devices}


def tables_after(stage: Stage, batches: Sequence[Sequence[bytes]]) -> dict[str, Any]:
    """Record the batches from the same beginning; rebuilding finds the same."""
    with transaction.atomic():
        for batch in batches:
            stage.must_apply(*batch)
        reached = tables()
        rebuild_tables(EVENING)
        assert tables() == reached
        transaction.set_rollback(True)
    return reached


def split(entries: Sequence[bytes], chance: random.Random) -> list[list[bytes]]:
    """Return the entries in another order and in batches of any size."""
    left, batches = chance.sample(entries, len(entries)), []
    while left:
        size = chance.randint(1, 4)
        batches.append(left[:size])
        left = left[size:]
    return batches


@pytest.mark.parametrize("entries_of", REGISTERS)
def test_a_register_says_the_same_in_any_order_of_arrival(
    stage: Stage, entries_of: Callable[[], list[bytes]]
) -> None:
    entries = entries_of()
    expected = tables_after(stage, [[entry] for entry in entries])
    assert tables_after(stage, [entries]) == expected
    assert tables_after(stage, [[entry] for entry in reversed(entries)]) == expected
    for seed in range(6):
        assert tables_after(stage, split(entries, random.Random(seed))) == expected


def test_every_kind_of_a_register_is_among_them(stage: Stage) -> None:
    kinds = {
        deed.split(b'\\"kind\\":\\"')[1].split(b"\\")[0].decode() for each in REGISTERS for deed in each()
    }
    wanted = kinds_where(lambda row: row.who.is_register or row.kind == "device.enrolled")
    assert wanted - kinds == set()


def test_the_latest_about_a_member_stands_and_a_name_is_its_first_claimants(stage: Stage) -> None:
    stage.must_apply(*(entry for entry in reversed(of_members())))
    named = {each.id: (each.username, each.full_name) for each in Member.objects.filter(id__in=[AN, AN_TOO])}
    assert named == {AN: ("an", "Mới"), AN_TOO: (f"an+{AN_TOO.hex[:8]}", "Người khác nữa")}
    for member, username in ((BINH, "chi"), (CHI, "binh")):
        assert Member.objects.get(id=member).username == username


def test_no_registration_takes_the_name_of_an_account_that_was_there(stage: Stage) -> None:
    made_by_hand = Member.objects.create_user("an")
    stage.must_apply(registered(1, AN, "an", "An"))
    assert Member.objects.get(username="an") == made_by_hand
    assert Member.objects.get(id=AN).username.startswith("an+")


def test_no_later_enrolment_replaces_a_key_and_no_older_name_a_newer(stage: Stage) -> None:
    stage.must_apply(*of_devices()[:2], *reversed(of_facilities()))
    assert (Device.objects.get(id=STATION).name, Facility.objects.get(code="x").name) == ("Máy 1", "Mới")
