"""Draws histories of up to eight acts at any times: two people, two tubes, two tests.

What is said of a tube is drawn for many histories at once, and every history takes two such stories: so the rules and
the oracle read each of them once.
"""

import random
from dataclasses import dataclass, field

from benchmarks.faults.histories.oracle import RAPID, RT_PCR, Act

PEOPLE = ("An", "Bình")
WINDOW = (15, 30)
MOST_ACTS = 8
STORIES = 2_000
SAID = (*("negative", "positive") * 3, "invalid", "inconclusive", "read_late", "read_late_line")
FIRST_VALUES = ("negative", "negative", "negative", "positive", "positive", "invalid", "read_late_line")
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
# Minutes after a phase begins, the ends of the window among them.
MINUTES = (5, 14, 15, 18, 22, 26, 30, 31, 45, 58)
# How many acts of a tube follow its first result: mostly few, since many differ and are disputed.
LENGTHS = (0, 0, 0, 0, 1, 1, 2, 3, 5, MOST_ACTS - 1)
PHASES = (0, 0, 60, 200, 300)
HOURS_LATER = (1, 1, 1, 30, 80)


@dataclass(frozen=True)
class Story:
    """A tube, taken at a minute, and up to eight acts of it."""

    taken: int
    acts: tuple[Act, ...]

    @property
    def length(self) -> int:
        """How many acts follow the collection."""
        return len(self.acts) - 1


@dataclass
class Drawing:
    """Draws histories from a seed, the same ones from the same seed."""

    seed: str
    draw: random.Random = field(init=False)
    stories: tuple[list[Story], list[Story]] = field(init=False)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.stories = (
            [self._story("A", 0) for _ in range(STORIES)],
            [self._story("B", self.draw.choice(LATER)) for _ in range(STORIES)],
        )

    def history(self) -> tuple[list[Act], int]:
        """Return a history and the minute at which it is asked about; all of it has happened by then."""
        first, second = (self.draw.choice(each) for each in self.stories)
        while first.length + second.length > MOST_ACTS:
            first, second = (self.draw.choice(each) for each in self.stories)
        acts = [*first.acts, *second.acts]
        minutes = iter(self.draw.sample(MINUTES, MOST_ACTS))
        for _ in range(self.draw.randint(0, MOST_ACTS - first.length - second.length)):
            phase = self.draw.choice((first.taken, second.taken)) + self.draw.choice(PHASES)
            acts.append(self._said_of_people(acts, phase + next(minutes)))
        return acts, second.taken + 1000 + 60 * self.draw.choice(HOURS_LATER)

    def _story(self, tube: str, taken: int) -> Story:
        people = self.draw.choice(SHARES)
        test = self.draw.choice((RAPID, RAPID, RT_PCR))
        window = WINDOW if test == RAPID else None
        is_household = len(people) > 1 and self.draw.random() < 0.5
        acts: list[Act] = [("sampled", tube, people, test, self._span(taken, 0.1), window, is_household)]
        if self.draw.random() < 0.8:
            read = taken + self.draw.choice((20, 25) if test == RAPID else (60, 240, 600))
            acts.append(("result", tube, test, self.draw.choice(FIRST_VALUES), (read, read)))
        minutes = self.draw.sample(MINUTES, MOST_ACTS - 1)
        for number in range(self.draw.choice(LENGTHS)):
            acts.append(self._said_of_tube(acts, taken + self.draw.choice(PHASES) + minutes[number]))
        return Story(taken, tuple(acts))

    def _said_of_tube(self, acts: list[Act], at: int) -> Act:
        """Return what is said of a tube, or taken back; mostly of the test that it was taken for."""
        _, tube, _, own_test, *_ = acts[0]
        test = own_test if self.draw.random() < 0.85 else self.draw.choice((RAPID, RT_PCR))
        kinds = ("result", "result", "corrected", "corrected", "countersigned", "countersigned", "withdrawn")
        what = self.draw.choice(kinds)
        if what == "withdrawn":
            return (
                what,
                self.draw.choice([act for act in acts if act[0] in ("sampled", "result", "corrected")]),
            )
        if what == "countersigned":
            return (what, tube, test, at)
        return (what, tube, test, self.draw.choice(SAID), self._span(at, 0.15))

    def _said_of_people(self, acts: list[Act], at: int) -> Act:
        """Return who sat together, who is one person or is not, or what the CDC closed."""
        what = self.draw.choice(("vehicle", "vehicle", "linked", "unlinked", "linked", *("closed",) * 5))
        if what == "vehicle":
            return (what, PEOPLE, at)
        if what == "closed":
            return (what, self.draw.choice(PEOPLE), self.draw.choice(OUTCOMES), at)
        while any(act[0] in ("linked", "unlinked") and act[2] == at for act in acts):
            at += 1  # which of two links is the last one must be clear
        return (what, self.draw.choice((PEOPLE, PEOPLE[::-1])), at)

    def _span(self, at: int, doubt: float) -> tuple[int, int]:
        if self.draw.random() >= doubt:
            return (at, at)
        return (at - self.draw.choice((0, 5, 50)), at + self.draw.choice((0, 5, 250)))
