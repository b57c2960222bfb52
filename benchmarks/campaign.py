"""A synthetic campaign in the proportions of the national sampling platform of 2021, and what must come of it.

81,796 tubes held 675,765 people: 8.26 a tube, from one to twenty. What must come of it is worked out here from the
plan alone, by rules written anew, so that the product's own rules cannot hide their mistakes.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

LARGEST_TUBE = 10  # what the shipped RT-PCR allows in one pool
SINGLE_SHARE = 0.15
RECOLLECTION_SHARE = 0.02
CORRECTION_SHARE = 0.01
POOL_VALUES = {"negative": 970, "positive": 20, "invalid": 5, "inconclusive": 5}
SINGLE_VALUES = {"negative": 950, "positive": 40, "invalid": 5, "inconclusive": 5}
# Corrections as they happen: a slip of the finger, its discovery, and now and then a second thought.
# A positive is not corrected here: that takes a second account.
CHAINS = {"negative": (("positive",), ("invalid", "negative"))}
MINUTE = 60_000
SAMPLING_BEGINS, SAMPLING_ENDS = 60 * MINUTE, 120 * MINUTE
RESAMPLING_BEGINS, RESAMPLING_ENDS = 240 * MINUTE, 260 * MINUTE
RESULT_AFTER, CORRECTION_AFTER = 15 * MINUTE, 20 * MINUTE
LENGTH = 360 * MINUTE


@dataclass(frozen=True)
class Tube:
    """One tube: who is in it (numbers of people), when it was closed (ms from the beginning), what was said of it.

    `values` is the first result and then each correction.
    """

    barcode: str
    members: tuple[int, ...]
    sampled_at: int
    values: tuple[str, ...]

    @property
    def is_pool(self) -> bool:
        """Whether several people share it."""
        return len(self.members) > 1


@dataclass(frozen=True)
class Expected:
    """What must stand at the end for one person."""

    state: str
    certificates: int


@dataclass(frozen=True)
class Campaign:
    """`people` are numbered from 0; `tubes` are in the order of the road, recollections last."""

    seed: int
    people: int
    tubes: tuple[Tube, ...]


def plan_campaign(people: int, tubes: int, seed: int = 2021) -> Campaign:
    """Plan a campaign of exactly so many people and tubes. Raises ValueError if they cannot fit."""
    draw = random.Random(seed)
    again = min(max(round(tubes * RECOLLECTION_SHARE), 2 if tubes >= 10 else 0), tubes - 1)
    first = tubes - again
    if not first <= people <= first * LARGEST_TUBE:
        raise ValueError(f"{people} people do not fit into {tubes} tubes of 1 to {LARGEST_TUBE}")
    sizes = _sizes(draw, people, first)
    planned = _first_round(draw, sizes)
    planned, waiting = _with_trouble(draw, planned, again)
    planned = _with_corrections(draw, planned)
    planned += _second_round(draw, draw.sample(waiting, again), first)
    return Campaign(seed, people, tuple(planned))


def expectations(campaign: Campaign) -> list[Expected]:
    """Return what must stand for each person: the last tube they are in speaks, if it speaks of them at all."""
    last: dict[int, Tube] = {}
    for tube in sorted(campaign.tubes, key=lambda tube: tube.sampled_at):
        last.update(dict.fromkeys(tube.members, tube))
    return [_expected(last.get(person)) for person in range(campaign.people)]


def results_expected(campaign: Campaign) -> int:
    """Return how many results of their own people must have, over all tubes."""
    return sum(len(tube.members) for tube in campaign.tubes if _state(tube) in ("negative", "positive"))


def _expected(tube: Tube | None) -> Expected:
    state = _state(tube) if tube else "declared"
    return Expected(state, 1 if state == "negative" else 0)


def _state(tube: Tube) -> str:
    value = tube.values[-1]
    if value == "negative" or (value == "positive" and not tube.is_pool):
        return value
    return "recollect"


def _sizes(draw: random.Random, people: int, tubes: int) -> list[int]:
    """Draw sizes, then move single places about until the sum is exact."""
    sizes = [1 if draw.random() < SINGLE_SHARE else draw.randint(4, LARGEST_TUBE) for _ in range(tubes)]
    difference = people - sum(sizes)
    step = 1 if difference > 0 else -1
    # A sample of one stays one as long as the pools have room.
    is_crowded = difference > sum(LARGEST_TUBE - size for size in sizes if size > 1)
    while difference:
        chosen = draw.randrange(tubes)
        is_kept_single = sizes[chosen] == 1 and not is_crowded
        if 1 <= sizes[chosen] + step <= LARGEST_TUBE and not is_kept_single:
            sizes[chosen] += step
            difference -= step
    return sizes


def _first_round(draw: random.Random, sizes: Sequence[int]) -> list[Tube]:
    tubes, begin = [], 0
    for number, size in enumerate(sizes):
        members = tuple(range(begin, begin + size))
        begin += size
        shares = POOL_VALUES if size > 1 else SINGLE_VALUES
        value = draw.choices(list(shares), list(shares.values()))[0]
        sampled_at = _moment(SAMPLING_BEGINS, SAMPLING_ENDS, number, len(sizes))
        tubes.append(Tube(f"T{number:07d}", members, sampled_at, (value,)))
    return tubes


def _with_trouble(draw: random.Random, tubes: list[Tube], again: int) -> tuple[list[Tube], list[int]]:
    """Return the tubes and at least `again` people whom their tube told nothing, spoiling tubes while they are few."""
    planned = list(tubes)
    numbers = list(range(len(planned)))
    draw.shuffle(numbers)
    waiting = [person for tube in planned if _state(tube) == "recollect" for person in tube.members]
    for number in numbers:
        if len(waiting) >= again:
            break
        tube = planned[number]
        if _state(tube) == "negative":
            planned[number] = replace(tube, values=("positive" if tube.is_pool else "invalid",))
            waiting += tube.members
    return planned, waiting


def _with_corrections(draw: random.Random, tubes: list[Tube]) -> list[Tube]:
    """Correct some results. Not those of people sampled again: a person shall end with one result at most."""
    planned = list(tubes)
    candidates = [
        number
        for number, tube in enumerate(planned)
        if tube.values[0] in CHAINS and _state(tube) != "recollect"
    ]
    count = min(len(candidates), max(round(len(tubes) * CORRECTION_SHARE), min(3, len(tubes) // 3)))
    for number in draw.sample(candidates, count):
        value = planned[number].values[0]
        planned[number] = replace(planned[number], values=(value, *draw.choice(CHAINS[value])))
    return planned


def _second_round(draw: random.Random, people: Sequence[int], first: int) -> list[Tube]:
    """Sample people again, each in a tube of their own."""
    return [
        Tube(
            f"T{first + number:07d}",
            (person,),
            _moment(RESAMPLING_BEGINS, RESAMPLING_ENDS, number, len(people)),
            ("positive" if draw.random() < 0.1 else "negative",),
        )
        for number, person in enumerate(people)
    ]


def _moment(begin: int, end: int, number: int, count: int) -> int:
    return begin + (end - begin) * number // max(1, count)


def sizes_of(campaign: Campaign) -> Counter[int]:
    """Count the tubes by how many people they hold."""
    return Counter(len(tube.members) for tube in campaign.tubes)
