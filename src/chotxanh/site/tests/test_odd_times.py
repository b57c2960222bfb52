"""C8: a time that nobody means gets an answer, never a fault of ours: in entries, tickets and the office's forms."""

import html
import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from chotxanh.cli.schemas import FOLDER
from tests.odd_times import ODD_TIMES
from tests.stage import Stage

ENTRIES = "/api/v1/entries"
AT_ONCE = 400
KINDS = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)")
ODD_WORDS = (
    *(
        "01/01/0001",
        "31/12/9999",
        "00:00 01/01/0001",
        "23:59 31/12/9999",
        "10:60 25/07/2021",
        "00:00 01/01/1900",
    ),
    *("0001-01-01T00:00", "9" * 40, "\x00", "٢٥/٠٧/٢٠٢١"),
)
PAGES = (
    *(
        "devices",
        "people",
        "calls",
        "clocks",
        "disputed",
        "held",
        "invalid",
        "corrections",
        "errands",
    ),
    *(
        f"registers/{name}"
        for name in ("facilities", "posts", "staff", "kits", "tests", "rules", "codes", "duties")
    ),
    *("registers", "gaps", "account"),
)


@pytest.fixture
def browser(stage: Stage) -> Client:
    """A lead's browser, in which a fault is an answer with its status."""
    browser = Client(raise_request_exception=False)
    browser.force_login(stage.staff.lead)
    return browser


def with_odd_times(content: Any) -> Iterator[Any]:
    """Yield these facts once for each odd time in the place of each time that stands in them."""
    written = json.dumps(content)
    for found in MOMENT.finditer(written):
        for odd in ODD_TIMES:
            yield json.loads(written[: found.start()] + odd + written[found.end() :])


def test_c8_an_odd_time_in_an_entry_of_any_kind_has_an_answer(stage: Stage, browser: Client) -> None:
    entries = []
    for each in KINDS:
        body = json.loads(each.get("golden", each)["entry"]["body"])
        for facts in with_odd_times(body["facts"]):
            entries.append(stage.station.entry(body["kind"], facts))
    entries += [stage.station.entry("result.recorded", {}, occurred_at=odd) for odd in ODD_TIMES]
    assert len(entries) > len(ODD_TIMES)
    for begin in range(0, len(entries), AT_ONCE):
        part = entries[begin : begin + AT_ONCE]
        sent = b'{"protocol":1,"entries":[' + b",".join(part) + b"]}"
        answer = browser.post(ENTRIES, sent, content_type="application/json")
        assert answer.status_code == HTTPStatus.OK
        assert len(json.loads(answer.json()["receipt"])["answers"]) == len(part)


@pytest.mark.parametrize("odd", ODD_TIMES)
def test_c8_an_odd_time_in_a_ticket_has_an_answer(stage: Stage, browser: Client, odd: str) -> None:
    ticket = stage.station.ticket(stage.staff.officer, issued_at=odd, expires_at=odd)
    started = stage.station.start_shift(stage.staff.officer, ticket=ticket)
    answer = browser.post(
        ENTRIES, b'{"protocol":1,"entries":[' + started + b"]}", content_type="application/json"
    )
    assert answer.status_code == HTTPStatus.OK


def test_c8_a_receipt_sent_as_a_ticket_has_an_answer(stage: Stage, browser: Client) -> None:
    receipt = browser.post(ENTRIES, b'{"protocol":1,"entries":[]}', content_type="application/json").json()
    for ticket in (receipt["receipt"], json.dumps(receipt), f"{receipt['receipt']}.{receipt['signature']}"):
        started = stage.station.start_shift(stage.staff.officer, ticket=ticket)
        sent = b'{"protocol":1,"entries":[' + started + b"]}"
        assert browser.post(ENTRIES, sent, content_type="application/json").status_code == HTTPStatus.OK


def attributes_of(tag: str) -> dict[str, str]:
    """Return what an element says of itself."""
    return {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}


def forms_of(page: str) -> Iterator[tuple[str, dict[str, str], set[str]]]:
    """Yield each form of a page: where it is sent, its fields as they stand, and those that are typed into."""
    for head, content in re.findall(r"<form([^>]*)>(.*?)</form>", page, re.DOTALL):
        own, fields, typed = attributes_of(head), dict[str, str](), set[str]()
        for tag in re.findall(r"<(?:input|textarea)([^>]*)>", content):
            field = attributes_of(tag)
            kind, name = field.get("type", "text"), field.get("name", "")
            fields.setdefault(name, field.get("value", "on" if kind == "checkbox" else ""))
            if name and kind not in ("radio", "checkbox", "hidden"):
                typed.add(name)
        if own.get("method") == "post":
            yield own.get("action", ""), fields, typed


@pytest.mark.parametrize("page", PAGES)
def test_c8_odd_words_in_any_form_of_the_office_have_an_answer(
    declared: Stage, browser: Client, page: str
) -> None:
    address = f"/office/{page}"
    shown = browser.get(address, follow=True)
    if shown.status_code != HTTPStatus.OK:
        pytest.fail(f"{address} answers {shown.status_code}")
    for action, fields, typed in forms_of(shown.content.decode()):
        if not typed or "language" in action or "sign-out" in action:
            continue
        for odd in ODD_WORDS:
            answer = browser.post(action or shown.request["PATH_INFO"], fields | dict.fromkeys(typed, odd))
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, (action, odd)
