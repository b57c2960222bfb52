"""The devices' endpoint for enrolment."""

from uuid import uuid4

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chotxanh.beside.limits import ENROLMENT_CODES
from chotxanh.beside.networks import network_of
from chotxanh.beside.throttle import take
from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.keys.signers import node_key
from chotxanh.protocol.exchange import json_answer, read_json
from chotxanh.registers.devices.enrolment import EnrolmentRequest, enrol
from chotxanh.registers.devices.node import node_id


class _Enrolment(msgspec.Struct, frozen=True):
    code: str
    name: str
    public_key: str


_enrolments = msgspec.json.Decoder(_Enrolment)


@csrf_exempt
@require_POST
def enrol_device(request: HttpRequest) -> HttpResponse:
    """Enrol the station that holds a one-time code."""
    sent = read_json(request, _enrolments, "request_unreadable")
    point = from_base64url(sent.public_key) or b""
    now = timezone.now()
    taken = take(ENROLMENT_CODES, network_of(request), now)
    device = enrol(EnrolmentRequest(sent.code, sent.name, point), uuid4(), now)
    taken.give_back()
    content = {
        "device": device.id,
        "node": node_id(),
        "node_key": to_base64url(node_key().public_point),
    }
    return json_answer(content)
