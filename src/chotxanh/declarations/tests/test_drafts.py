"""Back, Reload and errors: what was typed waits for the browser that typed it, and is gone once it was sent."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, NoReturn

import pytest
from django.db import connection
from django.test import Client

from chotxanh.beside import drafts
from chotxanh.beside.models import Draft
from chotxanh.declarations import drafts as own_drafts
from chotxanh.declarations.models import Declaration
from chotxanh.declarations.tests.typed import DRIVER
from chotxanh.domain.problems import Problem
from chotxanh.ledger import server_log
from tests.stage import Stage

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def form(client: Client) -> str:
    """The address of a form that a browser with cookies has opened."""
    address = client.get("/declare")["Location"]
    assert client.get(address).status_code == HTTPStatus.OK
    return str(address)


def post(client: Client, form: str, step: str, **changed: Any) -> str:
    """Press a button of the form; return where it leads."""
    typed = DRIVER | {"token": form.rpartition("/")[2], "step": step} | changed
    answer = client.post("/declare", typed)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert answer["Cache-Control"] == "no-store"
    return str(answer["Location"])


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (HTTPStatus.OK, "no-store"), address
    return answer.content.decode()


def refuse(*_received: object) -> NoReturn:
    raise Problem("busy")


def test_the_answers_have_an_address_of_their_own_and_back_brings_everything(
    client: Client, form: str
) -> None:
    assert post(client, form, "check", id_number="077085000123") == f"{form}/check"
    assert "0912 345 678" in page(client, f"{form}/check")
    before = page(client, form)
    assert 'value="077085000123"' in before
    assert 'value="72C-123.45"' in before
    assert 'value="TP HCM"' in before
    assert "mistake" not in before


def test_a_mistake_is_told_on_the_form_itself(client: Client, form: str) -> None:
    assert post(client, form, "check", phone="12") == form
    shown = page(client, form)
    assert 'aria-describedby="phone-hint phone-mistake"' in shown
    assert 'value="Nguyễn Văn Đường"' in shown
    assert client.get(f"{form}/check")["Location"] == form


def test_editing_names_no_mistakes(client: Client, form: str) -> None:
    assert post(client, form, "edit", phone="12") == form
    assert "mistake" not in page(client, form)


def test_g4_once_sent_back_shows_nothing_of_the_last_person(client: Client, form: str) -> None:
    post(client, form, "check")
    assert post(client, form, "send").startswith("/p/")
    assert client.get(f"{form}/check")["Location"] == "/declare"
    assert client.get(form)["Location"] == "/declare"
    assert len(bytes(Draft.objects.get().sealed)) < 100
    assert Declaration.objects.count() == 1


def test_the_form_sent_again_is_one_declaration_and_forgotten_again(client: Client, form: str) -> None:
    sent = post(client, form, "send")
    post(client, form, "check")
    assert post(client, form, "send") == sent
    assert client.get(form)["Location"] == "/declare"
    assert Declaration.objects.count() == 1


def test_what_could_not_be_recorded_is_not_forgotten(
    client: Client, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(client, form, "check")
    monkeypatch.setattr(server_log, "record_within", refuse)
    answer = client.post("/declare", DRIVER | {"token": form.rpartition("/")[2], "step": "send"})
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert 'value="Nguyễn Văn Đường"' in page(client, form)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps drafts in a second file")
def test_it_is_forgotten_in_the_transaction_that_records_it(
    client: Client, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    depths: list[int] = []

    def replace(*draft: Any) -> None:
        depths.append(len(connection.savepoint_ids))
        drafts.replace_draft(*draft)

    monkeypatch.setattr(own_drafts, "replace_draft", replace)
    post(client, form, "send")
    assert [depth > len(connection.savepoint_ids) for depth in depths] == [True]


def test_sending_a_form_with_a_mistake_leads_back_to_it(client: Client, form: str) -> None:
    assert post(client, form, "send", phone="") == form
    assert not Declaration.objects.exists()


def test_another_browser_reads_no_draft(client: Client, form: str) -> None:
    post(client, form, "check")
    stranger = Client()
    stranger.get("/declare")
    assert "Đường" not in page(stranger, form)
    assert stranger.get(f"{form}/check")["Location"] == "/declare"


def test_the_language_is_kept_with_what_was_typed_even_without_its_cookie(client: Client, form: str) -> None:
    typed = DRIVER | {"token": form.rpartition("/")[2], "switch": "check"}
    assert client.post("/declare", typed)["Location"] == f"{form}/check"
    del client.cookies["language"]
    assert '<html lang="en">' in page(client, f"{form}/check")


def test_a_draft_is_sealed_and_lives_for_an_hour(
    client: Client, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(client, form, "check")
    assert b"0912" not in bytes(Draft.objects.get().sealed)
    monkeypatch.setattr(drafts, "DRAFT_LIFE", timedelta(0))
    monkeypatch.setattr(drafts, "PRUNE_EVERY", 1)
    post(client, form, "check")
    assert client.get(f"{form}/check")["Location"] == "/declare"


def test_what_is_too_much_to_be_kept_is_shown_at_once(client: Client, form: str) -> None:
    typed = DRIVER | {"token": form.rpartition("/")[2], "step": "check", "plate": "7" * 20_000}
    answer = client.post("/declare", typed)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Draft.objects.exists()


@pytest.mark.parametrize("token", ["../../etc", "a" * 65, "mã", ""])
def test_a_token_that_cannot_stand_in_an_address_is_replaced(client: Client, form: str, token: str) -> None:
    leads_to = client.post("/declare", DRIVER | {"step": "check", "token": token})["Location"]
    assert len(leads_to) == len(f"{form}/check")
    assert client.get("/declare/" + "a" * 65)["Location"] == "/declare"


def test_a_browser_that_refuses_cookies_carries_everything_in_its_pages(stage: Stage) -> None:
    answer = Client().post("/declare", DRIVER | {"step": "check"})
    assert answer.status_code == HTTPStatus.OK
    assert 'name="full_name" value="Nguyễn Văn Đường"' in answer.content.decode()
    assert not Draft.objects.exists()
