"""Recomputes what tubes mean for people: their own final results, and who must be sampled again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from chotxanh.domain.pools import PoolKind, ResultValue, is_everyones_own
from chotxanh.ledger.scopes import POST, post_scope, seen_until
from chotxanh.people.claims import Claims, claims_of
from chotxanh.people.queries import codes_of_same_people, everyone_claiming
from chotxanh.protocol.kinds import Touched
from chotxanh.protocol.showings import CardName
from chotxanh.results.followups.calls import Matter, recompute_calls
from chotxanh.results.followups.payloads import Reason
from chotxanh.results.models import PersonResult, RecollectionOrder
from chotxanh.results.rows import OUTCOMES, SAMPLED_TUBES, OutcomeRow, SampledTube
from chotxanh.specimens.rows import COLLECTIONS, MEMBERS, CollectionRow, MemberRow
from chotxanh.storage.lookups import lookup
from chotxanh.storage.replacing import replace_rows
from chotxanh.storage.rows import Table


class PersonResultRow(NamedTuple):
    """A person's own final result."""

    key: str
    person_code: str
    registration: UUID | None
    category: str
    tube: str
    facility: str
    test_type: str
    value: str
    result: UUID
    sampled_at: datetime
    resulted_at: datetime


class _OrderRow(NamedTuple):
    key: str
    person_code: str
    tube: str
    reason: str
    opened_at: datetime
    closed_by: UUID | None


PERSON_RESULTS = Table(PersonResult, PersonResultRow)
# The reason of an order where a lead chose another sampling of the tube; otherwise it is the tube's result.
NOT_CHOSEN = "not_chosen"
_ORDERS = Table(RecollectionOrder, _OrderRow)


class Resolved(Protocol):
    """A tube, as far as a lead named who was sampled into it."""

    @property
    def people(self) -> dict[str, str]:
        """The registrations that a lead named, by person code."""


@dataclass(frozen=True)
class Sampling:
    """One person in one tube whose result is final, of the category that the officer saw.

    `registration` is whose it is; None while that is not known.
    """

    person_code: str
    registration: UUID | None
    category: str
    tube: SampledTube
    outcome: OutcomeRow

    @property
    def key(self) -> str:
        """The person's and the tube's name together."""
        return f"{self.person_code}/{self.tube.key}"

    @property
    def is_own(self) -> bool:
        """Whether the tube's result is this person's own."""
        return is_everyones_own(PoolKind(self.tube.pool_kind), ResultValue(self.outcome.value))


@dataclass(frozen=True)
class LeftOut:
    """One person sampled into a tube of which a lead chose another sampling, at `chosen_at` (UTC)."""

    person_code: str
    tube: SampledTube
    collection: CollectionRow
    chosen_at: datetime

    @property
    def key(self) -> str:
        """The person's and the tube's name together."""
        return f"{self.person_code}/{self.tube.key}"


def recompute_people(codes: set[str], touched: Touched) -> None:
    """Recompute the results and recollection orders of these people from every tube they are in."""
    members = sorted(lookup(MEMBERS, "person_code", codes))
    if not members:
        _hold_where_seen(codes, {}, touched)
        return
    tubes = {tube.key: tube for tube in lookup(SAMPLED_TUBES, "key", {member.tube for member in members})}
    samplings, left_out = _final_samplings(members, tubes), _left_out(members, tubes)
    sampled = sorted({member.person_code for member in members})
    results = [_result_row(each) for code in sampled for each in samplings[code] if each.is_own]
    orders = [
        _order_row(each, samplings[code]) for code in sampled for each in samplings[code] if not each.is_own
    ]
    orders += [_order_of_left_out(each, samplings[each.person_code]) for each in left_out]
    changed = replace_rows(PERSON_RESULTS, "person_code", sampled, results)
    told = {row.person_code for row in (*results, *changed)} | {order.person_code for order in orders}
    disputed = {key for key, tube in tubes.items() if tube.is_disputed}
    doubtful = {member.person_code for member in members if member.tube in disputed}
    _announce_same_people(told | doubtful, touched)
    replace_rows(_ORDERS, "person_code", sampled, orders)
    still_open = {order.key for order in orders if order.closed_by is None}
    matters = [*_matters(sampled, samplings, still_open), *_recalls(left_out, still_open)]
    recompute_calls(sampled, matters, touched)
    touched.people_to_decide.update(sampled)
    _hold_where_seen(codes, _posts_that_saw(members, tubes, left_out), touched)


def _announce_same_people(codes: Collection[str], touched: Touched) -> None:
    """A card shows the last result known of the person, or a doubt, under whichever code it was.

    Where a code has come to be claimed twice, the cards of everybody who claims it must drop its result.
    """
    claims = [claim for claiming in everyone_claiming(codes).values() for claim in claiming]
    linked = codes_of_same_people(claims)
    touched.showings.changed |= {CardName("person", code) for same in linked.values() for code in same}


def _matters(
    codes: Iterable[str], samplings: Mapping[str, Sequence[Sampling]], still_open: Collection[str]
) -> Iterator[Matter]:
    """What these people must be told: a positive of their own, or that they must be sampled again."""
    for each in (sampling for code in codes for sampling in samplings[code]):
        known_at = each.outcome.resulted_at
        if each.is_own and each.outcome.value == ResultValue.POSITIVE:
            yield Matter(Reason.POSITIVE, each.person_code, each.tube, known_at)
        elif each.key in still_open:
            yield Matter(Reason.RECALL, each.person_code, each.tube, known_at)


def _recalls(left_out: Iterable[LeftOut], still_open: Collection[str]) -> Iterator[Matter]:
    for each in left_out:
        if each.key in still_open:
            yield Matter(Reason.RECALL, each.person_code, each.tube, each.chosen_at)


def _hold_where_seen(
    codes: Iterable[str], seen: Mapping[str, Mapping[str, list[datetime]]], touched: Touched
) -> None:
    """Let the sites that saw these people hold their cards, and no others."""
    for code in codes:
        held = {post_scope(post): seen_until(times) for post, times in seen.get(code, {}).items()}
        touched.showings.show_only(CardName("person", code), POST, held)


def _posts_that_saw(
    members: Sequence[MemberRow], tubes: Mapping[str, SampledTube], left_out: Iterable[LeftOut]
) -> dict[str, dict[str, list[datetime]]]:
    """Return where, and when, each was sampled, by the collections that stand and those a lead left out."""
    seen: dict[str, dict[str, list[datetime]]] = {}
    for member in members:
        posts = seen.setdefault(member.person_code, {})
        tube = tubes.get(member.tube)
        if tube is not None and tube.collection == member.collection:
            posts.setdefault(tube.site, []).append(tube.sampled_at)
    for each in left_out:
        posts = seen.setdefault(each.person_code, {})
        posts.setdefault(each.collection.site, []).append(each.collection.sampled_at)
    return seen


def _final_samplings(
    members: Sequence[MemberRow], tubes: Mapping[str, SampledTube]
) -> dict[str, list[Sampling]]:
    """Return each person's final samplings, in order of sampling, from the collections that stand."""
    outcomes = {each.tube: each for each in lookup(OUTCOMES, "tube", list(tubes)) if each.is_final}
    claims = claims_of({member.person_code for member in members if member.tube in outcomes})
    found: dict[str, dict[str, Sampling]] = defaultdict(dict)
    for member in members:
        tube, outcome = tubes.get(member.tube), outcomes.get(member.tube)
        if tube is not None and outcome is not None and tube.collection == member.collection:
            holder = holder_of(member, tube, claims[member.person_code])
            sampling = Sampling(member.person_code, holder, member.category, tube, outcome)
            found[member.person_code][sampling.key] = sampling
    ordered = {
        code: sorted(each.values(), key=lambda sampling: (sampling.tube.sampled_at, sampling.tube.key))
        for code, each in found.items()
    }
    return defaultdict(list, ordered)


def holder_of(member: MemberRow, tube: Resolved, claims: Claims) -> UUID | None:
    """Return whose a sampling is: of whom the officer named, of whom a lead named, or of the code's owner."""
    resolved = tube.people.get(member.person_code)
    return claims.holder(member.registration, UUID(resolved) if resolved else None)


def _left_out(members: Sequence[MemberRow], tubes: Mapping[str, SampledTube]) -> list[LeftOut]:
    """Return whom the choice of another sampling left without one, each once for a tube."""
    chosen = {key: tube.chosen_at for key, tube in tubes.items() if tube.chosen_at is not None}
    of_choices = [member for member in members if member.tube in chosen]
    collections = {each.id: each for each in lookup(COLLECTIONS, "tube", list(chosen))} if chosen else {}
    stand = {
        (each.person_code, each.tube) for each in of_choices if each.collection == tubes[each.tube].collection
    }
    found: dict[tuple[str, str], LeftOut] = {}
    ordered = sorted(of_choices, key=lambda each: (collections[each.collection].sampled_at, each.key))
    for member in ordered:
        name = (member.person_code, member.tube)
        if name not in stand:
            collection = collections[member.collection]
            found[name] = LeftOut(member.person_code, tubes[member.tube], collection, chosen[member.tube])
    return list(found.values())


def _result_row(sampling: Sampling) -> PersonResultRow:
    tube, outcome = sampling.tube, sampling.outcome
    return PersonResultRow(
        key=sampling.key,
        person_code=sampling.person_code,
        registration=sampling.registration,
        category=sampling.category,
        tube=tube.key,
        facility=tube.facility,
        test_type=tube.test_type,
        value=outcome.value,
        result=outcome.result,
        sampled_at=tube.sampled_at,
        resulted_at=outcome.resulted_at,
    )


def _order_row(sampling: Sampling, all_samplings: Sequence[Sampling]) -> _OrderRow:
    return _OrderRow(
        key=sampling.key,
        person_code=sampling.person_code,
        tube=sampling.tube.key,
        reason=sampling.outcome.value,
        opened_at=sampling.outcome.resulted_at,
        closed_by=_later_result(sampling.tube.sampled_at, all_samplings),
    )


def _order_of_left_out(left_out: LeftOut, all_samplings: Sequence[Sampling]) -> _OrderRow:
    return _OrderRow(
        key=left_out.key,
        person_code=left_out.person_code,
        tube=left_out.tube.key,
        reason=NOT_CHOSEN,
        opened_at=left_out.chosen_at,
        closed_by=_later_result(left_out.collection.sampled_at, all_samplings),
    )


def _later_result(sampled_at: datetime, all_samplings: Sequence[Sampling]) -> UUID | None:
    """Return the first result of the person's own from a later sampling."""
    later = (each for each in all_samplings if each.is_own and each.tube.sampled_at > sampled_at)
    return next((each.outcome.result for each in later), None)
