"""A log line is JSON, names its request, and holds nothing that somebody put into an error."""

import json
import logging
import sys

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from chotxanh.site.failures import not_found, server_error
from chotxanh.site.watch.logs import JsonLines, begin_request, request_id
from chotxanh.site.watch.requests import HEADER

NAME = "Nguyễn Văn An"


def line_of(**more: object) -> dict[str, object]:
    """What is written of a record whose error and further fields hold a name."""
    try:
        raise LookupError(NAME)
    except LookupError:
        record = logging.LogRecord(
            "chotxanh.x", logging.ERROR, "x.py", 7, "failed: %s", ("x",), sys.exc_info()
        )
    vars(record).update(more)
    line: dict[str, object] = json.loads(JsonLines().format(record))
    return line


def test_a_line_names_its_request_and_an_error_by_its_type_alone() -> None:
    begin_request("abcdefgh-1")
    line = line_of(view="person", status=200, path="/p/secret", person=NAME)
    assert line.pop("at")
    assert line == {
        "level": "ERROR",
        "logger": "chotxanh.x",
        "message": "failed: x",
        "request_id": "abcdefgh-1",
        "exception": "LookupError",
        "view": "person",
        "status": 200,
    }


@pytest.mark.parametrize("given", [None, "short", "with blanks in it", "a" * 65, "x\nforged: line", NAME])
def test_a_name_that_is_none_is_replaced(given: str | None) -> None:
    assert begin_request(given) not in ("", given)
    assert len(request_id.get()) == 8


def test_an_answer_names_its_request_as_our_own_proxy_did(client: Client, settings: Settings) -> None:
    asked = {"x-request-id": "from-outside"}
    assert client.get("/", headers=asked)[HEADER] != "from-outside", "anybody may write that"
    settings.PROXIES = 1
    assert client.get("/", headers=asked)[HEADER] == "from-outside"


def test_the_page_of_a_fault_tells_its_number_and_a_mistakes_does_not(rf: RequestFactory) -> None:
    begin_request("abcdefgh-1")
    assert "abcdefgh-1" in server_error(rf.get("/")).content.decode()
    assert "abcdefgh-1" not in not_found(rf.get("/"), Exception()).content.decode()


def test_requests_are_logged_by_view_and_never_by_path(
    db: None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="chotxanh.requests"):
        client.get("/p/a-secret-link")
    (record,) = [each for each in caplog.records if each.name == "chotxanh.requests"]
    line = JsonLines().format(record)
    assert json.loads(line).items() >= {"view": "person", "method": "GET", "status": 404}.items()
    assert "secret" not in line
