"""What stands around every request: the reader's language, strict headers, and problems told in one sentence."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from traceback import extract_tb
from typing import Any, cast

import msgspec
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from chotxanh.beside.office_sessions import SessionStore
from chotxanh.domain.problems import Problem
from chotxanh.language.choice import language_of
from chotxanh.language.texts import problem_sentence, use_language
from chotxanh.protocol.bodies import SHEET_MIB, SHEETS, longest_body, stated_length
from chotxanh.protocol.compression import accepts_gzip, gzipped, say_compressed
from chotxanh.protocol.exchange import told_to_wait
from chotxanh.site.failures import failure
from chotxanh.site.office.door import asks_by_itself
from chotxanh.site.policies import add_policies
from chotxanh.storage.vendors import is_held_by_others, went_away

MACHINE_PATH = "/api/"
_OFFICE_PATH = "/office/"
OWN_WORDS = ("/verify",)  # whose view says what to send instead
LAST_PLACES = 8
ONE_PACKET_BYTES = 1200  # beside the headers, on Ethernet and within a mobile carrier's tunnel
BUSY_SECONDS = 2
AWAY = "chotxanh.database_went_away"  # how often, under one request
ONLY_LOOKING = ("GET", "HEAD")
logger = logging.getLogger("chotxanh.faults")

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Guard:
    """Sets the language, turns problems into answers, and adds the headers every answer carries."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        use_language(language_of(request))
        response = self._refused(request) or self.get_response(request)
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and _is_to_repeat(request):
            response = self.get_response(request)
        add_policies(response)
        return response

    def _refused(self, request: HttpRequest) -> HttpResponseBase | None:
        """Refuse a body by its length before anything of it is read."""
        length = stated_length(request.META.get("CONTENT_LENGTH")) or 0
        if length <= longest_body(request.path_info) or request.path_info in OWN_WORDS:
            return None
        is_sheet = request.path_info.startswith(SHEETS)
        too_large = Problem("sheet_too_large", megabytes=SHEET_MIB) if is_sheet else Problem("too_large")
        return self.process_exception(request, too_large)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Tell a problem in the reader's language: JSON to machines, a page to people."""
        exception = _as_problem(request, exception)
        if not isinstance(exception, Problem):
            log_fault(request, exception)
            return None
        sentence = problem_sentence(exception.code, **exception.params)
        if request.path.startswith(MACHINE_PATH):
            answer = problem_answer(exception, sentence)
        else:
            answer = failure(request, page_of(exception.status), exception.status, sentence=sentence)
            answer["Cache-Control"] = "no-store"
        if exception.status is HTTPStatus.SERVICE_UNAVAILABLE:
            answer["Retry-After"] = str(BUSY_SECONDS)
        return told_to_wait(answer, exception)


def _as_problem(request: HttpRequest, exception: Exception) -> Exception:
    """Return what of Django's and the database's errors is no fault of ours as the problem it is."""
    if isinstance(exception, RequestDataTooBig):
        return Problem("too_large")
    if is_held_by_others(exception):
        return Problem("busy")
    if went_away(exception):
        log_fault(request, exception)
        request.META[AWAY] = request.META.get(AWAY, 0) + 1
        connection.close()
        return Problem("database_away")
    return exception


def _is_to_repeat(request: HttpRequest) -> bool:
    """Say whether the database went away under a request that only looks: nothing is done twice by asking again."""
    return request.method in ONLY_LOOKING and request.META.get(AWAY) == 1


class Compression:
    """Compresses what needs more than one packet; less would travel no faster, and costs as much as two verifies."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Leave a small answer as it is, and what streams or is compressed already."""
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or len(response.content) <= ONE_PACKET_BYTES:
            return response
        if response.has_header("Content-Encoding"):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if accepts_gzip(request):
            compressed = gzipped(response.content)
            if len(compressed) < len(response.content):
                say_compressed(response, compressed)
        return response


class Accounts:
    """Sessions, who is signed in, and the guard against forged forms: in the office, the one place to sign in to.

    Everywhere else a request acts by what it carries alone: the secret of an own page, a station's ticket, nothing.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: GetResponse) -> None:
        self._elsewhere = get_response
        self._guard = CsrfViewMiddleware(AuthenticationMiddleware(get_response))
        self._office = cast(
            GetResponse, SessionMiddleware(self._guard)
        )  # awaited is only an async one's answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        return self._office(request) if _is_of_office(request) else self._elsewhere(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], parts: tuple[Any, ...], named: Any
    ) -> HttpResponseBase | None:
        """End a session that nobody used for too long, and refuse a forged form, before its view sees it."""
        if not _is_of_office(request):
            return None
        session, now = cast(SessionStore, request.session), timezone.now()
        if not asks_by_itself(view):
            if session.is_idle(now):
                session.flush()
            session.note_seen(now)
        return self._guard.process_view(request, view, parts, named)


def _is_of_office(request: HttpRequest) -> bool:
    return request.path_info.startswith(_OFFICE_PATH)


def log_fault(request: HttpRequest, exception: Exception) -> None:
    """Log a fault of ours by its type and place: its message or the path could hold a person's data."""
    view = request.resolver_match.view_name if request.resolver_match else ""
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(exception.__traceback__)]
    logger.error("%s in %s at %s", type(exception).__name__, view, " > ".join(places[-LAST_PLACES:]))


def problem_answer(problem: Problem, sentence: str) -> HttpResponse:
    """Write a problem as `application/problem+json` (RFC 9457)."""
    content = {"code": problem.code, "status": problem.status.value, "title": sentence}
    return HttpResponse(
        msgspec.json.encode(content), content_type="application/problem+json", status=problem.status
    )


def page_of(status: HTTPStatus) -> str:
    """Return the name of the page (`failures.failure`) that tells people of this status."""
    pages = {
        HTTPStatus.NOT_FOUND: "not_found",
        HTTPStatus.FORBIDDEN: "forbidden",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
        HTTPStatus.SERVICE_UNAVAILABLE: "busy",
        HTTPStatus.TOO_MANY_REQUESTS: "too_often",
    }
    return pages.get(status, "bad_request")
