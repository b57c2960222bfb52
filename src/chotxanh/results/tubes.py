"""Recomputes a tube's result from all that was recorded and corrected: which one stands, and what is disputed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from chotxanh.domain.marks import disputes_of, is_removed
from chotxanh.domain.pools import ResultValue
from chotxanh.ledger.scopes import FACILITY, RESULT_HELD_FOR, facility_scope
from chotxanh.protocol.kinds import Touched
from chotxanh.protocol.showings import CardName
from chotxanh.results.models import ResultResolution, TubeResult
from chotxanh.results.rows import FACTS, OUTCOMES, SAMPLED_TUBES, FactRow, OutcomeRow, SampledTube
from chotxanh.specimens.tubes import OVERDUE
from chotxanh.specimens.words import answers, words_by_tube
from chotxanh.storage.lookups import lookup
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
UNMATCHED = "correction_unmatched"
# A tube held the swabs of several samplings: which of them was tested, the choice among them does not say.
WHICH_SAMPLING = "result_of_which_sampling"
_RESOLUTIONS = Table(ResultResolution, ResolutionRow)


@dataclass(frozen=True)
class CurrentResult:
    """The result that stands, since when it is known (UTC), and the reasons why a lead must decide."""

    fact: FactRow
    resulted_at: datetime
    disputes: tuple[str, ...]


def recompute_results(keys: set[str], touched: Touched) -> None:
    """Recompute the results of these tubes."""
    facts: dict[str, list[FactRow]] = defaultdict(list)
    for fact in sorted(lookup(FACTS, "tube", keys), key=lambda each: (each.resulted_at, each.id)):
        facts[fact.tube].append(fact)
    if not facts:
        return
    resolutions = words_by_tube(lookup(_RESOLUTIONS, "tube", keys))
    tubes = {tube.key: tube for tube in lookup(SAMPLED_TUBES, "key", list(facts))}
    rows, undecided = [], []
    for key in sorted(facts):
        current = stand(facts[key], resolutions.get(key), tubes.get(key))
        if current is None:
            undecided.append(key)
        else:
            rows.append(_row(current, tubes.get(key)))
            touched.settle(OVERDUE, key)
            if rows[-1].is_final:  # until then the tube is shown as an open one
                held = {facility_scope(key.partition("/")[0]): current.resulted_at + RESULT_HELD_FOR}
                touched.showings.show_only(CardName("tube", key), FACILITY, held)
    upsert(OUTCOMES, rows)
    if undecided:  # only corrections of what is not here, or all of it withdrawn
        TubeResult.objects.filter(tube__in=undecided).delete()


def stand(
    facts: Sequence[FactRow], resolution: ResolutionRow | None, tube: SampledTube | None
) -> CurrentResult | None:
    """Decide which of a tube's results (sorted by time and number) stands; None while only corrections are here.

    A correction keeps the time at which the first result was known, so that it never restarts a clock. What was
    withdrawn neither stands nor corrects. A correction of what is not known of this tube does not stand, and lets
    nothing else stand undisputed. Where a lead chose among several samplings, results count once a lead has given a
    word on them too, with that choice made. Disputes: `results_differ`, `correction_unmatched`,
    `result_of_which_sampling`, `result_before_sampling`, and those of marks.
    """
    live = [fact for fact in facts if not is_removed(fact.marks)]
    resolved = _resolved(live, resolution, tube)
    if resolved is not None:
        return resolved if _is_after_sampling(resolved, tube) else _early(resolved)
    rooted = _rooted(live, {fact.id: fact for fact in facts})
    heads = _heads(rooted)
    if not heads:
        return None
    fact, root = heads[0]
    reasons = {
        "results_differ": len({head.value for head, _ in heads}) > 1,
        UNMATCHED: len(rooted) < len(live),
        WHICH_SAMPLING: _chosen_at(tube) is not None,
    }
    marked = [reason for each in live for reason in disputes_of(each.marks)]
    disputes = dict.fromkeys([*(reason for reason, holds in reasons.items() if holds), *marked])
    current = CurrentResult(fact, root.resulted_at, tuple(disputes))
    return current if _is_after_sampling(current, tube) else _early(current)


def positive_tubes(keys: Collection[str]) -> set[str]:
    """Return in which of these tubes a positive stands that nothing certain corrects.

    No withdrawal removes the sampling under it. Once it is corrected, a sampling taken back is taken back.
    """
    facts = lookup(FACTS, "tube", keys)
    corrected = {
        (fact.tube, fact.corrects)
        for fact in facts
        if not is_removed(fact.marks) and not disputes_of(fact.marks)
    }
    positive = [fact for fact in facts if fact.value == ResultValue.POSITIVE]
    return {fact.tube for fact in positive if (fact.tube, fact.id) not in corrected}


def _resolved(
    live: Sequence[FactRow], resolution: ResolutionRow | None, tube: SampledTube | None
) -> CurrentResult | None:
    """The result a lead chose, if the lead knew of all there are now, and of every reason for a dispute.

    A word from before the tube's sampling was chosen among several did not speak of that sampling.
    """
    if resolution is None or not answers(resolution, live):
        return None
    chosen_at = _chosen_at(tube)
    if chosen_at is not None and resolution.effective_at < chosen_at:
        return None
    chosen = next((fact for fact in live if fact.id == resolution.stands), None)
    return CurrentResult(chosen, resolution.resulted_at, ()) if chosen else None


def _rooted(live: Sequence[FactRow], known: dict[UUID, FactRow]) -> list[tuple[FactRow, FactRow]]:
    """Return each result with the first of its chain; without those whose chain leads nowhere."""
    return [(fact, root) for fact in live if (root := _root(fact, known)) is not None]


def _heads(rooted: Sequence[tuple[FactRow, FactRow]]) -> list[tuple[FactRow, FactRow]]:
    """Return the results that nothing corrects, each with the first result of its chain."""
    corrected = {fact.corrects for fact, _ in rooted if fact.corrects}
    return [(fact, root) for fact, root in rooted if fact.id not in corrected]


def _root(fact: FactRow, known: dict[UUID, FactRow]) -> FactRow | None:
    """Follow corrections down to the first result; None while a link is missing, or if they form a ring."""
    seen: set[UUID] = set()
    while fact.corrects is not None:
        if fact.id in seen or fact.corrects not in known:
            return None
        seen.add(fact.id)
        fact = known[fact.corrects]
    return fact


def _chosen_at(tube: SampledTube | None) -> datetime | None:
    return tube.chosen_at if tube else None


def _is_after_sampling(current: CurrentResult, tube: SampledTube | None) -> bool:
    return tube is None or tube.sampled_at <= current.resulted_at


def _early(current: CurrentResult) -> CurrentResult:
    return replace(current, disputes=(*current.disputes, EARLY))


def _row(current: CurrentResult, tube: SampledTube | None) -> OutcomeRow:
    return OutcomeRow(
        tube=current.fact.tube,
        value=current.fact.value,
        result=current.fact.id,
        resulted_at=current.resulted_at,
        disputes=as_json(current.disputes),
        is_disputed=bool(current.disputes),
        is_final=tube is not None and not tube.is_disputed and not current.disputes,
    )
