"""What a form sent is read as Django reads it."""

import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.forms.sent import sent_fields

FORM = "application/x-www-form-urlencoded"
ADDRESS = "/declare"


def request_with(body: bytes, content_type: str = FORM) -> HttpRequest:
    """A form sent in the test's hand."""
    return RequestFactory().generic("POST", ADDRESS, body, content_type)


PIECES = st.sampled_from(
    [b"a", b"name", b"=", b"&", b";", b"+", b"%20", b"%", b"%C3%A1", b"%ff", b"\xff", b"\xc3\xa1"]
)


@given(st.lists(PIECES).map(b"".join))
def test_a_form_is_read_as_django_reads_it(body: bytes) -> None:
    assert dict(sent_fields(request_with(body)).lists()) == dict(request_with(body).POST.lists())


@pytest.mark.parametrize(
    ("body", "content_type", "refusal"),
    [
        (b"&".join([b"a=1"] * 2000), FORM, TooManyFieldsSent),
        (b"a=" + b"1" * 3_000_000, FORM, RequestDataTooBig),
        (b"a=1", f"{FORM}; charset=iso-8859-1", BadRequest),
    ],
)
def test_what_django_refuses_is_refused(body: bytes, content_type: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        sent_fields(request_with(body, content_type))


def test_a_form_with_files_is_left_to_django() -> None:
    request = RequestFactory().post(ADDRESS, {"a": "1"})
    assert sent_fields(request) is request.POST
