"""The ticket: this server's signed word that a member signed in at a device, carried by `shift.started`."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import msgspec

from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.keys.signatures import verifies
from chotxanh.keys.signers import node_key
from chotxanh.registers.devices.models import TicketEnd
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, insert_missing

TICKETS_KEPT = 1000


class _End(NamedTuple):
    ticket: UUID
    ended_at: datetime


_ENDS = Table(TicketEnd, _End)


class Proof(StrEnum):
    """What a shift begins on."""

    LINE = "line"
    PIN = "pin"


class Ticket(msgspec.Struct, frozen=True):
    """Who signed in where, and the times (UTC) between which work may be done on it, unless it ends before.

    `proof` says what opens it: the sign-in it was given for, or a PIN while the line is down. `opener` is the public
    point (base64url) of a key that lies sealed under that PIN and signs each start: the ticket alone begins no shift.
    """

    member: UUID
    device: UUID
    issued_at: datetime
    expires_at: datetime
    id: UUID | None = None
    proof: Proof = Proof.LINE
    opener: str | None = None

    def opens(self, entry: UUID, opened: str | None) -> bool:
        """Say whether `opened` (base64url of a signature) is the opener's over the `shift.started` of this id.

        A ticket without an opener needs none: a station of an older release keeps it.
        """
        if self.opener is None:
            return True
        point, signature = from_base64url(self.opener) or b"", from_base64url(opened or "") or b""
        return verifies(point, f"shift:{entry}".encode(), signature)


def write_ticket(ticket: Ticket) -> str:
    """Return `<base64url JSON>.<base64url signature>`."""
    body = msgspec.json.encode(ticket)
    return f"{to_base64url(body)}.{to_base64url(node_key().sign(body))}"


def end_tickets(tickets: Collection[UUID], now: datetime) -> None:
    """Note that these tickets ended now (UTC); the first end of each stands."""
    insert_missing(_ENDS, [_End(ticket, now) for ticket in sorted(tickets)])


def ends_of(tickets: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when those of these tickets ended (UTC) that were ended."""
    return {end.ticket: end.ended_at for end in lookup(_ENDS, "ticket", sorted(tickets))}


def read_ticket(text: str) -> Ticket | None:
    """Return the ticket if this server signed it, otherwise None."""
    return _read(text, node_key().public_point)


@lru_cache(maxsize=TICKETS_KEPT)
def _read(text: str, public_point: bytes) -> Ticket | None:
    body_text, _, signature_text = text.partition(".")
    body, signature = from_base64url(body_text), from_base64url(signature_text)
    if body is None or signature is None or not verifies(public_point, body, signature):
        return None
    try:
        return msgspec.json.decode(body, type=Ticket)
    except msgspec.DecodeError:  # the server signs receipts with the same key
        return None
