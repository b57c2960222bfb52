"""The station: its static shell, and signing in at it."""

from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from chotxanh.devices.sessions import SignIn, sign_in
from chotxanh.devices.tickets import from_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.pools import DEFAULT_POOL_LIMIT
from chotxanh.domain.problems import Problem
from chotxanh.facilities.models import Facility
from chotxanh.language.texts import text
from chotxanh.ledger.scopes import checkpoints_for
from chotxanh.places.models import Checkpoint
from chotxanh.results.queries import RESULT_AFTER

_SHELL = {
    "": ("index.html", "text/html; charset=utf-8"),
    "sw.js": ("sw.js", "text/javascript; charset=utf-8"),
    "manifest.webmanifest": ("manifest.webmanifest", "application/manifest+json"),
}


class _SignIn(msgspec.Struct, frozen=True):
    device: UUID
    username: str
    password: str
    at: int
    signature: str


_sign_ins = msgspec.json.Decoder(_SignIn)


@require_safe
def station_shell(_request: HttpRequest, name: str = "") -> FileResponse:
    """Serve the station's shell; its service worker must come from this folder to rule over it."""
    if name not in _SHELL:
        raise Http404
    file_name, content_type = _SHELL[name]
    file = Path(settings.WEB_BUILD, "station", file_name)
    if not file.is_file():
        raise Http404
    response = FileResponse(file.open("rb"), content_type=content_type)
    response["Cache-Control"] = "no-cache"
    return response


@csrf_exempt
@require_POST
def station_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign a member in at an enrolled station; docs/protocol.md gives the answer's fields."""
    try:
        sent = _sign_ins.decode(request.body)
    except (msgspec.DecodeError, RecursionError, UnicodeError, ValueError):
        raise Problem("request_unreadable") from None
    now = timezone.now()
    signature = from_base64url(sent.signature) or b""
    signed = sign_in(SignIn(sent.device, sent.username, sent.password, sent.at, signature), now)
    checkpoints = checkpoints_for(signed.member, now)
    if not checkpoints:
        raise Problem("not_allowed", HTTPStatus.FORBIDDEN)
    names = dict(Facility.objects.values_list("code", "name"))
    answer = {
        "ticket": signed.ticket,
        "token": signed.token,
        "expires_at": unix_ms(signed.expires_at),
        "staff": {"id": signed.member.id, "full_name": str(signed.member)},
        "checkpoints": [_checkpoint(each, names) for each in checkpoints],
        "pool_limit": DEFAULT_POOL_LIMIT,
        "result_after_minutes": RESULT_AFTER.seconds // 60,
        "department": settings.DEPARTMENT,
        "scenario": text("site.scenario") if settings.IS_DEMO else None,
    }
    response = HttpResponse(msgspec.json.encode(answer), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def _checkpoint(checkpoint: Checkpoint, facility_names: dict[str, str]) -> dict[str, Any]:
    return {
        "code": checkpoint.code,
        "name": checkpoint.name,
        "facility": checkpoint.facility,
        "facility_name": facility_names.get(checkpoint.facility, checkpoint.facility),
        "lanes": [{"code": lane.code, "name": lane.name} for lane in checkpoint.lanes.all()],
    }
