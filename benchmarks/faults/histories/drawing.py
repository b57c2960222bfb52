"""Draws a history of up to eight acts at any times: two people, two tubes, two tests."""

import random

from benchmarks.faults.histories.oracle import RAPID, RT_PCR, Act

PEOPLE = ("An", "Bình")
TUBES = ("A", "B")
WINDOW = (15, 30)
MOST_ACTS = 8
SAID = (*("negative", "positive") * 3, "invalid", "inconclusive", "read_late", "read_late_line")
OUTCOMES = (
    "not_confirmed",
    "not_confirmed",
    "recovered",
    "isolation_completed",
    "transferred",
    "died",
    "released",
)
SHARES = (PEOPLE[:1], PEOPLE[1:], PEOPLE, PEOPLE)
# When the second tube may be taken after the first: at once, before the first is read, after, and after its paper ends.
LATER = (0, 10, 40, 200, 200, 4500)
PHASES = (0, 0, 60, 200, 300)
FIRST_VALUES = ("negative", "negative", "negative", "positive", "positive", "invalid", "read_late_line")
HOURS_LATER = (1, 1, 1, 30, 80)


def drawn(draw: random.Random) -> tuple[list[Act], int]:
    """Return a history and the minute at which it is asked about; all of it has happened by then."""
    begins = {"A": 0, "B": draw.choice(LATER)}
    samplings = [_sampling(draw, tube, begins[tube]) for tube in TUBES]
    acts = [*samplings, *(_first_result(draw, each) for each in samplings if draw.random() < 0.8)]
    most = draw.randint(len(acts), len(TUBES) + MOST_ACTS)
    free = iter(draw.sample(range(5, 60), MOST_ACTS))
    while len(acts) < most:
        tube = draw.choice(TUBES)
        at = begins[tube] + draw.choice(PHASES) + next(free)
        acts.append(
            _said_of_tube(draw, acts, tube, at) if draw.random() < 0.55 else _said_of_people(draw, at)
        )
    return acts, max(begins.values()) + 1000 + 60 * draw.choice(HOURS_LATER)


def _first_result(draw: random.Random, sampling: Act) -> Act:
    """Return what is read of most tubes: in time, and for certain."""
    _, tube, _, test, (at, _), _, _ = sampling
    read = at + draw.choice((20, 25) if test == RAPID else (60, 240, 600))
    return ("result", tube, test, draw.choice(FIRST_VALUES), (read, read))


def _sampling(draw: random.Random, tube: str, at: int) -> Act:
    people = draw.choice(SHARES)
    test = draw.choice((RAPID, RAPID, RT_PCR))
    window = WINDOW if test == RAPID else None
    is_household = len(people) > 1 and draw.random() < 0.5
    return ("sampled", tube, people, test, _span(draw, at, 0.1), window, is_household)


def _span(draw: random.Random, at: int, doubt: float = 0.15) -> tuple[int, int]:
    if draw.random() >= doubt:
        return (at, at)
    return (at - draw.choice((0, 5, 50)), at + draw.choice((0, 5, 250)))


def _test_of(draw: random.Random, acts: list[Act], tube: str) -> str:
    own: str = next(act[3] for act in acts if act[0] == "sampled" and act[1] == tube)
    return own if draw.random() < 0.85 else draw.choice((RAPID, RT_PCR))


def _said_of_tube(draw: random.Random, acts: list[Act], tube: str, at: int) -> Act:
    """Return what is said of a tube, or taken back."""
    test = _test_of(draw, acts, tube)
    what = draw.choice(
        ("result", "result", "corrected", "corrected", "countersigned", "countersigned", "withdrawn")
    )
    if what == "withdrawn":
        return (what, draw.choice([act for act in acts if act[0] in ("sampled", "result", "corrected")]))
    if what == "countersigned":
        return (what, tube, test, at)
    return (what, tube, test, draw.choice(SAID), _span(draw, at))


def _said_of_people(draw: random.Random, at: int) -> Act:
    """Return who sat together, who is one person or is not, or what the CDC closed."""
    what = draw.choice(("vehicle", "vehicle", "linked", "closed", "closed", "closed"))
    if what == "vehicle":
        return (what, PEOPLE, at)
    if what == "closed":
        return (what, draw.choice(PEOPLE), draw.choice(OUTCOMES), at)
    return (draw.choice(("linked", "linked", "unlinked")), draw.choice((PEOPLE, PEOPLE[::-1])), at)
