"""Which entries were taken back: by their author within the same shift, or by a lead of the place at the office."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from chotxanh.domain.kinds import LEADS
from chotxanh.ledger.applying import stored_payload
from chotxanh.ledger.entries import REMARKS, EntryWithdrawn, RemarkRow
from chotxanh.ledger.models import Entry
from chotxanh.ledger.shifts import Shifts, boundaries_among, shifts_in
from chotxanh.protocol.kinds import Happening, newest
from chotxanh.protocol.places import Place
from chotxanh.registers.posts.sites import posts_named, with_post
from chotxanh.registers.staff.entries import GrantRow
from chotxanh.registers.staff.grants import grants_of, is_allowed
from chotxanh.storage.lookups import lookup

_WITHDRAWN = "AND what = 'withdrawn'"


def targets_of(happenings: Iterable[Happening[Any, Any]], unremarked: Collection[UUID]) -> set[UUID]:
    """Return the entries that what has just been applied may withdraw or give back.

    They are those it names, those among it that were named before, and those that were withdrawn in a log in which
    a shift has now begun or ended. Of the `unremarked` it is known that nobody had spoken of them.
    """
    items = list(happenings)
    named = {item.facts.entry for item in items if isinstance(item.facts, EntryWithdrawn)}
    withdrawable = [
        item.id for item in items if item.id not in unremarked and newest(item.kind).can_withdraw is not None
    ]
    named |= {remark.entry for remark in lookup(REMARKS, "entry", withdrawable, tail=_WITHDRAWN)}
    logs = {log for log, _ in boundaries_among(items)}
    return named | {remark.entry for remark in lookup(REMARKS, "log", sorted(logs), tail=_WITHDRAWN)}


def withdrawn_among(entries: Sequence[Entry]) -> set[UUID]:
    """Return which of these applied entries are withdrawn, by all that is known now."""
    remarks: dict[UUID, list[RemarkRow]] = defaultdict(list)
    for remark in lookup(REMARKS, "entry", [entry.id for entry in entries], tail=_WITHDRAWN):
        remarks[remark.entry].append(remark)
    named = [entry for entry in entries if entry.id in remarks]
    said = [remark for each in remarks.values() for remark in each]
    shifts = shifts_in(
        {log for log in (*(entry.log for entry in named), *(each.log for each in said)) if log}
    )
    actors = {remark.actor for remark in said if remark.actor}
    grants = grants_of(actors)
    places = _places_of(named)
    return {
        entry.id
        for entry in named
        if entry.id in places
        and any(
            _is_by_author(entry, remark, shifts)
            or (_is_at_office(remark) and _is_by_lead(places[entry.id], remark, grants))
            for remark in remarks[entry.id]
        )
    }


def _places_of(entries: Sequence[Entry]) -> dict[UUID, Place]:
    """Return where those of these deeds were done that can be withdrawn at all."""
    places: dict[UUID, Place] = {}
    for entry in entries:
        row = newest(entry.kind)
        facts = stored_payload(entry)[1].facts
        if row.can_withdraw is not None and facts is not None and row.can_withdraw(facts):
            places[entry.id] = row.place(facts)
    posts = posts_named({place.post for place in places.values() if place.post})
    return {id: with_post(place, posts) or place for id, place in places.items()}


def _is_by_author(entry: Entry, remark: RemarkRow, shifts: dict[UUID, Shifts]) -> bool:
    """The same member, in the same log, with no end or start of a shift in between."""
    if entry.log is None or remark.log != entry.log or remark.actor != entry.actor:
        return False
    if entry.seq is None or remark.seq is None or entry.actor is None:
        return False
    at_work = shifts[entry.log].at_work
    return at_work(entry.seq) == at_work(remark.seq)


def _is_at_office(remark: RemarkRow) -> bool:
    """Said where the server itself vouches for person and time; its entries alone have no running number.

    A lead who has gone home may have left a station open: what is said there in their name takes back their own alone.
    """
    return remark.seq is None


def _is_by_lead(place: Place, remark: RemarkRow, grants: dict[UUID, list[GrantRow]]) -> bool:
    return remark.actor is not None and is_allowed(grants.get(remark.actor, []), LEADS, place, remark.at)
