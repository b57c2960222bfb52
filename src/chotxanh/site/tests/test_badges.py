"""Badges at the office, and signing in by one at a station."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.kinds import Role
from chotxanh.keys import pins
from chotxanh.keys.signatures import SigningKey
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.devices.kept_tickets import KEPT_FOR
from chotxanh.registers.devices.models import KeptTicket, TicketEnd
from chotxanh.registers.devices.tickets import Proof, read_ticket
from chotxanh.registers.staff.badges import badges_of, choose_pin, give_badges, printed
from chotxanh.registers.staff.entries import GrantGiven
from chotxanh.registers.staff.models import Badge, Member
from chotxanh.site.office import badges as badges_page
from tests.cast import DRIVER, PASSWORD, POSTS, QL51
from tests.stage import Stage

LIST, PRINT, ACT = "/office/badges", "/office/badges/print", "/office/badges/act"
OWN = "482913"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "ITERATIONS", 2)


@pytest.fixture
def code(stage: Stage) -> str:
    """The officer's badge, with a PIN of their own."""
    officer = stage.staff.officer.id
    give_badges([officer], timezone.now())
    choose_pin(badges_of([officer])[officer], OWN)
    return printed(badges_of([officer]).values())[0].code


def sign_in(client: Client, stage: Stage, **typed: Any) -> dict[str, Any]:
    """Scan a badge and type a PIN at the station; return the answer."""
    at = unix_ms(timezone.now())
    opener = f":{typed['opener']}" if "opener" in typed else ""
    signature = stage.station.key.sign(f"sign-in:{stage.station.id}:{typed['badge']}:{at}{opener}".encode())
    sent = {"device": str(stage.station.id), "pin": OWN, "at": at, "signature": to_base64url(signature)}
    answer: dict[str, Any] = client.post(
        "/api/v1/sign-in/badge", sent | typed, content_type="application/json"
    ).json()
    return answer


def test_a_badge_and_a_pin_open_a_shift(client: Client, stage: Stage, code: str) -> None:
    answer = sign_in(client, stage, badge=code)
    assert answer["staff"]["id"] == str(stage.staff.officer.id)
    ticket = read_ticket(answer["ticket"])
    assert ticket is not None and ticket.proof is Proof.LINE


def test_a_first_pin_only_opens_the_field_that_changes_it(client: Client, stage: Stage) -> None:
    officer = stage.staff.officer.id
    give_badges([officer], timezone.now())
    (shown,) = printed(badges_of([officer]).values())
    assert sign_in(client, stage, badge=shown.code, pin=shown.first_pin)["code"] == "pin_new"
    assert (
        sign_in(client, stage, badge=shown.code, pin=shown.first_pin, new_pin="123456")["code"] == "pin_weak"
    )
    assert "token" in sign_in(client, stage, badge=shown.code, pin=shown.first_pin, new_pin=OWN)
    assert "token" in sign_in(client, stage, badge=shown.code)


def test_five_wrong_pins_and_only_a_password_opens_there(client: Client, stage: Stage, code: str) -> None:
    assert [sign_in(client, stage, badge=code, pin="111222")["code"] for _ in range(6)][4:] == [
        "pin_wrong",
        "pin_locked",
    ]
    assert sign_in(client, stage, badge=code)["code"] == "pin_locked"
    officer = stage.staff.officer
    officer.set_password(PASSWORD)
    officer.save()
    at = unix_ms(timezone.now())
    signature = stage.station.key.sign(f"sign-in:{stage.station.id}:{officer.username}:{at}".encode())
    sent = {"device": str(stage.station.id), "username": officer.username, "password": PASSWORD, "at": at}
    signed = sent | {"signature": to_base64url(signature)}
    assert client.post("/api/v1/sign-in", signed, content_type="application/json").status_code == 200
    assert "token" in sign_in(client, stage, badge=code)


def test_nobody_signs_in_without_the_devices_signature(client: Client, stage: Stage, code: str) -> None:
    assert sign_in(client, stage, badge=code, signature="AAAA")["code"] == "device_unknown"


def test_a_sign_in_leaves_a_ticket_for_72_hours_that_begins_a_shift_by_pin_alone(
    client: Client, today: Stage
) -> None:
    officer, now = today.staff.officer, timezone.now()
    give_badges([officer.id], now)
    choose_pin(badges_of([officer.id])[officer.id], OWN)
    code = printed(badges_of([officer.id]).values())[0].code
    kept = sign_in(client, today, badge=code)["kept"]
    ticket = read_ticket(kept["ticket"])
    assert ticket is not None and ticket.id and ticket.proof is Proof.PIN
    assert timedelta(0) <= ticket.expires_at - now - KEPT_FOR < timedelta(minutes=5)
    assert pins.pin_key(OWN, from_base64url(kept["salt"]) or b"") == from_base64url(kept["key"])
    again = sign_in(client, today, badge=code)["kept"]
    # The one before stays good: of this answer the station may never have heard.
    assert KeptTicket.objects.count() == 2
    assert not TicketEnd.objects.filter(ticket=ticket.id).exists()
    today.now = timezone.now()
    today.station.minute += 60
    start = today.station.start_shift(officer, ticket=again["ticket"])
    assert today.record(start) == [("held", "ticket_invalid")]  # it does not say that a PIN opened it
    start = today.station.start_shift(officer, ticket=again["ticket"], proof="pin")
    assert today.record(start) == [("applied", None)]


def test_each_start_on_a_kept_ticket_is_opened_by_the_pin_for_itself_alone(
    client: Client, today: Stage
) -> None:
    """Used once, the ticket lay readable in the station for a week, and began shifts until its hours were over."""
    officer, now, key = today.staff.officer, timezone.now(), SigningKey.generate()
    give_badges([officer.id], now)
    choose_pin(badges_of([officer.id])[officer.id], OWN)
    code = printed(badges_of([officer.id]).values())[0].code
    ticket = sign_in(client, today, badge=code, opener=to_base64url(key.public_point))["kept"]["ticket"]
    today.now = timezone.now()
    facts = {"post": POSTS[QL51], "ticket": ticket, "proof": "pin"}
    station, first = today.station, uuid4()
    station.minute += 60
    station.actor = officer.id
    opened = {"opened": to_base64url(key.sign(f"shift:{first}".encode()))}
    assert today.record(station.entry("shift.started", facts | opened, id=str(first))) == [("applied", None)]
    for replayed in ({}, opened, {"opened": "AAAA"}):
        start = station.entry("shift.started", facts | replayed)
        assert today.record(start) == [("held", "ticket_invalid")]


def test_what_is_no_key_opens_nothing(client: Client, stage: Stage, code: str) -> None:
    assert sign_in(client, stage, badge=code, opener="AAAA")["code"] == "request_unreadable"


@pytest.mark.parametrize("how", ["ended", "given anew", "given anew after it was forgotten too"])
def test_a_lost_badge_ends_also_what_a_restore_forgot(lead: Client, today: Stage, how: str) -> None:
    """The tickets that were given out after the backup have no row; they began shifts for 72 hours."""
    officer, station = today.staff.officer, today.station
    issued_at = timezone.now() - timedelta(hours=2)
    ticket = station.ticket(
        officer, proof=Proof.PIN, issued_at=issued_at, expires_at=issued_at + KEPT_FOR, id=uuid4()
    )
    if "forgotten" not in how:
        give_badges([officer.id], issued_at)
    act = "end" if how == "ended" else "give"
    lead.post(ACT, {act: str(officer.id), "sure": "1"})
    today.now = timezone.now() + timedelta(hours=2)
    station.minute = (today.now - station.began) / timedelta(minutes=1)
    assert today.record(station.start_shift(officer, ticket=ticket, proof="pin")) == [
        ("held", "ticket_invalid")
    ]
    later = station.ticket(
        officer, proof=Proof.PIN, issued_at=timezone.now(), expires_at=today.now + KEPT_FOR, id=uuid4()
    )
    assert today.record(station.start_shift(officer, ticket=later, proof="pin")) == [("applied", None)]


@pytest.mark.parametrize("order", [("start", "end"), ("end", "start")])
def test_a_lost_badge_ends_a_shift_that_runs_on_what_a_restore_forgot_in_any_order(
    lead: Client, today: Stage, order: tuple[str, str]
) -> None:
    officer, station = today.staff.officer, today.station
    station.log, station.seq = uuid4(), 0
    issued_at = timezone.now() - timedelta(hours=2)
    hours = {"issued_at": issued_at, "expires_at": issued_at + KEPT_FOR, "id": uuid4()}
    start = station.start_shift(
        officer, ticket=station.ticket(officer, proof=Proof.PIN, **hours), proof="pin"
    )
    give_badges([officer.id], issued_at)
    for step in order:
        if step == "start":
            assert today.record(start) == [("applied", None)]
        else:
            lead.post(ACT, {"end": str(officer.id), "sure": "1"})
    today.now = timezone.now() + timedelta(hours=2)
    station.minute += 2 * 60
    assert today.record(station.collect("BR1", [DRIVER])) == [("held", "ticket_over")]


def test_who_signs_in_next_leaves_the_kept_ticket_of_the_one_before(
    client: Client, stage: Stage, code: str
) -> None:
    sign_in(client, stage, badge=code)
    give_badges([stage.staff.technician.id], timezone.now())
    badge = badges_of([stage.staff.technician.id])[stage.staff.technician.id]
    choose_pin(badge, OWN)
    kept = KeptTicket.objects.get()
    sign_in(client, stage, badge=printed([badge])[0].code)
    assert not TicketEnd.objects.filter(ticket=kept.ticket).exists()


def test_a_lost_badge_is_ended_at_once_and_with_it_what_stations_keep(
    lead: Client, client: Client, stage: Stage, code: str
) -> None:
    sign_in(Client(), stage, badge=code)
    kept = KeptTicket.objects.get()
    lead.post(ACT, {"end": str(stage.staff.officer.id), "sure": "1"})
    assert sign_in(Client(), stage, badge=code)["code"] == "badge_over"
    assert TicketEnd.objects.filter(ticket=kept.ticket).exists()
    entry = Entry.objects.get(kind="badge.ended")
    assert entry.actor == stage.staff.lead.id


def test_b10_a_new_password_ends_what_stations_keep(client: Client, stage: Stage, code: str) -> None:
    sign_in(Client(), stage, badge=code)
    kept, officer = KeptTicket.objects.get(), stage.staff.officer
    officer.set_password(PASSWORD)
    officer.save()
    own = "mot cau that dai"
    typed = {"username": officer.username, "old_password": PASSWORD, "new_password": own}
    client.post("/office/password", typed | {"new_password_again": own})
    assert TicketEnd.objects.filter(ticket=kept.ticket).exists()


def test_badges_for_the_week_are_given_with_one_press_and_printed_on_one_sheet(
    lead: Client, stage: Stage
) -> None:
    lead.post(ACT, {"give_missing": "1"})
    assert Badge.objects.count() == Member.objects.count() == Entry.objects.filter(kind="badge.given").count()
    sheet = lead.get(PRINT).content.decode()
    assert sheet.count('class="badge-picture"') == Badge.objects.count()
    assert len(set(re.findall(r'badge-pin">(\d{6})<', sheet))) == Badge.objects.count()
    one = lead.get(f"{PRINT}?only={stage.staff.officer.id}").content.decode()
    assert one.count('class="badge-picture"') == 1
    kept = " ".join(Entry.objects.filter(kind="badge.given").values_list("body", flat=True))
    assert not any(each.code in kept for each in printed(Badge.objects.all()))
    before = set(Badge.objects.values_list("id", flat=True))
    lead.post(ACT, {"give_missing": "1"})
    assert set(Badge.objects.values_list("id", flat=True)) == before


def test_badges_are_of_who_leads_the_whole_province(stage: Stage, code: str) -> None:
    """Whoever reads a sheet can begin a shift as anybody on it, and a role that begins tomorrow reaches further."""
    part, now = Client(), timezone.now()
    leader = stage.staff.officer_elsewhere
    record_deeds([Deed(GrantGiven(leader.id, Role.LEAD, now - timedelta(minutes=10), [], site=QL51))], now)
    part.force_login(leader)
    assert part.get("/office/").status_code == 200
    for act in ("give", "end"):
        assert part.post(ACT, {act: str(stage.staff.officer.id)}).status_code == 403
    assert [part.get(each).status_code for each in (LIST, PRINT)] == [403, 403]
    assert LIST not in part.get("/office/registers/staff").content.decode()
    assert not Entry.objects.filter(kind__startswith="badge.").exists()


def test_a_badge_given_anew_ends_what_the_one_before_opened(
    lead: Client, client: Client, stage: Stage, code: str
) -> None:
    token = sign_in(client, stage, badge=code)["token"]
    feed, bearer = f"/api/v1/feed?scope={QL51}", {"Authorization": f"Bearer {token}"}
    assert client.get(feed, headers=bearer).status_code == 200
    lead.post(ACT, {"give": str(stage.staff.officer.id), "sure": "1"})
    assert client.get(feed, headers=bearer).status_code == 401


def test_nobody_is_left_without_a_badge_however_many_there_are(
    lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(badges_page, "MOST_AT_ONCE", 2)
    everybody = Member.objects.count()
    for given in range(2, everybody + 2, 2):
        lead.post(ACT, {"give_missing": "1", "csrfmiddlewaretoken": f"page {given}"})
        assert Badge.objects.count() == min(given, everybody)
    first = lead.get(PRINT).content.decode()
    assert first.count('class="badge-picture"') == 2
    assert 'rel="next"' in first


def test_who_was_let_go_has_no_badge(lead: Client, stage: Stage, code: str) -> None:
    lead.post(f"/office/registers/staff/{stage.staff.officer.id}", {"act": "let_go", "sure": "1"})
    assert sign_in(Client(), stage, badge=code)["code"] == "badge_over"


@pytest.mark.parametrize("scanned", ["PR3VFLL1XKQV6S5", "KCHTXNH11H", "BR3VFLL1XKQV6SM"])
def test_g8_what_a_scanner_puts_into_the_password_is_no_guess(
    client: Client, stage: Stage, scanned: str
) -> None:
    officer = stage.staff.officer
    officer.set_password(PASSWORD)
    officer.save()
    typed = {"username": officer.username, "password": scanned}
    for _ in range(20):
        answer = client.post("/office/sign-in", typed)
    assert "Lần này không tính" in answer.content.decode()
    assert client.post("/office/sign-in", typed | {"password": PASSWORD}).status_code == 303


@pytest.mark.parametrize("act", ["end", "give"])
def test_a_badge_in_use_is_ended_or_replaced_only_at_a_second_press(
    lead: Client, stage: Stage, code: str, act: str
) -> None:
    officer, before = stage.staff.officer, Entry.objects.count()
    sent = {act: str(officer.id)}
    asked = lead.post(ACT, sent)
    assert asked.status_code == 200
    assert officer.full_name in asked.content.decode()
    assert badges_of([officer.id])[officer.id].ended_at is None
    assert Entry.objects.count() == before
    assert lead.post(ACT, sent | {"sure": "1"}).status_code == 303
    assert Entry.objects.count() == before + 1
