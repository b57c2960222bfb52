"""Six hundred phones of one address (carrier NAT) in ten minutes: nobody is refused; above that they slow down."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.beside.limits import DECLARATIONS, OWN_PAGES, VERIFICATIONS, Limit
from chotxanh.beside.networks import Network
from chotxanh.beside.throttle import take
from chotxanh.declarations.tests.typed import DRIVER
from chotxanh.domain.problems import Problem
from tests.stage import Stage

PHONES, LAST_PHONES = 600, 40
# What each phone does; a page left open asks every 30 seconds.
EACH_PHONE = {DECLARATIONS: 1, VERIFICATIONS: 1, OWN_PAGES: 1 + 20}
ADDRESS, NETWORK = "203.0.113.7", Network("203.0.113.0/24")
# A clock that stands still gives no token back: what holds here holds in ten minutes, and in one.
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture
def standing_clock(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every view is told the same moment."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def phone() -> Client:
    return Client(REMOTE_ADDR=ADDRESS)


def send(number: int) -> tuple[int, str]:
    """Declare as somebody new; return the answer's status and where it leads."""
    form = DRIVER | {"token": f"token-of-phone-{number}", "phone": f"0912{number:06}", "step": "send"}
    answer = phone().post("/declare", form)
    return answer.status_code, answer.headers.get("Location", "")


def asked_before(phones: int) -> None:
    """Take at least what so many phones take, at once for all of them."""
    for limit, times in EACH_PHONE.items():
        at_once = replace(limit, burst=limit.burst // phones)
        for _ in range(times):
            take(at_once, NETWORK, NOW)


def use_up(limit: Limit) -> None:
    """Take what is left: half of all there is as often as it goes, then a quarter, down to the last token."""
    for parts in (*(2**power for power in range(1, limit.burst.bit_length())), limit.burst):
        with suppress(Problem):
            for _ in range(parts):
                take(replace(limit, burst=parts), NETWORK, NOW)


def test_c7_six_hundred_phones_of_one_address_declare_look_and_verify_without_one_refusal(
    standing_clock: None,
) -> None:
    asked_before(PHONES - LAST_PHONES)
    refused = []
    for number in range(LAST_PHONES):
        declared, page = send(number)
        looked = phone().get(page).status_code
        verified = phone().post("/verify", {"text": "HC1:6BFOXN"}).status_code
        if (declared, looked, verified) != (HTTPStatus.SEE_OTHER, HTTPStatus.OK, HTTPStatus.OK):
            refused.append((declared, looked, verified))
    assert refused == []


@pytest.mark.parametrize(
    ("limit", "path"), [(OWN_PAGES, "page"), (VERIFICATIONS, "/verify"), (DECLARATIONS, "/declare")]
)
def test_c7_beyond_its_limit_an_address_is_slowed_down_and_told_for_how_long(
    standing_clock: None, limit: Limit, path: str
) -> None:
    _, page = send(PHONES)
    use_up(limit)
    if path == "page":
        answer = phone().get(page)
    elif path == "/verify":
        answer = phone().post(path, {"text": "HC1:6BFOXN"})
    else:
        answer = phone().post(path, DRIVER | {"token": "token-of-one-more", "step": "send"})
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert 0 < int(answer["Retry-After"]) <= limit.per.total_seconds()
    assert phone().get("/declare", follow=True).status_code == HTTPStatus.OK
