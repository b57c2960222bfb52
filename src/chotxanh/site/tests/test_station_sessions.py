"""A sign-in at a station ends on the server: at the sign-out, with the next one there, with a new password."""

import hashlib
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.registers.devices.models import TicketEnd
from chotxanh.registers.devices.sessions import end_sessions_of
from chotxanh.registers.devices.tickets import read_ticket
from chotxanh.registers.staff.models import Grant, Member
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


def asked_to_sign_in(stage: Stage, client: Client, username: str) -> Any:
    """Return what a sign-in at the station is answered with."""
    station, at = stage.station, unix_ms(timezone.now())
    signature = to_base64url(station.key.sign(f"sign-in:{station.id}:{username}:{at}".encode()))
    sent = {"device": station.id, "username": username, "password": PASSWORD, "at": at}
    return client.post("/api/v1/sign-in", sent | {"signature": signature}, content_type=JSON)


def signed_in(stage: Stage, client: Client, username: str = "can-bo") -> dict[str, Any]:
    """Return the answer to a sign-in at the station that succeeds."""
    answer = asked_to_sign_in(stage, client, username)
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


def test_a_station_signs_out_by_the_digest_of_a_token_that_it_no_longer_has(
    officer: Member, stage: Stage, client: Client
) -> None:
    """Without a line it keeps nothing until then that would open anything."""
    session = signed_in(stage, client)
    told = {"session": to_base64url(hashlib.sha256(session["token"].encode()).digest())}
    stranger = {"session": to_base64url(hashlib.sha256(b"another").digest())}
    assert client.post("/api/v1/sign-out", stranger, content_type=JSON).json() == {"protocol": 1}
    assert client.get(FEED, headers=bearer(session)).status_code == 200
    assert client.post("/api/v1/sign-out", told, content_type=JSON).json() == {"protocol": 1}
    assert client.get(FEED, headers=bearer(session)).json()["code"] == "session_over"
    ticket = read_ticket(session["ticket"])
    assert ticket is not None
    assert [end.ticket for end in TicketEnd.objects.all()] == [ticket.id]


@pytest.mark.parametrize("sent", ["", "{", "[]", '{"session": 5}', '{"session": null}'])
def test_a_sign_out_of_nothing_in_particular_ends_nothing(
    officer: Member, stage: Stage, client: Client, sent: str
) -> None:
    session = signed_in(stage, client)
    answer = client.post("/api/v1/sign-out", sent, content_type=JSON)
    assert answer.json()["code"] == "session_over"
    assert client.get(FEED, headers=bearer(session)).status_code == 200


def test_b1_another_who_signs_in_at_a_device_ends_the_one_before(
    officer: Member, stage: Stage, client: Client
) -> None:
    first = signed_in(stage, client)
    other = stage.staff.lead
    other.set_password(PASSWORD)
    other.save(update_fields=["password"])
    second = signed_in(stage, client, other.username)
    answers = [client.get(FEED, headers=bearer(each)).status_code for each in (first, second)]
    assert answers == [401, 200]
    ticket = read_ticket(first["ticket"])
    assert ticket is not None
    assert [end.ticket for end in TicketEnd.objects.all()] == [ticket.id]


def test_a_sign_in_whose_answer_was_lost_leaves_the_one_before_as_it_was(
    officer: Member, stage: Stage, client: Client
) -> None:
    """What the officer went on recording was held, and their shift could not begin anew."""
    first, second = signed_in(stage, client), signed_in(stage, client)
    answers = [client.get(FEED, headers=bearer(each)).status_code for each in (first, second)]
    assert (answers, TicketEnd.objects.count()) == ([200, 200], 0)
    client.post("/api/v1/sign-out", "{}", content_type=JSON, headers=bearer(second))
    answers = [client.get(FEED, headers=bearer(each)).status_code for each in (first, second)]
    assert answers == [401, 401]


def test_who_may_not_work_there_ends_nobodys_sign_in(officer: Member, stage: Stage, client: Client) -> None:
    first = signed_in(stage, client)
    Grant.objects.filter(member=stage.staff.lead.id).delete()
    other = stage.staff.lead
    other.set_password(PASSWORD)
    other.save(update_fields=["password"])
    assert asked_to_sign_in(stage, client, other.username).json()["code"] == "not_allowed"
    assert client.get(FEED, headers=bearer(first)).status_code == 200


def test_b10_a_new_password_ends_every_token_and_ticket(
    officer: Member, stage: Stage, client: Client
) -> None:
    session = signed_in(stage, client)
    end_sessions_of(officer, timezone.now())
    assert client.get(FEED, headers=bearer(session)).status_code == 401
    assert TicketEnd.objects.count() == 1


def test_a_sign_out_that_comes_late_ends_no_later_sign_in(
    officer: Member, stage: Stage, client: Client
) -> None:
    """The station does not wait for its answer, and the same officer has signed in again at another post."""
    first, second = signed_in(stage, client), signed_in(stage, client)
    client.post("/api/v1/sign-out", "{}", content_type=JSON, headers=bearer(first))
    answers = [client.get(FEED, headers=bearer(each)).status_code for each in (first, second)]
    assert answers == [401, 200]
