"""What the two databases share out between them: each tries its half of what is many, both together try all of it."""

import os
from collections.abc import Callable, Sequence
from itertools import combinations, permutations
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, seed, settings

T = TypeVar("T")
HALF = int(os.environ.get("CHOTXANH_DATABASE_URL", "").startswith("postgres"))
# Of so few things every order is tried on both.
FEW = 3


def orders(things: Sequence[T]) -> list[tuple[T, ...]]:
    """Return the orders of these things that this database tries: of more than a few the even ones, or the odd ones."""
    places = permutations(range(len(things)))
    mine = places if len(things) <= FEW else (each for each in places if _swaps(each) % 2 == HALF)
    return [tuple(things[place] for place in order) for order in mine]


def drawn(most: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a property of the database try half of `most` examples, others on each database.

    To shrink what fails would take minutes; such examples are readable as they are.
    """
    within = settings(
        max_examples=most // 2,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )

    def apply(test: Callable[..., Any]) -> Callable[..., Any]:
        return within(seed(HALF)(test))

    return apply


def _swaps(order: Sequence[int]) -> int:
    return sum(first > second for first, second in combinations(order, 2))
