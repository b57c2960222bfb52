"""Sessions and the guard against forged forms stand before the office, and before nothing else."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from chotxanh.site.middleware import Accounts

OFFICE = "office/"


def views_under(
    patterns: Sequence[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Return every view with the pattern of its whole address."""
    for each in patterns:
        address = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from views_under(each.url_patterns, address)
        else:
            yield address, each


VIEWS = dict(views_under(get_resolver().url_patterns))


def test_the_office_stands_where_the_guard_looks_for_it() -> None:
    by_name = {address for address, view in VIEWS.items() if str(view.name).startswith("office")}
    assert by_name == {address for address in VIEWS if address.startswith(OFFICE)}


@pytest.mark.parametrize("address", [each for each in VIEWS if not each.startswith(OFFICE)])
def test_what_takes_a_post_elsewhere_was_freed_from_the_guard_on_purpose(
    address: str, rf: RequestFactory
) -> None:
    view = VIEWS[address]
    if not getattr(view.callback, "csrf_exempt", False):
        parts = dict.fromkeys(view.pattern.regex.groupindex, "")
        assert view.callback(rf.post("/"), **parts).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_nobody_is_looked_for_where_nobody_signs_in(rf: RequestFactory) -> None:
    seen: list[HttpRequest] = []

    def note(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    accounts = Accounts(note)
    accounts(rf.get("/p/an-own-page"))
    accounts(rf.get("/office/"))
    assert [hasattr(each, "session") for each in seen] == [False, True]
