"""What the server tells a station of its member's work, and what it answers a work about a person: row by row."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.beside.models import PersonalAccess
from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.kinds import Role
from chotxanh.domain.works import AT_POSTS
from chotxanh.ledger.server_log import record_deeds
from chotxanh.protocol.envelope import wire_time
from chotxanh.registers.staff.models import Grant, Member
from tests.cast import DRIVER, EVENING, MORNING, PASSWORD, PHU_MY, POSTS, QL51, QL56, hire
from tests.device import deed_of
from tests.stage import Stage

ALL = ["data_entry", "reading", "sampling", "signing", "traffic"]
WHO, ANSWERS, RESULT, PLATE = DRIVER.full_name, "fever", "positive", DRIVER.plate or ""
NUMBER_TO_CALL, END_OF_IDENTITY_NUMBER, ADVICE = DRIVER.phone, "0123", "rt_pcr"
EVERYTHING = {WHO, ANSWERS, RESULT, PLATE, NUMBER_TO_CALL, END_OF_IDENTITY_NUMBER, ADVICE}

# The table: what a sign-in says that a role does at the post, and what of a positive driver it is answered.
ROWS: dict[Role, tuple[list[str], set[str]]] = {
    Role.DATA_ENTRY: (["data_entry"], {WHO, ANSWERS, PLATE, END_OF_IDENTITY_NUMBER}),
    Role.SAMPLING: (["sampling"], {WHO, ANSWERS, PLATE, END_OF_IDENTITY_NUMBER, ADVICE}),
    Role.READING: (["reading"], EVERYTHING),
    Role.SIGNING: (["signing"], EVERYTHING),
    Role.TRAFFIC: (["traffic"], {PLATE}),
    Role.OFFICER: (ALL, EVERYTHING),
    Role.TECHNICIAN: (["reading", "signing"], EVERYTHING),
    Role.LEAD: (ALL, EVERYTHING),
}


def signed_in(client: Client, stage: Stage, member: Member) -> dict[str, Any]:
    """Sign a member in at the station; return the answer."""
    member.set_password(PASSWORD)
    member.save(update_fields=["password"])
    at, station = unix_ms(timezone.now()), stage.station
    signature = station.key.sign(f"sign-in:{station.id}:{member.username}:{at}".encode())
    sent = {"device": str(station.id), "username": member.username, "password": PASSWORD, "at": at}
    sent |= {"signature": to_base64url(signature)}
    answer: dict[str, Any] = client.post("/api/v1/sign-in", sent, content_type="application/json").json()
    return answer


def asked(client: Client, answer: dict[str, Any], address: str) -> str:
    """What the server answers whoever signed in."""
    return client.get(address, headers={"authorization": f"Bearer {answer['token']}"}).content.decode()


@pytest.fixture
def positive(stage: Stage) -> Stage:
    """The driver has a fever and was found positive by the rapid test."""
    station = stage.station
    answers = DRIVER.journey(station.id)["answers"] | {"fever": True}
    stage.must_apply(station.register(DRIVER), station.declare(DRIVER, answers=answers))
    stage.must_apply(station.collect("BR1", [DRIVER]), station.result("BR1", "positive"))
    return stage


@pytest.mark.parametrize("role", ROWS)
def test_a_sign_in_carries_the_works_at_the_post(stage: Stage, client: Client, role: Role) -> None:
    answer = signed_in(client, stage, hire(role))
    (site,) = answer["sites"]
    assert site["code"] == QL51
    assert [post["works"] for post in site["posts"]] == [ROWS[role][0]]
    assert site["may_sample"] is ("sampling" in ROWS[role][0])
    assert bool(site["methods"]) is bool({"reading"} & set(ROWS[role][0]))


@pytest.mark.parametrize("role", ROWS)
def test_a_look_up_answers_what_the_work_may_see_and_nothing_else(
    positive: Stage, client: Client, role: Role
) -> None:
    answer = signed_in(client, positive, hire(role))
    told = asked(client, answer, f"/api/v1/cards/person/{DRIVER.code}")
    assert {secret for secret in EVERYTHING if secret in told} == ROWS[role][1]
    assert DRIVER.id_number is not None and DRIVER.id_number not in told
    assert PersonalAccess.objects.filter(subject=DRIVER.code).count() == 1


def test_the_tables_have_every_role_that_works_at_a_post() -> None:
    assert set(ROWS) == AT_POSTS


@pytest.mark.parametrize("role", [Role.DATA_PROTECTION, Role.PHYSICIAN])
def test_who_has_no_work_at_a_post_signs_in_at_no_station(stage: Stage, client: Client, role: Role) -> None:
    assert signed_in(client, stage, hire(role))["code"] == "not_allowed"


def look_up(site: str = QL51) -> str:
    """The address at which a station at a site asks for the driver."""
    return f"/api/v1/cards/person/{DRIVER.code}?post={POSTS[site].hex}"


@pytest.mark.parametrize("elsewhere", [Role.DATA_ENTRY, Role.READING])
def test_a_look_up_tells_what_the_work_at_this_post_sees_and_no_work_elsewhere(
    positive: Stage, client: Client, elsewhere: Role
) -> None:
    member = hire(Role.TRAFFIC)
    methods = ["ag_rapid"] if elsewhere is Role.READING else []
    facts = {"member": member.id, "role": elsewhere.value, "site": QL56, "methods": methods}
    record_deeds([deed_of("grant.given", facts | {"since": wire_time(MORNING)})], EVENING)
    answer = signed_in(client, positive, member)
    works = {site["code"]: site["posts"][0]["works"] for site in answer["sites"]}
    assert works == {QL51: ["traffic"], QL56: [elsewhere.value]}
    told = {site: asked(client, answer, look_up(site)) for site in (QL51, QL56)}
    assert {secret for secret in EVERYTHING if secret in told[QL51]} == ROWS[Role.TRAFFIC][1]
    assert {secret for secret in EVERYTHING if secret in told[QL56]} == ROWS[elsewhere][1]
    unsaid = asked(client, answer, f"/api/v1/cards/person/{DRIVER.code}")
    assert DRIVER.code in unsaid and not any(secret in unsaid for secret in EVERYTHING)


@pytest.mark.parametrize("post", ["x", "\0", str(UUID(int=7)), POSTS[QL56].hex])
def test_a_look_up_at_a_post_where_the_member_does_not_work_is_refused(
    positive: Stage, client: Client, post: str
) -> None:
    answer = signed_in(client, positive, hire(Role.READING))
    told = client.get(
        f"/api/v1/cards/person/{DRIVER.code}",
        {"post": post},
        headers={"authorization": f"Bearer {answer['token']}"},
    )
    assert (told.status_code, told.json()["code"]) == (403, "not_allowed")


def test_a_grant_that_ends_closes_what_a_look_up_tells_at_once(positive: Stage, client: Client) -> None:
    member = hire(Role.DATA_ENTRY)
    facts = {"member": member.id, "role": "reading", "facility": PHU_MY, "methods": ["ag_rapid"]}
    record_deeds([deed_of("grant.given", facts | {"since": wire_time(MORNING)})], EVENING)
    answer = signed_in(client, positive, member)
    assert RESULT in asked(client, answer, look_up())
    Grant.objects.filter(member=member.id, role="reading").update(valid_to=timezone.now())
    assert RESULT not in asked(client, answer, look_up())
