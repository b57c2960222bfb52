"""Marks of authority of entries that are stored: by what is known now of registers, and of when they were written."""

from collections.abc import Sequence

from chotxanh.domain.marks import Mark
from chotxanh.domain.standing.times import Span
from chotxanh.ledger.applying import bounds_of, stored_payload
from chotxanh.ledger.evidence import evidence_ahead
from chotxanh.ledger.judging import authority_over
from chotxanh.ledger.models import Entry

_OF_AUTHORITY = (
    Mark.AUTHORITY_ENDED
    | Mark.OUTSIDE_SHIFT
    | Mark.FACILITY_NOT_AUTHORISED
    | Mark.NOT_FOR_AG_RAPID
    | Mark.NOT_FOR_RT_PCR
)


def mark_authority(entries: Sequence[Entry]) -> list[Entry]:
    """Give applied entries the marks of their authority anew, unsaved; return those of which something changed.

    What this node cannot read any more keeps its marks.
    """
    if not entries:
        return []
    read = [(entry, *stored_payload(entry)) for entry in entries]
    evidence = evidence_ahead([body for _, body, _ in read])
    authority = authority_over([payload for _, _, payload in read], evidence())
    changed = []
    for entry, body, payload in read:
        found = authority.marks_of(body, payload, times_of(entry))
        marks = int(Mark(entry.marks) & ~_OF_AUTHORITY | found & _OF_AUTHORITY)
        if payload.facts is not None and marks != entry.marks:
            entry.marks = marks
            changed.append(entry)
    return changed


def times_of(entry: Entry) -> Span:
    """Return between what times an entry was written, by all that is known."""
    return bounds_of(entry) or Span.at(entry.effective_at)
