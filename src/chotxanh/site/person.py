"""The person's own page behind a secret link: the code, where things stand, the certificates."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.certificates.queries import HeldCertificate, certificates_ahead
from chotxanh.declarations.parties import went_along_ahead
from chotxanh.declarations.queries import Journey, last_journeys_ahead
from chotxanh.domain.codes import group
from chotxanh.domain.names import mask_id_number, mask_phone
from chotxanh.forms.redirects import see_other
from chotxanh.language.formats import show_time
from chotxanh.language.gaps import Gap, filled_page
from chotxanh.language.texts import problem_sentence, text
from chotxanh.people.own_page import owner_for
from chotxanh.people.queries import PageOwner
from chotxanh.pictures.drawing import qr_image
from chotxanh.results.corrections.telling import tell_on_page, untold_of
from chotxanh.results.queries import PersonStanding, standing_ahead
from chotxanh.site.nearby import lead_nearby
from chotxanh.site.own_page_company import company
from chotxanh.site.own_page_papers import USABLE, shown_paper
from chotxanh.site.own_page_states import (
    Step,
    advice_of,
    by_test,
    shown_state,
    step_lines,
    style_of,
    task_of,
)
from chotxanh.storage.prepared import sending_together

LONGEST_MESSAGE = 2000
_VERSION_STANDS_HERE = "the-version-of-this-page"

_LAST_PART = r"([A-Za-z0-9_-]{16,64})(?![A-Za-z0-9_-])"
# A link, wherever it stands in a message; else the last part of one alone.
_LINKS = (
    re.compile(rf"(?<![A-Za-z0-9_-])[Pp]/{_LAST_PART}"),
    re.compile(rf"(?:^|(?<=[\s(<\"“])){_LAST_PART}"),
)


@require_safe
def person_page(request: HttpRequest, secret: str) -> HttpResponse:
    """Show everything that is known to the person who holds the link, and to nobody else."""
    page = _page_of(request, secret)
    if page is None:
        meant = lead_nearby(request)
        return private(meant or render(request, "site/person_unknown.html", status=HTTPStatus.NOT_FOUND))
    return private(HttpResponse(page.replace(_VERSION_STANDS_HERE, _version_of(page), 1)))


@require_safe
def person_version(request: HttpRequest, secret: str) -> HttpResponse:
    """Tell in a few bytes whether the page says anything new, so that one that is open need not be loaded again."""
    page = _page_of(request, secret)
    if page is None:
        return private(HttpResponse(status=HTTPStatus.NOT_FOUND))
    return private(HttpResponse(_version_of(page), content_type="text/plain"))


def _version_of(page: str) -> str:
    return hashlib.blake2s(page.encode(), digest_size=8).hexdigest()


def _page_of(request: HttpRequest, secret: str) -> str | None:
    """Return the page of who holds the link; None where it opens none."""
    now = timezone.now()
    with sending_together():
        registration = owner_for(request, secret, now)
        if registration is None:
            return None
        asked_papers = certificates_ahead(registration.person_code, now, registration.id)
        asked_journeys = last_journeys_ahead([registration.id])
        asked_company = went_along_ahead(registration.id)
        standing = standing_ahead(registration)()
    held = [] if standing.is_code_shared else asked_papers()
    journey, along = asked_journeys().get(registration.id), asked_company()
    context = {
        **_addresses(request, secret),
        **_person(registration, journey),
        **_standing(
            registration, standing, held, journey.declared_at if journey else registration.registered_at
        ),
        **_papers(held),
        "company": company(secret, along.registrations),
        "is_company_shown": journey is not None and journey.id in along.journeys,
    }
    return filled_page("site/person.html", context)


# Exempt because who holds the secret may look, with or without cookies; it is written once.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def see_result(request: HttpRequest, secret: str) -> HttpResponse:
    """Show somebody their positive before the call that is on its way, and write down that they know."""
    now = timezone.now()
    registration = owner_for(request, secret, now)
    if registration is not None and request.method == "POST":
        tell_on_page(registration.id, now)
    return private(see_other("person", secret=secret))


# Exempt because finding one's own page by its secret changes nothing, and must work without cookies.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def my_page(request: HttpRequest) -> HttpResponse:
    """Open a person's page from a pasted link, or from the message that it came in."""
    link = request.POST.get("link", "").strip()[:LONGEST_MESSAGE] if request.method == "POST" else ""
    found = next(filter(None, (pattern.search(link) for pattern in _LINKS)), None)
    if found and owner_for(request, found[1], timezone.now()) is not None:
        return private(see_other("person", secret=found[1]))
    mistake = ""
    if request.method == "POST":
        mistake = problem_sentence("page_link_unknown" if link else "page_link_missing")
    context = {
        "link": link,
        "mistake": mistake,
        "example": request.build_absolute_uri(reverse("my_page")) + "…",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return private(render(request, "site/my_page.html", context, status=status))


def _addresses(request: HttpRequest, secret: str) -> dict[str, Any]:
    here, path = request.build_absolute_uri("/").removesuffix("/"), reverse("person", args=[secret])
    return {
        "secret": Gap(secret),
        "path": Gap(path),
        "path_with_query": Gap(path),
        "version": Gap(_VERSION_STANDS_HERE),
        "address": Gap(f"{here}{path}"),
        "verify_address": Gap(f"{here}{_verify_path()}"),
    }


@cache
def _verify_path() -> str:
    return reverse("verify")


def _person(registration: PageOwner, journey: Journey | None) -> dict[str, Any]:
    """What identifies the person and their vehicle; empty once erased."""
    details = registration.details
    code = group(registration.person_code)
    drawn = qr_image(registration.person_code, label=text("own_page.qr_label", code=code))
    return {
        "code": Gap(code),
        "code_qr": Gap(mark_safe(drawn)),  # noqa: S308
        "full_name": Gap(details.full_name if details else ""),
        "birth_year": Gap(str(registration.birth_year)),
        "plate": Gap((journey and journey.plate) or ""),
        "masked_phone": Gap(mask_phone(details.phone) if details and details.phone else ""),
        "masked_id_number": Gap(mask_id_number(details.id_number) if details and details.id_number else ""),
    }


def _standing(
    registration: PageOwner, standing: PersonStanding, held: Sequence[HeldCertificate], since: datetime
) -> dict[str, Any]:
    """Where the person stands, what to do now, and the steps of the road, which began with the journey of `since`."""
    state = shown_state(standing, [each.status for each in held])
    is_untold = state == "positive" and bool(untold_of(registration.id))
    said = "untold" if is_untold else by_test(state, standing)
    style = style_of(state)
    task = task_of(state, standing, registration.person_code, timezone.now())
    has_certificate = any(each.status in USABLE for each in held)
    advice = advice_of(state, standing, has_certificate=has_certificate)
    return {
        "style": {"name": style.name, "sign": style.sign},
        "standing_word": Gap(text(f"own_page.standing.{said}")),
        "advice": Gap(text("own_page.standing.untold_advice") if is_untold else advice),
        "is_untold": is_untold,
        "task": {"act": Gap(task.act), "call": Gap(task.call)},
        "is_calm": standing.state == "declared",
        "steps": tuple(map(_shown_step, step_lines(standing, since, said))),
    }


def _shown_step(step: Step) -> dict[str, Any]:
    at = show_time(step.at) if step.at else ""
    return {
        "progress": step.progress,
        "sign": step.sign,
        "word": Gap(step.word),
        "at": Gap(at),
        "place": Gap(step.place),
    }


def _papers(held: Sequence[HeldCertificate]) -> dict[str, Any]:
    """Those that can be used, and the earlier ones."""
    earlier = tuple(shown_paper(each) for each in held if each.status not in USABLE)
    return {
        "current": tuple(shown_paper(each) for each in held if each.status in USABLE),
        "earlier": earlier,
        "has_suspended": any(paper["is_suspended"] for paper in earlier),
    }


def private(response: HttpResponse) -> HttpResponse:
    """Let nobody keep, find or pass on what is behind the secret of somebody's own page."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
