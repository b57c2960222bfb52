"""What later entries change about earlier ones: proof of an actor, a ruling, a clock, an erasure, a withdrawal."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q
from msgspec.structs import replace

from chotxanh.domain.clocks import Moment
from chotxanh.domain.kinds import Answer
from chotxanh.domain.marks import Mark
from chotxanh.ledger.anchors import MEASURED, anchors_for, moments_of
from chotxanh.ledger.applying import happening_of, stored_happening, stored_payload, when_of
from chotxanh.ledger.bounds import NONE_KNOWN, bind_times
from chotxanh.ledger.entries import (
    ADMITTED,
    CategoryErased,
    ClockSettled,
    EntryAdmitted,
    EntryRefused,
    PersonalErased,
    apply_clock_rulings,
    apply_remarks,
    erased_among,
    is_remark,
    remarks_ahead,
)
from chotxanh.ledger.erasing import erase_categories, forget_copies, over_among
from chotxanh.ledger.evidence import evidence_ahead
from chotxanh.ledger.judging import (
    KIND_UNKNOWN,
    NOT_ALLOWED,
    TICKET_INVALID,
    TICKET_OVER,
    WAITS_FOR_SHIFT,
    Case,
    authority_over,
    shift_mark,
)
from chotxanh.ledger.models import Entry
from chotxanh.ledger.receiving import moment_of_entry
from chotxanh.ledger.remarking import mark_authority, times_of
from chotxanh.ledger.shifts import ENDED, STARTED, apply_shifts, boundaries_among, shifts_in
from chotxanh.ledger.stored import place_of
from chotxanh.ledger.withdrawing import targets_of, withdrawn_among
from chotxanh.protocol.envelope import Body, body_decoder
from chotxanh.protocol.kinds import Happening, Touched, kinds_where, parts_of, person_of
from chotxanh.protocol.payloads import read_stored
from chotxanh.registers.devices.known import KnownDevice, known_devices

Item = Happening[Any, Any]


class Sealed(NamedTuple):
    """An entry with a personal part; what it says otherwise tells whose that is."""

    id: UUID
    kind: str
    facts: Any


class Arrival(NamedTuple):
    """What recording knows already of what has just arrived, and need not be asked.

    Of the `unremarked` nobody had spoken before. `doubtful` are the highest numbers, by log, that ever came with a time
    in doubt. `held` came with a personal part and does not count.
    """

    unremarked: Collection[UUID] = ()
    doubtful: Mapping[UUID, int] = NONE_KNOWN
    held: Collection[Sealed] = ()


NOT_ASKED = Arrival()


def awaken(
    bodies: Sequence[Body], fresh: Iterable[Item], now: datetime, arrival: Arrival = NOT_ASKED
) -> list[Item]:
    """Return what must be applied now (UTC) that `fresh` arrived (with `bodies`, applied or not), sorted by id.

    That is `fresh` itself and the older entries that it proves, admits, marks anew or resettles, and those that
    these in their turn prove or admit; without the personal parts that were ordered erased.
    """
    awake = {item.id: item for item in fresh}
    _awaken_along(awake, [*awake.values(), *_begin_measured(bodies, arrival.doubtful, now)], now)
    apply_clock_rulings([item for item in awake.values() if isinstance(item.facts, ClockSettled)], Touched())
    settled = _settle_boots(bodies, awake.values())
    apply_shifts([item for item in settled if item.kind in (STARTED, ENDED)], Touched())
    # A withdrawal is judged by its time.
    apply_remarks([item for item in settled if is_remark(item)], Touched())
    awake.update((item.id, item) for item in settled)
    _awaken_along(
        awake, _prove_waiting(settled, now), now
    )  # a shift that begins at another time proves others
    bind_times(awake, arrival.doubtful)
    _mark_shifts(awake)
    _mark_withdrawn(awake, arrival.unremarked)
    erased = _erase_named(awake.values(), arrival, now)
    for id in erased & awake.keys():
        awake[id] = replace(awake[id], personal=None)
    awake.update((item.id, item) for item in _registers_among(erased - awake.keys()))
    return [awake[id] for id in sorted(awake)]


def _awaken_along(awake: dict[UUID, Item], news: list[Item], now: datetime) -> None:
    """Let `news` be awake, and whatever it proves, admits or marks anew, and so on."""
    while news:
        awake.update((item.id, item) for item in news)
        # At once: judging reads them.
        apply_remarks([item for item in news if is_remark(item)], Touched())
        apply_shifts([item for item in news if item.kind in (STARTED, ENDED)], Touched())
        news = _prove_waiting(news, now) + _carry_out_rulings(news, now) + _mark_ruled(news)


def judge_again(entries: Sequence[Entry], now: datetime) -> list[Item]:
    """Judge held entries anew, keep what rose to applied, and return it; what stays held keeps its newest reason."""
    read = [(entry, *stored_payload(entry)) for entry in entries]
    devices = known_devices({entry.device for entry in entries})
    evidence = evidence_ahead([body for _, body, _ in read])
    authority = authority_over([payload for _, _, payload in read], evidence())
    risen, moved = [], []
    for entry, body, payload in read:
        own, at_latest = _times_to_judge(entry, body)
        device = _as_when_seen(entry, devices[entry.device])
        case = Case(
            body,
            payload,
            device,
            effective_at=own.effective_at,
            received_at=at_latest,
            is_in_doubt=own.is_doubtful,
        )
        judgement = authority.judge(case, times_of(entry))
        entry.answer, entry.problem = judgement.answer.value, judgement.problem
        place = place_of(body, payload)
        if place.facility != entry.facility:  # of a kind that was unknown it could not be read before
            entry.facility = place.facility
            moved.append(entry)
        entry.post = None if judgement.answer is Answer.APPLIED else place.post
        if judgement.answer is Answer.APPLIED:
            entry.applied_at = now
            entry.marks = int(Mark(entry.marks) & Mark.TIME_DOUBTFUL | judgement.marks)
            risen.append(happening_of(body, payload, when_of(entry), Mark(entry.marks)))
    Entry.objects.bulk_update(entries, ["answer", "problem", "applied_at", "marks", "post"])
    Entry.objects.bulk_update(moved, ["facility"])
    return risen


def _times_to_judge(entry: Entry, body: Body) -> tuple[Moment, datetime]:
    """Return when an entry was written by its own clock, and when at the latest (UTC).

    Of a start whose clock nobody had measured the counter tells both once it is measured, however wrong the wall clock
    is: a counter that stood still while the device slept makes it no earlier than it was, and it was not before its
    ticket.
    """
    own = moment_of_entry(body, entry.received_at)
    anchor = anchors_for([body]).get(body.id) if body.kind == STARTED and own.is_doubtful else None
    if anchor is None:
        return own, entry.received_at
    measured = moment_of_entry(body, entry.received_at, anchor)
    return measured, measured.effective_at


def _begin_measured(bodies: Sequence[Body], doubtful: Mapping[UUID, int], now: datetime) -> list[Item]:
    """Begin shifts that were received when their ticket was over, once a measurement shows that they began before.

    Nearly always no clock is in doubt, and nothing is asked.
    """
    logs = {
        body.log
        for body in bodies
        if (body.kind == MEASURED and doubtful.get(body.log))
        or (body.kind == STARTED and body.clock is not None and body.clock.anchor is None)
    }
    if not logs:
        return []
    held = Entry.objects.filter(answer=Answer.HELD, kind=STARTED, problem__in=(TICKET_INVALID, NOT_ALLOWED))
    waiting = list(held.filter(log__in=logs, unsettled_boot__isnull=False).order_by("id"))
    for entry in waiting:
        entry.effective_at = _times_to_judge(entry, body_decoder.decode(entry.body))[0].effective_at
    Entry.objects.bulk_update(waiting, ["effective_at"])
    return judge_again(waiting, now)


def _as_when_seen(entry: Entry, device: KnownDevice) -> KnownDevice:
    """Return the device without a revocation that came after the entry: it holds only what was not seen before.

    A judgement asks for the revocation before all else but the kind, so that what is held for another reason was seen
    before it; whether what a lead refused was, is not known.
    """
    is_unsure = entry.problem in ("device_revoked", "refused", KIND_UNKNOWN)
    return device if is_unsure else device._replace(revoked_at=None)


def _prove_waiting(news: Iterable[Item], now: datetime) -> list[Item]:
    """Admit entries held because the start of their actor's shift had not arrived."""
    logs = {log for log, _ in boundaries_among(news)}
    if not logs:
        return []
    for_shift = (WAITS_FOR_SHIFT, TICKET_OVER)
    waiting = Entry.objects.filter(log__in=logs, answer=Answer.HELD, problem__in=for_shift).order_by("id")
    return judge_again(list(waiting), now)


def _carry_out_rulings(news: Iterable[Item], now: datetime) -> list[Item]:
    """Admit or refuse the held entries that leads' rulings name."""
    named = [item.facts.entry for item in news if isinstance(item.facts, EntryAdmitted | EntryRefused)]
    if not named:
        return []
    held = Entry.objects.filter(id__in=named, answer=Answer.HELD, unread=None)
    return judge_again(list(held.order_by("id")), now)


def _mark_ruled(news: Iterable[Item]) -> list[Item]:
    """Mark anew what counts already and what leads' rulings name: they let it count, or confirm a word."""
    named = [item.facts.entry for item in news if isinstance(item.facts, EntryAdmitted)]
    if not named:
        return []
    changed = mark_authority(list(Entry.objects.filter(id__in=named, answer=Answer.APPLIED).exclude(body="")))
    Entry.objects.bulk_update(changed, ["marks"])
    return [stored_happening(entry) for entry in changed]


def _settle_boots(bodies: Sequence[Body], news: Iterable[Item]) -> list[Item]:
    """Correct the times of stored entries whose boot one of `bodies` measures first, or a lead among `news` settles."""
    fresh = {body.id for body in bodies}
    wanted = Q()
    for body in bodies:
        if body.kind == MEASURED and body.clock:
            wanted |= Q(log=body.log, unsettled_boot=body.clock.boot)
    for item in news:
        if isinstance(item.facts, ClockSettled):
            wanted |= Q(log=item.facts.log, unsettled_boot=item.facts.boot)
    if not wanted:
        return []
    entries = list(Entry.objects.filter(wanted).exclude(body="").exclude(id__in=fresh).order_by("id"))
    decoded = [body_decoder.decode(entry.body) for entry in entries]
    received = [entry.received_at for entry in entries]
    moments = moments_of(list(zip(decoded, received, strict=True)))
    changed = []
    for entry in entries:
        settled = moments[entry.id]
        doubt = Mark.TIME_DOUBTFUL if settled.is_doubtful else Mark.NONE
        marks = int(Mark(entry.marks) & ~Mark.TIME_DOUBTFUL | doubt)
        if (entry.effective_at, entry.marks) != (settled.effective_at, marks):
            entry.effective_at, entry.marks = settled.effective_at, marks
            entry.earliest_at = settled.effective_at if doubt else None  # until it is bound anew
            changed.append(entry)
    applied = [entry for entry in changed if entry.answer == Answer.APPLIED]
    mark_authority(applied)
    Entry.objects.bulk_update(changed, ["effective_at", "earliest_at", "marks"])
    return [stored_happening(entry) for entry in applied]


def _mark_shifts(awake: dict[UUID, Item]) -> None:
    """Mark anew what lies behind a start or end of a shift that has just been applied, in any order of arrival."""
    boundaries = boundaries_among(awake.values())
    if not boundaries:
        return
    shifts = shifts_in({log for log, _ in boundaries})
    wanted = Q()
    for log, seq in boundaries:
        wanted |= Q(log=log, seq__gt=seq)
    no_deeds = kinds_where(lambda row: row.who.is_device) | {STARTED, ENDED}
    behind = Entry.objects.filter(wanted, answer=Answer.APPLIED, actor__isnull=False).exclude(body="")
    deeds = list(behind.exclude(kind__in=no_deeds))
    said = remarks_ahead([deed.id for deed in deeds])()
    admitted = {remark.entry for remark in said if remark.what == ADMITTED}

    def mark_of(entry: Entry) -> Mark:
        assert entry.log is not None and entry.seq is not None
        span = None if entry.id in admitted else times_of(entry)
        return shift_mark(shifts[entry.log], entry.actor, entry.seq, span)

    _mark_anew(awake, deeds, Mark.OUTSIDE_SHIFT, mark_of)


def _mark_withdrawn(awake: dict[UUID, Item], unremarked: Collection[UUID]) -> None:
    """Mark what was withdrawn, and take the mark from what was not: the withdrawal may have come first."""
    named = targets_of(awake.values(), unremarked)
    if not named:
        return
    targets = Entry.objects.filter(id__in=named, answer=Answer.APPLIED).exclude(body="")
    withdrawn = withdrawn_among(list(targets))
    _mark_anew(
        awake, targets, Mark.WITHDRAWN, lambda entry: Mark.WITHDRAWN if entry.id in withdrawn else Mark.NONE
    )


def _mark_anew(
    awake: dict[UUID, Item], entries: Iterable[Entry], mark: Mark, mark_of: Callable[[Entry], Mark]
) -> None:
    """Give each entry the mark it should have now; what changed is applied again."""
    changed = []
    for entry in entries:
        marks = int(Mark(entry.marks) & ~mark | mark_of(entry))
        if marks != entry.marks:
            entry.marks = marks
            changed.append(entry)
    Entry.objects.bulk_update(changed, ["marks"])
    for entry in changed:
        known = awake.get(entry.id)
        awake[entry.id] = (
            replace(known, marks=Mark(entry.marks)) if known is not None else stored_happening(entry)
        )


def _registers_among(erased: Collection[UUID]) -> list[Item]:
    """Return the erased entries of registers: what they made is stored again, without its personal part."""
    if not erased:  # composing a query that finds nothing costs a quarter of a batch of one
        return []
    kinds = kinds_where(lambda row: row.who.is_register and row.personal is not None)
    found = Entry.objects.filter(id__in=erased, kind__in=kinds, answer=Answer.APPLIED)
    return [stored_happening(entry) for entry in found]


def _erase_named(happenings: Collection[Item], arrival: Arrival, now: datetime) -> set[UUID]:
    """Blank the personal parts that erasure orders name, and all that belong to a registration among these.

    Whatever arrives of an erased registration is erased too, and what is held of it. The features blank what they made
    of it.
    """
    named = {item.facts.entry for item in happenings if isinstance(item.facts, PersonalErased)}
    sealed = [Sealed(item.id, item.kind, item.facts) for item in happenings if item.personal]
    sealed += [*arrival.held, *(_held_and_sealed() if named else ())]
    whose = {each.id: person for each in sealed if (person := person_of(each.kind, each.facts))}
    forgotten = named | erased_among(set(whose.values()) - named, arrival.unremarked)
    ordered = named | parts_of(named)
    erased = ordered | {id for id, person in whose.items() if person in forgotten}
    erased |= over_among([item for item in happenings if item.personal], now)
    if named:
        forget_copies(ordered)
    if erased:
        Entry.objects.filter(id__in=erased).update(personal=None)
    erase_categories([item.facts for item in happenings if isinstance(item.facts, CategoryErased)])
    return erased


def _held_and_sealed() -> Iterable[Sealed]:
    """Return what is held with a personal part, as far as it can be read."""
    waiting = Entry.objects.filter(answer=Answer.HELD, personal__isnull=False, unread=None).only("body")
    for entry in waiting.iterator():
        body = body_decoder.decode(entry.body)
        facts = read_stored(body, None).facts
        if facts is not None:
            yield Sealed(body.id, body.kind, facts)
