"""By which sample an open order to be sampled again is closed (field rules A5, A9)."""

from collections.abc import Iterable

from chotxanh.domain.methods import Method
from chotxanh.domain.pools import ResultValue
from chotxanh.results.models import RecollectionOrder
from chotxanh.results.rows import OUTCOMES, OutcomeRow
from chotxanh.storage.lookups import lookup


def only_by_rt_pcr(tubes: Iterable[str]) -> set[str]:
    """Return which of these tubes ask their people back for RT-PCR and nothing less sensitive.

    An RT-PCR that made nobody negative does, and a line that was seen too late.
    """
    return {
        outcome.tube
        for outcome in lookup(OUTCOMES, "tube", sorted(set(tubes)))
        if outcome.line_seen or (outcome.method == Method.RT_PCR and _makes_nobody_negative(outcome))
    }


def positive_by_rt_pcr(tubes: Iterable[str]) -> set[str]:
    """Return which of these tubes RT-PCR found positive; a rapid test only screens."""
    return {
        outcome.tube
        for outcome in lookup(OUTCOMES, "tube", sorted(set(tubes)))
        if outcome.value == ResultValue.POSITIVE and outcome.method == Method.RT_PCR
    }


def is_asked_for_rt_pcr(person_code: str) -> bool:
    """Say whether a person has an open order that only an own RT-PCR closes."""
    open_orders = RecollectionOrder.objects.filter(person_code=person_code, closed_by=None)
    return bool(only_by_rt_pcr(open_orders.values_list("tube", flat=True)))


def _makes_nobody_negative(outcome: OutcomeRow) -> bool:
    return outcome.value != ResultValue.NEGATIVE or outcome.asks_again
