"""The acts that the exhaustive histories are made of, and which of them may change places.

The first tube is taken at minute 0, the second at 200, so which tube has which name says nothing; nor do people's names
(`COLLECTIONS` holds one of each pair that differ only in them). Every act happens in a phase: while a tube can be read
in time, later, between the two samplings, or at the end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from benchmarks.faults.histories.oracle import RAPID, RT_PCR, Act

PEOPLE = ("An", "Bình")
WINDOW = (15, 30)
TAKEN = {"A": 0, "B": 200}
IN_TIME = {"A": 20, "B": 220}
LATE = {"A": 60, "B": 260}
BETWEEN, END, AT_ANY_TIME = 100, 300, 900
DOUBTED = {"A": (0, 250), "B": (-50, 200)}
DOUBTED_UNTIL = 290
AN, BINH, POOL, HOUSEHOLD = (PEOPLE[:1], False), (PEOPLE[1:], False), (PEOPLE, False), (PEOPLE, True)
SHARES = (AN, BINH, POOL, HOUSEHOLD)
TESTS = ((RAPID, RAPID), (RAPID, RT_PCR), (RT_PCR, RAPID), (RT_PCR, RT_PCR))
# Of two collections that differ only in the people's names one is left.
COLLECTIONS = [
    (first, second, tests)
    for first in SHARES
    for second in SHARES
    if first != BINH and (len(first[0]) == 1 or second != BINH)
    for tests in TESTS
]
WORDS = ("result", "corrected", "countersigned")


@dataclass(frozen=True)
class Letter:
    """One act of the alphabet, without its minute, and its phase; `tube` is None where it is of people."""

    phase: int
    act: Act
    tube: str | None = None
    is_doubtful: bool = False

    def matters_to(self, other: "Letter") -> bool:
        """Say whether it can make a difference which of the two comes first."""
        if self.phase != other.phase or self.phase == AT_ANY_TIME:
            return False
        kinds = {self.act[0], other.act[0]}
        if "closed" in kinds:  # it speaks of what was known by then
            return bool(kinds & {"result", "corrected", "vehicle"})
        if kinds <= {"linked", "unlinked"}:
            return True
        return self.tube is not None and self.tube == other.tube


@dataclass(frozen=True)
class Alphabet:
    """The letters that can follow two collections.

    `matters` says of each two letters whether their order does; `swapped` what each is once the people have changed
    names, None where the collections would not be the same then.
    """

    collections: tuple[Act, Act]
    letters: tuple[Letter, ...]
    matters: tuple[tuple[bool, ...], ...]
    swapped: tuple[int, ...] | None


@cache
def alphabet_of(place: int) -> Alphabet:
    """Return the alphabet of one of the collections."""
    share, other_share, (test, other_test) = COLLECTIONS[place]
    collections = (_sampled("A", test, share), _sampled("B", other_test, other_share))
    letters = [*_of_tube("A", test), *_of_tube("B", other_test), *_of_people()]
    ordered = tuple(sorted(letters, key=lambda each: (each.phase, str(each.act), each.is_doubtful)))
    matters = tuple(tuple(each.matters_to(other) for other in ordered) for each in ordered)
    is_alike = share[0] == other_share[0] == PEOPLE
    swapped = tuple(_swapped(each, ordered) for each in ordered) if is_alike else None
    return Alphabet(collections, ordered, matters, swapped)


def _sampled(tube: str, test: str, share: tuple[tuple[str, ...], bool]) -> Act:
    people, is_household = share
    window = WINDOW if test == RAPID else None
    return ("sampled", tube, people, test, (TAKEN[tube], TAKEN[tube]), window, is_household)


def _of_tube(tube: str, test: str) -> Iterator[Letter]:
    """Yield what can be said of a tube: in time, late, in doubt, of another test, corrected, signed, taken back."""
    said = [(IN_TIME[tube], "result", value) for value in ("negative", "positive", "invalid")]
    if test == RAPID:
        values = ("negative", "positive", "read_late", "read_late_line")
        said += [(LATE[tube], "result", value) for value in values]
    elif tube == "A":
        said += [(END, "result", value) for value in ("negative", "positive")]
    said += [(END, "corrected", value) for value in ("negative", "positive", "invalid")]
    for phase, what, value in said:
        yield Letter(phase, (what, tube, test, value), tube)
    for value in ("negative", "positive"):
        yield Letter(IN_TIME[tube], ("result", tube, test, value), tube, is_doubtful=True)
        yield Letter(END, ("result", tube, RT_PCR if test == RAPID else RAPID, value), tube)
    yield Letter(END, ("countersigned", tube, test), tube)
    for what in ("first", "last", "sampling"):
        yield Letter(AT_ANY_TIME, ("withdrawn", tube, what), tube)
    yield Letter(AT_ANY_TIME, ("doubted", tube), tube)


def _of_people() -> Iterator[Letter]:
    """Yield what can be said of people: who sat together, who is one person, and what the CDC closed."""
    for phase in (BETWEEN, END):
        yield Letter(phase, ("vehicle", PEOPLE))
        for person in PEOPLE:
            for outcome in ("not_confirmed", "recovered"):
                yield Letter(phase, ("closed", person, outcome))
    for what in ("linked", "unlinked"):
        yield Letter(END, (what, PEOPLE))


def _swapped(letter: Letter, ordered: Sequence[Letter]) -> int:
    if letter.act[0] != "closed":
        return ordered.index(letter)
    other = PEOPLE[1 - PEOPLE.index(letter.act[1])]
    return ordered.index(Letter(letter.phase, ("closed", other, letter.act[2])))
