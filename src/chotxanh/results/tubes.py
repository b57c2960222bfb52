"""Recomputes what each run of a test says of a tube, from all that was recorded and corrected, and what is disputed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from chotxanh.domain.marks import Mark, certifies_nobody, disputes_of, is_for, is_removed
from chotxanh.domain.pools import ResultValue
from chotxanh.domain.standing.times import Span
from chotxanh.domain.tubes import tube_named
from chotxanh.ledger.scopes import FACILITY, RESULT_HELD_FOR, facility_scope
from chotxanh.protocol.kinds import Touched
from chotxanh.protocol.showings import CardName
from chotxanh.results.barcodes import Barcode, barcodes_of
from chotxanh.results.corrections.effects import effects_of, late_mark, takes_back, warns
from chotxanh.results.corrections.takings import write_takings
from chotxanh.results.heads import Head, corrected_by, heads_of, negatives_taken_back, of_nothing
from chotxanh.results.models import ResultResolution
from chotxanh.results.rows import FACTS, OUTCOMES, FactRow, OutcomeRow, SampledTube
from chotxanh.results.runs import (
    OF_TESTING,
    OF_TUBE,
    Circumstances,
    Run,
    RunName,
    circumstances_of,
    root_of,
    runs_of,
)
from chotxanh.specimens.tubes import OVERDUE
from chotxanh.specimens.words import answers, latest_word
from chotxanh.storage.lookups import foresee, lookup
from chotxanh.storage.replacing import replace_rows
from chotxanh.storage.rows import Table, as_json, upsert


class ResolutionRow(NamedTuple):
    """A lead's word on a tube's results."""

    id: UUID
    tube: str
    stands: UUID
    considered: Any
    marked: Any
    resulted_at: datetime
    effective_at: datetime
    marks: int


# Where the result came before the sampling, the time of either may be wrong.
EARLY = "result_before_sampling"
# Nobody knows what a correction makes of a tube before the result that it names is here.
UNMATCHED, ELSEWHERE = "correction_unmatched", "correction_elsewhere"
# A tube held the swabs of several samplings: which of them was tested, the choice among them does not say.
WHICH_SAMPLING = "result_of_which_sampling"
_RESOLUTIONS = Table(ResultResolution, ResolutionRow)


@dataclass(frozen=True)
class LeadsWords:
    """What leads said of the results of one barcode, and the corrections that have no effect.

    `told` is since when somebody knows of a positive (UTC), by its reading.
    """

    said: Sequence[ResolutionRow] = ()
    without_effect: frozenset[UUID] = frozenset()
    told: Mapping[UUID, datetime] = field(default_factory=dict)

    def on(self, method: str) -> "LeadsWords":
        """Return them without the words of leads who may not decide on this way of testing."""
        return replace(self, said=[word for word in self.said if is_for(word.marks, method)])


@dataclass(frozen=True)
class CurrentResult:
    """The result that stands, since when it is known (UTC), and the reasons why a lead must decide.

    `late_at` is when the last of what it rests on came that came late (UTC).
    """

    fact: FactRow
    resulted: Span
    disputes: tuple[str, ...]
    late_at: datetime | None = None


def foresee_results(keys: set[str], _touched: Touched) -> None:
    """Ask ahead for the results of the tubes of these barcodes."""
    foresee(FACTS, "tube", keys)


def recompute_results(keys: set[str], touched: Touched) -> None:
    """Recompute the results of the tubes of these barcodes."""
    facts: dict[str, list[FactRow]] = defaultdict(list)
    for fact in lookup(FACTS, "tube", keys):
        facts[fact.tube].append(fact)
    if not facts:
        return
    words: dict[str, list[ResolutionRow]] = defaultdict(list)
    for word in lookup(_RESOLUTIONS, "tube", facts):
        words[word.tube].append(word)
    barcodes = barcodes_of(facts)
    circumstances = circumstances_of([fact for each in facts.values() for fact in each])
    effects = effects_of(facts, words)
    write_takings(effects, barcodes)
    rows = []
    for first in sorted(facts):
        marked = _marked(facts[first], barcodes[first], circumstances)
        counting = LeadsWords(words[first], effects[first].without, effects[first].told)
        found = _outcomes_of(marked, counting, barcodes[first], circumstances)
        _tell(found, touched)
        rows += found
    names = [name for each in barcodes.values() for name in each.names]
    replace_rows(OUTCOMES, "tube", names, rows)


def stand(run: Run, words: "LeadsWords", tube: SampledTube | None) -> CurrentResult | None:
    """Decide what one run of a test says; None while only withdrawn readings are here.

    A correction keeps the time at which the first result was known, so that it never restarts a clock, and so does a
    negative that was withdrawn and entered again. What was withdrawn neither stands nor corrects. A correction of
    what is not known of this barcode, or was withdrawn, does not stand, and lets nothing else stand undisputed; one by
    another facility than that which read it is disputed. One that takes a positive back alone is as if it had not been.
    What was read outside its window speaks only as a
    positive or of a line, or where nothing else of the run speaks; whether a line was seen disputes nothing: where
    one was, it counts. Where a lead chose among several samplings, results count once a lead has given a word on them
    too, with that choice made. Results of different runs and tests never dispute each other. Disputes:
    `results_differ`, `correction_unmatched`, `correction_elsewhere`, `result_of_which_sampling`,
    `result_before_sampling`, and those of marks.
    """
    live = run.live
    may_stand = run.may_stand - words.without_effect
    heads = heads_of(run, words.without_effect)
    word = latest_word(
        each for each in words.said if each.stands in may_stand and not _is_too_late(each, run, heads, words)
    )
    resolved = _resolved(run, word, tube)
    if resolved is not None:
        return resolved if _is_after_sampling(resolved, tube) else _early(resolved)
    if not heads:
        return None
    speaking = [head for head in heads if _speaks(head.fact)] or heads
    fact, root = _told_of(speaking)
    reasons = {
        "results_differ": len({head.value for head, _ in speaking}) > 1,
        UNMATCHED: bool(of_nothing(run)),
        ELSEWHERE: any(each.facility != reading.facility for each, reading in heads),
        WHICH_SAMPLING: run.is_of_several_tubes or _chosen_at(tube) is not None,
    }
    marked = [reason for each in live for reason in disputes_of(each.marks)]
    disputes = dict.fromkeys([*(reason for reason, holds in reasons.items() if holds), *marked])
    late = _latest([_heads_late_at(fact, speaking), tube.late_at if tube else None])
    current = CurrentResult(fact, _since(fact, root, run, tube), tuple(disputes), late)
    return current if _is_after_sampling(current, tube) else _early(current)


def warning_tubes(keys: Collection[str]) -> dict[str, list[Span]]:
    """Return when a positive, or a line seen late, was read that nothing certain corrects, by those of these tubes.

    No withdrawal removes the sampling under it. Once it is corrected, a sampling taken back is taken back.
    """
    facts = lookup(FACTS, "tube", keys)
    by_tube: dict[str, list[FactRow]] = defaultdict(list)
    for fact in facts:
        by_tube[fact.tube].append(fact)
    without_effect = {id for each in effects_of(by_tube).values() for id in each.without}
    known = {tube: {fact.id: fact for fact in said} for tube, said in by_tube.items()}
    circumstances = circumstances_of(facts)
    # The tube may not have been recomputed yet with what has just come.
    facts = [
        fact._replace(
            marks=fact.marks
            | circumstances.method_mark(fact, root_of(fact, known[fact.tube]))
            | late_mark(fact, known[fact.tube])
        )
        for fact in facts
    ]
    corrected = {
        (fact.tube, corrected_by(fact, known[fact.tube], without_effect))
        for fact in facts
        if _is_certain(fact, known[fact.tube]) and fact.id not in without_effect
    }
    found: dict[str, list[Span]] = defaultdict(list)
    for fact in facts:
        if warns(fact) and (fact.tube, fact.id) not in corrected:
            found[fact.tube].append((root_of(fact, known[fact.tube]) or fact).resulted)
    return found


def _is_certain(fact: FactRow, known: Mapping[UUID, FactRow]) -> bool:
    """Nobody knows what a correction makes of a reading that was taken back."""
    root = root_of(fact, known)
    is_of_nothing = root is not None and is_removed(root.marks)
    return not is_of_nothing and not is_removed(fact.marks) and not disputes_of(fact.marks)


def _resolved(run: Run, resolution: ResolutionRow | None, tube: SampledTube | None) -> CurrentResult | None:
    """The result a lead chose, if the lead knew of all there are now, and of every reason for a dispute.

    A word from before the tube's sampling was chosen among several did not speak of that sampling. No word makes a
    negative younger than its reading can be.
    """
    live = run.live
    if resolution is None or not answers(resolution, live):
        return None
    chosen_at = _chosen_at(tube)
    if chosen_at is not None and resolution.effective_at < chosen_at:
        return None
    chosen = next((fact for fact in live if fact.id == resolution.stands), None)
    if chosen is None:
        return None
    at = resolution.resulted_at
    if chosen.value == ResultValue.NEGATIVE:
        reading = root_of(chosen, {fact.id: fact for fact in run.facts}) or chosen
        at = min(at, _since(chosen, reading, run, tube).latest)
    came_later = tube is not None and tube.late_at is not None and tube.late_at > resolution.effective_at
    return CurrentResult(chosen, Span.at(at), (), tube.late_at if tube and came_later else None)


def _is_too_late(word: ResolutionRow, run: Run, heads: Sequence[Head], words: LeadsWords) -> bool:
    """Say whether it takes back what somebody had been told by then: that is the CDC's alone (field rule A1)."""
    chosen = next((fact for fact in run.live if fact.id == word.stands), None)
    told = (words.told.get(head.reading.id) for head in heads if chosen and takes_back(head.fact, chosen))
    return any(at is not None and at <= word.effective_at for at in told)


def _heads_late_at(fact: FactRow, speaking: Sequence[Head]) -> datetime | None:
    """Return when what says this came late; None where one that came in time says the same."""
    lates = [_latest([head.late_at, root.late_at]) for head, root in speaking if head.value == fact.value]
    return None if None in lates else _latest(lates)


def _latest(moments: Sequence[datetime | None]) -> datetime | None:
    return max((each for each in moments if each is not None), default=None)


def _speaks(fact: FactRow) -> bool:
    return warns(fact) or not certifies_nobody(fact.marks)


def _told_of(speaking: Sequence[Head]) -> Head:
    """The first reading, or where all were read late the first that saw a line."""
    is_late = speaking[0].fact.value == ResultValue.READ_LATE
    return next((head for head in speaking if is_late and head.fact.line_seen), speaking[0])


def _since(fact: FactRow, reading: FactRow, run: Run, tube: SampledTube | None) -> Span:
    """Since when it is known: a negative that was taken back and entered again restarts no clock."""
    if fact.value != ResultValue.NEGATIVE:
        return reading.resulted
    earlier = [
        each.resulted
        for each in negatives_taken_back(run)
        if tube is None or tube.sampled_at <= each.resulted_latest
    ]
    return min([reading.resulted, *earlier], key=lambda span: (span.earliest, span.latest))


def _chosen_at(tube: SampledTube | None) -> datetime | None:
    return tube.chosen_at if tube else None


def _is_after_sampling(current: CurrentResult, tube: SampledTube | None) -> bool:
    return tube is None or tube.sampled_at <= current.resulted.latest


def _early(current: CurrentResult) -> CurrentResult:
    return replace(current, disputes=(*current.disputes, EARLY))


def _marked(facts: Sequence[FactRow], barcode: Barcode, circumstances: Circumstances) -> list[FactRow]:
    """Give what was said the marks of testing that it should have now, and keep those that changed."""
    known = {fact.id: fact for fact in facts}
    found, changed = [], []
    for fact in facts:
        root = root_of(fact, known)
        tube = barcode.tubes.get(barcode.tube_at(root.resulted_latest)) if root else None
        given = circumstances.marks_of(fact, root, tube) | late_mark(fact, known)
        marked = fact._replace(marks=int(Mark(fact.marks) & ~OF_TUBE | given))
        found.append(marked)
        if marked != fact:
            changed.append(marked)
    upsert(FACTS, changed)
    return found


def _outcomes_of(
    facts: Sequence[FactRow],
    words: LeadsWords,
    barcode: Barcode,
    circumstances: Circumstances,
) -> list[OutcomeRow]:
    rows = []
    for run in runs_of(facts, barcode):
        tube, method = barcode.tubes.get(run.name.tube), circumstances.method_of(run.name.test)
        current = stand(run, words.on(method), tube)
        if current is not None:
            known = {fact.id: fact for fact in run.facts}
            reading = root_of(current.fact, known) or run.facts[0]
            tested = (method, circumstances.device_of(reading))
            rows.append(_row(run.name, tested, current, tube))
    return rows


def _tell(rows: Sequence[OutcomeRow], touched: Touched) -> None:
    """A tube with a result is not overdue; once all it has are final, it is not shown as an open one any more."""
    by_tube: dict[str, list[OutcomeRow]] = defaultdict(list)
    for row in rows:
        by_tube[row.tube].append(row)
    for key, each in by_tube.items():
        touched.settle(OVERDUE, key)
        if all(row.is_final for row in each):
            until = max(row.resulted_latest for row in each) + RESULT_HELD_FOR
            held = {facility_scope(tube_named(key).facility): until}
            touched.showings.show_only(CardName("tube", key), FACILITY, held)


def _row(
    name: RunName, tested: tuple[str, str], current: CurrentResult, tube: SampledTube | None
) -> OutcomeRow:
    """`tested` are the method and what a certificate calls the device."""
    fact, (method, device) = current.fact, tested
    return OutcomeRow(
        key=name.key,
        tube=name.tube,
        test=name.test,
        run=name.number,
        method=method,
        tested_by=fact.facility,
        value=fact.value,
        line_seen=fact.line_seen,
        ct=fact.ct,
        dcc_device=device,
        result=fact.id,
        resulted_at=current.resulted.earliest,
        resulted_latest=current.resulted.latest,
        marks=int(Mark(fact.marks) & OF_TESTING),
        disputes=as_json(current.disputes),
        is_disputed=bool(current.disputes),
        is_final=tube is not None and not tube.is_disputed and not current.disputes,
        late_at=current.late_at,
    )
