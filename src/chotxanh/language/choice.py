"""The reader's choice of language: one cookie, remembered for a year."""

from django.http import HttpRequest, HttpResponse

from chotxanh.language.texts import LANGUAGES, current_language

COOKIE = "language"
COOKIE_SECONDS = 365 * 24 * 3600


def other_language() -> str:
    """The language the page is not written in."""
    return next(language for language in LANGUAGES if language != current_language())


def remember_language(response: HttpResponse, language: str) -> None:
    """Write what the reader asks for from now on in `language`; anything unknown changes nothing."""
    if language in LANGUAGES:
        response.set_cookie(COOKIE, language, max_age=COOKIE_SECONDS, samesite="Lax", httponly=True)


def language_of(request: HttpRequest) -> str:
    """Return the language a request is answered in: what the reader chose, Vietnamese until they choose."""
    chosen = request.COOKIES.get(COOKIE)
    # Not of `headers`: Django writes them all anew to give one, and nothing else of a station's request asks for any.
    if chosen is None and request.META.get("HTTP_ACCEPT", "").startswith("application/json"):
        chosen = request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:2]
    return chosen if chosen in LANGUAGES else LANGUAGES[0]
