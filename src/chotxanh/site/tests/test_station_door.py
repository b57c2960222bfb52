"""A station's way in: it enrols once, signs members in, and reads only what its checkpoint may."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chotxanh.beside.heard import heard
from chotxanh.beside.limits import ENROLMENT_CODES, PASSWORDS_OF_ACCOUNT_HERE, PERSON_CODES
from chotxanh.beside.models import PersonalAccess
from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.keys.signatures import SigningKey
from chotxanh.keys.signers import node_key
from chotxanh.ledger import views as ledger_views
from chotxanh.ledger.enrolling import revoke_device
from chotxanh.registers.devices.enrolment import CODE_LIFE, new_enrolment_code
from chotxanh.registers.devices.models import Device, EnrolmentCode, Session
from chotxanh.registers.devices.node import node_id
from chotxanh.registers.devices.tickets import read_ticket
from chotxanh.registers.facilities.models import FacilityEvent
from chotxanh.registers.staff import passwords
from chotxanh.registers.staff.models import Grant, Member
from tests.cast import DRIVER, PASSWORD, QL51, QL56, TRAVELLERS
from tests.device import Station
from tests.narrow import BURST, narrow
from tests.stage import Stage

JSON = "application/json"


def send(client: Client, address: str, content: Any) -> tuple[int, Any]:
    """Post JSON; return status and answer."""
    body = content if isinstance(content, bytes) else json.dumps(content, default=str).encode()
    response = client.post(address, body, content_type=JSON)
    return response.status_code, response.json()


def enrolment(code: str, key: SigningKey | None = None, **changed: Any) -> dict[str, Any]:
    point = (key or SigningKey.generate()).public_point
    return {"code": code, "name": "Làn 1", "public_key": to_base64url(point)} | changed


def sign_in(station: Station, username: str, password: str = PASSWORD, **changed: Any) -> dict[str, Any]:
    at = changed.pop("at", unix_ms(timezone.now()))
    key = changed.pop("key", station.key)
    signature = to_base64url(key.sign(f"sign-in:{station.id}:{username}:{at}".encode()))
    return {
        "device": station.id,
        "username": username,
        "password": password,
        "at": at,
        "signature": signature,
    } | changed


@pytest.fixture
def officer(stage: Stage) -> Member:
    """The officer of QL51, with a password."""
    give_passwords()
    return stage.staff.officer


def give_passwords() -> None:
    """Let every member sign in."""
    for member in Member.objects.all():
        member.set_password(PASSWORD)
        member.save(update_fields=["password"])


def token_of(client: Client, station: Station, username: str = "can-bo") -> dict[str, str]:
    """Sign in; return the header that opens the feed."""
    status, answer = send(client, "/api/v1/sign-in", sign_in(station, username))
    assert status == 200, answer
    return {"authorization": f"Bearer {answer['token']}"}


def refused(client: Client, address: str, **headers: str) -> tuple[int, str]:
    response = client.get(address, headers=headers)
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def test_a_code_enrols_one_device_once(stage: Stage, client: Client) -> None:
    code, key = new_enrolment_code(None, "Làn 1", timezone.now()), SigningKey.generate()
    status, answer = send(client, "/api/v1/devices/enrol", enrolment(f" {code[:5].lower()}-{code[5:]} ", key))
    assert status == 200
    assert (answer["node"], answer["node_key"]) == (str(node_id()), to_base64url(node_key().public_point))
    assert bytes(Device.objects.get(id=answer["device"]).public_point) == key.public_point
    assert send(client, "/api/v1/devices/enrol", enrolment(code))[1]["code"] == "enrolment_code_used"


def test_the_code_itself_is_not_kept(stage: Stage) -> None:
    code = new_enrolment_code(None, "Làn 1", timezone.now())
    assert code.encode() not in bytes(EnrolmentCode.objects.get().digest)


@pytest.mark.parametrize("wrong", ["", "KHONG-CO-MA", "\x00", "x" * 5000])
def test_a_code_that_nobody_gave_enrols_nothing(stage: Stage, client: Client, wrong: str) -> None:
    status, answer = send(client, "/api/v1/devices/enrol", enrolment(wrong))
    assert (status, answer["code"]) == (403, "enrolment_code_unknown")


def test_a_code_is_over_after_a_day(stage: Stage, client: Client) -> None:
    code = new_enrolment_code(None, "Làn 1", timezone.now() - CODE_LIFE)
    assert send(client, "/api/v1/devices/enrol", enrolment(code))[1]["code"] == "enrolment_code_over"


@pytest.mark.parametrize(
    "key", ["", "AAAA", "không", to_base64url(b"\x04" + b"\x01" * 64), to_base64url(bytes(65))]
)
def test_a_key_that_is_none_uses_no_code_up(stage: Stage, client: Client, key: str) -> None:
    code = new_enrolment_code(None, "Làn 1", timezone.now())
    status, answer = send(client, "/api/v1/devices/enrol", enrolment(code, public_key=key))
    assert (status, answer["code"]) == (400, "public_key_invalid")
    assert send(client, "/api/v1/devices/enrol", enrolment(code))[0] == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"code": 1}', b"\xff", b"[" * 9000, b'{"code":"\\ud800","name":"","public_key":""}'],
)
@pytest.mark.parametrize("address", ["/api/v1/devices/enrol", "/api/v1/sign-in"])
def test_a_request_that_cannot_be_read_is_one_sentence(
    stage: Stage, client: Client, body: bytes, address: str
) -> None:
    status, answer = send(client, address, body)
    assert (status, answer["code"]) == (400, "request_unreadable")


def test_a_device_name_of_nuls_or_of_any_length_is_taken(stage: Stage, client: Client) -> None:
    code = new_enrolment_code(None, "Làn 1", timezone.now())
    status, answer = send(client, "/api/v1/devices/enrol", enrolment(code, name="\x00" + "ạ" * 500))
    assert status == 200
    assert Device.objects.get(id=answer["device"]).name == "ạ" * 100


@pytest.mark.parametrize(
    ("grants", "facilitys"), [("ag_rapid", "ag_rapid rt_pcr"), ("ag_rapid rt_pcr", "ag_rapid")]
)
def test_a_site_says_by_which_methods_a_member_may_report_there(
    officer: Member, stage: Stage, client: Client, grants: str, facilitys: str
) -> None:
    """What was reported by another waited for a lead, and nobody had told the officer."""
    Grant.objects.filter(member=officer.id).update(methods=grants)
    FacilityEvent.objects.filter(what="authorised").update(methods=facilitys)
    _status, answer = send(client, "/api/v1/sign-in", sign_in(stage.station, "can-bo"))
    assert [each["methods"] for each in answer["sites"]] == [["ag_rapid"]]


def test_g1_a_sign_in_says_who_may_sample(officer: Member, stage: Stage, client: Client) -> None:
    for role, may_sample in (("officer", True), ("lead", True), ("technician", False)):
        Grant.objects.filter(member=officer.id).update(role=role)
        _status, answer = send(client, "/api/v1/sign-in", sign_in(stage.station, "can-bo"))
        assert [each["may_sample"] for each in answer["sites"]] == [may_sample], role


def test_signing_in_opens_a_shift_and_the_feed(officer: Member, stage: Stage, client: Client) -> None:
    status, answer = send(client, "/api/v1/sign-in", sign_in(stage.station, "can-bo"))
    assert status == 200
    assert answer["staff"] == {"id": str(officer.id), "full_name": officer.full_name}
    assert [(each["code"], each["methods"]) for each in answer["sites"]] == [(QL51, ["ag_rapid", "rt_pcr"])]
    ticket = read_ticket(answer["ticket"])
    assert ticket is not None
    assert (ticket.member, ticket.device) == (officer.id, stage.station.id)
    stage.now = stage.station.began = timezone.now()
    stage.must_apply(stage.station.start_shift(officer, ticket=answer["ticket"]))
    assert answer["token"].encode() not in bytes(Session.objects.get().digest)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"password": "sai"}, (403, "sign_in_wrong")),
        ({"username": "nobody"}, (403, "sign_in_wrong")),
        ({"username": "can\x00bo"}, (403, "sign_in_wrong")),
        ({"password": "\x00"}, (403, "sign_in_wrong")),
        ({"username": "x" * 5000}, (403, "sign_in_wrong")),
        ({"device": uuid4()}, (403, "device_unknown")),
        ({"key": SigningKey.generate()}, (403, "device_unknown")),
        ({"signature": "không"}, (403, "device_unknown")),
        ({"at": 0}, (403, "sign_in_stale")),
        ({"at": 10**30}, (403, "sign_in_stale")),
    ],
)
def test_a_wrong_sign_in_opens_nothing(
    officer: Member, stage: Stage, client: Client, changed: dict[str, Any], problem: tuple[int, str]
) -> None:
    username = changed.get("username", "can-bo")
    changed = {name: value for name, value in changed.items() if name != "username"}
    status, answer = send(client, "/api/v1/sign-in", sign_in(stage.station, username, **changed))
    assert (status, answer["code"]) == problem
    assert not Session.objects.exists()


@pytest.fixture
def _narrow_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch, passwords, PASSWORDS_OF_ACCOUNT_HERE)


@pytest.mark.usefixtures("_narrow_passwords")
def test_guessing_is_slowed_down_even_with_the_right_password(
    officer: Member, stage: Stage, client: Client
) -> None:
    for _ in range(BURST):
        assert send(client, "/api/v1/sign-in", sign_in(stage.station, "can-bo", "sai"))[0] == 403
    status, answer = send(client, "/api/v1/sign-in", sign_in(stage.station, "can-bo"))
    assert (status, answer["code"]) == (429, "sign_in_too_often")


@pytest.mark.usefixtures("_narrow_passwords")
def test_guesses_at_one_station_shut_no_account_at_another(
    officer: Member, stage: Stage, client: Client
) -> None:
    for _ in range(BURST + 1):
        send(client, "/api/v1/sign-in", sign_in(stage.station, "can-bo", "sai"))
    other = Station()
    other.enrol()
    assert send(client, "/api/v1/sign-in", sign_in(other, "can-bo"))[0] == 200


def test_unknown_codes_are_guessed_slowly_and_known_ones_cost_nothing(
    officer: Member, declared: Stage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, ledger_views, PERSON_CODES)
    token = token_of(client, declared.station)
    for _ in range(BURST + 1):
        assert client.get(f"/api/v1/cards/person/{DRIVER.code}", headers=token).status_code == 200
    for number in range(BURST):
        assert refused(client, f"/api/v1/cards/person/P{number}", **token)[0] == 404
    for code in ("P", DRIVER.code):  # a used-up guesser is not told either that a code is right
        assert refused(client, f"/api/v1/cards/person/{code}", **token) == (429, "too_often")


def test_enrolment_codes_are_guessed_slowly(
    stage: Stage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, ledger_views, ENROLMENT_CODES)
    for _ in range(BURST):
        assert (
            send(client, "/api/v1/devices/enrol", enrolment("0" * 10))[1]["code"] == "enrolment_code_unknown"
        )
    right = enrolment(new_enrolment_code(None, "Làn 1", timezone.now()))
    response = client.post("/api/v1/devices/enrol", json.dumps(right), content_type=JSON)
    assert (response.status_code, response.json()["code"]) == (429, "too_often")
    assert int(response["Retry-After"]) > 0
    assert response["Retry-After"] in response.json()["title"]


def test_a_right_enrolment_code_costs_nothing(
    stage: Stage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, ledger_views, ENROLMENT_CODES)
    for number in range(BURST + 1):
        right = enrolment(new_enrolment_code(None, f"Làn {number}", timezone.now()))
        assert send(client, "/api/v1/devices/enrol", right)[0] == 200


def test_a_revoked_device_signs_nobody_in_and_reads_nothing(
    officer: Member, stage: Stage, client: Client
) -> None:
    token = token_of(client, stage.station)
    revoke_device(Device.objects.get(id=stage.station.id), stage.staff.lead, timezone.now())
    assert refused(client, f"/api/v1/feed?scope={QL51}", **token) == (403, "device_revoked")
    status, answer = send(client, "/api/v1/sign-in", sign_in(stage.station, "can-bo"))
    assert (status, answer["code"]) == (403, "device_revoked")


def test_an_account_of_the_demonstration_opens_no_shift_without_one(
    officer: Member, stage: Stage, client: Client, settings: Settings
) -> None:
    Member.objects.filter(username="can-bo").update(is_demonstration=True)
    settings.IS_DEMO = False
    status, answer = send(client, "/api/v1/sign-in", sign_in(stage.station, "can-bo"))
    assert (status, answer["code"]) == (403, "demonstration_over")
    assert "bản trình diễn" in answer["title"]


def test_d3_the_key_of_the_cards_comes_with_each_sign_in_and_is_another_at_another_device(
    officer: Member, stage: Stage, client: Client
) -> None:
    other = Station()
    other.enrol()
    keys = [
        send(client, "/api/v1/sign-in", sign_in(station, "can-bo"))[1]["card_key"]
        for station in (stage.station, stage.station, other)
    ]
    assert keys[0] == keys[1] != keys[2]
    assert len(from_base64url(keys[0]) or b"") == 32


def test_who_is_granted_nothing_now_does_not_get_in(officer: Member, stage: Stage, client: Client) -> None:
    Grant.objects.filter(member=officer.id).update(valid_to=timezone.now() - timedelta(days=1))
    status, answer = send(client, "/api/v1/sign-in", sign_in(stage.station, "can-bo"))
    assert (status, answer["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer ", "Basic abc", "Bearer không", "Bearer " + "x" * 3000]
)
@pytest.mark.parametrize("address", [f"/api/v1/feed?scope={QL51}", f"/api/v1/cards/person/{DRIVER.code}"])
def test_nothing_is_read_without_a_session(stage: Stage, client: Client, token: str, address: str) -> None:
    assert refused(client, address, authorization=token) == (401, "session_over")


def test_a_session_ends(officer: Member, stage: Stage, client: Client) -> None:
    token = token_of(client, stage.station)
    Session.objects.update(expires_at=timezone.now())
    assert refused(client, f"/api/v1/feed?scope={QL51}", **token) == (401, "session_over")


def test_a_poll_says_that_the_station_lives_and_how_much_waits_there(
    officer: Member, stage: Stage, client: Client
) -> None:
    token = token_of(client, stage.station)
    for said, waiting in (("7", 7), ("-1", 0), ("many", 0), ("9" * 400, 0)):
        client.get("/api/v1/feed", {"scope": QL51, "waiting": said}, headers=token)
        (word,) = heard()
        assert (word.device, word.site, word.waiting) == (stage.station.id, QL51, waiting)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        (f"scope={QL56}", (403, "not_allowed")),
        ("scope=nowhere", (404, "site_unknown")),
        ("scope=%00", (404, "site_unknown")),
        ("", (404, "site_unknown")),
        (f"scope={QL51}&after=-1", (400, "cursor_invalid")),
        (f"scope={QL51}&after=x", (400, "cursor_invalid")),
        (f"scope={QL51}&after=٣", (400, "cursor_invalid")),
        (f"scope={QL51}&after={'9' * 19}", (400, "cursor_invalid")),
    ],
)
def test_the_feed_refuses_by_a_code(
    officer: Member, stage: Stage, client: Client, query: str, problem: tuple[int, str]
) -> None:
    assert refused(client, f"/api/v1/feed?{query}", **token_of(client, stage.station)) == problem


def read_all(client: Client, token: dict[str, str], scope: str, after: str = "") -> dict[str, Any]:
    """Read the feed to its end; return the newest card of each kind and id."""
    cards: dict[str, Any] = {}
    while True:
        page = client.get("/api/v1/feed", {"scope": scope, "after": after}, headers=token).json()
        for card in page["cards"]:
            name = f"{card['kind']} {card['id']}"
            cards[name] = max(cards.get(name, card), card, key=lambda each: each["version"])
        after = page["cursor"]
        if not page["more"]:
            return cards


def test_a_station_reads_who_is_expected_or_seen_at_its_post_and_its_facilitys_tubes(
    today: Stage, client: Client
) -> None:
    give_passwords()
    for write in (today.station.declare, today.station.register):  # whichever comes first
        today.must_apply(*(write(person) for person in TRAVELLERS))
    today.must_apply(today.station.collect("BR1", [DRIVER]))
    here = read_all(client, token_of(client, today.station), QL51)
    elsewhere = read_all(client, token_of(client, today.station, "can-bo-khac"), QL56)
    assert set(here) == {f"person {person.code}" for person in TRAVELLERS} | {"tube ttyt-phu-my/BR1"}
    assert elsewhere == {}
    card = here[f"person {DRIVER.code}"]["body"]
    assert (card["full_name"], card["plate"], card["state"]) == (DRIVER.full_name, DRIVER.plate, "sampled")
    tube = here["tube ttyt-phu-my/BR1"]["body"]
    assert tube["members"] == [{"person_code": DRIVER.code, "full_name": DRIVER.full_name}]


def test_a_look_at_cards_is_logged_and_an_idle_poll_is_not(today: Stage, client: Client) -> None:
    give_passwords()
    token = token_of(client, today.station)
    today.must_apply(today.station.register(DRIVER), today.station.declare(DRIVER))
    page = client.get("/api/v1/feed", {"scope": QL51}, headers=token).json()
    page = client.get("/api/v1/feed", {"scope": QL51, "after": page["cursor"]}, headers=token).json()
    assert [card["id"] for card in page["cards"]] == [DRIVER.code]
    assert PersonalAccess.objects.get().purpose == "feed"
    idle = client.get("/api/v1/feed", {"scope": QL51, "after": page["cursor"]}, headers=token).json()
    assert (idle["cards"], idle["cursor"], idle["snapshot"]) == ([], page["cursor"], False)
    assert PersonalAccess.objects.count() == 1


def test_a_person_the_station_does_not_hold_is_found_by_code_and_nobody_else(
    officer: Member, declared: Stage, client: Client
) -> None:
    token = token_of(client, declared.station)
    card = client.get(f"/api/v1/cards/person/{DRIVER.code}", headers=token).json()
    assert card["body"]["full_name"] == DRIVER.full_name
    assert PersonalAccess.objects.get().subject == DRIVER.code
    for unknown in ("P00000000000000", "x", "%00", "a" * 500):
        assert refused(client, f"/api/v1/cards/person/{unknown}", **token) == (404, "person_unknown")
    assert PersonalAccess.objects.count() == 1
