"""What a station kept of who opened which cards there: taken in once, from an enrolled station alone, and told."""

from datetime import timedelta
from http import HTTPStatus
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from chotxanh.beside.limits import HANDED_IN_LOOKS
from chotxanh.beside.models import PersonalAccess
from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.ledger.looks import AWAITED_FOR
from chotxanh.registers.devices.models import Device, KeptTicket, Session
from tests.cast import BEGINS, DRIVER, EVENING, WALKER
from tests.device import Station
from tests.stage import Stage

ADDRESS = "/api/v1/looks"
pytestmark = pytest.mark.django_db(databases=["default", "beside"])


def handed_in(station: Station, *looks: dict[str, Any], key: Station | None = None) -> bytes:
    """Return what a station hands in, signed by its key or another's."""
    body = msgspec.json.encode({"device": station.id, "looks": looks})
    signature = to_base64url((key or station).key.sign(body))
    return msgspec.json.encode({"protocol": 1, "body": body.decode(), "signature": signature})


def look(member: UUID, code: str = DRIVER.code, at: int = unix_ms(EVENING)) -> dict[str, Any]:
    """Return one look as a station says it."""
    return {"member": member, "person_code": code, "at": at}


def hand_in(sent: bytes) -> Any:
    """Send it; return the answer."""
    return Client().post(ADDRESS, sent, content_type="application/json")


def test_who_opened_whose_card_at_a_station_stands_in_the_log_once(declared: Stage) -> None:
    officer = declared.staff.officer.id
    sent = handed_in(declared.station, look(officer), look(officer, WALKER.code))
    assert [hand_in(sent).json()["taken"] for _ in range(2)] == [2, 0], "an answer may be lost on its way"
    kept = PersonalAccess.objects.order_by("subject")
    assert {(each.member, each.subject, each.purpose, each.device, each.read_at) for each in kept} == {
        (officer, code, "station", declared.station.id, EVENING) for code in (DRIVER.code, WALKER.code)
    }


def test_a_clock_that_is_ahead_hides_no_look(declared: Stage) -> None:
    officer = declared.staff.officer.id
    for at in (unix_ms(timezone.now()) + 10**9, 2**53 - 1):
        assert hand_in(handed_in(declared.station, look(officer, at=at))).json()["taken"] == 1
    assert all(each.read_at <= timezone.now() for each in PersonalAccess.objects.all())


def test_what_is_handed_in_again_stands_once_whatever_its_clock_said(declared: Stage) -> None:
    ahead = look(declared.staff.officer.id, at=unix_ms(timezone.now() + timedelta(minutes=10)))
    sent = handed_in(declared.station, ahead, ahead)
    assert [hand_in(sent).json()["taken"] for _ in range(2)] == [1, 0]
    assert PersonalAccess.objects.count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "beside"])
def test_what_several_processes_take_in_at_once_stands_once(declared: Stage) -> None:
    officer, said = declared.staff.officer.id, unix_ms(timezone.now() + timedelta(minutes=10))
    looks = [look(officer, code, said + each) for each in range(50) for code in (DRIVER.code, WALKER.code)]
    sent = [handed_in(declared.station, *looks), handed_in(declared.station, *reversed(looks))]
    together, taken = Barrier(4), list[int]()

    def process(number: int) -> None:
        together.wait()
        taken.append(hand_in(sent[number % 2]).json()["taken"])
        connections.close_all()

    threads = [Thread(target=process, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(taken), sum(taken), PersonalAccess.objects.count()) == (4, 100, 100)


@pytest.mark.parametrize("at", [0, unix_ms(BEGINS) - 1])
def test_a_time_before_the_station_was_enrolled_hides_no_look(declared: Stage, at: int) -> None:
    before = timezone.now()
    assert hand_in(handed_in(declared.station, look(declared.staff.officer.id, at=at))).json()["taken"] == 1
    assert PersonalAccess.objects.get().read_at >= before


def test_only_members_who_worked_at_the_station_stand_in_the_log(declared: Stage) -> None:
    staff, now = declared.staff, timezone.now()
    long_ago = unix_ms(now - AWAITED_FOR - timedelta(seconds=1))
    said = [look(staff.officer.id), look(staff.lead.id, at=unix_ms(now)), look(uuid4(), at=unix_ms(now))]
    said += [look(staff.lead.id, at=long_ago), look(uuid4(), at=0), look(staff.officer.id, "nobody")]
    told = hand_in(handed_in(declared.station, *said)).json()
    assert told == {"protocol": 1, "taken": 1, "passed_over": [3, 4, 5], "not_yet": [1, 2]}
    assert [each.member for each in PersonalAccess.objects.all()] == [staff.officer.id]


def test_a_look_waits_for_the_start_of_its_shift(declared: Stage) -> None:
    station, technician = declared.station, declared.staff.technician
    sent = handed_in(station, look(technician.id, at=unix_ms(timezone.now())))
    assert hand_in(sent).json()["not_yet"] == [0]
    declared.must_apply(station.start_shift(technician))
    assert [(hand_in(sent).json()["taken"], hand_in(sent).json()["not_yet"])] == [(1, [])]


@pytest.mark.parametrize("by", ["session", "kept_ticket"])
def test_whoever_signed_in_there_is_known_before_their_shift_arrives(declared: Stage, by: str) -> None:
    lead, device, over = declared.staff.lead, declared.station.id, timezone.now() + timedelta(hours=1)
    if by == "session":
        Session.objects.create(digest=b"1", device_id=device, member=lead, expires_at=over)
    else:
        KeptTicket.objects.create(ticket=uuid4(), device=device, member=lead.id, expires_at=over)
    assert hand_in(handed_in(declared.station, look(lead.id))).json()["taken"] == 1


def test_a_stolen_station_fills_no_log(declared: Stage) -> None:
    parts = [
        handed_in(
            declared.station, *(look(declared.staff.officer.id, at=part * 500 + each) for each in range(500))
        )
        for part in range(15)
    ]
    answers = [hand_in(part) for part in parts]
    assert [each.json().get("code") for each in answers][-1] == "too_often"
    assert HANDED_IN_LOOKS.burst <= PersonalAccess.objects.count() < HANDED_IN_LOOKS.burst + 1000


def test_what_is_no_persons_code_is_passed_over_and_the_rest_is_taken(declared: Stage) -> None:
    officer = declared.staff.officer.id
    sent = handed_in(declared.station, look(officer, "Nguyen Van A"), look(officer, DRIVER.code.lower()))
    assert hand_in(sent).json()["taken"] == 1
    assert PersonalAccess.objects.get().subject == DRIVER.code


def test_only_what_an_enrolled_station_signed_is_taken(declared: Stage) -> None:
    officer, stranger = declared.staff.officer.id, Station()
    refused = {
        "device_unknown": handed_in(stranger, look(officer)),
        "signature_invalid": handed_in(declared.station, look(officer), key=stranger),
        "request_unreadable": b"{}",
        "protocol_unknown": handed_in(declared.station, look(officer)).replace(
            b'"protocol":1', b'"protocol":9'
        ),
    }
    for code, sent in refused.items():
        answer = hand_in(sent)
        assert HTTPStatus.BAD_REQUEST <= answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, code
        assert answer.json()["code"] == code
    Device.objects.filter(id=declared.station.id).update(revoked_at=EVENING)
    assert hand_in(handed_in(declared.station, look(officer))).json()["code"] == "device_revoked"
    assert PersonalAccess.objects.count() == 0


def test_too_many_at_once_are_refused_whole_and_none_is_written(declared: Stage) -> None:
    many = [look(declared.staff.officer.id, at=number) for number in range(501)]
    assert hand_in(handed_in(declared.station, *many)).status_code == HTTPStatus.BAD_REQUEST
    assert PersonalAccess.objects.count() == 0
