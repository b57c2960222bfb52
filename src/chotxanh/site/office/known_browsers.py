"""A browser in which an account signed in before: guesses made elsewhere do not slow it down.

A signed cookie names the browser and the last accounts that signed in there, as keyed indexes. It opens nothing:
whoever steals it gets a few guesses of their own.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chotxanh.beside.networks import network_of
from chotxanh.keys.sealing import blind_index
from chotxanh.registers.staff.passwords import Asker

COOKIE = "known_browser"
COOKIE_SECONDS = 180 * 24 * 3600
MOST_ACCOUNTS = 5
_SALT = "chotxanh.known_browser"


@dataclass(frozen=True)
class KnownBrowser:
    """What the cookie says."""

    name: str
    accounts: tuple[str, ...]


def asker_of(request: HttpRequest, username: str) -> Asker:
    """Say who types a password here for the account `username`."""
    browser = _known(request)
    if browser is not None and _index(username) in browser.accounts:
        return Asker(f"browser {browser.name}", is_known=True)
    return Asker(network_of(request), is_known=False)


def remember_browser(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Remember that this account signed in here."""
    browser = _known(request) or KnownBrowser(secrets.token_urlsafe(12), ())
    others = [each for each in browser.accounts if each != _index(username)]
    accounts = [_index(username), *others][:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps([browser.name, *accounts], salt=_SALT),
        max_age=COOKIE_SECONDS,
        path=reverse("office"),
        secure=settings.IS_BEHIND_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> KnownBrowser | None:
    try:
        name, *accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return None
    return KnownBrowser(name, tuple(accounts))


def _index(username: str) -> str:
    return blind_index("known_browser", username).hex()
