"""The declaration's pages: the form, the answers to look over, and sending.

Every POST ends in a redirect. What was typed waits for this browser under the form's token until it is sent; a browser
that refuses cookies gets its pages as answers, and they carry everything.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.beside.limits import DECLARATIONS, DRAFTS, PLACES_SOUGHT
from chotxanh.beside.networks import network_of
from chotxanh.beside.throttle import take, take_ahead
from chotxanh.declarations.declarant import Declarant, declarant_ahead, declarant_of
from chotxanh.declarations.drafts import DeclarationDraft, forget_sent, keep, kept, remember_browser
from chotxanh.declarations.forms import DeclarationForm, JourneyForm, prefilled, warnings_of
from chotxanh.declarations.pages import answer_sections
from chotxanh.declarations.queries import last_journeys
from chotxanh.declarations.submission import (
    Declaration,
    JourneyDeclared,
    submit_declaration,
    submit_journey,
)
from chotxanh.domain.problems import Problem
from chotxanh.forms.redirects import see_other
from chotxanh.forms.sent import sent_fields
from chotxanh.language.choice import other_language, remember_language
from chotxanh.language.formats import VIETNAM
from chotxanh.language.texts import current_language, problem_sentence, text, use_language
from chotxanh.protocol.compression import DrawnPage
from chotxanh.protocol.exchange import told_to_wait
from chotxanh.registers.posts.roads import road_codes
from chotxanh.storage.prepared import sending_together

TOKEN_BYTES = 16
LONGEST_TOKEN = 64
TOKEN_STANDS_HERE = "the-token-of-this-form"  # noqa: S105 - where the token is put
FORM_PAGE = "declarations/form.html"


# Exempt because the form acts with no authority of its reader, and because a browser that refuses cookies, as some
# in-app browsers do, must be able to declare.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Begin a declaration; take what was typed: to be looked over, changed, or sent."""
    if request.method == "POST":
        return _unkept(_answer(request))
    return _unkept(remember_browser(request, see_other("declare_form", token=_new_token())))


@require_safe
def declare_form(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form with what was typed into it, until it was sent."""
    now = timezone.now()
    if len(token) > LONGEST_TOKEN:
        return _unkept(see_other("declare"))
    draft = kept(request, token, now)
    if draft is None:
        return _unkept(remember_browser(request, _empty_page(now).answer(request, token)))
    if draft.is_sent:
        return _unkept(see_other("declare"))
    use_language(draft.language)
    who = declarant_of(request, draft.page, now)
    if who.is_unknown:
        return _unkept(see_other("my_page"))
    is_known = who.owner is not None
    form = _form(now, draft.data, is_known=is_known)
    shown = form if draft.is_read else _form(now, initial=form.typed(), is_known=is_known)
    return _unkept(_form_page(request, shown, token, who))


@require_safe
def declare_check(request: HttpRequest, token: str) -> HttpResponse:
    """Show the answers to look over, until they were sent."""
    now = timezone.now()
    draft = kept(request, token, now)
    if draft is None or draft.is_sent:
        return _unkept(see_other("declare"))
    use_language(draft.language)
    who = declarant_of(request, draft.page, now)
    if who.is_unknown:
        return _unkept(see_other("my_page"))
    form = _form(now, draft.data, is_known=who.owner is not None)
    if not form.is_valid():
        return _unkept(see_other("declare_form", token=token))
    return _unkept(_check_page(request, form, token, who))


@require_safe
def declare_again(request: HttpRequest, secret: str) -> HttpResponse:
    """Begin the next journey of who holds the link: as the last one was, to be looked over, sent or changed."""
    now = timezone.now()
    who = declarant_of(request, secret, now)
    if who.owner is None:
        return _unkept(see_other("my_page"))
    last = last_journeys([who.owner.id]).get(who.owner.id)
    token = _token_after(secret, last.id if last else None)
    if last is None:
        return _private(remember_browser(request, _form_page(request, _form(now, is_known=True), token, who)))
    fields = tuple(prefilled(last))
    form = _form(now, DeclarationDraft(fields, is_read=True, language="").data, is_known=True)
    page = (
        _check_page(request, form, token, who) if form.is_valid() else _form_page(request, form, token, who)
    )
    return _private(remember_browser(request, page))


def _answer(request: HttpRequest) -> HttpResponse:
    now, sent = timezone.now(), sent_fields(request)
    page = sent.get("page", "")
    form, token = _form(now, sent, is_known=bool(page)), _token_in(sent)
    step, switch = sent.get("step", "check"), sent.get("switch")
    if form.seeks_places:
        try:
            take(PLACES_SOUGHT, network_of(request), now)
        except Problem as problem:
            return _unread_page(request, form, token, declarant_of(request, page, now), problem)
    is_sent = step == "send" and not switch and form.is_valid()
    with sending_together():
        asked = declarant_ahead(request, page, now)
        permitted = take_ahead(DECLARATIONS, network_of(request), now) if is_sent else None
        who = asked()
    if who.is_unknown:
        return see_other("my_page")
    if switch:
        language = other_language()
        use_language(language)
        response = _next_page(request, form, token, who, is_read=switch == "check")
        remember_language(response, language)
        return response
    if permitted is not None:
        try:
            permitted()
        except Problem as problem:
            return _check_page(request, form, token, who, problem)
        return _sent(request, _declared(form), token, who)
    return _next_page(request, form, token, who, is_read=step != "edit")


def _next_page(
    request: HttpRequest, form: JourneyForm, token: str, who: Declarant, *, is_read: bool
) -> HttpResponse:
    """Lead to the answers if the form was read and has no mistakes, else to the form itself."""
    now = timezone.now()
    is_to_check = is_read and form.is_valid()
    if _is_kept(request, form, token, who, is_read=is_read):
        return see_other("declare_check" if is_to_check else "declare_form", token=token)
    if is_to_check:
        return _check_page(request, form, token, who)
    shown = form if is_read else _form(now, initial=form.typed(), is_known=who.owner is not None)
    return _form_page(request, shown, token, who)


def _unread_page(
    request: HttpRequest, form: JourneyForm, token: str, who: Declarant, problem: Problem
) -> HttpResponse:
    """The form with all that was typed, which nobody has read yet: `problem` says when it will be."""
    shown = _form(timezone.now(), initial=form.typed(), is_known=who.owner is not None)
    return told_to_wait(_form_page(request, shown, token, who, problem), problem)


def _is_kept(request: HttpRequest, form: JourneyForm, token: str, who: Declarant, *, is_read: bool) -> bool:
    """Keep what was typed; where that cannot be, the page itself carries it on."""
    now = timezone.now()
    try:
        take(DRAFTS, network_of(request), now)
    except Problem:
        return False
    draft = DeclarationDraft(tuple(form.hidden_values()), is_read, current_language(), who.page)
    return keep(request, token, draft, now)


def _form_page(
    request: HttpRequest, form: JourneyForm, token: str, who: Declarant, problem: Problem | None = None
) -> HttpResponse:
    status = form.status if request.method == "POST" else HTTPStatus.OK
    context = {
        "form": form,
        "token": token,
        "page": who.page,
        "holder": who.holder,
        "problem": _sentence(problem),
    }
    return render(request, FORM_PAGE, context, status=status)


def _empty_page(now: datetime) -> DrawnPage:
    """The page nobody has typed into yet: for everybody the same but for its token, so it is drawn once."""
    return _drawn_page(current_language(), road_codes(now), settings.DEPARTMENT, _is_demo=settings.IS_DEMO)


@lru_cache(maxsize=8)
def _drawn_page(_language: str, roads: tuple[str, ...], _department: str, *, _is_demo: bool) -> DrawnPage:
    """Draw it for a request of nobody, so that nothing of one reader can stand in the page of the next."""
    form = DeclarationForm(today=timezone.now().date(), roads=roads)
    page = render_to_string(FORM_PAGE, {"form": form, "token": TOKEN_STANDS_HERE}, HttpRequest())
    return DrawnPage.with_gap(page, TOKEN_STANDS_HERE)


def _check_page(
    request: HttpRequest, form: JourneyForm, token: str, who: Declarant, problem: Problem | None = None
) -> HttpResponse:
    """The answers to look over; with a `problem` they could not be sent yet."""
    declared = _declared(form)
    context = {
        "sections": answer_sections(declared),
        "warnings": [text(f"warning.{code}") for code in warnings_of(declared)],
        "hidden": list(form.hidden_values()),
        "token": token,
        "page": who.page,
        "holder": who.holder,
        "problem": _sentence(problem),
    }
    response = render(request, "declarations/check.html", context)
    return told_to_wait(response, problem) if problem else response


def _sentence(problem: Problem | None) -> str:
    return problem_sentence(problem.code, **problem.params) if problem else ""


def _declared(form: JourneyForm) -> JourneyDeclared:
    """What a form without mistakes declares: of somebody new also who it is."""
    return form.declaration(current_language()) if isinstance(form, DeclarationForm) else form.journey()


def _sent(request: HttpRequest, declared: JourneyDeclared, token: str, who: Declarant) -> HttpResponse:
    now = timezone.now()
    forget = partial(forget_sent, request, token, now)
    token = _token_of(declared, token, now)
    if isinstance(declared, Declaration):
        submitted = submit_declaration(declared, token, now, forget=forget)
        return see_other("person", secret=submitted.page_secret)
    assert who.owner is not None
    submit_journey(declared, who.owner, token, now, forget=forget)
    return see_other("person", secret=who.page)


def _token_of(declared: JourneyDeclared, token: str, now: datetime) -> str:
    """The same form sent twice in a day gives the same token; one changed for another person does not.

    Someone who goes back, writes the next passenger's name and sends again must not see the first one's page; and who
    sends the same form on another day declares another journey.
    """
    of_any_language = replace(declared, language="") if isinstance(declared, Declaration) else declared
    content = msgspec.json.encode(of_any_language)
    day = now.astimezone(VIETNAM).date().isoformat()
    return hashlib.sha256(b"\n".join((token.encode(), day.encode(), content))).hexdigest()


def _token_after(secret: str, last: UUID | None) -> str:
    """The token of the journey after the last one: two taps, or two windows, begin the same form."""
    return hashlib.sha256(f"{secret} {last}".encode()).hexdigest()[:LONGEST_TOKEN]


def _form(
    now: datetime,
    data: Mapping[str, Any] | None = None,
    *,
    initial: Mapping[str, Any] | None = None,
    is_known: bool,
) -> JourneyForm:
    """The form of a journey; of somebody new it asks also who it is."""
    roads = road_codes(now)
    if is_known:
        return JourneyForm(data, initial=initial, roads=roads)
    today = now.astimezone(VIETNAM).date()
    return DeclarationForm(data, initial=initial, today=today, roads=roads)


def _token_in(sent: Mapping[str, str]) -> str:
    """The form's token, if it may stand in an address; else a new one."""
    token = sent.get("token", "")
    is_plain = token.isascii() and token.replace("-", "").replace("_", "").isalnum()
    return token if is_plain and len(token) <= LONGEST_TOKEN else _new_token()


def _new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def _private(response: HttpResponse) -> HttpResponse:
    """The address holds a secret: no other page is told where its reader came from."""
    response["Referrer-Policy"] = "no-referrer"
    return _unkept(response)


def _unkept(response: HttpResponse) -> HttpResponse:
    """Keep a page out of every cache, so that Back asks anew, and out of search engines."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
