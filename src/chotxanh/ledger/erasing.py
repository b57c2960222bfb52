"""What erasing takes along: whole categories before a moment, and copies of what was never recorded."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from chotxanh.domain.kinds import Answer
from chotxanh.keys.sealing import unsealed
from chotxanh.ledger.entries import ERASED, REMARKS, CategoryErased
from chotxanh.ledger.models import SET_ASIDE_CONTEXT, ClockPutRight, Entry, ErasedCategory, Remark, SetAside
from chotxanh.ledger.stored import EntryRow
from chotxanh.ledger.unread import text_of
from chotxanh.protocol.kinds import Happening, codes_gone, codes_named_in, kinds_where, newest
from chotxanh.storage.lookups import lookup

# No category is erased sooner than this after its time: what is younger need not be held against the orders.
LEAST_KEPT = timedelta(days=7)
PART = 500
# As many entries are blanked in one transaction: a second's work.
MOST_AT_ONCE = 10_000
_DIGITS = re.compile(r"[0-9]{8,}")
_CODE = re.compile(rb"P[0-9BCFGHJKLMNPQRSTVXZ]{14}")
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Wherever they begin, overlapping ones too. Of eight digits that begin with the country's 84, seven are dialled.
_ANY_CODE, _ANY_UUID = (re.compile(b"(?=(" + each.pattern + b"))") for each in (_CODE, _UUID))
_ROWS = re.compile(rb"[0-9]{7,}")
# As every kind writes one.
_PHONE = re.compile(rb"\+[0-9]{6,15}")


@dataclass(frozen=True)
class _Marks:
    """The words that tell some people from all others: numbers of entries, person codes, and rows of digits."""

    words: frozenset[bytes]

    @cached_property
    def lengths(self) -> frozenset[int]:
        """How long the rows of digits are."""
        return frozenset(len(word) for word in self.words if word.isdigit())

    def are_in(self, text: bytes) -> bool:
        """Say whether one of the words stands anywhere in a text, however many are sought."""
        return any(word in self.words for word in self._words_like_these(text))

    def identify_in(self, text: bytes) -> bool:
        """Say whether a phone or identity number stands in a text: a code alone tells nobody who somebody is."""
        return any(word.isdigit() and word in self.words for word in self._words_like_these(text))

    def _words_like_these(self, text: bytes) -> Iterator[bytes]:
        yield from _ANY_UUID.findall(text)
        yield from _ANY_CODE.findall(text)
        for row in _ROWS.findall(text):
            for length in self.lengths:
                yield from (row[at : at + length] for at in range(len(row) - length + 1))


def kinds_of(category: str) -> frozenset[str]:
    """Return the kinds whose personal parts are of a category."""
    return kinds_where(lambda row: row.category == category)


def erase_categories(orders: Iterable[CategoryErased]) -> None:
    """Blank what is stored of these categories before their moments; the features blank what they made of it."""
    for order in orders:
        for part in kept_parts(order.category, order.before):
            part.update(personal=None)


def kept_parts(category: str, before: datetime) -> Sequence[QuerySet[Entry]]:
    """Return the entries of a category, before a moment (UTC), whose personal part is kept: first what counts.

    Of what counts nothing is kept before the latest earlier moment ordered: it was erased then, or as it came. What is
    held comes before without being looked at; of it there is little. Nothing happens after it was received.
    """
    kept = Entry.objects.filter(kind__in=kinds_of(category), effective_at__lt=before, personal__isnull=False)
    since = _orders_by_a_right_clock(category, before).aggregate(latest=Max("before"))["latest"]
    counting = kept.filter(answer=Answer.APPLIED)
    if since is not None:
        counting = counting.filter(effective_at__gte=since, received_at__gte=since)
    return counting, kept.exclude(answer=Answer.APPLIED)


def _orders_by_a_right_clock(category: str, before: datetime) -> QuerySet[ErasedCategory]:
    """Return the orders of a category that reach up to an earlier moment (UTC).

    A clock that was far ahead ordered up to moments that were younger than what is erased as it comes, or had not come
    at all: what happened below them has been recorded since. Those that somebody has put right are left out.
    """
    word = Entry.objects.filter(id=OuterRef("id"), clock_era__gte=OuterRef(OuterRef("clock_era")))
    at = OuterRef("received_at")
    put_right = ClockPutRight.objects.filter(Exists(word), since__lt=at, until__gte=at)
    of_a_clock_ahead = Entry.objects.filter(Exists(put_right), id=OuterRef("id"))
    earlier = ErasedCategory.objects.filter(category=category, before__lt=before)
    return earlier.filter(~Exists(of_a_clock_ahead))


def steps_to(category: str, before: datetime) -> tuple[int, list[datetime]]:
    """Return of how many entries of a category, before a moment (UTC), what is personal is kept, and how to get there.

    Between two of these moments, the last of which is `before`, lie at most MOST_AT_ONCE entries, unless more are of
    one and the same time: an order holds the whole ledger while it is carried out.
    """
    counting, held = kept_parts(category, before)
    count, moments = held.count(), list[datetime]()
    times = counting.order_by("effective_at").values_list("effective_at", flat=True)
    for number, at in enumerate(times.iterator(chunk_size=MOST_AT_ONCE), 1):
        count += 1
        if number % MOST_AT_ONCE == 0 and at not in moments[-1:]:
            moments.append(at)
    return count, [*moments, before]


def over_among(happenings: Sequence[Happening[Any, Any]], now: datetime) -> set[UUID]:
    """Return what arrives (UTC `now`) after its time: of a category that was ordered erased up to a later moment."""
    late = [item for item in happenings if item.effective_at < now - LEAST_KEPT]
    categories = {item.id: newest(item.kind).category for item in late}
    if not any(categories.values()):
        return set()
    limits = _limits(min(item.effective_at for item in late))
    return {
        item.id
        for item in late
        if (limit := limits.get(categories[item.id])) is not None and item.effective_at < limit
    }


def _limits(earliest: datetime) -> dict[str, datetime]:
    """Return until when each category is erased, of those that reach beyond the earliest time."""
    orders = ErasedCategory.objects.filter(before__gt=earliest).order_by("before")
    return dict(orders.values_list("category", "before"))


def forget_copies(entries: Collection[UUID]) -> None:
    """Blank what was set aside or rejected and speaks of these entries, or of whom they identify.

    Sought are their numbers, person codes, phone and identity numbers: what tells one person from all others. A name
    alone does not; what has no more goes with the age of what is set aside. However many are ordered erased at once,
    everything is read once.

    What an officer signed and this node cannot read yet is others' too: its text stays unless it identifies somebody.
    """
    marks = _marks_of(entries)
    for aside in SetAside.objects.exclude(raw=b"").iterator(chunk_size=PART):
        if marks.are_in(unsealed(aside.raw, SET_ASIDE_CONTEXT) or b""):
            SetAside.objects.filter(id=aside.id).update(raw=b"")
    kept = Q(personal__isnull=False, answer=Answer.REJECTED) | Q(unread__isnull=False)
    for entry in Entry.objects.exclude(answer=Answer.APPLIED).filter(kept).iterator(chunk_size=PART):
        text, personal = (text_of(entry) or "").encode(), unsealed(entry.personal, entry.id.bytes) or b""
        if not marks.are_in(text) and not marks.are_in(personal):
            continue
        is_whole = entry.answer == Answer.REJECTED or marks.identify_in(text)
        blank = {"personal": None, "unread": None} if is_whole else {"personal": None}
        Entry.objects.filter(id=entry.id).update(**blank)


def forget_rejected(before: datetime) -> int:
    """Forget what rejected entries from before a moment (UTC) said; return of how many."""
    rejected = Entry.objects.filter(answer=Answer.REJECTED, received_at__lt=before)
    return rejected.filter(Q(unread__isnull=False) | Q(personal__isnull=False)).update(
        unread=None, personal=None
    )


def is_of_erased(raw: bytes) -> bool:
    """Say whether what arrives to be kept unread names an entry that was ordered erased, or a code of erased ones."""
    if _names_erased(raw):
        return True
    # Most of what a stranger sends has no code in it, and to look for overlapping ones costs thirty times as much.
    codes = {code.decode() for code in _ANY_CODE.findall(raw)} if _CODE.search(raw) else set[str]()
    return bool(codes_gone(codes))


def without_erased(row: EntryRow, text: str) -> EntryRow:
    """Return a row that arrives as it may be kept: of whom was ordered erased nothing that nobody here can read.

    What is held stays but for its personal part, and for a text with a phone: other people's work may be in it.
    """
    if row.answer != Answer.REJECTED and row.unread is None:
        return row
    raw = text.replace(str(row.actor), "").encode()  # whoever signed it is not spoken of
    if row.answer == Answer.REJECTED:
        return row._replace(personal=None, unread=None) if is_of_erased(raw) else row
    if not _names_erased(raw):
        return row
    return row._replace(personal=None, unread=None if _PHONE.search(raw) else row.unread)


def _names_erased(raw: bytes) -> bool:
    named = {UUID(word.decode()) for word in _UUID.findall(raw)}
    return any(remark.what == ERASED for remark in lookup(REMARKS, "entry", sorted(named)))


def _marks_of(entries: Collection[UUID]) -> _Marks:
    """Return what tells whom these entries identify."""
    found = {str(id) for id in entries} | codes_named_in(entries)
    for entry in Entry.objects.filter(id__in=entries).iterator(chunk_size=PART):
        found |= {code.decode() for code in _CODE.findall(entry.body.encode())}
        personal = unsealed(entry.personal, entry.id.bytes)
        words = msgspec.json.decode(personal, type=dict[str, Any]).values() if personal else ()
        numbers = [number for word in words if isinstance(word, str) for number in _DIGITS.findall(word)]
        found |= {written for number in numbers for written in (number, _as_dialled(number))}
    return _Marks(frozenset(word.encode() for word in found))


def _as_dialled(number: str) -> str:
    return f"0{number[2:]}" if number.startswith("84") else number


def orders_to_erase() -> QuerySet[Remark]:
    """Return every order to erase an entry, or all of a registration, the latest first."""
    return Remark.objects.filter(what=ERASED).order_by("-at", "id")


def erased_at(entry: UUID) -> datetime | None:
    """Return when (UTC) an entry was first ordered erased by its number; None where it was not, or by its category."""
    orders = Remark.objects.filter(what=ERASED, entry=entry).order_by("at")
    return orders.values_list("at", flat=True).first()


def erased_categories() -> QuerySet[ErasedCategory]:
    """Return what was ordered erased of whole categories, the latest time first."""
    return ErasedCategory.objects.order_by("-before", "category", "id")
