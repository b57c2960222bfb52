"""`page.own`, `form.get`, `form.post.new`, `form.post.returning`, `verify`: what people's visits cost, in v.

As a browser visits: it takes compressed answers, and has the cookie under which its drafts are kept. Nobody is
visited twice, so nothing that is remembered of a person helps. Counted is the CPU of the application and of the
database together; each figure is the fastest of its rounds over the fastest v beside them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from benchmarks.connection import Reply
from benchmarks.figures import Figure, in_verifies
from benchmarks.in_process import get_request, post_request
from benchmarks.operating import batches, certificate_of, forget_the_harness, settle_database
from benchmarks.people import Person, declaration_form, person_of
from benchmarks.place import Place
from benchmarks.stages import FORM_TYPE
from benchmarks.verifying import Rounds
from chotxanh.declarations.person_forms import WHO

ROUNDS, WARM_UP, A_ROUND = 80, 4, 4
VISITS = (ROUNDS + WARM_UP) * A_ROUND
IN_A_TUBE = 5
SEED = 31
COOKIE = {"Cookie": "draft=a-browser-that-measures"}
_OWN_PAGE = re.compile(r"/p/[\w-]{16,}")
MOST_V = {
    "page.own": 30.0,
    "form.get": 6.0,
    "form.post.new": 45.0,
    "form.post.returning": 32.0,
    "verify": 25.0,
}


def measure_own_page(place: Place) -> list[Figure]:
    """Return the cost of somebody's own page with a certificate that holds."""
    desk = place.desk
    secrets = [desk.secrets[code] for code in desk.tested_people(VISITS, IN_A_TUBE)]
    return [_figure(place, "page.own", [get_request(f"/p/{secret}", COOKIE) for secret in secrets])]


def measure_form(place: Place) -> list[Figure]:
    """Return the cost of the empty form."""
    forms = [get_request(f"/declare/form-{number}", COOKIE) for number in range(VISITS)]
    return [_figure(place, "form.get", forms)]


def measure_new_person(place: Place) -> list[Figure]:
    """Return the cost of sending what somebody new declared, up to the redirect: two entries."""
    people = (person_of(SEED, number, VISITS) for number in range(VISITS))
    sent = [_post("/declare", declaration_form(each, each.page_secret)) for each in people]
    return [_figure(place, "form.post.new", sent, leads_to_own_page)]


def measure_returning_person(place: Place) -> list[Figure]:
    """Return the cost of sending the next journey of somebody registered, up to the redirect."""
    entries, codes = place.desk.declarations(VISITS)
    place.desk.settle(entries)
    people = (person_of(SEED, number, VISITS) for number in range(VISITS))
    sent = [
        _post("/declare", journey_form(person, place.desk.secrets[code]))
        for person, code in zip(people, codes, strict=True)
    ]
    return [_figure(place, "form.post.returning", sent, leads_to_own_page)]


def measure_verifying(place: Place) -> list[Figure]:
    """Return the cost of checking a certificate that holds, pasted as text."""
    texts = [certificate_of(code) for code in place.desk.tested_people(VISITS, IN_A_TUBE)]
    return [_figure(place, "verify", [_post("/verify", [("text", text)]) for text in texts])]


def journey_form(person: Person, page: str) -> list[tuple[str, str]]:
    """Return the fields by which whoever holds the own page `page` sends a next journey like this person's."""
    return [("page", page), *(field for field in declaration_form(person, page) if field[0] not in WHO)]


def leads_to_own_page(reply: Reply) -> bool:
    """Whether a form was taken: its answer leads to a page behind a secret, not to the form or to the door."""
    return reply.status == HTTPStatus.SEE_OTHER and _OWN_PAGE.fullmatch(reply.headers["location"]) is not None


def _post(path: str, fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return post_request(path, urlencode(list(fields)).encode(), FORM_TYPE, COOKIE)


def _figure(
    place: Place,
    name: str,
    visits: Sequence[Mapping[str, Any]],
    is_right: Callable[[Reply], bool] | None = None,
) -> Figure:
    settle_database()
    forget_the_harness()
    rounds = Rounds(place.calibrator)
    for number, part in enumerate(batches(visits, A_ROUND)):
        cost = place.application.cost_of(part, is_right) / len(part)
        if number >= WARM_UP:
            rounds.add(cost)
    return in_verifies(name, rounds, MOST_V[name])
