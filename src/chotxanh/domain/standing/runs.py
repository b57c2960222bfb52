"""What one test of one tube says, from everything that was said of it: readings, corrections, countersignatures."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from chotxanh.domain.standing.acts import SENSITIVITY, Countersignature, Method, Sampling, Value, Word
from chotxanh.domain.standing.chains import Chain, chains_of, early_corrections
from chotxanh.domain.standing.times import Span, Window


@dataclass(frozen=True)
class Run:
    """One test of one tube, as it stands. Times are UTC.

    `is_pool` where several people share the tube. `value` is None while nobody knows. `known` is since when it counts:
    the reading, whatever was corrected since; `said_at` is when the value that stands was first said. `is_disputed`
    where what was said differs, or rests on what a mark disputes: a lead decides. `warns` where a positive, or a line
    seen too late, is among what is said, disputed or not; `is_line_only` where no positive is. `is_in_window` where it
    was read in time. `negative_since` is when the first of those was read in time that say negative,
    `was_negative_since` the first of those that said it and were corrected; None where there are none. That a
    negative was taken back and entered again restarts neither's clock. `is_answered`
    where it says nothing of anybody and another test of the same tube does.
    """

    tube: str
    method: Method
    people: AbstractSet[str]
    is_pool: bool
    sampled: Span
    value: Value | None = None
    known: Span | None = None
    said_at: datetime | None = None
    is_disputed: bool = False
    warns: bool = False
    is_in_window: bool = True
    is_line_only: bool = False
    negative_since: Span | None = None
    was_negative_since: Span | None = None
    is_answered: bool = False

    @property
    def is_own_negative(self) -> bool:
        """Whether each of its people is negative by it: by an own sample or a share of a negative pool."""
        return self.value is Value.NEGATIVE and not self.is_disputed and self.is_in_window

    @property
    def is_own_positive(self) -> bool:
        """Whether its one person is, or by what is disputed may be, positive; the window takes no positive away."""
        return self.warns and not self.is_pool and not self.is_line_only

    @property
    def known_since(self) -> datetime:
        """Since when a positive of it is known (UTC): from when it was said; else from its sampling."""
        return self.said_at or self.sampled.latest

    @property
    def paper_since(self) -> Span | None:
        """From when its paper counts: the earliest of the readings that agree."""
        return self.negative_since or self.was_negative_since

    @property
    def is_conclusive(self) -> bool:
        """Whether it is each of its people's own result, and certain."""
        return self.is_own_negative or (self.is_own_positive and not self.is_disputed)

    @property
    def asks_again(self) -> bool:
        """Whether it was negative outside the window, so that the test must be done again."""
        return self.value is Value.NEGATIVE and not self.is_disputed and not self.is_in_window

    @property
    def needs_again(self) -> bool:
        """Whether its people must be sampled again: it is certain, and says nothing of anybody."""
        is_silent = self.value is not None and not self.is_disputed and not self.is_conclusive
        return is_silent and not self.is_answered

    @property
    def needed_method(self) -> Method:
        """The least sensitive method that can answer it: after a line that was seen too late, RT-PCR."""
        return Method.RT_PCR if self.is_line_only else self.method

    @property
    def warns_of_each(self) -> bool:
        """Whether it warns of each of its people without saying who: a positive pool, or a line seen too late."""
        return self.warns and not self.is_own_positive

    def is_answered_by(self, other: "Run") -> bool:
        """Say whether another test of the same tube answers this one, so that nobody is sampled again for it.

        What spoiled was the test, and the sample is in a result at least as sensitive (field rule A9). It never answers
        what warns, nor what was read late: that asks for a new sample (field rule A5).
        """
        is_asking = self.needs_again and not self.warns and self.value is not Value.READ_LATE
        return is_asking and other.is_conclusive and SENSITIVITY[other.method] >= SENSITIVITY[self.method]


def runs_of(
    samplings: Sequence[Sampling], words: Sequence[Word], countersignatures: Sequence[Countersignature] = ()
) -> list[Run]:
    """Return what each test of one tube says; all that is given is of that tube.

    A tube that was filled twice is disputed for everybody in it; one whose every filling was taken back says nothing.
    The test that it was filled for is there from the beginning, others once something is said of them.
    """
    said = [word for word in words if _counts(word)]
    kept = _kept(samplings) if _warns(said, countersignatures) else []
    filled = sorted({*kept, *(each for each in samplings if not each.is_withdrawn)}, key=_by_time)
    if not filled:
        return []
    is_doubted = len(filled) > 1 or any(each.is_disputed for each in filled)
    people = frozenset(person for each in filled for person in each.people)
    run = Run(
        tube=filled[0].tube,
        method=filled[0].method,
        people=people,
        is_pool=len(people) > 1,
        sampled=filled[0].at,
        is_disputed=is_doubted,
    )
    methods = sorted({run.method, *(word.method for word in said)})
    runs = [
        _read(
            replace(run, method=method),
            [word for word in words if word.method is method],
            [each for each in countersignatures if each.method is method],
            filled[0].window if method is filled[0].method else None,
        )
        for method in methods
    ]
    return [replace(each, is_answered=any(each.is_answered_by(other) for other in runs)) for each in runs]


def _kept(samplings: Sequence[Sampling]) -> list[Sampling]:
    """Return which of those that were taken back stand under what warns: of whom no other sampling of the tube is."""
    stand = [(each.people, each.is_household) for each in samplings if not each.is_withdrawn]
    return [each for each in samplings if each.is_withdrawn and (each.people, each.is_household) not in stand]


def _counts(word: Word) -> bool:
    return not word.is_withdrawn or word.warns


def _by_time(sampling: Sampling) -> tuple[object, ...]:
    """Order samplings of one tube, the same whatever came first."""
    at, window = sampling.at, sampling.window
    minutes = (window.earliest, window.latest) if window else ()
    return (at.earliest, at.latest, sorted(sampling.people), sampling.method, minutes)


def _warns(words: Sequence[Word], countersignatures: Sequence[Countersignature]) -> bool:
    """Say whether any test of the tube says positive, or that a line was seen too late."""
    for method in {word.method for word in words}:
        of_method = [word for word in words if word.method is method]
        signed = [each for each in countersignatures if each.method is method]
        stands = [chain.stands for chain in chains_of(of_method, signed)]
        if any(word.warns for word in (*stands, *early_corrections(of_method))):
            return True
    return False


def _read(
    run: Run, words: Sequence[Word], countersignatures: Sequence[Countersignature], window: Window | None
) -> Run:
    """Let what was said of this test speak."""
    taken_back = _negatives(run, [word for word in words if not _counts(word)], window)
    words = [word for word in words if _counts(word)]
    if not words:
        return run
    early = early_corrections(words)
    chains = chains_of(words, countersignatures)
    is_in_time = [window is None or window.holds(run.sampled, each.reading.at) for each in chains]
    in_time = [each for each, is_inside in zip(chains, is_in_time, strict=True) if is_inside]
    speaking = [
        each for each, is_inside in zip(chains, is_in_time, strict=True) if is_inside or each.stands.warns
    ] or chains
    is_before_sampling = any(each.reading.at.latest < run.sampled.earliest for each in speaking)
    is_marked = any(word.is_disputed for word in words)
    differ = len({each.stands.value for each in speaking}) > 1
    stands = [*early, *(each.stands for each in speaking)]
    warning = [word for word in stands if word.warns]
    positive = [word for word in warning if word.value is Value.POSITIVE]
    return replace(
        run,
        value=speaking[0].stands.value if speaking else None,
        known=speaking[0].reading.at if speaking else None,
        said_at=min(each.at.latest for each in positive or warning or stands),
        is_disputed=run.is_disputed or is_marked or differ or is_before_sampling or bool(early),
        warns=bool(warning),
        is_line_only=bool(warning) and not positive,
        is_in_window=bool(in_time),
        negative_since=_since((each for each in in_time if each.stands.value is Value.NEGATIVE), taken_back),
        was_negative_since=_since((each for each in in_time if each.was_negative), taken_back),
    )


def _negatives(run: Run, taken_back: Sequence[Word], window: Window | None) -> list[Span]:
    """Return when those were read in time that said negative and were taken back."""
    return [
        chain.reading.at
        for chain in chains_of(taken_back, ())
        if (chain.was_negative or chain.stands.value is Value.NEGATIVE)
        and (window is None or window.holds(run.sampled, chain.reading.at))
        and chain.reading.at.latest >= run.sampled.earliest
    ]


def _since(chains: Iterable[Chain], taken_back: Iterable[Span]) -> Span | None:
    """Return the earliest reading, be it one that was taken back; None where nothing is said now."""
    said = [each.reading.at for each in chains]
    earliest = sorted([*said, *taken_back], key=lambda span: (span.earliest, span.latest))
    return earliest[0] if said else None
