"""Held entries as leads see them: authentic, not counted; those that a person must decide on, and those that wait."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Count, Min, Q, QuerySet, Window

from chotxanh.domain.kinds import Answer
from chotxanh.ledger.judging import KIND_UNKNOWN, REGISTER_UNKNOWN, WAITS_FOR_SHIFT
from chotxanh.ledger.models import Entry
from chotxanh.ledger.stored import place_of
from chotxanh.protocol.envelope import body_decoder
from chotxanh.protocol.kinds import kinds_where
from chotxanh.protocol.payloads import read_stored
from chotxanh.protocol.places import Place
from chotxanh.registers.posts.models import Post
from chotxanh.registers.posts.sites import posts_named, with_post
from chotxanh.registers.staff.leading import Led

SUMMARY_LENGTH = 400
Kinds = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class HeldCounts:
    """How many are held: for a lead's decision, until their shift or their post is known, or without a ruling."""

    to_decide: int
    waiting_for_shift: int
    waiting_for_post: int
    without_ruling: int


@dataclass(frozen=True)
class HeldTogether:
    """Entries of one device that are held for the same reason: how many of each kind, the most frequent first."""

    count: int
    kinds: Kinds


@dataclass(frozen=True)
class WaitingDevice:
    """A device whose entries only wait for the start of their shift, since `oldest` (UTC)."""

    device: UUID
    count: int
    oldest: datetime


def undecided() -> QuerySet[Entry]:
    """Return the held entries that a lead can admit or refuse."""
    return _held().filter(_can_be_ruled_on())


def refused() -> QuerySet[Entry]:
    """Return what a lead refused: it may be decided on anew."""
    return Entry.objects.filter(answer=Answer.HELD, problem="refused").filter(_can_be_ruled_on())


def refused_in(led: Led) -> QuerySet[Entry]:
    """Return what was refused in the part that somebody leads, what came last first."""
    return within_places(refused(), led).order_by("-received_at", "id")


def place_led(entry: Entry) -> Place:
    """Return where an entry was done, as far as that is known here: who leads there decides on it."""
    body = body_decoder.decode(entry.body)
    place = place_of(body, read_stored(body, None))
    known = with_post(place, posts_named([place.post] if place.post else []))
    return known or Place(place.facility)


def within_places(entries: QuerySet[Entry], led: Led) -> QuerySet[Entry]:
    """Return those of these entries that were done in the part that somebody leads: `covers`, said to the database."""
    if led.is_province:
        return entries
    wanted = Q(pk__in=[])
    for grant in led.grants:
        of_facility = Q(facility=grant.facility) if grant.facility else Q(pk__in=[])
        if grant.site or grant.post is not None:
            at = Q(id=grant.post) if grant.post is not None else Q(site=grant.site)
            at &= Q(facility=grant.facility) if grant.facility else Q()
            here = Q(post__in=Post.objects.filter(at).values("id"))
            here &= Q(facility__in=("", grant.facility)) if grant.facility else Q()
            wanted |= here | (of_facility & Q(post=None))
        else:
            wanted |= of_facility
    return entries.filter(wanted)


def count_held(led: Led) -> HeldCounts:
    """Count what is held, in one statement."""
    ruled, waits = _can_be_ruled_on(), {WAITS_FOR_SHIFT, REGISTER_UNKNOWN}
    found = _within(led).aggregate(
        all=Count("id"),
        to_decide=Count("id", filter=ruled & ~Q(problem__in=waits)),
        waiting_for_shift=Count("id", filter=ruled & Q(problem=WAITS_FOR_SHIFT)),
        waiting_for_post=Count("id", filter=ruled & Q(problem=REGISTER_UNKNOWN)),
    )
    without_ruling = found.pop("all") - sum(found.values())
    return HeldCounts(**found, without_ruling=without_ruling)


def to_decide(led: Led) -> QuerySet[Entry]:
    """Return what needs a lead's decision: by device and reason, the smallest group first, then the oldest.

    So a decision that stands alone is never behind the hundreds of one device.
    """
    waits = {WAITS_FOR_SHIFT, REGISTER_UNKNOWN}
    entries = _within(led).filter(_can_be_ruled_on()).exclude(problem__in=waits)
    together = Window(Count("id"), partition_by=["device", "problem"])
    return entries.annotate(together=together).order_by("together", "device", "problem", "received_at", "id")


def held_together(entries: Collection[Entry], led: Led) -> dict[tuple[UUID, str], HeldTogether]:
    """Return, for the device and reason of each of these entries, what is held there in all, in one statement."""
    wanted = to_decide(led).filter(device__in={entry.device for entry in entries})
    found = _by_kind(wanted, "device", "problem")
    return {(device, problem): held for (device, problem), held in found.items()}


def waiting_devices(led: Led) -> "QuerySet[Any, Any]":
    """Return, a row for each device, how many of its entries only wait for their shift; the longest waiting first."""
    waiting = waiting_for_shift(led).order_by().values("device")
    return waiting.annotate(count=Count("id"), oldest=Min("received_at")).order_by("oldest", "device")


def kinds_waiting(led: Led, devices: Collection[UUID]) -> dict[UUID, Kinds]:
    """Return how many entries of each kind wait for their shift on these devices."""
    found = _by_kind(waiting_for_shift(led).filter(device__in=devices), "device")
    return {device: held.kinds for (device,), held in found.items()}


def waiting_for_shift(led: Led, device: UUID | None = None) -> QuerySet[Entry]:
    """Return what settles by itself once the start of its shift arrives, oldest first; of one device, or of all."""
    entries = _within(led).filter(_can_be_ruled_on(), problem=WAITS_FOR_SHIFT)
    return (entries if device is None else entries.filter(device=device)).order_by("received_at", "id")


def facts_of(entry: Entry) -> tuple[str, str]:
    """Return the tube that an entry names, if it does, and the beginning of what it says: no personal data."""
    body = msgspec.json.decode(entry.body, type=dict[str, msgspec.Raw])
    facts = body.get("facts", msgspec.Raw(b"{}"))
    named = msgspec.json.decode(facts, type=dict[str, object])
    return str(named.get("tube", "")), bytes(facts).decode()[:SUMMARY_LENGTH]


def _by_kind(entries: QuerySet[Entry], *columns: str) -> dict[tuple[Any, ...], HeldTogether]:
    counted: dict[tuple[Any, ...], list[tuple[str, int]]] = defaultdict(list)
    for *key, kind, count in entries.order_by().values_list(*columns, "kind").annotate(count=Count("id")):
        counted[tuple(key)].append((kind, count))
    return {key: _together(kinds) for key, kinds in counted.items()}


def _together(kinds: Iterable[tuple[str, int]]) -> HeldTogether:
    ordered = tuple(sorted(kinds, key=lambda each: (-each[1], each[0])))
    return HeldTogether(sum(count for _, count in ordered), ordered)


def _within(led: Led) -> QuerySet[Entry]:
    return within_places(_held(), led)


def _held() -> QuerySet[Entry]:
    return Entry.objects.filter(answer=Answer.HELD).exclude(problem="refused")


def _can_be_ruled_on() -> Q:
    """A ruling on anything else changes nothing: nothing follows from it, or only the server may decide."""
    without = kinds_where(lambda row: not row.can_admit or row.who.is_device or row.who.is_nodes_alone)
    return ~Q(kind__in=without) & ~Q(problem=KIND_UNKNOWN)
