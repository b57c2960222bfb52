"""The second opinion: what stands for a person, written from the texts alone, slow and obvious, sharing no code.

The texts are section 4 of the plan (what stands for a person), its walls 3 to 6, the field rules of medicine (A1 to A9,
July 2021) and the form of `./chotxanh stands`. An act is a plain tuple whose first member says what it is:

    ("sampled", tube, people, test, (from, to), window or None, is_household)
    ("result" or "corrected", tube, test, value, (from, to))   value read_late_line: a line seen too late
    ("countersigned", tube, test, at)         ("vehicle", people, at)
    ("linked" or "unlinked", people, at)      ("closed", person, outcome, at)
    ("withdrawn", act)                        of a sampling, a result or a correction

All times are whole minutes; a pair is what a doubtful time lies between.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from benchmarks.faults.histories.tubes_read_twice import Read, Span, Words, read_tube

Act = tuple[Any, ...]
HOLDS_MINUTES = 72 * 60
RAPID, RT_PCR = "ag_rapid", "rt_pcr"
AS_SENSITIVE = {RAPID: (RAPID, RT_PCR), RT_PCR: (RT_PCR,)}
BY_GRAVITY = (
    "disputed", "positive", "screening_positive", "recollect", "contact", "negative", "repeat", "waiting", "none",
)  # fmt: skip


class Stands(NamedTuple):
    """What stands: the state, the papers as (tube, test, state, until) in order, and what is ordered."""

    state: str
    papers: tuple[tuple[str, str, str, int], ...]
    order: str | None


class Reading(NamedTuple):
    """One tube read by one test, with whose it is and when it was taken."""

    tube: str
    test: str
    people: tuple[str, ...]
    is_household: bool
    sampled: Span
    read: Read

    @property
    def is_negative(self) -> bool:
        """A negative of one's own sample or a share of a pool's, in its window and undisputed."""
        return self.read.values == ("negative",) and not self.read.is_disputed and not self.read.is_outside

    @property
    def is_positive(self) -> bool:
        """An own positive, be it disputed: in a positive pool nobody is positive."""
        return len(self.people) == 1 and self.read.positive_since is not None

    @property
    def is_warning(self) -> bool:
        """A positive pool, or a line seen too late: one of its people may be positive."""
        is_warned = self.read.positive_since is not None or "read_late_line" in self.read.values
        return is_warned and not self.is_positive

    @property
    def needs(self) -> tuple[str, ...]:
        """The tests of a later sample that answer it (A9); after a line only RT-PCR (A5)."""
        is_line = self.read.positive_since is None and "read_late_line" in self.read.values
        return AS_SENSITIVE[RT_PCR if is_line else self.test]


class Shadow(NamedTuple):
    """What lies on a person's papers: since which sample, until when if it has ended, and in which state it puts one.

    `passing` are the tests whose later negatives give a paper all the same; `orders` whether it orders RT-PCR.
    """

    state: str
    sampled: int
    ended: int | None
    passing: tuple[str, ...]
    orders: bool


def stands(acts: Sequence[Act], people: Sequence[str], at: int) -> list[Stands]:
    """Say what stands for each of these people at a time, once all of these acts have happened."""
    told = list(dict.fromkeys(acts))  # what is told twice is one
    acts = without_withdrawn(told)
    gone = [act[1] for act in told if act[0] == "withdrawn" and act[1] not in acts]
    readings = tuple(read_all(acts, gone))
    of_people = tuple(act for act in acts if act[0] in ("vehicle", "linked", "unlinked", "closed"))
    return [stands_for(readings, of_people, person, at) for person in people]


@lru_cache(maxsize=100_000)
def stands_for(readings: tuple[Reading, ...], acts: tuple[Act, ...], person: str, at: int) -> Stands:
    """Say what stands for one person, from what every tube reads and the acts that are not of tubes."""
    selves = same_person(acts, person)
    own = [each for each in readings if not selves.isdisjoint(each.people)]
    shadows = [*own_shadows(acts, own, selves), *contact_shadows(acts, readings, selves), *pool_shadows(own)]
    papers = [paper for each in own for paper in paper_of(each, shadows, at)]
    asked = [each for each in own if is_asked_again(each, own)]
    return Stands(state_of(own, shadows, papers, asked), tuple(sorted(papers)), order_of(shadows, asked))


def without_withdrawn(acts: Sequence[Act]) -> list[Act]:
    """What is withdrawn is as if it had not been; but never a positive or a line (A5), nor the sampling under one."""
    withdrawn = [act[1] for act in acts if act[0] == "withdrawn"]
    if not withdrawn:
        return list(acts)
    rest = [act for act in acts if act[0] != "withdrawn"]
    words = ("result", "corrected")
    warnings = ("positive", "read_late_line")
    rest = [act for act in rest if act not in withdrawn or act[0] not in words or act[3] in warnings]
    warned = {
        each.tube
        for each in read_all(rest)
        if each.read.positive_since is not None or "read_late_line" in each.read.values
    }
    return [act for act in rest if act not in withdrawn or act[0] in words or act[1] in warned]


def read_all(acts: Sequence[Act], gone: Sequence[Act] = ()) -> list[Reading]:
    """Read every tube by the test it was taken for, and by every other that spoke of it; `gone` was withdrawn."""
    readings = []
    for sampling in [act for act in acts if act[0] == "sampled"]:
        _, tube, people, own_test, sampled, window, is_household = sampling
        said = [act for act in acts if act[0] in ("result", "corrected", "countersigned") and act[1] == tube]
        for test in sorted({act[2] for act in said if act[0] != "countersigned"} | {own_test}):
            read = read_tube(
                sampled,
                window if test == own_test else None,
                words_of(said, tube, test),
                words_of(gone, tube, test),
            )
            readings.append(Reading(tube, test, people, is_household, sampled, read))
    return readings


def words_of(acts: Sequence[Act], tube: str, test: str) -> Words:
    """Return what these acts say of one tube by one test."""
    readings, corrections, signatures = (
        [act for act in acts if act[:3] == (what, tube, test)]
        for what in ("result", "corrected", "countersigned")
    )
    return Words(
        tuple(act[3:5] for act in readings),
        tuple(act[3:5] for act in corrections),
        tuple(act[3] for act in signatures),
    )


def same_person(acts: Sequence[Act], person: str) -> set[str]:
    """Return the registrations of one person: each is where its latest link put it, and nothing follows from it."""
    links = sorted((act for act in acts if act[0] in ("linked", "unlinked")), key=lambda act: act[2])
    group = {each: each for act in links for each in act[1]} | {person: person}
    for number, (what, people, _) in enumerate(links):
        for each in people[1:] or people:
            group[each] = group[people[0]] if what == "linked" else f"{number} alone"
    return {each for each in group if group[each] == group[person]}


def closed(acts: Sequence[Act], people: set[str], known: int, *, as_nothing: bool) -> int | None:
    """Return when the CDC first closed what was known by then: as not confirmed, or with another outcome."""
    outcomes = [act for act in acts if act[0] == "closed" and act[1] in people and act[3] >= known]
    return min((act[3] for act in outcomes if (act[2] == "not_confirmed") == as_nothing), default=None)


def is_taken_away(acts: Sequence[Act], positive: Reading, own: Sequence[Reading], selves: set[str]) -> bool:
    """A1: by the CDC, or, of a rapid positive, by RT-PCR of a later sample."""
    is_cleared = positive.test == RAPID and any(
        each.test == RT_PCR and each.is_negative and each.sampled[0] > positive.sampled[1] for each in own
    )
    return is_cleared or closed(acts, selves, positive.read.positive_since or 0, as_nothing=True) is not None


def own_shadows(acts: Sequence[Act], own: Sequence[Reading], selves: set[str]) -> list[Shadow]:
    """A1, A4: an own positive speaks until it is taken away, or until the case is closed with another outcome."""
    shadows = []
    for each in own:
        if each.is_positive and not is_taken_away(acts, each, own, selves):
            state = "positive" if each.test == RT_PCR else "screening_positive"
            ended = closed(acts, selves, each.read.positive_since or 0, as_nothing=False)
            shadows.append(Shadow(state, each.sampled[1], ended, (), not each.read.is_disputed))
    return shadows


def contact_shadows(acts: Sequence[Act], readings: Sequence[Reading], selves: set[str]) -> list[Shadow]:
    """A2: companions of a positive are contacts until it is taken away or the CDC releases them."""
    shadows = []
    for people, met in companies(acts, readings):
        if selves.isdisjoint(people):
            continue
        for companion in sorted(set(people) - selves):
            others = same_person(acts, companion)
            theirs = [each for each in readings if not others.isdisjoint(each.people)]
            for each in theirs:
                if each.is_positive and makes_contact(acts, each, (others, selves), met, theirs):
                    own = [reading for reading in readings if not selves.isdisjoint(reading.people)]
                    is_answered = has_answer(each, own, (RT_PCR,))
                    orders = not each.read.is_disputed and not is_answered
                    shadows.append(Shadow("contact", each.sampled[1], None, (RT_PCR,), orders))
    return shadows


def makes_contact(
    acts: Sequence[Act],
    positive: Reading,
    sides: tuple[set[str], set[str]],
    met: int,
    theirs: Sequence[Reading],
) -> bool:
    """Say whether the others' positive makes a contact of the selves whom they met."""
    others, selves = sides
    known = positive.read.positive_since or 0
    if is_taken_away(acts, positive, theirs, others):
        return False
    ended = closed(acts, others, known, as_nothing=False)
    if ended is not None and met > ended:
        return False
    spoken_of = max(known, met)
    return not any(closed(acts, selves, spoken_of, as_nothing=each) is not None for each in (True, False))


def companies(acts: Sequence[Act], readings: Sequence[Reading]) -> list[tuple[tuple[str, ...], int]]:
    """Return who sat together or was sampled as one household, and when."""
    vehicles = [(act[1], act[2]) for act in acts if act[0] == "vehicle"]
    return vehicles + [(each.people, each.sampled[1]) for each in readings if each.is_household]


def has_answer(asked: Reading, own: Sequence[Reading], tests: tuple[str, ...]) -> bool:
    """Say whether a certain own result of a surely later sample by one of these tests is there."""
    return any(
        each.test in tests
        and (each.is_negative or (each.is_positive and not each.read.is_disputed))
        and each.sampled[0] > asked.sampled[1]
        for each in own
    )


def pool_shadows(own: Sequence[Reading]) -> list[Shadow]:
    """A5, A7: a positive pool, or a line seen too late, until an own later result by a method as sensitive."""
    warnings = [each for each in own if each.is_warning and not has_answer(each, own, each.needs)]
    return [Shadow("warning", each.sampled[1], None, each.needs, orders=False) for each in warnings]


def is_asked_again(each: Reading, own: Sequence[Reading]) -> bool:
    """Is it certain, says nothing of anybody, and is not answered yet (A9)?"""
    is_own = each.is_negative or each.is_positive
    return (
        bool(each.read.values)
        and not each.read.is_disputed
        and not is_own
        and not has_answer(each, own, each.needs)
        and not is_told_by_its_tube(each, own)
    )


def is_told_by_its_tube(each: Reading, own: Sequence[Reading]) -> bool:
    """A spoiled test of a sample of which as sensitive a test says something; a warning or a late line stays (A5)."""
    if each.is_warning or "read_late" in each.read.values:
        return False
    return any(
        other.tube == each.tube
        and other.test in AS_SENSITIVE[each.test]
        and (other.is_negative or (other.is_positive and not other.read.is_disputed))
        for other in own
    )


def paper_of(each: Reading, shadows: Sequence[Shadow], at: int) -> list[tuple[str, str, str, int]]:
    """Return the paper of a reading, if it has one: a negative sampled after what still spoke then gives none."""
    read = each.read
    if each.is_negative and any(keeps_back(shadow, each) for shadow in shadows):
        return []
    if each.is_negative or (read.is_disputed and read.negative_since is not None):
        until = (read.negative_since or 0) + HOLDS_MINUTES
        is_shadowed = any(each.sampled[0] <= shadow.sampled for shadow in shadows)
        state = "suspended" if read.is_disputed or is_shadowed else "valid" if at < until else "expired"
        return [(each.tube, each.test, state, until)]
    if read.revoked_since is not None:
        return [(each.tube, each.test, "revoked", read.revoked_since + HOLDS_MINUTES)]
    return []


def keeps_back(shadow: Shadow, each: Reading) -> bool:
    """Say whether a negative was sampled after what spoke then, by a test whose negatives do not pass it."""
    has_ended = shadow.ended is not None and shadow.ended <= each.sampled[0]
    return each.sampled[0] > shadow.sampled and each.test not in shadow.passing and not has_ended


def state_of(
    own: Sequence[Reading],
    shadows: Sequence[Shadow],
    papers: Sequence[tuple[str, str, str, int]],
    asked: Sequence[Reading],
) -> str:
    """Return the gravest state that holds."""
    holds = {"none", *(shadow.state for shadow in shadows if shadow.ended is None)}
    if any(each.read.is_disputed for each in own):
        holds.add("disputed")
    if any(paper[2] in ("valid", "expired") for paper in papers):
        holds.add("negative")
    for each in asked:
        holds.add("repeat" if each.read.values == ("negative",) else "recollect")
    if any(not each.read.values for each in own):
        holds.add("waiting")
    return next(state for state in BY_GRAVITY if state in holds)


def order_of(shadows: Sequence[Shadow], asked: Sequence[Reading]) -> str | None:
    """A case is sampled no more; a rapid positive, a contact, a line need RT-PCR; others are sampled again."""
    ordering = [shadow for shadow in shadows if shadow.orders and shadow.ended is None]
    if any(shadow.state == "positive" for shadow in ordering):
        return None
    if ordering or any("read_late_line" in each.read.values for each in asked):
        return "rt_pcr"
    return "recollection" if asked else None
