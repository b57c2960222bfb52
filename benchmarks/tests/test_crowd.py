"""The crowd looks at its answers: a figure of pages that were not what was asked for would be a figure of nothing."""

from collections import Counter
from http import HTTPStatus
from urllib.parse import parse_qs

import pytest

from benchmarks.askers import Request
from benchmarks.connection import Reply
from benchmarks.crowd import SHARES, Crowd

CROWD = Crowd(["first", "second"], ["HC1:ONE", "HC1:TWO"])
VALID_PAGE = '<p class="word">CÒN HIỆU LỰC <span>'


def answer(status: int, words: str = "", location: str = "") -> Reply:
    """An answer of the server."""
    return Reply(status, {"location": location} if location else {}, words.encode())


def asked_at(address: str) -> list[Request]:
    """What the crowd asks for at an address."""
    return [each for each in CROWD.requests() if each.path == address]


def test_a_tenth_of_the_crowd_posts_a_certificate_and_wants_it_called_valid() -> None:
    checks = asked_at("/verify")
    assert {parse_qs(each.body)["text"][0] for each in checks} == set(CROWD.certificates)
    assert 0.07 < len(checks) / len(CROWD.requests()) < 0.13
    for each in checks:
        assert not each.fault_of(answer(HTTPStatus.OK, VALID_PAGE))
        assert each.fault_of(answer(HTTPStatus.OK, '<p class="word">ĐÃ THU HỒI'))
        assert each.fault_of(answer(HTTPStatus.OK, "<form>"))
        assert each.fault_of(answer(HTTPStatus.TOO_MANY_REQUESTS, VALID_PAGE))


def test_a_form_that_is_sent_leads_to_its_persons_page() -> None:
    for each in asked_at("/declare"):
        assert each.body
        assert not each.fault_of(answer(HTTPStatus.SEE_OTHER, location="/p/a-secret"))
        assert each.fault_of(answer(HTTPStatus.SEE_OTHER, location="/declare/a-token"))
        assert each.fault_of(answer(HTTPStatus.OK, "the form again, with its mistakes"))


@pytest.mark.parametrize(
    "status", [HTTPStatus.SEE_OTHER, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE]
)
def test_a_page_that_is_not_there_is_no_page(status: int) -> None:
    (page, *_) = asked_at("/p/first")
    assert not page.fault_of(answer(HTTPStatus.OK, "their page"))
    assert page.fault_of(answer(status))


def test_only_what_is_asked_after_the_warm_up_is_counted_by_its_name() -> None:
    named = Counter(each.name for each in CROWD.requests())
    assert set(named) == {"", *SHARES}
