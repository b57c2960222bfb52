"""Recomputes a tube's result from all that was recorded and corrected: which one stands, and what is disputed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chotxanh.protocol.kinds import Touched
from chotxanh.results.models import ResultFact, ResultResolution, TubeResult
from chotxanh.specimens.models import Tube
from chotxanh.specimens.standing import covers
from chotxanh.storage.rows import Table, as_json, upsert

_TUBE_RESULTS = Table(
    TubeResult, ("tube", "value", "result", "resulted_at", "disputes", "is_disputed", "is_final")
)


@dataclass(frozen=True)
class Standing:
    """The result that stands, since when it is known (UTC), and the reasons why a lead must decide."""

    fact: ResultFact
    resulted_at: datetime
    disputes: tuple[str, ...]


def recompute_results(keys: set[str], touched: Touched) -> None:
    """Recompute the results of these tubes."""
    facts: dict[str, list[ResultFact]] = defaultdict(list)
    for fact in ResultFact.objects.filter(tube__in=keys).order_by("resulted_at", "id"):
        facts[fact.tube].append(fact)
    if not facts:
        return
    resolutions: dict[str, ResultResolution] = {}
    for resolution in ResultResolution.objects.filter(tube__in=keys).order_by("effective_at", "id"):
        resolutions[resolution.tube] = resolution
    tubes = Tube.objects.in_bulk(list(facts))
    rows, undecided = [], []
    for key in sorted(facts):
        standing = stand(facts[key], resolutions.get(key), tubes.get(key))
        if standing is None:
            undecided.append(key)
        else:
            rows.append(_row(standing, tubes.get(key)))
        touched.announce("tube", key, key.partition("/")[0])
    upsert(_TUBE_RESULTS, rows)
    if undecided:  # a lead's word stood for a correction alone, until one came that the lead did not know
        TubeResult.objects.filter(tube__in=undecided).delete()


def stand(
    facts: Sequence[ResultFact], resolution: ResultResolution | None, tube: Tube | None
) -> Standing | None:
    """Decide which of a tube's results (sorted by time and number) stands; None while only corrections are here.

    A correction keeps the time at which the first result was known, so that it never restarts a clock.
    Disputes: `results_differ`, `result_before_sampling`, `clock_doubtful`.
    """
    known = {fact.id: fact for fact in facts}
    if (
        resolution is not None
        and covers(resolution.stands, resolution.considered, list(known))
        and resolution.stands in known
    ):
        standing = Standing(known[resolution.stands], resolution.resulted_at, ())
        return standing if _is_after_sampling(standing, tube) else _early(standing)
    heads = _heads(facts, known)
    if not heads:
        return None
    fact, root = heads[0]
    disputes = []
    if len({head.value for head, _ in heads}) > 1:
        disputes.append("results_differ")
    if any(each.is_doubtful for each in facts):
        disputes.append("clock_doubtful")
    standing = Standing(fact, root.resulted_at, tuple(disputes))
    return standing if _is_after_sampling(standing, tube) else _early(standing)


def _heads(facts: Sequence[ResultFact], known: dict[UUID, ResultFact]) -> list[tuple[ResultFact, ResultFact]]:
    """Return the results that nothing corrects, each with the first result of its chain."""
    rooted = [(fact, root) for fact in facts if (root := _root(fact, known)) is not None]
    corrected = {fact.corrects for fact, _ in rooted if fact.corrects}
    return [(fact, root) for fact, root in rooted if fact.id not in corrected]


def _root(fact: ResultFact, known: dict[UUID, ResultFact]) -> ResultFact | None:
    """Follow corrections down to the first result; None while a link is missing, or if they form a ring."""
    seen: set[UUID] = set()
    while fact.corrects is not None:
        if fact.id in seen or fact.corrects not in known:
            return None
        seen.add(fact.id)
        fact = known[fact.corrects]
    return fact


def _is_after_sampling(standing: Standing, tube: Tube | None) -> bool:
    return tube is None or tube.sampled_at <= standing.resulted_at


def _early(standing: Standing) -> Standing:
    return Standing(standing.fact, standing.resulted_at, (*standing.disputes, "result_before_sampling"))


def _row(standing: Standing, tube: Tube | None) -> tuple[Any, ...]:
    is_final = tube is not None and not tube.is_disputed and not standing.disputes
    return (
        *(standing.fact.tube, standing.fact.value, standing.fact.id, standing.resulted_at),
        *(as_json(standing.disputes), bool(standing.disputes), is_final),
    )
