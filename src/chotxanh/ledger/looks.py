"""Looks at people's cards that a station kept and hands in: records of the access log, no entries.

The station signs what it hands in with the key that signs its entries. Who looked is what it says: it is believed as a
log of its screen is, of members who worked there, and nothing rests on it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
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
from chotxanh.ledger.models import Log, Shift
from chotxanh.protocol.exchange import UNREADABLE
from chotxanh.registers.devices.known import KnownDevice, known_devices
from chotxanh.registers.devices.models import Device, KeptTicket, Session

MOST_LOOKS = 500
# However few looks it brings, a hand-in counts as so many: a signature is checked for it.
LEAST_COUNTED = 50
# The start of a shift comes with the entries of the station, days later at the most; then nobody waits for it any more.
AWAITED_FOR = timedelta(days=30)
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


class Took(msgspec.Struct, frozen=True):
    """What became of the looks handed in: how many are new, and which (by their place, from 0) were not written down.

    What was passed over never will be. What is not yet known to be of somebody who worked there may come again.
    """

    taken: int
    passed_over: list[int]
    not_yet: list[int]


def take_looks(handed_in: HandedIn, now: datetime) -> Took:
    """Write down what a station hands in (UTC `now`), once however often it comes; say what became of it.

    A time after `now`, or before the station was enrolled, is `now`: no clock hides a look. A code that is none is
    passed over; whoever is not known to have worked there is awaited, and passed over after AWAITED_FOR.
    Raises Problem: `request_unreadable`, `device_unknown`, `signature_invalid`, `device_revoked`, `too_often`.
    """
    body, device = _proven(handed_in)
    take(HANDED_IN_LOOKS, f"device {device.id}", now, count=max(LEAST_COUNTED, len(body.looks)))
    enrolled_at = Device.objects.filter(id=device.id).values_list("enrolled_at", flat=True).first() or now
    worked = _worked_at(device.id, {each.member for each in body.looks})
    looks, passed_over, not_yet = list[Look](), list[int](), list[int]()
    for place, said in enumerate(body.looks):
        code, at = parse_code(said.person_code), from_unix_ms(said.at)
        if code is None or code.type is not CodeType.PERSON:
            passed_over.append(place)
        elif said.member in worked:
            read_at = at if at and enrolled_at <= at <= now else now
            looks.append(Look(said.member, code.value, said.at, read_at))
        elif at and at < now - AWAITED_FOR:
            passed_over.append(place)
        else:
            not_yet.append(place)
    return Took(note_station_looks(device.id, looks), passed_over, not_yet)


def _proven(handed_in: HandedIn) -> tuple[_Body, KnownDevice]:
    """Return what was handed in, and the station that signed it. Raises Problem as `take_looks` does."""
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
    return body, device


def _worked_at(device: UUID, members: Collection[UUID]) -> set[UUID]:
    """Return those of these members who signed in at a device, by a session, a kept ticket or an applied shift."""
    sessions = Session.objects.filter(device=device, member__in=members)
    found = set(sessions.values_list("member_id", flat=True))
    kept = KeptTicket.objects.filter(device=device, member__in=members)
    found.update(kept.values_list("member", flat=True))
    # The shifts of a device are found by its logs, which no index knows by their device: asked only for who is left.
    if left := set(members) - found:
        logs = Log.objects.filter(device=device).values("id")
        shifts = Shift.objects.filter(log__in=logs, actor__in=left)
        found.update(actor for actor in shifts.values_list("actor", flat=True).distinct() if actor)
    return found
