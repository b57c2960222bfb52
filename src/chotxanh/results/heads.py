"""What is said now of one run of a test: each of its readings, as the corrections that have an effect left it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.marks import certifies_nobody, is_removed
from chotxanh.domain.pools import ResultValue
from chotxanh.results.corrections.effects import warns
from chotxanh.results.rows import FactRow
from chotxanh.results.runs import Run, root_of


class Head(NamedTuple):
    """What no correction with an effect corrects, and the reading that it goes back to."""

    fact: FactRow
    reading: FactRow


class Warned(NamedTuple):
    """Since when a positive is said, or where there is none a line that was seen too late, at the latest (UTC).

    `received_at` is since when it is known here that there is something: saying it more gravely makes that no younger.
    """

    said_at: datetime
    is_line_only: bool
    received_at: datetime | None


def rooted(run: Run) -> list[Head]:
    """Return everything that was said and not withdrawn, with its reading; without what leads to none."""
    known = {fact.id: fact for fact in run.facts}
    return [Head(fact, root) for fact in run.live if (root := root_of(fact, known)) is not None]


def heads_of(run: Run, without_effect: Collection[UUID]) -> list[Head]:
    """Return what is said now, the first reading first: nothing restarts a clock."""
    said = rooted(run)
    known = {fact.id: fact for fact in run.facts}
    counting = [each for each in said if each.fact.id not in without_effect]
    corrected = {corrected_by(each.fact, known, without_effect) for each in counting}
    heads = [each for each in counting if each.fact.id not in corrected]
    return sorted(heads, key=lambda each: (each.reading.resulted_at, each.reading.id))


def corrected_by(
    fact: FactRow, known: Mapping[UUID, FactRow], without_effect: Collection[UUID]
) -> UUID | None:
    """Return what a correction corrects: under one that has no effect or was taken back, what that one spoke of."""
    below = fact.corrects
    while (
        below is not None and below in known and (below in without_effect or is_removed(known[below].marks))
    ):
        below = known[below].corrects
    return below


def of_nothing(run: Run) -> list[FactRow]:
    """Return the corrections of what is not known, or was taken back: nobody knows what they make of it."""
    known = {fact.id: fact for fact in run.facts}
    roots = ((fact, root_of(fact, known)) for fact in run.live)
    return [fact for fact, root in roots if root is None or is_removed(root.marks)]


def negatives_taken_back(run: Run) -> list[FactRow]:
    """Return the readings that were in time, said negative, by themselves or by a correction, and were taken back."""
    known = {fact.id: fact for fact in run.facts}
    gone = [fact for fact in run.facts if is_removed(fact.marks)]
    said = {root.id for fact in gone if fact.value == ResultValue.NEGATIVE and (root := root_of(fact, known))}
    return [
        fact
        for fact in gone
        if fact.corrects is None and fact.id in said and not certifies_nobody(fact.marks)
    ]


def warned_of(run: Run, without_effect: Collection[UUID]) -> Warned | None:
    """Return what warns of somebody: a positive or a line, as it is said now or by what nobody knows the reading of.

    What was corrected warns no more, and what says the same again is no news.
    """
    known = {fact.id: fact for fact in run.facts}
    strays = of_nothing(run)
    heads = [each.fact for each in heads_of(run, without_effect) if each.fact not in strays]
    said = [_first_to_say(fact, known, without_effect) for fact in heads]
    warning = [fact for fact in (*strays, *said) if warns(fact)]
    positive = [fact for fact in warning if fact.value == ResultValue.POSITIVE]
    telling = positive or warning
    if not telling:
        return None
    since = min(fact.resulted_latest for fact in telling)
    under = {below.id: below for fact in (*strays, *heads) for below in _down_from(fact, known)}
    received = [fact.received_at for fact in under.values() if warns(fact) and fact.received_at]
    return Warned(since, is_line_only=not positive, received_at=min(received, default=None))


def _down_from(fact: FactRow, known: Mapping[UUID, FactRow]) -> Iterator[FactRow]:
    """Yield what was said, and all that it corrects, whatever became of that; a ring, or a missing link, ends it."""
    seen = set[UUID]()
    while fact.id not in seen:
        seen.add(fact.id)
        yield fact
        fact = known.get(fact.corrects, fact) if fact.corrects else fact


def _first_to_say(fact: FactRow, known: Mapping[UUID, FactRow], without_effect: Collection[UUID]) -> FactRow:
    below = known.get(corrected_by(fact, known, without_effect) or fact.id, fact)
    if below is fact or (below.value, below.line_seen) != (fact.value, fact.line_seen):
        return fact
    return _first_to_say(below, known, without_effect)
