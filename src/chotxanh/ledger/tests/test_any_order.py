"""The promise of the ledger: any order, any repetition, any split into batches ends in the same state."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from chotxanh.ledger.recording import record
from chotxanh.ledger.rejudging import carry_out_all
from chotxanh.ledger.worker.models import Errand
from chotxanh.ledger.worker.registry import Task
from chotxanh.registers.rules.entries import MEANING_CHANGED
from chotxanh.results.meaning_changes import decide_by_new_meaning
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.campaign import CAMPAIGNS, IN_ANY_ORDER, Act, carry_out
from tests.cast import EVENING, lay_out_cast
from tests.halves import drawn
from tests.reached import groundless_papers, papers_of_one_account, state, undone
from tests.travelling import travelled

CONNECTIONS = 2


def state_after(batches: Sequence[Sequence[bytes]]) -> dict[str, Any]:
    """Record the batches into an empty ledger and return where everything stands; the worker is as quick as can be."""
    with undone():
        for batch in batches:
            record(batch, EVENING)
            carry_out_all(EVENING)
            decide_by_new_meanings()
        reached = state()
        assert not groundless_papers()
        assert not papers_of_one_account()
        before = fingerprints(), reached["errands"]
        rebuild_tables(EVENING)
        assert (fingerprints(), state()["errands"]) == before, "a rebuild must find the same tables"
    return reached


def decide_by_new_meanings() -> None:
    """Let the worker decide again wherever what results mean has changed."""
    for key in Errand.objects.filter(name=MEANING_CHANGED).values_list("key", flat=True):
        decide_by_new_meaning(Task(MEANING_CHANGED, key, 1), EVENING)


def any_acts(chance: random.Random, count: int) -> list[Act]:
    """Return acts as a busy day has them, all of which may arrive in any order."""
    usual = ["register", "declare", "collect", "result", "correct", "countersign"] * 4
    return [
        (chance.choice([*usual, *IN_ANY_ORDER]), chance.randrange(60), chance.randrange(60))
        for _ in range(count)
    ]


BEGUN: list[Act] = [("register", 0, 1), ("collect", 0, 0), ("result", 0, 0)]
REVOKED_AND_SUSPENDED: list[Act] = [*BEGUN, ("inspect", 1, 0), ("revoke", 0, 0)]
USED_TWICE: list[Act] = [*BEGUN, ("register", 1, 1), ("collect", 0, 1)]
ENDED_LEAD: list[Act] = [
    *(("appoint", 0, 0), *USED_TWICE),
    *(("resolve_collection", 1, 1), ("resolve_result", 0, 1), ("appoint", 1, 5)),
]
SUSPENDED_AFTER_THE_WORD: list[Act] = [
    *USED_TWICE,
    *(("resolve_collection", 0, 3), ("resolve_result", 0, 3), ("inspect", 1, 0)),
]
# Only a word on the result that follows the choice says that it is of the sampling chosen.
# An older word on the name may come after the newer one, and before whom it speaks of.
CORRECTED: list[Act] = [*BEGUN, ("rename", 0, 1), ("rename", 0, 7), ("register", 0, 1), ("rename", 0, 15)]
CHOSEN_SAMPLING: list[Act] = [*USED_TWICE, ("resolve_result", 0, 3), ("resolve_collection", 0, 3)]
A_CASE_BY_LATER_RULES: list[Act] = [
    *(
        ("register", 0, 1),
        ("collect", 0, 0),
        ("result", 0, 1),
        ("rule", 3, 3),
        ("result", 0, 2),
        ("rule", 1, 0),
    ),
]
CORRECTED_BY_TWO: list[Act] = [
    *(("register", 0, 1), ("collect", 0, 0), ("result", 0, 1), ("correct", 0, 0)),
    *(("countersign", 1, 1), ("tell", 0, 0), ("correct", 1, 1)),
]
# What was held before its station was revoked rises by the grant it waited for, whichever of the two comes first.
GRANTED_AND_REVOKED: list[Act] = [
    *(("register", 0, 1), ("authorise", 0, 0), ("collect", 6, 0), ("result", 6, 0)),
    *(("assign", 0, 1), ("revoke", 0, 0)),
]


@pytest.mark.slow
@drawn(60)
@example(acts=A_CASE_BY_LATER_RULES, chance=random.Random(1))
@example(acts=CORRECTED_BY_TWO, chance=random.Random(1))
@example(acts=GRANTED_AND_REVOKED, chance=random.Random(1))
@example(acts=REVOKED_AND_SUSPENDED, chance=random.Random(1))
@example(acts=ENDED_LEAD, chance=random.Random(1))
@example(acts=SUSPENDED_AFTER_THE_WORD, chance=random.Random(1))
@example(acts=CORRECTED, chance=random.Random(1))
@example(acts=CHOSEN_SAMPLING, chance=random.Random(1))
@given(acts=CAMPAIGNS, chance=st.randoms(use_true_random=False))
def test_any_order_any_repetition_and_any_split_end_in_the_same_state(
    db: None, own_keys: object, acts: list[Act], chance: random.Random
) -> None:
    with undone():
        campaign = carry_out(acts, lay_out_cast())
        as_it_happened = state_after([[entry] for entry in campaign.entries])
        at_once = state_after([campaign.entries])
        as_it_travelled = state_after(travelled(campaign.entries, chance))
        assert at_once == as_it_happened
        assert as_it_travelled == as_it_happened


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_two_connections_with_overlapping_batches_end_in_the_same_state(own_keys: object, seed: int) -> None:
    chance = random.Random(seed)
    campaign = carry_out(any_acts(chance, 70), lay_out_cast())
    expected = state_after([campaign.entries])
    routes = [travelled(campaign.entries, chance) for _ in range(CONNECTIONS)]
    start = Barrier(CONNECTIONS)

    def send(batches: list[list[bytes]]) -> None:
        start.wait()
        try:
            for part in (batch[at : at + 6] for batch in batches for at in range(0, len(batch), 6)):
                record(part, EVENING)
        finally:
            connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        for sent in [threads.submit(send, route) for route in routes]:
            sent.result()
    carry_out_all(EVENING)
    decide_by_new_meanings()
    assert state() == expected
