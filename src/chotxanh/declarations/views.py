"""The declaration's addresses: the form, who goes along, the answers to look over, and sending.

Every POST ends in a redirect. What was typed waits for this browser under the form's token until it is sent; a browser
that refuses cookies gets its pages as answers, and they carry everything.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.beside.limits import DECLARATIONS, DRAFTS, PLACES_SOUGHT
from chotxanh.beside.networks import network_of
from chotxanh.beside.throttle import take, take_ahead
from chotxanh.declarations.declarant import Declarant, declarant_ahead, declarant_of
from chotxanh.declarations.drafts import DeclarationDraft, forget_sent, keep, kept, remember_browser
from chotxanh.declarations.forms import prefilled
from chotxanh.declarations.person_forms import companion_prefix
from chotxanh.declarations.queries import last_journeys
from chotxanh.declarations.showing import check_page, companion_page, declared_by, empty_page, form_page
from chotxanh.declarations.submission import (
    Companion,
    Declaration,
    JourneyDeclared,
    submit_declaration,
    submit_journey,
)
from chotxanh.declarations.typed import MOST_ALONG, Typed
from chotxanh.domain.problems import Problem
from chotxanh.forms.redirects import see_other
from chotxanh.forms.sent import sent_fields
from chotxanh.language.choice import other_language, remember_language
from chotxanh.language.formats import VIETNAM
from chotxanh.language.texts import current_language, use_language
from chotxanh.storage.prepared import sending_together

TOKEN_BYTES = 16
LONGEST_TOKEN = 64


@dataclass(frozen=True)
class Step:
    """What somebody pressed: a `name`, and the number of one who goes along that it is about, 0 for none."""

    name: str
    number: int = 0

    @classmethod
    def read(cls, pressed: str) -> "Step":
        """`with-3` is about the third; a number that nobody can have is none."""
        name, _, digits = pressed.partition("-")
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 1 else 0
        return cls(name, number if number <= MOST_ALONG else 0)


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
        return _unkept(remember_browser(request, empty_page(now).answer(request, token)))
    opened = _opened(request, draft, now)
    if isinstance(opened, HttpResponse):
        return opened
    return _unkept(form_page(request, opened.typed, token, opened.who))


@require_safe
def declare_with(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Show the form of one who goes along."""
    now = timezone.now()
    opened = _opened(request, kept(request, token, now), now)
    if isinstance(opened, HttpResponse):
        return opened
    if opened.typed.is_known or not 1 <= number <= MOST_ALONG:
        return _unkept(see_other("declare_form", token=token))
    return _unkept(companion_page(request, opened.typed, number, token, opened.who))


@require_safe
def declare_check(request: HttpRequest, token: str) -> HttpResponse:
    """Show the answers to look over, until they were sent."""
    now = timezone.now()
    opened = _opened(request, kept(request, token, now), now)
    if isinstance(opened, HttpResponse):
        return opened
    number = _companion_next(opened.typed, Step("check"))
    if number:
        return _unkept(see_other("declare_with", token=token, number=number))
    if not opened.typed.is_valid():
        return _unkept(see_other("declare_form", token=token))
    return _unkept(check_page(request, opened.typed, token, opened.who))


@require_safe
def declare_again(request: HttpRequest, secret: str) -> HttpResponse:
    """Begin the next journey of who holds the link: as the last one was, to be looked over, sent or changed."""
    now = timezone.now()
    who = declarant_of(request, secret, now)
    if who.owner is None:
        return _unkept(see_other("my_page"))
    last = last_journeys([who.owner.id]).get(who.owner.id)
    token = _token_after(secret, last.id if last else None)
    fields = tuple(prefilled(last)) if last else ()
    typed = Typed(now, DeclarationDraft(fields, is_read=True, language="").data, is_known=True)
    page = check_page if last and typed.is_valid() else form_page
    return _private(remember_browser(request, page(request, typed, token, who)))


@dataclass(frozen=True)
class _Opened:
    typed: Typed
    who: Declarant


def _opened(request: HttpRequest, draft: DeclarationDraft | None, now: datetime) -> _Opened | HttpResponse:
    """What was typed, and by whom; else where to go: it was sent, or nothing is known of it."""
    if draft is None or draft.is_sent:
        return _unkept(see_other("declare"))
    use_language(draft.language)
    who = declarant_of(request, draft.page, now)
    if who.is_unknown:
        return _unkept(see_other("my_page"))
    return _Opened(Typed(now, draft.data, is_known=who.owner is not None, is_read=draft.is_read), who)


def _answer(request: HttpRequest) -> HttpResponse:
    now, sent = timezone.now(), sent_fields(request)
    page, token, step = sent.get("page", ""), _token_in(sent), Step.read(sent.get("step", "check"))
    if step.name == "drop":
        sent = _without(sent, step.number)
    typed, switch = Typed(now, sent, is_known=bool(page)), Step.read(sent.get("switch", ""))
    if typed.form.seeks_places:
        try:
            take(PLACES_SOUGHT, network_of(request), now)
        except Problem as problem:
            unread = replace(typed, is_read=False)
            return form_page(request, unread, token, declarant_of(request, page, now), problem)
    is_sent = step.name == "send" and not switch.name and typed.is_valid()
    with sending_together():
        asked = declarant_ahead(request, page, now)
        count = 1 + len(typed.companions)
        permitted = take_ahead(DECLARATIONS, network_of(request), now, count=count) if is_sent else None
        who = asked()
    if who.is_unknown:
        return see_other("my_page")
    if switch.name:
        language = other_language()
        use_language(language)
        response = _next_page(request, typed, token, who, switch)
        remember_language(response, language)
        return response
    if permitted is not None:
        try:
            permitted()
        except Problem as problem:
            return check_page(request, typed, token, who, problem)
        return _sent(request, typed, token, who)
    return _next_page(request, typed, token, who, step)


def _next_page(request: HttpRequest, typed: Typed, token: str, who: Declarant, step: Step) -> HttpResponse:
    """Lead to the answers if all was read and has no mistakes, else to the form that has one, or was asked for."""
    number = _companion_next(typed, step)
    is_read = step.name not in ("edit", "form", "with")
    if not is_read:
        typed = replace(typed, is_read=False)
    is_kept = _is_kept(request, typed, token, who)
    if number:
        if is_kept:
            return see_other("declare_with", token=token, number=number)
        return companion_page(request, typed, number, token, who)
    is_to_check = is_read and typed.is_valid()
    if is_kept:
        return see_other("declare_check" if is_to_check else "declare_form", token=token)
    return (check_page if is_to_check else form_page)(request, typed, token, who)


def _companion_next(typed: Typed, step: Step) -> int:
    """The number of the one who goes along whose form comes next; 0 for none."""
    if typed.is_known:
        return 0
    if step.name == "with":
        return step.number or typed.free_number or 0
    if step.name in ("check", "send") and typed.form.is_valid():
        return typed.wrong_companion or 0
    return 0


def _without(sent: MultiValueDict[str, str], number: int) -> MultiValueDict[str, str]:
    """What was sent, without one who does not go along after all."""
    of_whom = f"{companion_prefix(number)}-"
    return MultiValueDict({name: values for name, values in sent.lists() if not name.startswith(of_whom)})


def _is_kept(request: HttpRequest, typed: Typed, token: str, who: Declarant) -> bool:
    """Keep what was typed; where that cannot be, the page itself carries it on."""
    now = timezone.now()
    try:
        take(DRAFTS, network_of(request), now)
    except Problem:
        return False
    draft = DeclarationDraft(tuple(typed.hidden_values()), typed.is_read, current_language(), who.page)
    return keep(request, token, draft, now)


def _sent(request: HttpRequest, typed: Typed, token: str, who: Declarant) -> HttpResponse:
    now, declared, along = timezone.now(), declared_by(typed.form), typed.declared_along()
    forget = partial(forget_sent, request, token, now)
    token = _token_of(declared, along, token, now)
    if isinstance(declared, Declaration):
        submitted = submit_declaration(declared, token, now, companions=along, forget=forget)
        return see_other("person", secret=submitted.page_secret)
    assert who.owner is not None
    submit_journey(declared, who.owner, token, now, forget=forget)
    return see_other("person", secret=who.page)


def _token_of(declared: JourneyDeclared, along: list[Companion], token: str, now: datetime) -> str:
    """The same form sent twice in a day gives the same token; one changed for another person does not.

    Someone who goes back, writes the next passenger's name and sends again must not see the first one's page; and who
    sends the same form on another day declares another journey.
    """
    of_any_language = replace(declared, language="") if isinstance(declared, Declaration) else declared
    content = msgspec.json.encode([of_any_language, along])
    day = now.astimezone(VIETNAM).date().isoformat()
    return hashlib.sha256(b"\n".join((token.encode(), day.encode(), content))).hexdigest()


def _token_after(secret: str, last: UUID | None) -> str:
    """The token of the journey after the last one: two taps, or two windows, begin the same form."""
    return hashlib.sha256(f"{secret} {last}".encode()).hexdigest()[:LONGEST_TOKEN]


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
