"""The declaration in the browser's place: mistakes keep what was typed, sending twice is sending once."""

import json
import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from chotxanh.beside.limits import DECLARATIONS
from chotxanh.declarations import views
from chotxanh.declarations.models import Declaration
from chotxanh.declarations.tests.typed import DRIVER
from chotxanh.ledger.models import Entry
from chotxanh.people.models import Registration
from chotxanh.registers.posts.models import Post
from chotxanh.registers.posts.roads import roads_in_minute
from tests.narrow import BURST, narrow
from tests.stage import Stage

pytestmark = pytest.mark.usefixtures("stage")


def post(client: Client, step: str, **changed: Any) -> Any:
    return client.post("/declare", DRIVER | {"step": step} | changed)


def test_the_form_asks_with_nothing_chosen_beforehand(client: Client) -> None:
    page = client.get("/declare", follow=True).content.decode()
    assert "checked" not in page
    assert page.index("Sở Y tế") < page.index("Chốt Xanh") < page.index("<h1>")


def test_a_mistake_keeps_everything_that_was_typed(client: Client) -> None:
    answer = post(client, "check", phone="12", full_name='Nguyễn "Bảy" <b>')
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'href="#phone"' in page
    assert 'aria-describedby="phone-hint phone-mistake"' in page
    assert 'value="Nguyễn &quot;Bảy&quot; &lt;b&gt;"' in page
    assert 'value="TP HCM"' in page
    assert page.count("checked") == 6


def test_answers_are_looked_over_before_anything_is_recorded(client: Client) -> None:
    page = post(client, "check").content.decode()
    assert "0912 345 678" in page
    assert "Không có dấu hiệu nào" in page
    assert not Declaration.objects.exists()


def road_declared(client: Client, **chosen: str) -> str | None:
    roads_in_minute.cache_clear()
    assert post(client, "send", **chosen).status_code == HTTPStatus.SEE_OTHER
    body = json.loads(Entry.objects.filter(kind="declaration.submitted").latest("id").body)
    road: str | None = body["facts"]["road"]
    return road


def test_the_road_with_a_checkpoint_is_chosen_from_those_there_are(client: Client) -> None:
    roads_in_minute.cache_clear()
    page = client.get("/declare", follow=True).content.decode()
    assert page.index('value="QL51"') < page.index('value="QL56"') < page.index("Chưa biết")
    assert road_declared(client, road="QL51") == "QL51"


@pytest.mark.parametrize(
    ("closes_in", "chosen"), [(timedelta(days=7), "QL51"), (timedelta(minutes=-2), None)]
)
def test_a_road_can_be_chosen_until_its_last_post_has_closed(
    client: Client, closes_in: timedelta, chosen: str | None
) -> None:
    Post.objects.filter(road="QL51").update(closed_at=timezone.now() + closes_in)
    assert road_declared(client, road="QL51") == chosen


@pytest.mark.parametrize("chosen", [{}, {"road": "unknown"}, {"road": ""}, {"road": "QL1"}])
def test_nobody_must_know_the_road_yet(client: Client, chosen: dict[str, str]) -> None:
    assert road_declared(client, **chosen) is None


def test_editing_brings_the_form_back_as_it_was(client: Client) -> None:
    assert 'value="72C-123.45"' in post(client, "edit").content.decode()


def test_sending_leads_to_a_page_behind_a_secret(client: Client) -> None:
    answer = post(client, "send")
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert re.fullmatch(r"/p/[A-Za-z0-9_-]{22}", answer["Location"])
    registration = Registration.objects.get()
    page = client.get(answer["Location"]).content.decode()
    assert registration.person_code[:5] in page
    assert "Nguyễn Văn Đường" in page


def test_a_new_person_is_registered_and_declares_in_two_entries(client: Client) -> None:
    post(client, "send")
    journey, registration = Declaration.objects.get(), Registration.objects.get()
    assert (journey.registration, journey.person_code) == (registration.id, registration.person_code)
    kinds = Entry.objects.filter(id__in=[journey.id, registration.id]).values_list("kind", flat=True)
    assert sorted(kinds) == ["declaration.submitted", "person.registered"]


def test_a_double_click_is_one_declaration_with_one_page(client: Client) -> None:
    assert post(client, "send")["Location"] == post(client, "send")["Location"]
    assert (Registration.objects.count(), Declaration.objects.count()) == (1, 1)


def test_two_clicks_that_arrive_at_once_see_the_same_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = post(client, "send")["Location"]
    recorded = iter([False, True])  # the second click looks before the first has written, then again after
    monkeypatch.setattr(QuerySet, "exists", lambda _rows: next(recorded))
    assert post(client, "send")["Location"] == first
    assert Declaration.objects.count() == 1


def test_the_form_reopened_for_the_next_passenger_is_another_declaration(client: Client) -> None:
    first = post(client, "send")["Location"]
    assert post(client, "send", full_name="Lê Thị Hồng Gấm")["Location"] != first
    assert Declaration.objects.count() == 2


def test_sending_a_form_with_a_mistake_records_nothing(client: Client) -> None:
    assert post(client, "send", phone="").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Declaration.objects.exists()


def test_the_other_language_is_one_tap_away_and_loses_nothing(client: Client) -> None:
    answer = client.post("/declare", DRIVER | {"switch": "form"})
    page = answer.content.decode()
    assert '<html lang="en">' in page
    assert 'value="Nguyễn Văn Đường"' in page
    assert answer.cookies["language"].value == "en"
    assert "Send the declaration" in client.post("/declare", DRIVER | {"step": "check"}).content.decode()


def test_no_personal_data_in_an_address_and_no_cached_answer(client: Client) -> None:
    client.get("/declare?full_name=Nguyễn")
    answer = post(client, "check")
    assert answer["Cache-Control"] == "no-store"
    assert "?" not in post(client, "send")["Location"]


def test_a_browser_that_refuses_cookies_can_declare(stage: Stage) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert post(strict, "send").status_code == HTTPStatus.SEE_OTHER


def test_the_empty_form_is_the_same_for_everybody_but_for_its_token(client: Client) -> None:
    token = re.compile(r'name="token" value="([\w-]{22})"')
    pages = [each.get("/declare", follow=True).content.decode() for each in (client, Client())]
    tokens = [token.findall(page) for page in pages]
    assert tokens[0] != tokens[1]
    assert token.sub("", pages[0]) == token.sub("", pages[1])


def test_the_empty_form_speaks_the_readers_language(client: Client) -> None:
    assert '<html lang="vi">' in client.get("/declare", follow=True).content.decode()
    client.cookies["language"] = "en"
    assert '<html lang="en">' in client.get("/declare", follow=True).content.decode()


def test_beyond_the_limit_of_an_address_nothing_is_lost_and_it_can_be_sent_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, views, DECLARATIONS)
    for number in range(BURST):
        assert post(client, "send", token=f"form {number}").status_code == HTTPStatus.SEE_OTHER
    answer = post(client, "send", token="one more")
    page = answer.content.decode()
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (HTTPStatus.TOO_MANY_REQUESTS, True)
    assert "Chưa gửi được" in page
    assert 'value="Nguyễn Văn Đường"' in page
    assert 'name="step" value="send"' in page
    assert Declaration.objects.count() == BURST


def test_g3_the_same_form_sent_on_another_day_is_another_declaration(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = post(client, "send")["Location"]
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert post(client, "send")["Location"] != first
    assert Declaration.objects.count() == 2
