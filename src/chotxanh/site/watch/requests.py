"""Names, counts and logs each request, by the name of its view: a path can hold a person's secret link."""

import logging
import time
from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import Counter, disable_created_metrics

from chotxanh.site.watch.logs import begin_request, name_of_request

HEADER = "X-Request-ID"
NOWHERE, AT_THE_DOOR = "none", "door"
logger = logging.getLogger("chotxanh.requests")
disable_created_metrics()  # type: ignore[no-untyped-call]
answered = Counter("chotxanh_requests", "Requests answered, by view and status.", ["view", "status"])

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Observed:
    """Stands around everything else. Methods that are none of HTTP's are not written as they were sent."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request; the answer names it."""
        began = time.perf_counter()
        name = begin_request(_given(request.META))
        response = self.get_response(request)
        response.headers[HEADER] = name
        view = request.resolver_match.view_name if request.resolver_match else NOWHERE
        answered.labels(view, response.status_code).inc()
        if logger.isEnabledFor(logging.INFO):
            _log(request, response, view, began)
        return response


def answered_at_the_door(environ: Mapping[str, object], status: int) -> str:
    """Count what is answered before Django, by its WSGI environment; return the request's name. Safe for any thread."""
    answered.labels(AT_THE_DOOR, status).inc()
    return name_of_request(_given(environ))


def _given(environ: Mapping[str, object]) -> str | None:
    given = environ.get("HTTP_X_REQUEST_ID")
    return str(given) if given is not None and settings.PROXIES else None


def _log(request: HttpRequest, response: HttpResponseBase, view: str, began: float) -> None:
    more = {
        "view": view,
        "method": request.method if request.method in ("GET", "HEAD", "POST") else "other",
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - began) * 1000, 1),
    }
    logger.info("answered", extra=more)
