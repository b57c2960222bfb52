"""Who has looked at the person's data: told to whoever holds the secret of their own page."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chotxanh.beside.access_log import looks_at
from chotxanh.people.claims import claims_of
from chotxanh.people.own_page import owner_for
from chotxanh.site.look_lines import OwnLook, purpose_words
from chotxanh.site.person import private

MOST_SHOWN = 200


@require_safe
def own_looks(request: HttpRequest, secret: str) -> HttpResponse:
    """List when staff opened the person's data and what for, not who: that the department tells on request.

    Where several people claim one code it is not told which of them was looked at.
    """
    registration = owner_for(request, secret, timezone.now())
    if registration is None:
        return private(render(request, "site/person_unknown.html", status=HTTPStatus.NOT_FOUND))
    code = registration.person_code
    is_shared = len(claims_of([code])[code].registrations) > 1
    seen = [] if is_shared else list(looks_at(code)[:MOST_SHOWN])
    looks = [OwnLook(each.read_at, purpose_words(each.purpose)) for each in seen]
    context = {"secret": secret, "looks": looks, "is_shared": is_shared}
    return private(render(request, "site/own_looks.html", context))
