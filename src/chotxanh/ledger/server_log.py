"""Writes entries on this server: citizens' forms, the back office, and what the server decides by itself."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.domain.kinds import Answer
from chotxanh.domain.problems import Problem
from chotxanh.keys.ring import hold_key_ring
from chotxanh.keys.signers import node_key
from chotxanh.ledger.receiving import Received
from chotxanh.ledger.recording import EntryAnswer, record_within
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.server_clock import receipt_time
from chotxanh.ledger.setting_aside import put_aside
from chotxanh.protocol.envelope import (
    WireEntry,
    body_decoder,
    new_id,
    personal_digest,
    wire_time,
    write_body,
)
from chotxanh.protocol.kinds import row_of
from chotxanh.registers.devices.known import this_node
from chotxanh.registers.devices.node import node_id, node_log

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deed:
    """Something to be recorded by this server: its payload says of which kind. `actor` is a signed-in member.

    The personal part begins with its salt.
    """

    facts: msgspec.Struct
    personal: msgspec.Struct | None = None
    actor: UUID | None = None
    id: UUID | None = None


def signed(deed: Deed, now: datetime) -> WireEntry:
    """Return the deed as an entry, signed by the node's key, without a running number."""
    row = row_of(type(deed.facts))
    personal = msgspec.json.encode(deed.personal).decode() if deed.personal is not None else None
    body = write_body(
        {
            "id": deed.id or new_id(),
            "device": node_id(),
            "log": node_log(),
            "seq": None,
            "kind": row.kind,
            "version": row.version,
            "actor": deed.actor,
            "occurred_at": wire_time(now),
            "clock": None,
            "facts": deed.facts,
            "personal": personal_digest(personal) if personal is not None else None,
        }
    )
    return WireEntry(body, to_base64url(node_key().sign(body.encode())), personal)


def sign_deed(deed: Deed, now: datetime) -> bytes:
    """Return the deed as it travels."""
    return msgspec.json.encode(signed(deed, now))


def record_deeds(
    deeds: list[Deed], now: datetime, *, and_then: Callable[[], None] | None = None
) -> list[EntryAnswer]:
    """Record what this server did, all of it or nothing. Raises Problem with the code of what could not be.

    It is dated `now` (UTC), but not before what was written last.

    `and_then` belongs to the same transaction; it may be carried out again with it.
    """
    at = receipt_time(now)
    return record_signed([signed(deed, at) for deed in deeds], at, and_then=and_then)


def record_decisions(deeds: list[Deed], now: datetime) -> None:
    """Record what this server decided by itself. One that cannot be recorded stops nothing else (finding B9).

    It is kept aside, where leads see it; so never a batch of entries is refused for what followed from it.
    """
    at = receipt_time(now)
    entries = [signed(deed, at) for deed in deeds]
    try:
        record_signed(entries, at)
    except Problem:
        for entry in entries:
            _record_or_put_aside(entry, at)


def _record_or_put_aside(entry: WireEntry, now: datetime) -> None:
    try:
        record_signed([entry], now)
    except Problem as problem:
        _log.error("a decision of this server cannot be recorded: %s", problem.code)
        put_aside([(replace(_received(entry), raw=msgspec.json.encode(entry)), problem.code)], now)


def record_signed(
    entries: list[WireEntry], now: datetime, *, and_then: Callable[[], None] | None = None
) -> list[EntryAnswer]:
    """Record entries that this server has just signed, all of them or nothing. Raises Problem likewise."""
    received, at = [_received(entry) for entry in entries], receipt_time(now)
    return in_one_transaction(lambda: _record_all(received, at, and_then), savepoint=True)


def _record_all(
    received: list[Received], now: datetime, and_then: Callable[[], None] | None
) -> list[EntryAnswer]:
    answers = record_within(received, {node_id(): this_node()}, now).answers
    for answer in answers:
        if answer.answer in (Answer.REJECTED, Answer.HELD):
            raise Problem(answer.problem or "entry_unreadable")
    if and_then is not None:
        with hold_key_ring():  # until this transaction ends nobody can drop a key
            and_then()
    return answers


def _received(entry: WireEntry) -> Received:
    """The door from inside: what this server has just signed needs no proof that it did."""
    text = entry.body.encode()
    digest = hashlib.sha256(text).digest()
    signature = from_base64url(entry.signature) or b""
    return Received(b"", None, entry, body_decoder.decode(text), digest, signature)
