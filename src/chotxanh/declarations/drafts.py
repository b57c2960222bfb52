"""A declaration in the middle of being typed, kept for the browser that types it.

It is found by the form's token and a cookie of this browser together: who made somebody open an address with a token of
their own would otherwise read what is typed there. A browser that refuses cookies keeps no draft: its pages carry all.
"""

import secrets
from datetime import datetime

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict

from chotxanh.beside.drafts import draft_of, keep_draft, replace_draft
from chotxanh.language.texts import current_language

COOKIE = "draft"
COOKIE_BYTES = 16


class DeclarationDraft(msgspec.Struct, frozen=True):
    """The fields in the order of the form; with `is_read` their mistakes are named. `language` is the reader's.

    `page` is the secret of the own page from which a next journey is declared; empty for somebody new.
    """

    fields: tuple[tuple[str, str], ...]
    is_read: bool
    language: str
    page: str = ""

    @property
    def is_sent(self) -> bool:
        """Whether it was sent: nothing is left of it."""
        return not self.fields

    @property
    def data(self) -> MultiValueDict[str, str]:
        """The fields as a posted form has them."""
        data: MultiValueDict[str, str] = MultiValueDict()
        for name, value in self.fields:
            data.appendlist(name, value)
        return data


_drafts = msgspec.json.Decoder(DeclarationDraft)


def remember_browser(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give the browser its part of the name of its drafts, until it is closed; the own page begins some too."""
    if not request.COOKIES.get(COOKIE):
        response.set_cookie(
            COOKIE,
            secrets.token_urlsafe(COOKIE_BYTES),
            secure=settings.IS_BEHIND_HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return response


def keep(request: HttpRequest, token: str, draft: DeclarationDraft, now: datetime) -> bool:
    """Keep what was typed; False if this browser has no cookie, or it is too much."""
    name = _name(request, token)
    return bool(name) and keep_draft(name, msgspec.json.encode(draft), now)


def kept(request: HttpRequest, token: str, now: datetime) -> DeclarationDraft | None:
    """Return what this browser typed under a token within the last hour and has not sent yet."""
    name = _name(request, token)
    content = draft_of(name, now) if name else None
    return _drafts.decode(content) if content is not None else None


def forget_sent(request: HttpRequest, token: str, now: datetime) -> None:
    """Forget what was typed, and remember for the hour that it was sent: Back must not open that form again."""
    name = _name(request, token)
    if name:
        sent = DeclarationDraft((), is_read=False, language=current_language())
        replace_draft(name, msgspec.json.encode(sent), now)


def _name(request: HttpRequest, token: str) -> str:
    browser = request.COOKIES.get(COOKIE)
    return f"{browser} {token}" if browser else ""
