"""Turns an entry's texts into its payload: strictly at the door, by shape alone when it was stored.

Reading back is not judging: what a check refuses today may have been taken yesterday, and stays readable for ever.
"""

from typing import Any

import msgspec

from chotxanh.domain.problems import Problem
from chotxanh.protocol.envelope import Body
from chotxanh.protocol.exchange import UNREADABLE
from chotxanh.protocol.kinds import Fields, KindRow, Reader, newest, reader_of
from chotxanh.protocol.loosening import loosened


class Payload(msgspec.Struct, frozen=True):
    """The facts and the personal part of an entry in the shape of its kind's newest version.

    `row` is the version it was written in, None where this node does not know it. With a `problem` the facts are None.
    """

    row: KindRow | None
    facts: Any = None
    personal: Any = None
    problem: str | None = None


def read_sent(body: Body, personal: str | None) -> Payload:
    """Decode and check what was sent, as the door does.

    Problems: `payload_invalid`, `member_unknown`, `personal_missing`, or the code of the kind's own check.
    """
    reader = reader_of(body.kind, body.version)
    if reader is None:
        return Payload(None)
    try:
        facts = reader.facts.decode(body.facts)
        details = (
            reader.personal.decode(personal.encode()) if reader.personal and personal is not None else None
        )
        if reader.personal and body.personal is None:
            return Payload(reader.row, problem="personal_missing")
        if reader.row.check:
            reader.row.check(facts, details)
    except Problem as problem:
        return Payload(reader.row, problem=problem.code)
    except UNREADABLE:
        return Payload(reader.row, problem=_fault_of(reader, body, personal))
    if reader.row.upcast:
        facts = _upcast(body, reader)
    return Payload(reader.row, facts, details)


def _fault_of(reader: Reader, body: Body, personal: str | None) -> str:
    """Tell what is right but for members that no type names from what is wrong."""
    try:
        msgspec.json.decode(body.facts, type=reader.row.facts)
        if reader.row.personal and personal is not None:
            msgspec.json.decode(personal, type=reader.row.personal)
    except UNREADABLE:
        return "payload_invalid"
    return "member_unknown"


def read_stored(body: Body, personal: str | None) -> Payload:
    """Decode what was taken once, by its shape alone. Problem: `payload_invalid` where not even that fits."""
    reader = reader_of(body.kind, body.version)
    if reader is None:
        return Payload(None)
    try:
        facts = _upcast(body, reader)
        details = (
            reader.stored_personal.decode(personal)
            if reader.stored_personal and personal is not None
            else None
        )
    except UNREADABLE:
        return Payload(reader.row, problem="payload_invalid")
    return Payload(reader.row, facts, details)


def _upcast(body: Body, reader: Reader) -> Any:
    """Carry facts through every version since theirs, and read them in the newest one's shape."""
    row, last = reader.row, newest(body.kind)
    if row.version == last.version:
        return msgspec.json.decode(body.facts, type=loosened(row.facts))
    fields: Fields = msgspec.json.decode(body.facts)
    while row.version < last.version:
        assert row.upcast is not None, f"{row.kind} {row.version} has no upcast"
        fields = row.upcast(fields)
        following = reader_of(row.kind, row.version + 1)
        assert following is not None, f"{row.kind} {row.version + 1} is not registered"
        row = following.row
    return msgspec.convert(fields, type=loosened(last.facts))
