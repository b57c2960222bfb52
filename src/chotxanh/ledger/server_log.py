"""Writes entries on this server: citizens' forms, the back office, and what the server decides by itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.kinds import Answer, Kind
from chotxanh.domain.problems import Problem
from chotxanh.keys.signers import node_key
from chotxanh.ledger.recording import EntryAnswer, record
from chotxanh.protocol.envelope import new_id, personal_digest, wire_time, write_body
from chotxanh.registers.devices.node import node_id, node_log


@dataclass(frozen=True)
class Deed:
    """Something to be recorded by this server. `personal` begins with its salt; `actor` is a signed-in member."""

    kind: Kind
    facts: dict[str, Any]
    personal: dict[str, Any] | None = None
    actor: UUID | None = None
    id: UUID | None = None


def sign_deed(deed: Deed, now: datetime) -> bytes:
    """Return the deed as a wire entry, signed by the node's key, without a running number."""
    personal = msgspec.json.encode(deed.personal).decode() if deed.personal is not None else None
    body = write_body(
        {
            "id": deed.id or new_id(),
            "device": node_id(),
            "log": node_log(),
            "seq": None,
            "kind": deed.kind,
            "version": 1,
            "actor": deed.actor,
            "occurred_at": wire_time(now),
            "clock": None,
            "facts": deed.facts,
            "personal": personal_digest(personal) if personal is not None else None,
        }
    )
    signature = to_base64url(node_key().sign(body.encode()))
    return msgspec.json.encode({"body": body, "personal": personal, "signature": signature})


def record_deeds(deeds: list[Deed], now: datetime) -> list[EntryAnswer]:
    """Record what this server did, all of it or nothing. Raises Problem with the code of what could not be."""
    with transaction.atomic():
        answers = record([sign_deed(deed, now) for deed in deeds], now).answers
        for answer in answers:
            if answer.answer in (Answer.REJECTED, Answer.HELD):
                raise Problem(answer.problem or "entry_unreadable")
    return answers
