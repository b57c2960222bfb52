"""`declare.alone`, `collect.alone`, `result.alone`, `result.tens`: what a station's batches cost, in v.

A station with a line sends what it has at once, so batches of one are the normal case. Counted is the CPU of the
application and of the database together; each figure is the fastest of its rounds over the fastest v beside them.
"""

from collections.abc import Sequence

from benchmarks.figures import Figure, in_verifies
from benchmarks.operating import batches, forget_the_harness, settle_database
from benchmarks.people import ENTRIES_OF_ONE
from benchmarks.place import Place
from benchmarks.station import Written
from benchmarks.verifying import Rounds

# Many short rounds: on a busy machine only a short one has a core to itself.
ROUNDS, WARM_UP = 80, 4
DECLARATIONS_A_ROUND, TUBES_A_ROUND, TENS_A_ROUND = 4, 2, 1
IN_A_TUBE, IN_A_BATCH = 5, 10
# A result has a fifth more than before it was asked of everybody on whom it bears what stands for them.
MOST_V = {"declare.alone": 45.0, "collect.alone": 110.0, "result.alone": 216.0, "result.tens": 57.6}


def measure_declaring(place: Place) -> list[Figure]:
    """Return the cost of a batch of one entry, of people who register and declare: two entries for each."""
    entries, _ = place.desk.declarations((ROUNDS + WARM_UP) * DECLARATIONS_A_ROUND // ENTRIES_OF_ONE)
    return [_figure(place, "declare.alone", [[each] for each in entries], DECLARATIONS_A_ROUND, 1)]


def measure_collecting(place: Place) -> list[Figure]:
    """Return the cost of a batch of one tube of five."""
    entries, _ = place.desk.tubes_of_declared((ROUNDS + WARM_UP) * TUBES_A_ROUND, IN_A_TUBE)
    return [_figure(place, "collect.alone", [[each] for each in entries], TUBES_A_ROUND, 1)]


def measure_results(place: Place) -> list[Figure]:
    """Return the cost of a batch of one result, its five certificates issued in it."""
    entries = place.desk.results_of_sampled((ROUNDS + WARM_UP) * TUBES_A_ROUND, IN_A_TUBE)
    return [_figure(place, "result.alone", [[each] for each in entries], TUBES_A_ROUND, 1)]


def measure_results_in_tens(place: Place) -> list[Figure]:
    """Return the cost of one result in a batch of ten, its five certificates issued in it."""
    tubes = (ROUNDS + WARM_UP) * TENS_A_ROUND * IN_A_BATCH
    entries = place.desk.results_of_sampled(tubes, IN_A_TUBE)
    return [_figure(place, "result.tens", list(batches(entries, IN_A_BATCH)), TENS_A_ROUND, IN_A_BATCH)]


def _figure(
    place: Place, name: str, sent: Sequence[Sequence[Written]], a_round: int, in_a_batch: int
) -> Figure:
    """Send so many batches a round; what is figured is one entry."""
    settle_database()
    forget_the_harness()
    rounds = Rounds(place.calibrator)
    for number, part in enumerate(batches(sent, a_round)):
        cost = place.desk.cost_of(part) / (len(part) * in_a_batch)
        if number >= WARM_UP:
            rounds.add(cost)
    return in_verifies(name, rounds, MOST_V[name])
