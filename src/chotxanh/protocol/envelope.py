"""The envelope of an entry: its types, how it is read from the wire and how this server writes one."""

import hashlib
import os
import time
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.clocks import ClockState
from chotxanh.domain.problems import Problem
from chotxanh.protocol.tightening import tightened

Time: TypeAlias = Annotated[datetime, Meta(tz=True)]
Code: TypeAlias = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._-]{1,40}\Z")]
OwnPersonCode: TypeAlias = Annotated[str, Meta(pattern=r"\AP[0-9BCFGHJKLMNPQRSTVXZ]{14}\Z")]
TubeText: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80)]
Word: TypeAlias = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._:/#-]{1,90}\Z")]
Line: TypeAlias = Annotated[str, Meta(pattern=r"\A[^\x00-\x1f]*\Z")]
Milliseconds: TypeAlias = Annotated[int, Meta(ge=-(2**53), le=2**53)]
PROTOCOL = 1  # carried by batches, receipts, the feed and the sign-in; frozen with the envelope
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


class Clock(msgspec.Struct, frozen=True):
    """What the device knew of its clock; `mono` and `anchor` in milliseconds."""

    boot: UUID
    mono: Annotated[int, Meta(ge=0, le=2**53)]
    anchor: Annotated[int, Meta(ge=0, le=2**53)] | None
    state: ClockState


class Body(msgspec.Struct, frozen=True):
    """The signed part of an entry, parsed; `facts` stay raw until their kind is known."""

    id: UUID
    device: UUID
    log: UUID
    seq: Annotated[int, Meta(ge=1, le=2**53)] | None
    kind: Annotated[str, Meta(pattern=r"\A[a-z0-9_.]{1,40}\Z")]
    version: Annotated[int, Meta(ge=1, le=32000)]
    actor: UUID | None
    occurred_at: Time
    clock: Clock | None
    facts: msgspec.Raw
    personal: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{43}\Z")] | None


class WireEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry as it travels: two JSON texts and a signature."""

    body: str
    signature: Annotated[str, Meta(max_length=100)]
    personal: str | None = None


body_decoder = msgspec.json.Decoder(Body)
# What is sent has not one member more: it would be signed, and kept in plain for ever.
sent_body_decoder = msgspec.json.Decoder(tightened(Body))
wire_decoder = msgspec.json.Decoder(WireEntry)


def new_id() -> UUID:
    """Make a UUIDv7 (RFC 9562 section 5.7): an identifier only, never order or time."""
    milliseconds = time.time_ns() // 1_000_000
    return uuid7_of(milliseconds.to_bytes(6, "big") + os.urandom(10))


def uuid7_of(content: bytes) -> UUID:
    """Mark 16 bytes as a UUIDv7: its version and variant bits take the place of six of theirs."""
    number = int.from_bytes(content, "big") & ~(0xF << 76) & ~(0x3 << 62)
    return UUID(int=number | (0x7 << 76) | (0x2 << 62))


def new_salt() -> str:
    """Make the salt that keeps the digest of a personal part from telling anything."""
    return to_base64url(os.urandom(16))


def wire_time(moment: datetime) -> str:
    """Write a time as `YYYY-MM-DDTHH:MM:SS.mmmZ`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def personal_digest(personal: str) -> str:
    """Return what `body.personal` must be for this personal text."""
    return to_base64url(hashlib.sha256(personal.encode()).digest())


def check_time(moment: datetime) -> None:
    """Check a time that a payload states. Raises Problem("time_out_of_range")."""
    if not EARLIEST <= moment < LATEST:
        raise Problem("time_out_of_range")


def write_body(fields: dict[str, Any]) -> str:
    """Write a body's text once; it is signed and kept exactly so."""
    return msgspec.json.encode(fields).decode()
