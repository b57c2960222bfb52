"""JSON between devices and this server: read strictly, answered so that nobody caches it."""

from typing import TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse

from chotxanh.domain.problems import Problem

T = TypeVar("T")

# What a decoder raises for bytes that are no JSON of the wanted shape, whoever sent them.
UNREADABLE = (msgspec.DecodeError, RecursionError, UnicodeError, ValueError)


def read_json(request: HttpRequest, decoder: "msgspec.json.Decoder[T]", code: str) -> T:
    """Return the request's body as the decoder's type. Raises Problem(code)."""
    try:
        return decoder.decode(request.body)
    except UNREADABLE:
        raise Problem(code) from None


def json_answer(content: object) -> HttpResponse:
    """Answer with JSON that nobody caches."""
    response = HttpResponse(msgspec.json.encode(content), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def told_to_wait(response: HttpResponse, problem: Problem) -> HttpResponse:
    """Give a page the status of its problem, and say when to come back where it says so (RFC 9110 section 10.2.3)."""
    response.status_code = problem.status
    if "seconds" in problem.params:
        response["Retry-After"] = str(problem.params["seconds"])
    return response
