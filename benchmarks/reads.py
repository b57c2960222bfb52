"""`card`, `feed.idle.3000` and `feed.idle.300000`: what a station's questions cost, in v.

The province of 3,000 people is loaded by the product's own paths. For that of 300,000 the rows that a poll could
meet (people and what the feed announces) are copied under new codes, which takes seconds instead of ten minutes;
`bench growth` loads such a province by the product's own paths and asks the same there.
"""

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.figures import Figure, in_verifies
from benchmarks.in_process import get_request
from benchmarks.multiplying import multiply_people
from benchmarks.operating import PLACE, Desk, forget_the_harness, settle_database
from benchmarks.place import Place
from benchmarks.progress import tell
from benchmarks.station import card_path, feed_path, read_feed_page
from benchmarks.verifying import Rounds
from chotxanh.people.models import Registration

ROUNDS, WARM_UP = 80, 4
CARDS_A_ROUND, POLLS_A_ROUND = 4, 20
IN_A_TUBE = 8
VILLAGE, PROVINCE = 3_000, 300_000
MOST_CARD_V, MOST_POLL_V = 40.0, 10.0


def measure_card(place: Place) -> list[Figure]:
    """Return the cost of one person's card, asked for by code: someone tested, with a certificate."""
    codes = place.desk.tested_people((ROUNDS + WARM_UP) * CARDS_A_ROUND, IN_A_TUBE)
    asked = iter(codes)
    rounds = _rounds(place, lambda: _get(place.desk, card_path(next(asked))), CARDS_A_ROUND)
    return [in_verifies("card", rounds, MOST_CARD_V)]


def measure_idle_feed(place: Place) -> list[Figure]:
    """Return the cost of a poll that finds nothing new, with 3,000 people."""
    _grow_to_a_village(place.desk)
    return [_idle_poll(place, "feed.idle.3000")]


def measure_idle_feed_of_a_province(place: Place) -> list[Figure]:
    """Return the cost of a poll that finds nothing new, with 300,000 people."""
    _grow_to_a_village(place.desk)
    tell("  copying people until there are 300,000")
    multiply_people(PROVINCE)
    return [_idle_poll(place, "feed.idle.300000")]


def _grow_to_a_village(desk: Desk) -> None:
    missing = VILLAGE - Registration.objects.count()
    if missing > 0:
        tell(f"  declaring, sampling and testing {missing} people")
        desk.tested_people(missing, IN_A_TUBE)


def _idle_poll(place: Place, name: str) -> Figure:
    desk = place.desk
    cursor = _read_to_the_end(desk)
    settle_database()
    rounds = _rounds(place, lambda: _get(desk, feed_path(cursor, PLACE.site)), POLLS_A_ROUND)
    return in_verifies(name, rounds, MOST_POLL_V)


def _read_to_the_end(desk: Desk) -> str:
    """Return the cursor of a station that has read everything."""
    cursor, is_more = "", True
    while is_more:
        page = read_feed_page(desk.application, desk.station, cursor, PLACE.site)
        cursor, is_more = page["cursor"], page["more"]
    return cursor


def _get(desk: Desk, path: str) -> Mapping[str, Any]:
    return get_request(path, desk.station.bearer)


def _rounds(place: Place, request: Callable[[], Mapping[str, Any]], a_round: int) -> Rounds:
    forget_the_harness()
    rounds = Rounds(place.calibrator)
    for number in range(ROUNDS + WARM_UP):
        cost = place.application.cost_of([request() for _ in range(a_round)]) / a_round
        if number >= WARM_UP:
            rounds.add(cost)
    return rounds
