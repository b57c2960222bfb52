"""What is ended while a hash is computed opens nothing, and an ending reaches what the clock says is over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.registers.devices import badge_sign_in, sessions
from chotxanh.registers.devices.models import KeptTicket, Session, TicketEnd
from chotxanh.registers.devices.sessions import end_sessions_of
from chotxanh.registers.devices.tickets import read_ticket
from chotxanh.registers.staff.badges import check_badge, end_badges
from chotxanh.registers.staff.models import Badge, Member
from chotxanh.registers.staff.passwords import check_password
from chotxanh.site.office.registers.staff import renew_password
from chotxanh.site.tests.test_badges import code, quick, sign_in
from chotxanh.site.tests.test_station_sessions import asked_to_sign_in, officer
from tests.device import Station
from tests.stage import Stage

__all__ = ["code", "officer", "quick"]


def meanwhile(happens: Callable[[], object], check: Callable[..., Any]) -> Callable[..., Any]:
    """Let something happen after a check has passed and before anybody acts on it."""

    def checked(*asked: Any) -> Any:
        proven = check(*asked)
        happens()
        return proven

    return checked


def opened() -> int:
    return Session.objects.count() + KeptTicket.objects.count()


def id_of(ticket: str) -> UUID:
    found = read_ticket(ticket)
    assert found is not None and found.id is not None
    return found.id


def test_a_password_that_is_reset_while_its_hash_is_computed_opens_nothing(
    client: Client, stage: Stage, officer: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reset() -> None:
        renew_password(str(officer.id), stage.staff.lead, timezone.now())

    monkeypatch.setattr(sessions, "check_password", meanwhile(reset, check_password))
    assert asked_to_sign_in(stage, client, "can-bo").json()["code"] == "sign_in_wrong"
    assert opened() == 0


def test_a_badge_that_is_ended_while_its_pin_is_computed_opens_nothing(
    client: Client, stage: Stage, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose() -> None:
        end_badges([stage.staff.officer.id], timezone.now())
        end_sessions_of(stage.staff.officer, timezone.now())

    monkeypatch.setattr(badge_sign_in, "check_badge", meanwhile(lose, check_badge))
    assert sign_in(client, stage, badge=code)["code"] == "badge_over"
    assert opened() == 0


def test_a_pin_that_somebody_else_changes_meanwhile_opens_nothing(
    client: Client, stage: Stage, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change() -> None:
        Badge.objects.update(sealed=b"another")

    monkeypatch.setattr(badge_sign_in, "check_badge", meanwhile(change, check_badge))
    assert sign_in(client, stage, badge=code)["code"] == "badge_over"


def test_a_new_pin_ends_what_the_old_one_opens_elsewhere(client: Client, stage: Stage, code: str) -> None:
    """Somebody looked over a shoulder; the owner chose another PIN at the next PC."""
    kept = id_of(sign_in(client, stage, badge=code)["kept"]["ticket"])
    stage.station = Station()
    stage.station.enrol()
    again = sign_in(client, stage, badge=code, new_pin="739150")
    assert TicketEnd.objects.filter(ticket=kept).exists()
    assert not TicketEnd.objects.filter(ticket=id_of(again["kept"]["ticket"])).exists()


def test_a_lost_badge_ends_what_is_over_by_a_clock_that_is_ahead(
    client: Client, stage: Stage, code: str
) -> None:
    answer = sign_in(client, stage, badge=code)
    end_sessions_of(stage.staff.officer, timezone.now() + timedelta(days=200))
    ended = set(TicketEnd.objects.values_list("ticket", flat=True))
    assert {id_of(answer["ticket"]), id_of(answer["kept"]["ticket"])} <= ended
