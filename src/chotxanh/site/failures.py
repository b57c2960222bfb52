"""The pages for what went wrong: one clear sentence and a way on, never a traceback."""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chotxanh.site.nearby import lead_nearby
from chotxanh.site.office.door import office_page
from chotxanh.site.watch.logs import request_id


def failure(
    request: HttpRequest, name: str, status: HTTPStatus, *, sentence: str = "", **more: str | int
) -> HttpResponse:
    """The page of a failure: `name` is not_found, forbidden, bad_request, too_large, too_often, busy, csrf or server.

    `more` says how many `megabytes` are taken, or from which page to begin `again`.
    """
    context = {
        "title_key": f"error.{name}_title",
        "sentence_key": f"error.{name}",
        "sentence": sentence,
        **more,
        "incident": request_id.get() if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "",
        "is_to_wait": status == HTTPStatus.TOO_MANY_REQUESTS,
    }
    return render(request, "site/failure.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Nothing stands at this address; where another one was clearly meant, it leads there."""
    return lead_nearby(request) or failure(request, "not_found", HTTPStatus.NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The signed-in member may not do this."""
    return failure(request, "forbidden", HTTPStatus.FORBIDDEN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The request could not be read."""
    return failure(request, "bad_request", HTTPStatus.BAD_REQUEST)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault."""
    return failure(request, "server", HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form of the office whose token is missing or old: left open long, signed in elsewhere, or cookies refused."""
    pressed_on = urlsplit(request.headers.get("Referer", "")).path
    again = office_page(request.POST.get("next") or pressed_on)
    return failure(request, "csrf", HTTPStatus.FORBIDDEN, again=again)
