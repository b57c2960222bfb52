"""What later entries change about earlier ones: proof of an actor, a verdict, a clock measured late, an erasure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from chotxanh.domain.clocks import Moment
from chotxanh.domain.kinds import Answer, Kind
from chotxanh.ledger.applying import happening_of, stored_happening, stored_payload
from chotxanh.ledger.entries import ClockMeasured, apply_verdicts, shifts_in
from chotxanh.ledger.judging import WAITS_FOR_SHIFT, Case, bench_for
from chotxanh.ledger.models import Entry
from chotxanh.ledger.reading import moment_of_entry
from chotxanh.protocol.envelope import Body, body_decoder
from chotxanh.protocol.kinds import Happening, Touched
from chotxanh.registers.devices.models import Device


def first_anchors(bodies: Sequence[Body]) -> dict[UUID, int]:
    """Return, for each entry written before its boot was measured, the boot's first measurement if it is here."""
    waiting = [body for body in bodies if body.clock and body.clock.anchor is None]
    if not waiting:
        return {}
    logs = {body.log for body in waiting}
    stored = Entry.objects.filter(log__in=logs, kind=Kind.CLOCK_MEASURED)
    measured = [*bodies, *(body_decoder.decode(text) for text in stored.values_list("body", flat=True))]
    anchors = _anchors_by_boot(measured)
    return {body.id: anchors[boot] for body in waiting if (boot := _boot_of(body)) in anchors}


def awaken(bodies: Sequence[Body], fresh: Iterable[Happening[Any, Any]]) -> list[Happening[Any, Any]]:
    """Return what must be applied now that `fresh` arrived (with `bodies`, applied or not), sorted by id.

    That is `fresh` itself and the older entries that it proves, admits or resettles, and those that these in
    their turn prove or admit; without the personal parts that were ordered erased.
    """
    awake = {item.id: item for item in fresh}
    news = list(awake.values())
    while news:
        news = _prove_waiting(news) + _carry_out_verdicts(news)
        awake.update((item.id, item) for item in news)
    awake.update((item.id, item) for item in _settle_boots(bodies))
    for id in _erase_named(awake.values()) & awake.keys():
        awake[id] = replace(awake[id], personal=None)
    return [awake[id] for id in sorted(awake)]


def _prove_waiting(news: Iterable[Happening[Any, Any]]) -> list[Happening[Any, Any]]:
    """Admit entries held because their actor's shift had not arrived."""
    logs = [item.log for item in news if item.kind is Kind.SHIFT_STARTED and item.log]
    if not logs:
        return []
    waiting = Entry.objects.filter(log__in=logs, answer=Answer.HELD, problem=WAITS_FOR_SHIFT).order_by("id")
    return _judge_again(list(waiting))


def _carry_out_verdicts(news: Iterable[Happening[Any, Any]]) -> list[Happening[Any, Any]]:
    """Admit or refuse the held entries that leads' verdicts name."""
    kinds = (Kind.ENTRY_ADMITTED, Kind.ENTRY_REFUSED)
    verdicts = [item for item in news if item.kind in kinds]
    if not verdicts:
        return []
    apply_verdicts(verdicts, Touched())  # at once: judging reads them
    named = [item.facts.entry for item in verdicts]
    return _judge_again(list(Entry.objects.filter(id__in=named, answer=Answer.HELD).order_by("id")))


def _settle_boots(bodies: Sequence[Body]) -> list[Happening[Any, Any]]:
    """Correct the times of stored entries whose boot is measured for the first time by one of `bodies`."""
    changed: list[Happening[Any, Any]] = []
    for boot in {boot for body in bodies if body.kind == Kind.CLOCK_MEASURED and (boot := _boot_of(body))}:
        log, boot_id = boot
        fresh = {body.id for body in bodies}
        stored = Entry.objects.filter(log=log, boot=boot_id).exclude(body="").exclude(id__in=fresh)
        entries = list(stored.order_by("id"))
        decoded = [body_decoder.decode(entry.body) for entry in entries]
        anchor = _anchors_by_boot([*bodies, *decoded]).get(boot)
        for entry, body in zip(entries, decoded, strict=True):
            if body.clock and body.clock.anchor is None:
                changed += _settle(entry, moment_of_entry(body, entry.received_at, anchor))
    return changed


def _erase_named(happenings: Iterable[Happening[Any, Any]]) -> set[UUID]:
    """Blank the personal parts that erasure orders name; the features blank what they made of them."""
    named = {item.facts.entry for item in happenings if item.kind is Kind.PERSONAL_ERASED}
    if named:
        Entry.objects.filter(id__in=named).update(personal=None)
    return named


def _judge_again(entries: Sequence[Entry]) -> list[Happening[Any, Any]]:
    read = [(entry, *stored_payload(entry)) for entry in entries]
    devices = Device.objects.in_bulk({entry.device for entry in entries})
    logs = [entry.log for entry in entries if entry.log]
    bench = bench_for((body for _, body, _ in read), shifts_in(logs))
    admitted = []
    for entry, body, payload in read:
        judged_at = moment_of_entry(body, entry.received_at).effective_at
        judgement = bench.judge(Case(body, payload, devices[entry.device], judged_at))
        entry.answer, entry.problem = judgement.answer.value, judgement.problem
        if judgement.answer is Answer.APPLIED:
            admitted.append(happening_of(body, payload, entry.effective_at, is_doubtful=entry.is_doubtful))
    Entry.objects.bulk_update(entries, ["answer", "problem"])
    return admitted


def _settle(entry: Entry, settled: Moment) -> list[Happening[Any, Any]]:
    if (entry.effective_at, entry.is_doubtful) == (settled.effective_at, settled.is_doubtful):
        return []
    entry.effective_at, entry.is_doubtful = settled.effective_at, settled.is_doubtful
    entry.save(update_fields=["effective_at", "is_doubtful"])
    return [stored_happening(entry)] if entry.answer == Answer.APPLIED else []


def _boot_of(body: Body) -> tuple[UUID, UUID] | None:
    return (body.log, body.clock.boot) if body.clock else None


def _anchors_by_boot(bodies: Iterable[Body]) -> dict[tuple[UUID, UUID], int]:
    """Return the anchor of each boot's measurement with the lowest running number."""
    first: dict[tuple[UUID, UUID], tuple[int, int]] = {}
    for body in bodies:
        boot = _boot_of(body)
        if body.kind != Kind.CLOCK_MEASURED or boot is None or body.seq is None:
            continue
        try:
            anchor = msgspec.json.decode(body.facts, type=ClockMeasured).anchor
        except msgspec.DecodeError:
            continue
        if boot not in first or body.seq < first[boot][0]:
            first[boot] = (body.seq, anchor)
    return {boot: anchor for boot, (_, anchor) in first.items()}
