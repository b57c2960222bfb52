"""The station: its static shell, and signing in at it."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.methods import Method
from chotxanh.domain.problems import Problem
from chotxanh.domain.standing.times import Span
from chotxanh.domain.works import AT_POSTS, READERS, Work
from chotxanh.keys.stations import card_key
from chotxanh.language.texts import text
from chotxanh.ledger.views import bearer_token
from chotxanh.protocol.envelope import PROTOCOL
from chotxanh.protocol.exchange import json_answer, read_json
from chotxanh.protocol.places import Place
from chotxanh.registers.devices.badge_sign_in import BadgeSignIn, sign_in_by_badge
from chotxanh.registers.devices.kept_tickets import Kept
from chotxanh.registers.devices.sessions import SignedIn, SignIn, digest_of, sign_in, sign_out, take_over
from chotxanh.registers.facilities.authority import authority_of
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.kits.in_use import tests_in_use
from chotxanh.registers.posts.sites import Site, sites_open_to
from chotxanh.registers.staff.entries import GrantRow
from chotxanh.registers.staff.grants import grants_for, is_allowed, of_method, works_at

_PAGE = "index.html"
_SCRIPTS = {"sw.js": "text/javascript; charset=utf-8", "manifest.webmanifest": "application/manifest+json"}


class _SignIn(msgspec.Struct, frozen=True):
    device: UUID
    username: str
    password: str
    at: int
    signature: str
    opener: str | None = None


class _BadgeSignIn(msgspec.Struct, frozen=True):
    device: UUID
    badge: str
    pin: str
    at: int
    signature: str
    new_pin: str | None = None
    opener: str | None = None


class _SignOut(msgspec.Struct, frozen=True):
    session: str


_sign_outs = msgspec.json.Decoder(_SignOut)
_badge_sign_ins = msgspec.json.Decoder(_BadgeSignIn)
_sign_ins = msgspec.json.Decoder(_SignIn)


@require_safe
def station_shell(_request: HttpRequest, name: str = "") -> HttpResponse:
    """Serve the station's shell; its service worker must come from this folder to rule over it."""
    file = Path(settings.WEB_BUILD, "station", name or _PAGE)
    if not file.is_file():
        raise Http404
    response = (
        HttpResponse(file.read_bytes(), content_type=_SCRIPTS[name]) if name else HttpResponse(_page(file))
    )
    response["Cache-Control"] = "no-cache"
    return response


def _page(file: Path) -> str:
    """The built page with the department and the scenario written into it: a station shows them before sign-in."""
    scenario = text("site.scenario") if settings.IS_DEMO else ""
    built = _built_page(file, file.stat().st_mtime_ns)
    return built.replace("__DEPARTMENT__", escape(settings.DEPARTMENT)).replace(
        "__SCENARIO__", escape(scenario)
    )


@lru_cache(maxsize=1)
def _built_page(file: Path, _changed_at: int) -> str:
    return file.read_text(encoding="utf-8")


@csrf_exempt
@require_POST
def station_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign a member in at an enrolled station; docs/protocol.md gives the answer's fields."""
    sent = read_json(request, _sign_ins, "request_unreadable")
    now = timezone.now()
    signature = from_base64url(sent.signature) or b""
    attempt = SignIn(sent.device, sent.username, sent.password, sent.at, signature, sent.opener)
    signed = sign_in(attempt, now)
    return _signed_in(signed, sent.device, now)


@csrf_exempt
@require_POST
def station_badge_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign a member in by badge and PIN; the answer is that of `station_sign_in`."""
    sent = read_json(request, _badge_sign_ins, "request_unreadable")
    now = timezone.now()
    signature = from_base64url(sent.signature) or b""
    attempt = BadgeSignIn(sent.device, sent.badge, sent.pin, sent.new_pin, sent.at, signature, sent.opener)
    return _signed_in(sign_in_by_badge(attempt, now), sent.device, now)


def _signed_in(signed: SignedIn, device: UUID, now: datetime) -> HttpResponse:
    """What a station needs to work with, also without the line. Raises Problem("not_allowed")."""
    grants = grants_for(signed.member, AT_POSTS)
    sites = sites_open_to(grants, now)
    if not sites:
        raise Problem("not_allowed")
    take_over(device, signed.member, now)
    names = dict(Facility.objects.values_list("code", "name"))
    content = {
        "protocol": PROTOCOL,
        "ticket": signed.ticket,
        "token": signed.token,
        "expires_at": unix_ms(signed.expires_at),
        "staff": {"id": signed.member.id, "full_name": str(signed.member)},
        "sites": [_site(each, names) | _rights(each, grants, now) for each in sites],
        "tests": tests_in_use(now),
        "department": settings.DEPARTMENT,
        "scenario": text("site.scenario") if settings.IS_DEMO else None,
        "card_key": to_base64url(card_key(device)),
        "kept": _kept(signed.kept),
    }
    return json_answer(content)


@csrf_exempt
@require_POST
def station_sign_out(request: HttpRequest) -> HttpResponse:
    """End the session of a token that is told by its digest, or shown: neither it nor its ticket is good after now."""
    if "Authorization" in request.headers:
        digest = digest_of(bearer_token(request))
    else:
        digest = from_base64url(read_json(request, _sign_outs, "session_over").session) or b""
    sign_out(digest, timezone.now())
    return json_answer({"protocol": PROTOCOL})


def _rights(site: Site, grants: list[GrantRow], now: datetime) -> dict[str, Any]:
    """What the member may do here: who may not sample opens no tube, and enters results of those sampled elsewhere."""
    posts = [(post, works_at(grants, Place(site.facility, site.code, post.id), now)) for post in site.posts]
    return {
        "posts": [{"id": post.id, "name": post.name, "works": sorted(works)} for post, works in posts],
        "methods": _methods(site, grants, now),
        "may_sample": any(Work.SAMPLING in works for _, works in posts),
    }


def _methods(site: Site, grants: list[GrantRow], now: datetime) -> list[Method]:
    """By which ways of testing the member may report here now: what they report by another waits for a lead."""
    place, facility = Place(site.facility, site.code), authority_of([site.facility])[site.facility]
    return [
        each
        for each in Method
        if is_allowed(of_method(grants, each), READERS, place, now)
        and facility.names_throughout(each, Span.at(now))
    ]


def _kept(kept: Kept | None) -> dict[str, Any] | None:
    """A ticket for when the line is down, and what the station seals it by: the PIN itself is not known here."""
    if kept is None:
        return None
    return {
        "ticket": kept.ticket,
        "expires_at": unix_ms(kept.expires_at),
        "badge": to_base64url(kept.lock.badge),
        "salt": to_base64url(kept.lock.salt),
        "key": to_base64url(kept.lock.key),
    }


def _site(site: Site, facility_names: dict[str, str]) -> dict[str, Any]:
    return {
        "code": site.code,
        "name": site.name,
        "facility": site.facility,
        "facility_name": facility_names.get(site.facility, site.facility),
    }
