"""Whoever is registered declares the next journey from their own page: the same code, two taps, nothing typed."""

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.declarations.models import Declaration
from chotxanh.declarations.tests.typed import DRIVER
from chotxanh.ledger.entries import PersonalErased
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.models import Registration
from tests.stage import Stage

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def page(stage: Stage, client: Client) -> str:
    """The own page of a driver who declared once."""
    answer = client.post("/declare", DRIVER | {"step": "send"})
    assert re.fullmatch(r"/p/[\w-]{22}", answer["Location"])
    return str(answer["Location"])


def begun(client: Client, page: str) -> dict[str, Any]:
    """Tap once: return what the page of answers carries."""
    answer = client.get(f"{page}/journey")
    assert (answer.status_code, answer["Cache-Control"]) == (HTTPStatus.OK, "no-store")
    fields: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(answer.content.decode()):
        fields.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def send(client: Client, fields: dict[str, Any], **changed: Any) -> str:
    answer = client.post("/declare", fields | {"step": "send"} | changed)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    return str(answer["Location"])


def test_two_taps_declare_the_same_journey_again_under_the_same_code(client: Client, page: str) -> None:
    assert f'href="{page}/journey"' in client.get(page).content.decode()
    assert send(client, begun(client, page)) == page
    registration = Registration.objects.get()
    first, second = Declaration.objects.order_by("declared_at")
    for journey in (first, second):
        assert (journey.registration, journey.person_code) == (registration.id, registration.person_code)
    said = ("category", "vehicle", "direction", "origin", "destination", "road", "answers")
    assert [getattr(first, name) for name in said] == [getattr(second, name) for name in said]


def test_who_it_is_stands_above_and_nothing_of_it_is_asked_or_carried(client: Client, page: str) -> None:
    answers = client.get(f"{page}/journey").content.decode()
    assert "Nguyễn Văn Đường, 1985" in answers
    assert not {"full_name", "birth", "sex", "phone", "id_number"} & begun(client, page).keys()
    carried = begun(client, page) | {"step": "edit"}
    client.cookies.clear()
    form = client.post("/declare", carried).content.decode()
    assert 'name="full_name"' not in form
    assert 'value="72C-123.45"' in form


def test_what_is_different_is_changed_on_the_way(client: Client, page: str) -> None:
    fields = begun(client, page) | {"step": "edit"}
    form = client.post("/declare", fields)["Location"]
    assert "Khai chuyến mới" in client.get(form).content.decode()
    fields |= {"step": "check", "destination": "Bình Thuận", "direction": "through", "symptoms": ["cough"]}
    check = client.post("/declare", fields)["Location"]
    assert check == f"{form}/check"
    assert "Bình Thuận" in client.get(check).content.decode()
    send(client, fields)
    latest = Declaration.objects.order_by("declared_at").last()
    assert latest is not None
    assert (latest.destination, latest.answers["cough"]) == ("nso-2021:60", True)
    assert begun(client, page)["symptoms"] == "cough"
    assert client.get(check)["Location"] == "/declare", "what was sent is gone"


def test_g3_a_double_tap_is_one_journey_and_the_next_day_is_another(
    client: Client, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = begun(client, page)
    assert begun(client, page) == fields
    for _ in range(2):
        send(client, fields)
    assert Declaration.objects.count() == 2
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    send(client, begun(client, page))
    assert (Declaration.objects.count(), Registration.objects.count()) == (3, 1)


@pytest.mark.parametrize("secret", ["x" * 22, "../../etc", "ngắn"])
def test_without_the_secret_of_a_page_no_journey_is_declared_for_anybody(
    client: Client, page: str, secret: str
) -> None:
    assert client.get(f"/p/{secret.replace('/', '')}/journey")["Location"] == "/p/"
    assert send(client, begun(client, page), page=secret) == "/p/"
    assert Declaration.objects.count() == 1


def test_a_code_typed_into_the_form_is_not_taken(client: Client, page: str) -> None:
    code = Registration.objects.get().person_code
    send(client, DRIVER, person_code=code, token="another")
    assert Registration.objects.filter(person_code=code).count() == 1


def test_from_an_erased_persons_page_nothing_is_declared(client: Client, page: str, stage: Stage) -> None:
    registration = Registration.objects.get()
    order = Deed(PersonalErased(registration.id, "request"), actor=stage.staff.data_protection.id)
    record_deeds([order], stage.now)
    assert client.get(f"{page}/journey")["Location"] == "/p/"


def test_who_has_no_journey_yet_gets_an_empty_form(client: Client, page: str) -> None:
    Declaration.objects.all().delete()
    form = client.get(f"{page}/journey").content.decode()
    assert 'name="full_name"' not in form
    assert "checked" not in form
