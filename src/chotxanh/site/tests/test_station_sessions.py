"""A sign-in at a station ends on the server: at the sign-out, with the next one there, with a new password."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.registers.devices.models import TicketEnd
from chotxanh.registers.devices.sessions import end_sessions_of
from chotxanh.registers.devices.tickets import read_ticket
from chotxanh.registers.staff.models import Member
from tests.cast import PASSWORD, QL51
from tests.stage import Stage

JSON = "application/json"
FEED = f"/api/v1/feed?scope={QL51}"


@pytest.fixture
def officer(stage: Stage) -> Member:
    """The officer of QL51, with a password."""
    member = stage.staff.officer
    member.username = "can-bo"
    member.set_password(PASSWORD)
    member.save(update_fields=["username", "password"])
    return member


def signed_in(stage: Stage, client: Client) -> dict[str, Any]:
    """Return the answer to a sign-in at the station."""
    station, at = stage.station, unix_ms(timezone.now())
    signature = to_base64url(station.key.sign(f"sign-in:{station.id}:can-bo:{at}".encode()))
    sent = {"device": station.id, "username": "can-bo", "password": PASSWORD, "at": at}
    answer = client.post("/api/v1/sign-in", sent | {"signature": signature}, content_type=JSON)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def bearer(session: dict[str, Any]) -> dict[str, str]:
    """Return the header that carries a session's token."""
    return {"Authorization": f"Bearer {session['token']}"}


def test_b10_signing_out_ends_the_token_and_its_ticket(officer: Member, stage: Stage, client: Client) -> None:
    session = signed_in(stage, client)
    assert client.get(FEED, headers=bearer(session)).status_code == 200
    ended = client.post("/api/v1/sign-out", "{}", content_type=JSON, headers=bearer(session))
    assert (ended.status_code, ended.json()) == (200, {"protocol": 1})
    assert client.get(FEED, headers=bearer(session)).json()["code"] == "session_over"
    ticket = read_ticket(session["ticket"])
    assert ticket is not None
    assert [end.ticket for end in TicketEnd.objects.all()] == [ticket.id]
    again = client.post("/api/v1/sign-out", "{}", content_type=JSON, headers=bearer(session))
    assert again.status_code == 200  # what is over stays over
    assert client.post("/api/v1/sign-out").json()["code"] == "session_over"


def test_b1_the_next_sign_in_at_a_device_ends_the_one_before(
    officer: Member, stage: Stage, client: Client
) -> None:
    first, second = signed_in(stage, client), signed_in(stage, client)
    answers = [client.get(FEED, headers=bearer(each)).status_code for each in (first, second)]
    assert answers == [401, 200]
    ticket = read_ticket(first["ticket"])
    assert ticket is not None
    assert [end.ticket for end in TicketEnd.objects.all()] == [ticket.id]


def test_b10_a_new_password_ends_every_token_and_ticket(
    officer: Member, stage: Stage, client: Client
) -> None:
    session = signed_in(stage, client)
    end_sessions_of(officer, timezone.now())
    assert client.get(FEED, headers=bearer(session)).status_code == 401
    assert TicketEnd.objects.count() == 1
