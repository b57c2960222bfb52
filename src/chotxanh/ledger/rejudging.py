"""Judges again what was held for want of something that this node has learned since: a kind it did not know."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from chotxanh.domain.kinds import Answer
from chotxanh.keys.ring import hold_key_ring
from chotxanh.ledger.applying import apply_happenings
from chotxanh.ledger.judging import KIND_UNKNOWN
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.models import Entry
from chotxanh.ledger.settling import awaken, judge_again
from chotxanh.protocol.kinds import kinds_where

SLICE = 500


def judge_unknown_kinds(now: datetime) -> int:
    """Judge again every entry whose kind has become known, in slices; return how many count now (UTC `now`)."""
    known = kinds_where(lambda _row: True)
    risen = 0
    while True:
        waiting = Entry.objects.filter(answer=Answer.HELD, problem=KIND_UNKNOWN, kind__in=known)
        part = list(waiting.order_by("received_at", "id")[:SLICE])
        if not part:
            return risen
        risen += _judge_slice(part, now)


def _judge_slice(part: Sequence[Entry], now: datetime) -> int:
    """Judge a slice alone in the ledger, and apply what rose. What stays held has another reason afterwards."""
    with transaction.atomic(), in_ledger(is_alone=True), hold_key_ring():
        risen = judge_again(part, now)
        apply_happenings(awaken([], risen, now), now, is_deciding=True)
    return len(risen)
