"""Looks at people's cards that a station kept and hands in: records of the access log, no entries.

The station signs what it hands in with the key that signs its entries. Who looked is what it says: it is believed as a
log of its screen is, and nothing rests on it.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.beside.access_log import Look, note_station_looks
from chotxanh.beside.limits import HANDED_IN_LOOKS
from chotxanh.beside.throttle import take
from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.clocks import from_unix_ms
from chotxanh.domain.codes import CodeType, parse_code
from chotxanh.domain.problems import Problem
from chotxanh.keys.signatures import verifies
from chotxanh.protocol.exchange import UNREADABLE
from chotxanh.registers.devices.known import known_devices

MOST_LOOKS = 500
UnixMs = Annotated[int, Meta(ge=0, lt=2**53)]


class HandedIn(msgspec.Struct, frozen=True):
    """A station's word on who opened which cards there, as JSON in `body`, and its signature over that text."""

    body: str
    signature: str
    protocol: int = 0


class _SaidLook(msgspec.Struct, frozen=True):
    member: UUID
    person_code: str
    at: UnixMs


class _Body(msgspec.Struct, frozen=True):
    device: UUID
    looks: Annotated[list[_SaidLook], Meta(max_length=MOST_LOOKS)]


_bodies = msgspec.json.Decoder(_Body)


def take_looks(handed_in: HandedIn, now: datetime) -> int:
    """Write down what a station hands in (UTC `now`), once however often it comes; return how many are new.

    A time after `now` is `now`: a clock that is ahead hides no look. A code that is none is passed over.
    Raises Problem: `request_unreadable`, `device_unknown`, `signature_invalid`, `device_revoked`, `too_often`.
    """
    try:
        body = _bodies.decode(handed_in.body)
    except UNREADABLE as error:
        raise Problem("request_unreadable") from error
    device = known_devices({body.device}).get(body.device)
    if device is None:
        raise Problem("device_unknown")
    signature = from_base64url(handed_in.signature) or b""
    if not verifies(device.public_point, handed_in.body.encode(), signature):
        raise Problem("signature_invalid")
    if device.revoked_at is not None:
        raise Problem("device_revoked")
    take(HANDED_IN_LOOKS, f"device {device.id}", now)
    codes = {each.person_code: parse_code(each.person_code) for each in body.looks}
    looks = {
        Look(each.member, code.value, each.at, min(from_unix_ms(each.at) or now, now))
        for each in body.looks
        if (code := codes[each.person_code]) and code.type is CodeType.PERSON
    }
    return note_station_looks(device.id, looks)
