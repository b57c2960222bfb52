"""Judges again what rested on something this node has learned since: a kind, a grant, an authorisation.

A grant that comes late is judged again over what is held for want of it; an end takes nothing back, it marks what was
done after it. The worker carries this out in slices; the office sees how much is left.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from chotxanh.domain.kinds import Answer
from chotxanh.domain.marks import Mark
from chotxanh.keys.ring import hold_key_ring
from chotxanh.keys.sealing import unsealed
from chotxanh.ledger.anchors import moments_of
from chotxanh.ledger.applying import apply_happenings, stored_happening
from chotxanh.ledger.entries import WITHDRAWAL
from chotxanh.ledger.judging import KIND_UNKNOWN, REGISTER_UNKNOWN
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.models import Entry, Rejudging
from chotxanh.ledger.receiving import moment_of_entry
from chotxanh.ledger.remarking import mark_authority
from chotxanh.ledger.settling import Item, awaken, judge_again
from chotxanh.ledger.unread import text_of
from chotxanh.protocol.envelope import body_decoder
from chotxanh.protocol.payloads import read_sent

SLICE = 500
_OPENED = ["kind", "version", "body", "unread", "effective_at", "earliest_at", "marks", "unsettled_boot"]
_HELD_FOR_AUTHORITY = ("actor_not_allowed", REGISTER_UNKNOWN)


def entries_left() -> int:
    """Return how many entries are still to be judged again."""
    return sum(entries_of(job).count() for job in Rejudging.objects.all())


def carry_out_a_slice(now: datetime) -> bool:
    """Judge one slice again, alone in the ledger; say whether there was one (UTC `now`)."""
    with transaction.atomic(), in_ledger(is_alone=True), hold_key_ring():
        job = Rejudging.objects.order_by("asked_at", "key").first()
        if job is None:
            return False
        part = list(entries_of(job).order_by("id")[:SLICE])
        held = [entry for entry in part if entry.answer == Answer.HELD]
        applied = [entry for entry in part if entry.answer == Answer.APPLIED]
        # A withdrawal holds or not by the grants of who took back: what it names is marked anew.
        withdrawals = [stored_happening(entry) for entry in applied if entry.kind == WITHDRAWAL]
        fresh = [*withdrawals, *judge_again(held, now), *_mark_anew(applied)]
        apply_happenings(awaken([], fresh, now), now, is_deciding=True)
        if len(part) < SLICE:
            job.delete()
        else:
            Rejudging.objects.filter(key=job.key).update(after=part[-1].id)
    return True


def carry_out_all(now: datetime) -> None:
    """Judge again everything that was asked for (UTC `now`)."""
    while carry_out_a_slice(now):
        pass


def judge_unknown_kinds(now: datetime) -> int:
    """Judge again every entry whose kind has become known, in slices; return how many count now (UTC `now`)."""
    waiting = Entry.objects.filter(answer=Answer.HELD, problem=KIND_UNKNOWN).order_by("id")
    risen, after = 0, UUID(int=0)
    while part := list(waiting.filter(id__gt=after)[:SLICE]):
        risen, after = risen + _judge_unread(part, now), part[-1].id
    return risen


def _judge_unread(part: Sequence[Entry], now: datetime) -> int:
    """Open what is known by now, and judge it alone in the ledger; what stays held has another reason afterwards.

    Of a known kind there may still be versions that this node does not know, and the door may refuse what it says: both
    stay sealed.
    """
    with transaction.atomic(), in_ledger(is_alone=True), hold_key_ring():
        opened = [entry for entry in part if _open(entry)]
        if not opened:
            return 0
        Entry.objects.bulk_update(opened, _OPENED)
        risen = judge_again(opened, now)
        apply_happenings(awaken([], risen, now), now, is_deciding=True)
    return len(risen)


def _open(entry: Entry) -> bool:
    """Make of an unread entry what it would have been, had its kind been known; say whether it could be."""
    text = text_of(entry)
    if not text:  # it does not open, or was erased
        return False
    body = body_decoder.decode(text)
    personal = unsealed(entry.personal, entry.id.bytes)
    payload = read_sent(body, personal.decode() if personal is not None else None)
    if payload.row is None or payload.problem:
        return False
    moment = moments_of([(body, entry.received_at)])[body.id]
    is_doubtful, is_own_doubtful = moment.is_doubtful, moment_of_entry(body, entry.received_at).is_doubtful
    entry.kind, entry.version, entry.body, entry.unread = body.kind, body.version, text, None
    entry.effective_at, entry.earliest_at = moment.effective_at, moment.effective_at if is_doubtful else None
    entry.marks = int(Mark.TIME_DOUBTFUL) if is_doubtful else 0
    entry.unsettled_boot = body.clock.boot if body.clock and is_own_doubtful else None
    return True


def entries_of(job: Rejudging) -> QuerySet[Entry]:
    """Return what a job has still to judge again, in any order."""
    what, _, key = job.key.partition("/")
    concerned = {
        "member": Q(actor=key) if what == "member" else Q(),
        "facility": Q(facility=key) & ~Q(facility=""),  # said twice, so that its index is used
        "register": Q(answer=Answer.HELD, problem=REGISTER_UNKNOWN),
    }[what]
    waiting = Q(answer=Answer.HELD, problem__in=_HELD_FOR_AUTHORITY)
    entries = Entry.objects.filter(concerned).filter(Q(answer=Answer.APPLIED) | waiting).exclude(body="")
    return entries.filter(id__gt=job.after) if job.after else entries


def _mark_anew(entries: Sequence[Entry]) -> list[Item]:
    """Mark applied entries anew; what changed is applied again, no answer falls."""
    changed = mark_authority(entries)
    Entry.objects.bulk_update(changed, ["marks"])
    return [stored_happening(entry) for entry in changed]
