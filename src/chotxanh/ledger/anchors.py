"""First measurements: what corrects the entries that a device wrote before it had measured its clock."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from chotxanh.ledger.models import BootAnchor
from chotxanh.protocol.envelope import Body
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, upsert

MEASURED = "clock.measured"


class _Anchor(NamedTuple):
    key: str
    seq: int
    anchor: int


_ANCHORS = Table(BootAnchor, _Anchor)


def note_measurements(applied: Sequence[tuple[Body, Any]]) -> None:
    """Keep each boot's measurement with the lowest running number, of entries that were applied.

    The log's lock, which the caller holds, lets two batches of one boot follow each other.
    """
    measured = [
        _Anchor(key_of(body.log, body.clock.boot), body.seq, facts.anchor)
        for body, facts in applied
        if body.kind == MEASURED and body.clock and body.seq
    ]
    if not measured:
        return
    first = {known.key: known for known in lookup(_ANCHORS, "key", [each.key for each in measured])}
    news: dict[str, _Anchor] = {}
    for each in sorted(measured, key=lambda anchor: anchor.seq):
        if each.key not in news and (each.key not in first or each.seq < first[each.key].seq):
            news[each.key] = each
    upsert(_ANCHORS, list(news.values()))


def anchors_for(bodies: Iterable[Body]) -> dict[UUID, int]:
    """Return, for each entry written before its boot was measured, the boot's first measurement if it is here."""
    boots = {
        body.id: key_of(body.log, body.clock.boot)
        for body in bodies
        if body.clock and body.clock.anchor is None
    }
    known = {each.key: each.anchor for each in lookup(_ANCHORS, "key", sorted(set(boots.values())))}
    return {id: known[boot] for id, boot in boots.items() if boot in known}


def key_of(log: UUID, boot: UUID) -> str:
    """Return the key of one run of a log's counter."""
    return f"{log}/{boot}"
