"""The ticket: this server's signed word that a member signed in at a device, carried by `shift.started`."""

from datetime import datetime
from uuid import UUID

import msgspec

from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.keys.signatures import verifies
from chotxanh.keys.signers import node_key


class Ticket(msgspec.Struct, frozen=True):
    """Who signed in where, and the time (UTC) within which a shift may start on it."""

    member: UUID
    device: UUID
    issued_at: datetime
    expires_at: datetime


def write_ticket(ticket: Ticket) -> str:
    """Return `<base64url JSON>.<base64url signature>`."""
    body = msgspec.json.encode(ticket)
    return f"{to_base64url(body)}.{to_base64url(node_key().sign(body))}"


def read_ticket(text: str) -> Ticket | None:
    """Return the ticket if this server signed it, otherwise None."""
    body_text, _, signature_text = text.partition(".")
    body, signature = from_base64url(body_text), from_base64url(signature_text)
    if body is None or signature is None or not verifies(node_key().public_point, body, signature):
        return None
    try:
        return msgspec.json.decode(body, type=Ticket)
    except msgspec.DecodeError:  # the server signs receipts with the same key
        return None
