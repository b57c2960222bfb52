"""Recomputes what tubes mean for people: their own final results, and who must be sampled again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chotxanh.domain.pools import PoolKind, ResultValue, is_everyones_own
from chotxanh.protocol.kinds import Touched
from chotxanh.results.models import PersonResult, RecollectionOrder, TubeResult
from chotxanh.specimens.models import CollectionMember, Tube
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, insert

_PERSON_RESULTS = Table(
    PersonResult,
    (
        *("key", "person_code", "tube", "facility", "test_type", "value", "result"),
        *("sampled_at", "resulted_at"),
    ),
)
_SAMPLED = Table(CollectionMember, ("person_code",))
_ORDERS = Table(RecollectionOrder, ("key", "person_code", "tube", "reason", "opened_at", "closed_by"))


@dataclass(frozen=True)
class Sampling:
    """One person in one tube whose result is final."""

    person_code: str
    tube: Tube
    outcome: TubeResult

    @property
    def key(self) -> str:
        """The person's and the tube's name together."""
        return f"{self.person_code}/{self.tube.key}"

    @property
    def is_own(self) -> bool:
        """Whether the tube's result is this person's own."""
        return is_everyones_own(PoolKind(self.tube.pool_kind), ResultValue(self.outcome.value))


def recompute_people(codes: set[str], touched: Touched) -> None:
    """Recompute the results and recollection orders of these people from every tube they are in."""
    if not lookup(_SAMPLED, "person_code", codes):
        return
    members = list(CollectionMember.objects.filter(person_code__in=codes).order_by("key"))
    samplings = _final_samplings(members)
    sampled = sorted({member.person_code for member in members})
    PersonResult.objects.filter(person_code__in=sampled).delete()
    RecollectionOrder.objects.filter(person_code__in=sampled).delete()
    results = [_result_row(each) for code in sampled for each in samplings[code] if each.is_own]
    orders = [
        _order_row(each, samplings[code]) for code in sampled for each in samplings[code] if not each.is_own
    ]
    insert(_PERSON_RESULTS, results)
    insert(_ORDERS, orders)
    touched.people_to_decide.update(sampled)
    for code in sampled:
        touched.announce("person", code)


def _final_samplings(members: Sequence[CollectionMember]) -> dict[str, list[Sampling]]:
    """Return each person's final samplings, in order of sampling, from the collections that stand."""
    keys = {member.tube for member in members}
    tubes = Tube.objects.in_bulk(keys)
    outcomes = TubeResult.objects.filter(is_final=True).in_bulk(keys)
    found: dict[str, dict[str, Sampling]] = defaultdict(dict)
    for member in members:
        tube, outcome = tubes.get(member.tube), outcomes.get(member.tube)
        if tube is not None and outcome is not None and tube.collection == member.collection:
            sampling = Sampling(member.person_code, tube, outcome)
            found[member.person_code][sampling.key] = sampling
    ordered = {
        code: sorted(each.values(), key=lambda sampling: (sampling.tube.sampled_at, sampling.tube.key))
        for code, each in found.items()
    }
    return defaultdict(list, ordered)


def _result_row(sampling: Sampling) -> tuple[Any, ...]:
    tube, outcome = sampling.tube, sampling.outcome
    return (
        *(sampling.key, sampling.person_code, tube.key, tube.facility, tube.test_type, outcome.value),
        *(outcome.result, tube.sampled_at, outcome.resulted_at),
    )


def _order_row(sampling: Sampling, all_samplings: Sequence[Sampling]) -> tuple[Any, ...]:
    later = [
        each for each in all_samplings if each.is_own and each.tube.sampled_at > sampling.tube.sampled_at
    ]
    return (
        *(sampling.key, sampling.person_code, sampling.tube.key, sampling.outcome.value),
        *(sampling.outcome.resulted_at, later[0].outcome.result if later else None),
    )
