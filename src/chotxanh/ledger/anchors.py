"""What corrects times: a boot's first measurement, if it came later, and a lead's word on a boot that is in doubt."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from chotxanh.domain.clocks import Moment, settled_moment
from chotxanh.domain.marks import disputes_of
from chotxanh.ledger.models import BootAnchor, BootWord
from chotxanh.ledger.receiving import moment_of_entry
from chotxanh.protocol.envelope import Body
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, upsert

MEASURED = "clock.measured"


class _Anchor(NamedTuple):
    key: str
    seq: int
    anchor: int


_ANCHORS = Table(BootAnchor, _Anchor)


class Ruling(NamedTuple):
    """A lead's word on one run of a counter: the true time (Unix ms) at its zero, and when it was said (UTC)."""

    id: UUID
    key: str
    anchor: int
    at: datetime
    marks: int


_RULINGS = Table(BootWord, Ruling)


def note_rulings(said: Iterable[Ruling]) -> None:
    """Keep words on boots, with their marks as they are now."""
    upsert(_RULINGS, list(said))


def _last_words(boots: Collection[str]) -> dict[str, int]:
    """Return what stands of what leads said of these boots: the last word, without those that are disputed."""
    said = [each for each in lookup(_RULINGS, "key", sorted(boots)) if not disputes_of(each.marks)]
    return {each.key: each.anchor for each in sorted(said, key=lambda each: (each.at, each.id))}


def moments_of(entries: Sequence[tuple[Body, datetime]]) -> dict[UUID, Moment]:
    """Return the corrected time of entries, each with its receipt (UTC), by all that is known of their boots.

    A lead's word ends a doubt; where there is none it changes nothing.
    """
    anchors = anchors_for([body for body, _ in entries])
    found = {
        body.id: moment_of_entry(body, received_at, anchors.get(body.id)) for body, received_at in entries
    }
    boots = {
        body.id: key_of(body.log, body.clock.boot)
        for body, _ in entries
        if body.clock and found[body.id].is_doubtful
    }
    ruled = _last_words(set(boots.values()))
    for body, received_at in entries:
        if body.clock and boots.get(body.id) in ruled:
            anchor = ruled[boots[body.id]]
            found[body.id] = settled_moment(received_at, monotonic_ms=body.clock.mono, anchor_ms=anchor)
    return found


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
