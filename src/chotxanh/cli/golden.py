"""Golden entries: one of each kind and version, signed once by a key that is then thrown away, read for ever."""

import hashlib
import json
from typing import Any
from uuid import UUID

import msgspec

from chotxanh.domain.base64url import to_base64url
from chotxanh.keys.signatures import SigningKey
from chotxanh.protocol.envelope import WireEntry, body_decoder, personal_digest, wire_decoder, write_body
from chotxanh.protocol.kinds import KindRow
from chotxanh.protocol.payloads import read_stored

TIME = "2021-07-25T01:05:00.000Z"
NUMBER = 7


def golden_entry(row: KindRow) -> dict[str, Any]:
    """Sign the golden entry of a kind's example."""
    key = SigningKey.generate()
    personal = _personal_text(row)
    fields = {
        "id": _id(1),
        "device": _id(40),
        "log": _id(41),
        "seq": NUMBER,
        "kind": row.kind,
        "version": row.version,
        "actor": _id(42),
        "occurred_at": TIME,
        "clock": {"boot": _id(43), "mono": 300000, "anchor": 1627174800000, "state": "good"},
        "facts": row.example,
        "personal": personal_digest(personal) if personal else None,
    }
    body = write_body(fields)
    entry = {"body": body, "signature": to_base64url(key.sign(body.encode()))}
    if personal:
        entry["personal"] = personal
    return {
        "public_key": to_base64url(key.public_point),
        "entry": entry,
        "digest": to_base64url(hashlib.sha256(body.encode()).digest()),
        "reads_as": reads_as(wire_decoder.decode(json.dumps(entry))),
    }


def is_golden_of(golden: dict[str, Any], row: KindRow) -> bool:
    """Say whether a golden entry was made of this row's example and reads as it does today."""
    wire = wire_decoder.decode(json.dumps(golden["entry"]))
    is_same = json.loads(wire.body)["facts"] == row.example and wire.personal == _personal_text(row)
    return is_same and reads_as(wire) == golden["reads_as"]


def reads_as(wire: WireEntry) -> dict[str, Any]:
    """Return what a stored entry's payload reads as today, upcast and in plain JSON."""
    payload = read_stored(body_decoder.decode(wire.body), wire.personal)
    assert payload.problem is None, payload.problem
    read: dict[str, Any] = json.loads(
        msgspec.json.encode({"facts": payload.facts, "personal": payload.personal})
    )
    return read


def _personal_text(row: KindRow) -> str | None:
    return msgspec.json.encode(row.example_personal).decode() if row.example_personal else None


def _id(number: int) -> UUID:
    return UUID(f"017adaf0-0000-7000-8000-{number:012d}")
