"""What the door answers by itself: written once at the start, because to answer must cost less than to ask."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, parse_cookie

from chotxanh.domain.problems import Problem
from chotxanh.language.choice import language_of
from chotxanh.language.texts import LANGUAGES, problem_sentence, use_language
from chotxanh.site.failures import failure
from chotxanh.site.middleware import MACHINE_PATH, page_of, problem_answer
from chotxanh.site.policies import add_policies
from chotxanh.site.watch.requests import HEADER, answered_at_the_door

BUSY, STALLED, WITHOUT_LENGTH = "busy", "body_stalled", "length_missing"
# Who is told to wait comes back at moments of their own (both bounds in seconds).
EARLIEST_AGAIN, LATEST_AGAIN = 2, 8


@dataclass(frozen=True)
class Answer:
    """An answer whose words are known beforehand."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes


class Refusals:
    """Every answer of the door, for people and for machines, in each language."""

    def __init__(self) -> None:
        """Write them all."""
        self._answers = {
            (code, is_machine, language): _written(code, language, is_machine=is_machine)
            for code in (BUSY, STALLED, WITHOUT_LENGTH)
            for is_machine in (False, True)
            for language in LANGUAGES
        }

    def answer(self, code: str, environ: Mapping[str, object]) -> Answer:
        """Return the answer to this request, counted and named; who finds no place is told when to come again."""
        request = HttpRequest()
        request.META = dict(environ)
        request.COOKIES = parse_cookie(str(environ.get("HTTP_COOKIE", "")))
        is_machine = str(environ["PATH_INFO"]).startswith(MACHINE_PATH)
        known = self._answers[code, is_machine, language_of(request)]
        more = [(HEADER.lower(), answered_at_the_door(environ, known.status))]
        if code == BUSY:
            seconds = random.randint(EARLIEST_AGAIN, LATEST_AGAIN)  # noqa: S311 -- spreads, and hides nothing
            more.append(("retry-after", str(seconds)))
        return Answer(known.status, (*known.headers, *more), known.content)


def _written(code: str, language: str, *, is_machine: bool) -> Answer:
    use_language(language)
    problem = Problem(code)
    sentence = problem_sentence(code)
    response = problem_answer(problem, sentence) if is_machine else _page(problem, sentence)
    response["Cache-Control"] = "no-store"
    add_policies(response)
    # What is left of a body is not waited for.
    headers = [("connection", "close"), *((name.lower(), value) for name, value in response.items())]
    return Answer(problem.status, tuple(headers), response.content)


def _page(problem: Problem, sentence: str) -> HttpResponse:
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", "/", "/"
    return failure(request, page_of(HTTPStatus(problem.status)), problem.status, sentence=sentence)
