"""Nobody is surprised by a positive on their page, and nobody is kept from it: "Xem ngay" (field rules A1, B5)."""

from http import HTTPStatus
from uuid import UUID

import pytest
from django.test import Client

from chotxanh.declarations.submission import submit_declaration
from chotxanh.ledger.models import Entry
from chotxanh.results.corrections.models import ResultTelling
from chotxanh.results.models import ResultFact
from chotxanh.results.queries import PersonState, standing_of
from chotxanh.site.tests.test_person_page import WEB, OwnPage, page_of
from tests.device import MINUTE
from tests.stage import Stage

POSITIVE = "Dương tính với test nhanh"
BUTTON = "Xem ngay"


@pytest.fixture
def own_page(today: Stage) -> OwnPage:
    """The driver has declared on the web this very hour, and keeps the link."""
    submitted = submit_declaration(WEB, "token", today.now)
    return OwnPage(today, submitted.person_code, submitted.page_secret)


def result() -> UUID:
    return ResultFact.objects.get(corrects=None).id


def see(client: Client, own_page: OwnPage) -> None:
    answer = client.post(f"/p/{own_page.secret}/result")
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, f"/p/{own_page.secret}")
    assert answer["Cache-Control"] == "no-store"


def test_a_positive_is_told_by_the_call_or_by_ones_own_wish(client: Client, own_page: OwnPage) -> None:
    own_page.sample("positive")
    assert "Đã có kết quả" in page_of(client, own_page)
    assert BUTTON in page_of(client, own_page)
    assert POSITIVE not in page_of(client, own_page)
    see(client, own_page)
    assert POSITIVE in page_of(client, own_page)
    assert BUTTON not in page_of(client, own_page)


def test_it_is_written_down_once_that_somebody_knows(client: Client, own_page: OwnPage) -> None:
    own_page.sample("positive")
    client.get(f"/p/{own_page.secret}/result")
    assert not ResultTelling.objects.exists()
    see(client, own_page)
    see(client, own_page)
    told = ResultTelling.objects.get()
    assert (told.result, told.person_code, told.way) == (result(), own_page.code, "page")
    assert Entry.objects.get(id=told.id).actor is None


def test_a_correction_after_that_has_no_effect(client: Client, own_page: OwnPage) -> None:
    own_page.sample("positive")
    see(client, own_page)
    stage = own_page.stage
    told_at = ResultTelling.objects.get().told_at
    stage.station.minute += (told_at - stage.station.began).total_seconds() // 60 + 1
    stage.now = told_at + 5 * MINUTE
    stage.must_apply(stage.station.correct("ONG1", result(), "negative"))
    assert standing_of(own_page.code).state is PersonState.POSITIVE
    assert POSITIVE in page_of(client, own_page)


def test_nothing_is_hidden_of_a_negative_and_nothing_written(client: Client, own_page: OwnPage) -> None:
    own_page.sample("negative")
    assert BUTTON not in page_of(client, own_page)
    see(client, own_page)
    assert not ResultTelling.objects.exists()


def test_a_stranger_opens_nothing(client: Client, own_page: OwnPage) -> None:
    own_page.sample("positive")
    assert client.post(f"/p/{own_page.secret[::-1]}/result").status_code == HTTPStatus.SEE_OTHER
    assert not ResultTelling.objects.exists()
