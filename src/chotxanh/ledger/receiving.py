"""Proves that what was sent is authentic: readable, signed by an enrolled device, its personal part intact."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.clocks import ClockState, Moment, moment_of
from chotxanh.domain.kinds import NodeRole
from chotxanh.keys.signatures import verifies
from chotxanh.protocol.envelope import (
    EARLIEST,
    LATEST,
    Body,
    WireEntry,
    body_decoder,
    personal_digest,
    sent_body_decoder,
    wire_decoder,
)
from chotxanh.protocol.exchange import UNREADABLE
from chotxanh.registers.devices.known import KnownDevice, known_devices


class Received(msgspec.Struct, frozen=True):
    """One sent entry as far as it could be read. With a `problem` it is set aside and never applied."""

    raw: bytes
    problem: str | None = None
    wire: WireEntry | None = None
    body: Body | None = None
    digest: bytes = b""
    signature: bytes = b""
    has_unknown_members: bool = False


def read_entry(raw: bytes) -> Received:
    """Parse one entry of a batch, never raising: problem `entry_unreadable`."""
    try:
        wire = wire_decoder.decode(raw)
        text = wire.body.encode()
        body, has_unknown_members = _read_body(text)
    except UNREADABLE:
        return Received(raw, "entry_unreadable")
    signature = from_base64url(wire.signature)
    digest = hashlib.sha256(text).digest()
    return Received(raw, None, wire, body, digest, signature or b"", has_unknown_members)


def authenticate(received: Received, device: KnownDevice | None) -> Received:
    """Check the device's signature and the digest of the personal part, then what only an authentic entry is asked.

    Problems: `device_unknown`, `signature_invalid`, `personal_altered`, `member_unknown`, `clock_missing`,
    `time_out_of_range`.
    """
    body, wire = received.body, received.wire
    if received.problem or body is None or wire is None:
        return received
    if device is None:
        return replace(received, problem="device_unknown")
    if not verifies(device.public_point, wire.body.encode(), received.signature):
        return replace(received, problem="signature_invalid")
    fault = _fault_of(received, device, body, wire)
    return replace(received, problem=fault) if fault else received


def devices_of(received: Sequence[Received]) -> dict[UUID, KnownDevice]:
    """Return the enrolled devices that a batch names."""
    return known_devices({each.body.device for each in received if each.body})


def moment_of_entry(body: Body, received_at: datetime, late_anchor: int | None = None) -> Moment:
    """Return the corrected time of an entry; `late_anchor` is its boot's first measurement, if that came later."""
    if body.clock is None:
        return Moment(min(body.occurred_at, received_at), is_doubtful=False)
    anchor = body.clock.anchor if body.clock.anchor is not None else late_anchor
    state = body.clock.state
    if body.clock.anchor is None and late_anchor is not None:
        state = ClockState.GOOD if state is ClockState.UNKNOWN else state
    return moment_of(
        body.occurred_at, received_at, state=state, monotonic_ms=body.clock.mono, anchor_ms=anchor
    )


def _read_body(text: bytes) -> tuple[Body, bool]:
    """Read a body, and say whether it has members that the envelope does not name."""
    try:
        return sent_body_decoder.decode(text), False
    except msgspec.ValidationError:
        return body_decoder.decode(text), True


def _fault_of(received: Received, device: KnownDevice, body: Body, wire: WireEntry) -> str | None:
    """What is wrong with an entry that this device did sign."""
    if received.has_unknown_members:
        return "member_unknown"
    if device.role == NodeRole.STATION and (body.clock is None or body.seq is None):
        return "clock_missing"
    if not _is_personal_intact(body, wire):
        return "personal_altered"
    if not EARLIEST <= body.occurred_at < LATEST:
        return "time_out_of_range"
    return None


def _is_personal_intact(body: Body, wire: WireEntry) -> bool:
    if wire.personal is None:
        return body.personal is None
    return body.personal == personal_digest(wire.personal)
