"""C8: a time that nobody means gets an answer, never a fault of ours: in entries, tickets and the office's forms."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
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


class Forms(HTMLParser):
    """The forms of a page: where each is sent, its fields as they stand, and those that are typed into."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], set[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in one element."""
        own = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((own.get("action", "") if own.get("method") == "post" else "", {}, set()))
        elif tag in ("input", "textarea") and self.found and "name" in own:
            _, fields, typed = self.found[-1]
            if own.get("type", "text") in ("radio", "checkbox"):
                fields.setdefault(own["name"], own.get("value", "on"))
            else:
                fields[own["name"]] = own.get("value", "")
                if own.get("type", "text") != "hidden":
                    typed.add(own["name"])


@pytest.mark.parametrize("page", PAGES)
def test_c8_odd_words_in_any_form_of_the_office_have_an_answer(
    declared: Stage, browser: Client, page: str
) -> None:
    address = f"/office/{page}"
    shown = browser.get(address, follow=True)
    if shown.status_code != HTTPStatus.OK:
        pytest.fail(f"{address} answers {shown.status_code}")
    for action, fields, typed in Forms(shown.content.decode()).found:
        if not typed or "language" in action or "sign-out" in action:
            continue
        for odd in ODD_WORDS:
            answer = browser.post(action or shown.request["PATH_INFO"], fields | dict.fromkeys(typed, odd))
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, (action, odd)
