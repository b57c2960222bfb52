"""The samplings of people, with what is known of their tubes: read once for everybody who bears on one another."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from chotxanh.declarations.categories import group_at, groups_declared
from chotxanh.domain.marks import certifies_nobody
from chotxanh.domain.pools import PoolKind, ResultValue, is_everyones_own
from chotxanh.domain.standing.acts import SENSITIVITY, Method, Value
from chotxanh.domain.standing.runs import Run
from chotxanh.domain.standing.times import Span
from chotxanh.people.claims import Claims, claims_of
from chotxanh.results.barcodes import barcodes_of
from chotxanh.results.corrections.effects import effects_of, warns
from chotxanh.results.heads import Warned, warned_of
from chotxanh.results.lateness import Receipts
from chotxanh.results.rows import FACTS, OUTCOMES, SAMPLED_TUBES, FactRow, OutcomeRow, SampledTube
from chotxanh.results.runs import runs_of
from chotxanh.specimens.rows import COLLECTIONS, MEMBERS, CollectionRow, MemberRow
from chotxanh.specimens.tubes import first_of
from chotxanh.storage.lookups import lookup, lookup_ahead


class Resolved(Protocol):
    """A tube, as far as a lead named who was sampled into it."""

    @property
    def people(self) -> dict[str, str]:
        """The registrations that a lead named, by person code."""


@dataclass(frozen=True)
class Sampling:
    """One person in one tube, of the category that the officer saw or the person declared, and what one run says of it.

    `registration` is whose it is; None while that is not known.

    `stands` if by the collection that stands; the people of another one are in a tube that is disputed. `warned` is
    since when a positive, or a line seen too late, is said of the run, disputed or not; None where none is. `position`
    is the person's place in the tube, as it was scanned.
    """

    person_code: str
    registration: UUID | None
    category: str
    tube: SampledTube
    outcome: OutcomeRow | None
    stands: bool
    warned: Warned | None
    position: int

    @property
    def warned_at(self) -> datetime | None:
        """Since when it is known here that it warns (UTC); None where it does not."""
        return self.warned.received_at if self.warned else None

    @property
    def late_at(self) -> datetime | None:
        """When what it rests on came, if that came late (UTC)."""
        return self.outcome.late_at if self.outcome else None

    @property
    def key(self) -> str:
        """The person's name, and that of the run, or of the tube while there is no result."""
        return f"{self.person_code}/{self.name}"

    @property
    def name(self) -> str:
        """The run's name, or the tube's while there is no result."""
        return self.outcome.key if self.outcome else self.tube.key

    @property
    def known_at(self) -> datetime:
        """Since when the result is known, or else when it was sampled (UTC)."""
        return self.outcome.resulted_at if self.outcome else self.tube.sampled_at

    @property
    def is_own(self) -> bool:
        """Whether the run's result is final, and this person's own."""
        if self.outcome is None or not self.outcome.is_final or not self.stands or self.outcome.asks_again:
            return False
        return is_everyones_own(PoolKind(self.tube.pool_kind), ResultValue(self.outcome.value))

    @property
    def is_disputed(self) -> bool:
        """Whether a lead must decide about its sampling or its result."""
        return self.tube.is_disputed or (self.outcome is not None and self.outcome.is_disputed)

    @property
    def run(self) -> Run:
        """What the run says, for the rules of what stands; they know it by its own name."""
        outcome, warned = self.outcome, self.warned
        return Run(
            tube=self.name,
            method=Method(outcome.method if outcome else self.tube.test_type),
            people=frozenset({self.person_code}),
            is_pool=self.tube.pool_kind != PoolKind.SINGLE,
            sampled=self.tube.sampled,
            value=Value(outcome.value) if outcome else None,
            known=outcome.resulted if outcome else None,
            said_at=warned.said_at if warned else None,
            is_disputed=self.is_disputed,
            warns=warned is not None,
            is_in_window=outcome is None or not certifies_nobody(outcome.marks),
            is_line_only=warned is not None and warned.is_line_only,
        )


@dataclass(frozen=True)
class LeftOut:
    """One person sampled into a tube of which a lead chose another sampling, at `chosen_at` (UTC).

    `said_at` is when the tube warned first at the latest (UTC): what is positive may be this swab. `warned_at` is since
    when that is known here.
    """

    person_code: str
    tube: SampledTube
    collection: CollectionRow
    chosen_at: datetime
    position: int
    said_at: datetime | None = None
    warned_at: datetime | None = None
    late_at: None = None  # what says nothing lifts nothing

    @property
    def key(self) -> str:
        """The person's and the tube's name together."""
        return f"{self.person_code}/{self.tube.key}"

    @property
    def known_at(self) -> datetime:
        """Since when it is known that there will be no result (UTC)."""
        return self.chosen_at

    @property
    def run(self) -> Run:
        """What this person's swab says: nothing, and it never will, save that it may be what was positive."""
        return Run(
            tube=self.tube.key,
            method=Method(self.collection.test_type),
            people=frozenset({self.person_code}),
            is_pool=False,
            sampled=self.collection.sampled,
            value=Value.INVALID,
            known=Span.at(self.chosen_at),
            said_at=self.said_at or self.chosen_at,
            warns=self.said_at is not None,
            is_line_only=self.said_at is not None,
        )


@dataclass(frozen=True)
class Samplings:
    """The samplings of some people, by person code, in order of sampling, and whom a choice left without one."""

    by_code: Mapping[str, Sequence[Sampling]]
    left_out: Mapping[str, Sequence[LeftOut]]
    outcomes: Mapping[str, OutcomeRow]
    claims: Mapping[str, Claims]

    @property
    def has_warning(self) -> bool:
        """Whether a positive, or a line that was seen too late, is among what is said of anybody."""
        said = (each.warned for several in self.by_code.values() for each in several)
        left_out = (each.said_at for several in self.left_out.values() for each in several)
        return any(each is not None for each in (*said, *left_out))

    def runs_of(self, code: str, holder: UUID | None) -> list[Run]:
        """Return what the tests under a code say, those that lead to nothing included, without those of strangers.

        `holder` is of whom it is asked; without one it is asked of everybody. Another registration of the same
        identity is no stranger's. While it waits whose a sampling is, it may warn of each and gives nobody anything.
        """
        claims = self.claims[code]
        bearing = [
            each
            for each in self.all_of(code)
            if isinstance(each, LeftOut) or claims.is_of(each.registration, holder)
        ]
        if not claims.waits:
            return [each.run for each in bearing]
        return [
            each.run
            for each in bearing
            if isinstance(each, LeftOut)
            or None not in (each.registration, holder)
            or not each.run.is_own_negative
        ]

    def holders(self, code: str) -> list[UUID | None]:
        """Return whose the samplings under a code are, its owner first; usually nobody else's."""
        owner = self.claims[code].owner
        return list(dict.fromkeys([owner, *(each.registration for each in self.by_code[code])]))

    def told_with(self, sampling: Sampling | LeftOut) -> frozenset[str] | None:
        """Return the tubes of whom a sampling is, of a code that several claim; None where nobody else claims it."""
        claims = self.claims[sampling.person_code]
        if not claims.waits:
            return None
        if isinstance(sampling, LeftOut) or sampling.registration is None:
            return frozenset({sampling.tube.key})
        known = self.by_code[sampling.person_code]
        return frozenset(
            each.tube.key for each in known if claims.is_surely_of(each.registration, sampling.registration)
        )

    def all_of(self, code: str) -> list[Sampling | LeftOut]:
        """Return all samplings of a person, those that a choice left out last."""
        return [*self.by_code[code], *self.left_out[code]]

    @property
    def receipts(self) -> Receipts:
        """When what came late came here, and since when what warns is known."""
        codes = {*self.by_code, *self.left_out}
        everything = [each for code in codes for each in self.all_of(code)]
        return Receipts(
            late={each.run.tube: each.late_at for each in everything if each.late_at},
            warned={each.run.tube: each.warned_at for each in everything if each.warned_at},
        )

    def where_seen(self, code: str) -> dict[str, list[datetime]]:
        """Return at which sites, and when (UTC), a person was sampled."""
        seen: dict[str, list[datetime]] = defaultdict(list)
        for each in (sampling for sampling in self.by_code[code] if sampling.stands):
            seen[each.tube.site].append(each.tube.sampled_at)
        for left_out in self.left_out[code]:
            seen[left_out.collection.site].append(left_out.collection.sampled_at)
        return seen


def samplings_of(codes: Collection[str]) -> Samplings:
    """Read the samplings of these people."""
    members = sorted(each for each in lookup(MEMBERS, "person_code", codes) if not each.is_void)
    keys = {member.tube for member in members}
    asked, spoken = lookup_ahead(SAMPLED_TUBES, "key", keys), lookup_ahead(OUTCOMES, "tube", keys)
    tubes = {each.key: each for each in asked()}
    outcomes = {each.key: each for each in spoken() if each.tube in tubes}
    runs = _speaking(outcomes.values())
    warned = _warnings(outcomes.values())
    claims = claims_of({member.person_code for member in members})
    found: dict[str, dict[str, Sampling]] = defaultdict(dict)
    for member in members:
        tube = tubes.get(member.tube)
        if tube is not None and (tube.is_disputed or tube.collection == member.collection):
            stands = tube.collection == member.collection
            holder = holder_of(member, tube, claims[member.person_code])
            for outcome in runs.get(tube.key, [None]):
                sampling = Sampling(
                    person_code=member.person_code,
                    registration=holder,
                    category=member.category,
                    tube=tube,
                    outcome=outcome,
                    stands=stands,
                    warned=warned.get(outcome.key) if outcome else None,
                    position=member.position,
                )
                if stands or sampling.name not in found[member.person_code]:
                    found[member.person_code][sampling.name] = sampling
    left_out: dict[str, list[LeftOut]] = defaultdict(list)
    for each in _left_out(members, tubes):
        in_tube = [warned[name] for name in warned if outcomes[name].tube == each.tube.key]
        said_at = min((one.said_at for one in in_tube), default=None)
        warned_at = min((one.received_at for one in in_tube if one.received_at), default=None)
        left_out[each.person_code].append(replace(each, said_at=said_at, warned_at=warned_at))
    ordered = {code: sorted(each, key=_by_time) for code, each in _with_categories(found).items()}
    return Samplings(defaultdict(list, ordered), left_out, outcomes, claims)


def _with_categories(found: Mapping[str, Mapping[str, Sampling]]) -> dict[str, list[Sampling]]:
    """Fill in the groups of those of whom the officer knew none, by what each has declared."""
    everything = [each for several in found.values() for each in several.values()]
    unsaid = {each.registration for each in everything if not each.category and each.registration}
    declared = groups_declared(unsaid)
    return {
        code: [
            each
            if each.category or not each.registration
            else replace(
                each, category=group_at(declared.get(each.registration, ()), each.tube.sampled_latest)
            )
            for each in several.values()
        ]
        for code, several in found.items()
    }


def holder_of(member: MemberRow, tube: Resolved, claims: Claims) -> UUID | None:
    """Return whose a sampling is: of whom the officer named, of whom a lead named, or of the code's owner."""
    resolved = tube.people.get(member.person_code)
    return claims.holder(member.registration, UUID(resolved) if resolved else None)


def _by_time(sampling: Sampling) -> tuple[datetime, str]:
    return (sampling.tube.sampled_at, sampling.name)


def _speaking(outcomes: Iterable[OutcomeRow]) -> dict[str, list[OutcomeRow | None]]:
    """Return the runs that speak of each tube, in the order of their names.

    One that only asks for the test to be done again is silent once it was, by a method at least as sensitive. What was
    read late asks for a new sample.
    """
    by_tube: dict[str, list[OutcomeRow]] = defaultdict(list)
    for each in sorted(outcomes, key=lambda each: each.key):
        by_tube[each.tube].append(each)
    return {
        tube: [each for each in known if not _is_answered(each, known)] for tube, known in by_tube.items()
    }


def _is_answered(outcome: OutcomeRow, known: Iterable[OutcomeRow]) -> bool:
    if outcome.is_disputed or not outcome.asks_again or outcome.value == ResultValue.READ_LATE:
        return False
    needed = SENSITIVITY[Method(outcome.method)]
    return any(
        each.is_final and not each.asks_again and SENSITIVITY[Method(each.method)] >= needed for each in known
    )


def _warnings(outcomes: Iterable[OutcomeRow]) -> dict[str, Warned]:
    """Return the runs of which a positive, or a line seen too late, is said now; disputed ones too.

    What stands undisputed without one needs no look at its facts: nothing else is said that counts.
    """
    known = {each.key: each for each in outcomes}
    doubtful = [
        each
        for each in known.values()
        if each.is_disputed or each.line_seen or each.value == ResultValue.POSITIVE
    ]
    facts: dict[str, list[FactRow]] = defaultdict(list)
    for fact in lookup(FACTS, "tube", {first_of(each.tube) for each in doubtful}):
        facts[fact.tube].append(fact)
    # What a lead chose may have been corrected.
    found = {
        key: Warned(each.resulted_latest, each.line_seen is True, _warned_since(facts[first_of(each.tube)]))
        for key, each in known.items()
        if each.value == ResultValue.POSITIVE or each.line_seen
    }
    effects = effects_of(facts)
    names = {each.key for each in doubtful}
    for first, barcode in barcodes_of(facts).items():
        for run in runs_of(facts[first], barcode):
            warned = warned_of(run, effects[first].without) if run.name.key in names else None
            if warned is not None:
                found[run.name.key] = warned
    return found


def _warned_since(facts: Iterable[FactRow]) -> datetime | None:
    """Return since when it is known here that something in a tube warns (UTC)."""
    return min((fact.received_at for fact in facts if warns(fact) and fact.received_at), default=None)


def _left_out(members: Sequence[MemberRow], tubes: Mapping[str, SampledTube]) -> list[LeftOut]:
    """Return whom the choice of another sampling left without one, each once for a tube."""
    chosen = {key: tube.chosen_at for key, tube in tubes.items() if tube.chosen_at is not None}
    of_choices = [member for member in members if member.tube in chosen]
    barcodes = {first_of(key) for key in chosen}
    collections = {each.id: each for each in lookup(COLLECTIONS, "tube", barcodes)} if chosen else {}
    stand = {
        (each.person_code, each.tube) for each in of_choices if each.collection == tubes[each.tube].collection
    }
    found: dict[tuple[str, str], LeftOut] = {}
    ordered = sorted(of_choices, key=lambda each: (collections[each.collection].sampled_at, each.key))
    for member in ordered:
        name = (member.person_code, member.tube)
        if name not in stand:
            collection = collections[member.collection]
            found[name] = LeftOut(
                member.person_code,
                tubes[member.tube],
                collection,
                chosen[member.tube],
                member.position,
            )
    return list(found.values())
