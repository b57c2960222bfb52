"""Where a POST that did something ends: at an address of its own, so that Back and Reload never send it again."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse


class SeeOther(HttpResponseRedirect):
    """303: whatever the method was, the next one is GET (RFC 9110 section 15.4.4)."""

    status_code = HTTPStatus.SEE_OTHER


def see_other(name: str, /, **parts: object) -> HttpResponse:
    """Lead to the page of that name; `parts` fill its address."""
    return SeeOther(reverse(name, kwargs=parts))
