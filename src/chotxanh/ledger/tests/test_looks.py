"""What a station kept of who opened which cards there: taken in once, from an enrolled station alone, and told."""

from datetime import timedelta
from http import HTTPStatus
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from chotxanh.beside.models import PersonalAccess
from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.registers.devices.models import Device
from tests.cast import DRIVER, EVENING, WALKER
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
