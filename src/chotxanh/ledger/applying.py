"""Applies happenings: stores their facts, recomputes what they touch under locks, lets the server decide.

Pure but for the database: the same happenings in any order and any split leave the same tables.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from chotxanh.domain.marks import Mark
from chotxanh.domain.standing.times import Span
from chotxanh.keys.sealing import unsealed
from chotxanh.ledger.authority_changes import JUDGE_AGAIN, ask_to_judge_again
from chotxanh.ledger.feed.writing import write_feed
from chotxanh.ledger.locks import lock
from chotxanh.ledger.models import Entry
from chotxanh.ledger.worker.dirt import append_dirt
from chotxanh.ledger.worker.errands import note_errands
from chotxanh.protocol.envelope import Body, body_decoder, new_id
from chotxanh.protocol.kinds import Happening, Touched, deciders, followers, foresights, recomputes
from chotxanh.protocol.payloads import Payload, read_stored
from chotxanh.protocol.ranks import Rank


class When(NamedTuple):
    """When an entry was done by all that is known, when it came, and its bounds where the time is in doubt (UTC)."""

    effective_at: datetime
    received_at: datetime
    between: Span | None = None


def happening_of(body: Body, payload: Payload, when: When, marks: Mark) -> Happening[Any, Any]:
    """Put together what features see of an entry."""
    return Happening(
        id=body.id,
        kind=body.kind,
        device=body.device,
        log=body.log,
        seq=body.seq,
        actor=body.actor,
        effective_at=when.effective_at,
        marks=marks,
        facts=payload.facts,
        personal=payload.personal,
        received_at=when.received_at,
        between=when.between,
    )


def stored_payload(entry: Entry) -> tuple[Body, Payload]:
    """Read a stored entry back, unsealing its personal part where it has one; nothing of it is checked again."""
    body = body_decoder.decode(entry.body)
    opened = unsealed(entry.personal, entry.id.bytes)
    return body, read_stored(body, opened.decode() if opened is not None else None)


def stored_happening(entry: Entry) -> Happening[Any, Any]:
    """Put together what features see of a stored entry that is applied."""
    body, payload = stored_payload(entry)
    return happening_of(body, payload, when_of(entry), Mark(entry.marks))


def when_of(entry: Entry) -> When:
    """Return the times of a stored entry."""
    return When(entry.effective_at, entry.received_at, bounds_of(entry))


def bounds_of(entry: Entry) -> Span | None:
    """Return between what times an entry lies whose time is in doubt; None for one that is certain."""
    return Span(entry.earliest_at, entry.received_at) if entry.earliest_at else None


def apply_happenings(happenings: Sequence[Happening[Any, Any]], now: datetime, *, is_deciding: bool) -> None:
    """Store and recompute in floor order; with `is_deciding` also record what the server decides (UTC `now`).

    Runs inside the caller's transaction. Rebuilding does not decide: the decisions are entries already.
    """
    touched = Touched()
    happened = {item.kind for item in happenings}
    for kinds, apply in followers():
        if not kinds.isdisjoint(happened):
            apply([item for item in happenings if item.kind in kinds], touched)
    _carry_out(touched, now, is_deciding=is_deciding)


def decide_again(people: Iterable[str], now: datetime) -> None:
    """Recompute what stands for these people and decide again, nothing having happened to them (UTC `now`)."""
    touched = Touched()
    touched.add(Rank.PERSON_CODE, people)
    _carry_out(touched, now, is_deciding=True)


def _carry_out(touched: Touched, now: datetime, *, is_deciding: bool) -> None:
    held: dict[Rank, set[str]] = {}
    for rank in Rank:
        keys, touched.recomputing = touched.keys[rank], rank
        if not keys <= held.get(rank, set()):
            held = _hold_with_next(rank, touched)
        for recompute in recomputes(rank) if keys else ():
            recompute(keys, touched)
    touched.recomputing = None
    if is_deciding and touched.people_to_decide:
        for decide in deciders():
            decide(touched.people_to_decide, now)
    _leave_to_others(touched, now, is_rebuilding=not is_deciding)


def _hold_with_next(rank: Rank, touched: Touched) -> dict[Rank, set[str]]:
    """Lock a rank and ask ahead for it, in one trip; return what was locked, by rank.

    In which groups the holders of new codes are is known with the codes themselves. Nearly always no others follow;
    where some do all are locked again, and of two transactions that then wait for each other one is tried again.
    """
    ranks = (rank, Rank.IDENTITY_GROUP) if rank is Rank.PERSON_CODE else (rank,)
    for each in ranks:
        lock(each, touched.keys[each])
    for each in ranks:
        for foresee in foresights(each):
            foresee(touched.keys[each], touched)
    return {each: set(touched.keys[each]) for each in ranks}


def _leave_to_others(touched: Touched, now: datetime, *, is_rebuilding: bool) -> None:
    """Leave what need not be done at once to the worker and to the feed."""
    if touched.authority_changed and not is_rebuilding:
        ask_to_judge_again(touched.authority_changed, now)
        # One errand each time: one that is just ending must not swallow what is asked meanwhile.
        touched.ask(JUDGE_AGAIN, str(new_id()), now)
    append_dirt(touched.behind, now)
    note_errands(touched.errands, is_rebuilding=is_rebuilding)
    write_feed(touched.showings, now)
