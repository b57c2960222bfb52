"""See all that is kept, and take it along as JSON or PDF: for whoever holds the secret of the own page.

Nothing is told by looking here: a positive that waits for its call is no more than a result that is being told.
"""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chotxanh.beside.limits import OWN_PAPERS
from chotxanh.beside.throttle import take
from chotxanh.language.formats import show_time
from chotxanh.language.texts import current_language, text
from chotxanh.papers.answers import pdf_answer
from chotxanh.papers.setting import set_paper
from chotxanh.people.own_page import owner_for
from chotxanh.people.queries import PageOwner
from chotxanh.site.own_data import OwnData, own_data_of
from chotxanh.site.own_data_words import parts_of
from chotxanh.site.person import private

FILE = "du-lieu-cua-toi"  # names nobody: a download lies in a folder that others may see
Answering = Callable[[PageOwner, datetime], HttpResponse]


@require_safe
def own_data(request: HttpRequest, secret: str) -> HttpResponse:
    """Show everything that is kept about the registration of a secret link, in plain words."""

    def answer(owner: PageOwner, now: datetime) -> HttpResponse:
        data = own_data_of(owner, now)
        context = {"secret": secret, "parts": parts_of(data), "as_of": show_time(now)}
        return render(request, "site/own_data.html", context)

    return _for_owner(request, secret, answer)


@require_safe
def own_data_json(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer with the same as JSON to be kept; docs/own-data.md gives its names."""

    def answer(owner: PageOwner, now: datetime) -> HttpResponse:
        body = msgspec.json.format(msgspec.json.encode(own_data_of(owner, now)), indent=2)
        answered = HttpResponse(body, content_type="application/json")
        answered["Content-Disposition"] = f'attachment; filename="{FILE}.json"'
        return answered

    return _for_owner(request, secret, answer)


@require_safe
def own_data_pdf(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer with the same as PDF, in the reader's language. Raises Problem of the throttle."""

    def answer(owner: PageOwner, now: datetime) -> HttpResponse:
        take(OWN_PAPERS, str(owner.id), now)
        return pdf_answer(set_paper("own-data", _paper(own_data_of(owner, now)), now), FILE)

    return _for_owner(request, secret, answer)


def _for_owner(request: HttpRequest, secret: str, answer: Answering) -> HttpResponse:
    now = timezone.now()
    owner = owner_for(request, secret, now)
    if owner is None:
        return private(render(request, "site/person_unknown.html", status=HTTPStatus.NOT_FOUND))
    return private(answer(owner, now))


def _paper(data: OwnData) -> dict[str, object]:
    words = {name: text(f"print.{name}") for name in ("republic", "motto")}
    return {
        "language": current_language(),
        "department": settings.DEPARTMENT,
        "words": words
        | {
            "title": text("own_data.title"),
            "as_of": text("own_data.as_of", time=show_time(data.made_at)),
            "masked": text("own_data.masked"),
        },
        "scenario": text("site.scenario") if settings.IS_DEMO else None,
        "parts": [
            {"title": part.title, "things": part.things, "nothing": part.nothing} for part in parts_of(data)
        ],
    }
