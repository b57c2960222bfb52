"""Draws the pages of a declaration: the form, one who goes along, and the answers to look over."""

from datetime import datetime
from functools import lru_cache
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from chotxanh.declarations.declarant import Declarant
from chotxanh.declarations.forms import DeclarationForm, JourneyForm, warnings_of
from chotxanh.declarations.pages import answer_sections, companion_sections
from chotxanh.declarations.person_forms import CompanionForm
from chotxanh.declarations.submission import JourneyDeclared
from chotxanh.declarations.typed import MOST_ALONG, Typed
from chotxanh.domain.problems import Problem
from chotxanh.language.texts import current_language, problem_sentence, text
from chotxanh.protocol.compression import DrawnPage
from chotxanh.protocol.exchange import told_to_wait
from chotxanh.registers.posts.roads import road_codes

TOKEN_STANDS_HERE = "the-token-of-this-form"  # noqa: S105 - where the token is put
FORM_PAGE = "declarations/form.html"


def form_page(
    request: HttpRequest, typed: Typed, token: str, who: Declarant, problem: Problem | None = None
) -> HttpResponse:
    """The form with what was typed; with a `problem` nobody has read it yet."""
    status = typed.form.status if request.method == "POST" else HTTPStatus.OK
    hidden = [pair for form in typed.companions.values() for pair in form.hidden_values()]
    context = {**_common(token, who, problem), "form": typed.form, "hidden": hidden}
    response = render(request, FORM_PAGE, context, status=status)
    return told_to_wait(response, problem) if problem else response


def empty_page(now: datetime) -> DrawnPage:
    """The page nobody has typed into yet: for everybody the same but for its token, so it is drawn once."""
    return _drawn_page(current_language(), road_codes(now), settings.DEPARTMENT, _is_demo=settings.IS_DEMO)


@lru_cache(maxsize=8)
def _drawn_page(_language: str, roads: tuple[str, ...], _department: str, *, _is_demo: bool) -> DrawnPage:
    """Draw it for a request of nobody, so that nothing of one reader can stand in the page of the next."""
    form = DeclarationForm(today=timezone.now().date(), roads=roads)
    page = render_to_string(FORM_PAGE, {"form": form, "token": TOKEN_STANDS_HERE}, HttpRequest())
    return DrawnPage.with_gap(page, TOKEN_STANDS_HERE)


def companion_page(
    request: HttpRequest, typed: Typed, number: int, token: str, who: Declarant
) -> HttpResponse:
    """The form of one who goes along; the rest of the declaration is carried."""
    form = typed.companion(number)
    status = form.status if request.method == "POST" else HTTPStatus.OK
    is_new = number not in typed.companions
    context = {**_common(token, who, None), "form": form, "number": number, "is_new": is_new}
    context["hidden"] = list(typed.hidden_values(but=number))
    return render(request, "declarations/companion.html", context, status=status)


def check_page(
    request: HttpRequest, typed: Typed, token: str, who: Declarant, problem: Problem | None = None
) -> HttpResponse:
    """The answers to look over; with a `problem` they could not be sent yet."""
    declared = declared_by(typed.form)
    context = {
        **_common(token, who, problem),
        "sections": answer_sections(declared),
        "companions": [(number, *_shown(form)) for number, form in typed.companions.items()],
        "may_add": not typed.is_known and typed.free_number is not None,
        "most": MOST_ALONG + 1,
        "warnings": [text(f"warning.{code}") for code in warnings_of(declared)],
        "hidden": list(typed.hidden_values()),
    }
    response = render(request, "declarations/check.html", context)
    return told_to_wait(response, problem) if problem else response


def declared_by(form: JourneyForm) -> JourneyDeclared:
    """What a form without mistakes declares: of somebody new also who it is."""
    return form.declaration(current_language()) if isinstance(form, DeclarationForm) else form.journey()


def _shown(form: CompanionForm) -> tuple[object, ...]:
    companion = form.companion()
    return companion.full_name, companion_sections(companion)


def _common(token: str, who: Declarant, problem: Problem | None) -> dict[str, object]:
    sentence = problem_sentence(problem.code, **problem.params) if problem else ""
    return {"token": token, "page": who.page, "holder": who.holder, "problem": sentence}
