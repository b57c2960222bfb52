"""The declaration's pages: the form, the answers to look over, and sending."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chotxanh.beside.limits import DECLARATIONS
from chotxanh.beside.networks import network_of
from chotxanh.beside.throttle import take
from chotxanh.declarations.forms import DeclarationForm, warnings_of
from chotxanh.declarations.pages import answer_sections
from chotxanh.declarations.submission import Declaration, submit_declaration
from chotxanh.domain.problems import Problem
from chotxanh.forms.redirects import see_other
from chotxanh.language.choice import other_language, remember_language
from chotxanh.language.formats import VIETNAM
from chotxanh.language.texts import current_language, problem_sentence, text, use_language
from chotxanh.protocol.exchange import told_to_wait
from chotxanh.registers.posts.roads import road_codes

TOKEN_BYTES = 16
LONGEST_TOKEN = 64
TOKEN_STANDS_HERE = "the-token-of-this-form"  # noqa: S105 - where the token is put
FORM_PAGE = "declarations/form.html"


# Exempt because the form acts with no authority of its reader, and because a browser that refuses cookies, as some
# in-app browsers do, must be able to declare.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Show the form; look the answers over; send. What was typed travels only in the page itself."""
    if request.method != "POST":
        response = HttpResponse(_empty_page().replace(TOKEN_STANDS_HERE, _new_token()))
        response["Cache-Control"] = "private, no-cache"  # the back button brings back what was typed
        return response
    response = _answer(request)
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    form = _form(request.POST)
    token = request.POST.get("token", "")[:LONGEST_TOKEN] or _new_token()
    switch = request.POST.get("switch")
    if switch:
        return _switched(request, form, token, switch)
    step = request.POST.get("step", "check")
    if step == "edit":
        return _page(request, _form(initial=form.typed()), token)
    if not form.is_valid():
        return _page(request, form, token)
    if step == "send":
        try:
            take(DECLARATIONS, network_of(request), timezone.now())
        except Problem as problem:
            return _check(request, form, token, problem)
        return _sent(form.declaration(current_language()), token)
    return _check(request, form, token)


def _switched(request: HttpRequest, form: DeclarationForm, token: str, page: str) -> HttpResponse:
    """The same page in the other language, with everything that was typed."""
    language = other_language()
    use_language(language)
    if page == "check" and form.is_valid():
        response = _check(request, form, token)
    else:
        response = _page(request, _form(initial=form.typed()), token)
    remember_language(response, language)
    return response


def _page(request: HttpRequest, form: DeclarationForm, token: str) -> HttpResponse:
    return render(request, FORM_PAGE, {"form": form, "token": token}, status=form.status)


def _empty_page() -> str:
    """The page nobody has typed into yet: for everybody the same but for its token, so it is drawn once."""
    roads = road_codes(timezone.now())
    return _drawn_page(current_language(), roads, settings.DEPARTMENT, _is_demo=settings.IS_DEMO)


@lru_cache(maxsize=8)
def _drawn_page(_language: str, roads: tuple[str, ...], _department: str, *, _is_demo: bool) -> str:
    """Draw it for a request of nobody, so that nothing of one reader can stand in the page of the next."""
    form = DeclarationForm(today=timezone.now().date(), roads=roads)
    return render_to_string(FORM_PAGE, {"form": form, "token": TOKEN_STANDS_HERE}, HttpRequest())


def _check(
    request: HttpRequest, form: DeclarationForm, token: str, problem: Problem | None = None
) -> HttpResponse:
    """The answers to look over; with a `problem` they could not be sent yet."""
    declaration = form.declaration(current_language())
    context = {
        "sections": answer_sections(declaration),
        "warnings": [text(f"warning.{code}") for code in warnings_of(declaration)],
        "hidden": list(form.hidden_values()),
        "token": token,
        "problem": problem_sentence(problem.code, **problem.params) if problem else "",
    }
    response = render(request, "declarations/check.html", context)
    return told_to_wait(response, problem) if problem else response


def _sent(declaration: Declaration, token: str) -> HttpResponse:
    submitted = submit_declaration(declaration, _token_of(declaration, token), timezone.now())
    return see_other("person", secret=submitted.page_secret)


def _token_of(declaration: Declaration, token: str) -> str:
    """The same form sent twice gives the same token; a form reopened and changed for another person does not.

    Someone who goes back, writes the next passenger's name and sends again must not see the first one's page.
    """
    content = msgspec.json.encode(replace(declaration, language=""))
    return hashlib.sha256(token.encode() + b"\n" + content).hexdigest()


def _form(data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None) -> DeclarationForm:
    now = timezone.now()
    today = now.astimezone(VIETNAM).date()
    return DeclarationForm(data, initial=initial, today=today, roads=road_codes(now))


def _new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
