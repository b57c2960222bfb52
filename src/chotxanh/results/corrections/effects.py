"""Which corrections of positives take effect: two accounts of one facility, and nobody told by then (field rule A1)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chotxanh.domain.lateness import came_after
from chotxanh.domain.marks import Mark, disputes_of, is_for, is_removed
from chotxanh.domain.pools import ResultValue
from chotxanh.registers.kits.known import KnownTest, tests_named
from chotxanh.results.corrections.rows import SIGNATURES, TELLINGS, SignatureRow, TellingRow
from chotxanh.results.models import ResultFact
from chotxanh.results.rows import FactRow
from chotxanh.storage.lookups import lookup


class Effect(StrEnum):
    """What becomes of a correction that takes a positive back."""

    WAITS = "waits"
    SIGNED = "signed"
    AFTER_TELLING = "after_telling"


@dataclass(frozen=True)
class Taking:
    """A correction of a `reading` that takes back `below`, which stood; `signature` is the first that counts.

    `told_at` is when somebody was first told of what stood (UTC); None where nobody was.
    """

    correction: FactRow
    reading: FactRow
    below: FactRow
    signature: SignatureRow | None
    told_at: datetime | None

    @property
    def effect(self) -> Effect:
        """What becomes of it: signed before anybody was told it counts; once somebody is told nobody can sign."""
        if self.signature is not None:
            return Effect.SIGNED
        return Effect.WAITS if self.told_at is None else Effect.AFTER_TELLING


@dataclass(frozen=True)
class Effects:
    """The corrections of one barcode that take a positive back, by their entries.

    `told` is since when somebody knows of a positive (UTC), by the reading that it goes back to, where that was asked.
    """

    takings: Mapping[UUID, Taking] = field(default_factory=dict)
    told: Mapping[UUID, datetime] = field(default_factory=dict)

    @property
    def without(self) -> frozenset[UUID]:
        """The corrections that have no effect."""
        return frozenset(id for id, taking in self.takings.items() if taking.effect is not Effect.SIGNED)


NO_EFFECTS = Effects()


def effects_of(
    facts: Mapping[str, Sequence[FactRow]], spoken: Collection[str] = frozenset()
) -> dict[str, Effects]:
    """Return what becomes of the corrections among what was said of each barcode.

    Where nothing is corrected, and no lead has `spoken` of it, nothing more is asked.
    """
    corrected = [
        tube for tube, said in facts.items() if tube in spoken or any(fact.corrects for fact in said)
    ]
    signatures: dict[str, list[SignatureRow]] = defaultdict(list)
    for signature in lookup(SIGNATURES, "tube", corrected):
        signatures[signature.tube].append(signature)
    tellings: dict[str, list[TellingRow]] = defaultdict(list)
    for telling in lookup(TELLINGS, "tube", corrected):
        tellings[telling.tube].append(telling)
    found = dict.fromkeys(facts, NO_EFFECTS)
    tests = tests_named({fact.test for tube in corrected for fact in facts[tube] if fact.test})
    for tube in corrected:
        found[tube] = reckoned(facts[tube], signatures[tube], tellings[tube], tests)
    return found


def reckoned(
    facts: Sequence[FactRow],
    signatures: Sequence[SignatureRow],
    tellings: Sequence[TellingRow],
    tests: Mapping[UUID, KnownTest],
) -> Effects:
    """Return what becomes of the corrections among these facts, in the order in which they were made.

    Who corrects what another correction took back already takes nothing back; and nothing rests on a correction, or a
    signature, that came late, when the positive was known here.
    """
    chains = _Chains({fact.id: fact for fact in facts})
    told = _told(chains, tellings)
    takings: dict[UUID, Taking] = {}
    gone: set[UUID] = set()
    for fact in chains.corrections():
        below = chains.standing_below(fact, takings)
        if below is None or below.id in gone or not takes_back(below, fact):
            continue
        root = chains.root(fact)
        since = told.get(root.id)
        method = tests[root.test].method if root.test else None
        # Who did not read it has no second account to give, and on a correction that is disputed nothing rests.
        # Nor has who took it back before it was read: such a word was dated, or written, for another purpose.
        is_after = fact.resulted_latest >= root.resulted_at
        may_count = (
            is_after
            and fact.facility == root.facility
            and method is not None
            and _is_allowed(fact.marks, method)
        )
        signing = [each for each in signatures if method is not None and is_for(each.marks, method)]
        may_count = may_count and not came_after(fact.late_at, below.received_at)
        in_time = [each for each in signing if not came_after(each.late_at, below.received_at)]
        signature = _signature(fact, in_time, since) if may_count else None
        taking = Taking(fact, root, below, signature, since)
        takings[fact.id] = taking
        if taking.effect is Effect.SIGNED:
            gone.add(below.id)
    return Effects(takings, told)


def warns(fact: FactRow | ResultFact) -> bool:
    """Say whether it may mean that somebody is positive: a positive, or a line seen too late."""
    return fact.value == ResultValue.POSITIVE or fact.line_seen is True


def takes_back(below: FactRow | ResultFact, fact: FactRow | ResultFact) -> bool:
    """Say whether a correction says less than what stands: no positive, or no line any more."""
    if below.value == ResultValue.POSITIVE:
        return fact.value != ResultValue.POSITIVE
    return warns(below) and not warns(fact)


def late_mark(fact: FactRow, known: Mapping[UUID, FactRow]) -> Mark:
    """Mark a correction that came late, when what it would take back was known here (finding B2).

    What warns counts at once, however late it comes.
    """
    if fact.late_at is None or warns(fact):
        return Mark.NONE
    below = _Chains(known).below(fact)
    is_late = any(warns(each) and came_after(fact.late_at, each.received_at) for each in below)
    return Mark.CAME_LATE if is_late else Mark.NONE


@dataclass(frozen=True)
class _Chains:
    known: Mapping[UUID, FactRow]

    def below(self, fact: FactRow) -> Iterator[FactRow]:
        """Yield what lies under a correction, down to the reading; a ring, or a missing link, ends it."""
        seen = {fact.id}
        while fact.corrects is not None and fact.corrects in self.known and fact.corrects not in seen:
            fact = self.known[fact.corrects]
            seen.add(fact.id)
            yield fact

    def corrections(self) -> list[FactRow]:
        """Return every correction that counts and leads to a reading, each after those under it, then by time."""
        found = []
        for fact in self.known.values():
            under = list(self.below(fact))
            if under and under[-1].corrects is None and not is_removed(fact.marks):
                found.append((len(under), fact.resulted_at, fact.id, fact))
        return [fact for *_, fact in sorted(found, key=lambda each: each[:3])]

    def standing_below(self, fact: FactRow, takings: Mapping[UUID, Taking]) -> FactRow | None:
        """Return what stands under a correction, without what was withdrawn or has no effect."""
        return next((each for each in self.below(fact) if _counts(each, takings)), None)

    def root(self, fact: FactRow) -> FactRow:
        """Return the reading that a correction goes back to."""
        return [fact, *self.below(fact)][-1]


def _counts(fact: FactRow, takings: Mapping[UUID, Taking]) -> bool:
    taking = takings.get(fact.id)
    return not is_removed(fact.marks) and (taking is None or taking.effect is Effect.SIGNED)


def _is_allowed(marks: int, method: str) -> bool:
    """Say whether nothing disputes a deed; what its tube says of the way of testing may not be written down yet."""
    return is_for(marks, method) and not disputes_of(Mark(marks) & ~Mark.METHOD_NOT_AUTHORISED)


def _told(chains: _Chains, tellings: Iterable[TellingRow]) -> dict[UUID, datetime]:
    """Return since when somebody knows of a positive, by the reading that it goes back to."""
    told: dict[UUID, datetime] = {}
    for telling in tellings:
        fact = chains.known.get(telling.result)
        if fact is not None and warns(fact) and not is_removed(telling.marks):
            root = chains.root(fact).id
            told[root] = min(telling.told_at, told.get(root, telling.told_at))
    return told


def _signature(
    fact: FactRow, signatures: Collection[SignatureRow], told_at: datetime | None
) -> SignatureRow | None:
    """Return the first signature that counts: another account, of the same facility, before anybody was told.

    Of times in doubt the worst counts: telling at its earliest, correcting and signing at their latest.
    """
    if told_at is not None and told_at <= fact.resulted_latest:
        return None
    counting = [
        each
        for each in signatures
        if each.correction == fact.id
        and each.facility == fact.facility
        and None not in (each.actor, fact.actor)
        and each.actor != fact.actor
        and not is_removed(each.marks)
        and not disputes_of(each.marks)
        and (told_at is None or each.signed_at < told_at)
    ]
    return min(counting, key=lambda each: (each.signed_at, each.id), default=None)
