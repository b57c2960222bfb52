"""The declaration's pages: the form, the answers to look over, and sending."""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chotxanh.declarations.forms import Reading, Typed, read_declaration, typed_in
from chotxanh.declarations.pages import (
    answer_sections,
    form_fields,
    hidden_values,
    mistake_lines,
)
from chotxanh.declarations.submission import Declaration, submit_declaration
from chotxanh.language.choice import other_language, remember_language
from chotxanh.language.formats import VIETNAM
from chotxanh.language.texts import current_language, text, use_language
from chotxanh.registers.posts.roads import road_codes

TOKEN_BYTES = 16
LONGEST_TOKEN = 64


# Exempt because the form acts with no authority of its reader, and because a browser that refuses cookies, as some
# in-app browsers do, must be able to declare.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Show the form; look the answers over; send. What was typed travels only in the page itself."""
    if request.method != "POST":
        response = _form(request, Typed(), _new_token())
        response["Cache-Control"] = "private, no-cache"  # the back button brings back what was typed
        return response
    response = _answer(request)
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    typed = typed_in(request.POST)
    token = request.POST.get("token", "")[:LONGEST_TOKEN] or _new_token()
    switch = request.POST.get("switch")
    if switch:
        return _switched(request, typed, token, switch)
    step = request.POST.get("step", "check")
    if step == "edit":
        return _form(request, typed, token)
    reading = _read(typed)
    if reading.declaration is None:
        return _form(request, typed, token, reading)
    if step == "send":
        return _sent(reading.declaration, token)
    return _check(request, typed, token, reading)


def _switched(request: HttpRequest, typed: Typed, token: str, page: str) -> HttpResponse:
    """The same page in the other language, with everything that was typed."""
    language = other_language()
    use_language(language)
    reading = _read(typed)
    if page == "check" and reading.declaration is not None:
        response = _check(request, typed, token, reading)
    else:
        response = _form(request, typed, token)
    remember_language(response, language)
    return response


def _form(request: HttpRequest, typed: Typed, token: str, reading: Reading | None = None) -> HttpResponse:
    mistakes = reading.mistakes if reading else {}
    context = {
        "form": form_fields(typed, mistakes, road_codes(_now())),
        "mistakes": mistake_lines(mistakes),
        "token": token,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK
    return render(request, "declarations/form.html", context, status=status)


def _check(request: HttpRequest, typed: Typed, token: str, reading: Reading) -> HttpResponse:
    assert reading.declaration is not None
    context = {
        "sections": answer_sections(reading.declaration),
        "warnings": [text(f"warning.{code}") for code in reading.warnings],
        "hidden": list(hidden_values(typed)),
        "token": token,
    }
    return render(request, "declarations/check.html", context)


def _sent(declaration: Declaration, token: str) -> HttpResponse:
    submitted = submit_declaration(declaration, _token_of(declaration, token), timezone.now())
    response = HttpResponse(status=HTTPStatus.SEE_OTHER)
    response["Location"] = f"/p/{submitted.page_secret}"
    return response


def _token_of(declaration: Declaration, token: str) -> str:
    """The same form sent twice gives the same token; a form reopened and changed for another person does not.

    Someone who goes back, writes the next passenger's name and sends again must not see the first one's page.
    """
    content = msgspec.json.encode(replace(declaration, language=""))
    return hashlib.sha256(token.encode() + b"\n" + content).hexdigest()


def _read(typed: Typed) -> Reading:
    now = _now()
    today = now.astimezone(VIETNAM).date()
    return read_declaration(typed, today=today, language=current_language(), roads=road_codes(now))


def _new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def _now() -> datetime:
    return timezone.now()
