"""The oracle's reading of one tube by one test: what its readings and corrections come to.

Written from the texts alone and plainly; it shares no code with the rules. All times are whole minutes; a doubtful one
is a pair of the earliest and the latest that it can be.
"""

from functools import lru_cache
from typing import NamedTuple

Span = tuple[int, int]
Said = tuple[str, Span]  # a value and when it was said; read_late_line is a line seen too late
WARNINGS = ("positive", "read_late_line")


class Words(NamedTuple):
    """What was said of one tube by one test: readings, corrections, and when a second account signed."""

    readings: tuple[Said, ...]
    corrections: tuple[Said, ...]
    signatures: tuple[int, ...] = ()


class Read(NamedTuple):
    """What one tube says by one test.

    `values` are those that are said now: several are a dispute. `positive_since` is when a positive that stands was
    known, at the latest; `negative_since` when the earliest negative that certifies was read, at the earliest;
    `revoked_since` the same of negatives that were corrected since. `is_outside` where nothing was read in time.
    """

    values: tuple[str, ...]
    is_disputed: bool
    positive_since: int | None
    negative_since: int | None
    revoked_since: int | None
    is_outside: bool


def counted(said: Said) -> int:
    """A negative counts at its earliest possible time for everything, a positive at its latest."""
    return said[1][1] if said[0] in WARNINGS else said[1][0]


@lru_cache(maxsize=200_000)
def read_tube(
    sampled: Span,
    window: Span | None,
    said: Words,
    gone: Words,
) -> Read:
    """Read one tube by one test; `window` is None where it is read at any time. What is `gone` was withdrawn."""
    pasts, early = _follow(said)
    inside = [past for past in pasts if _may_be_inside(past[0][1], sampled, window)]
    # What was read outside of the window says nothing, unless it warns or nothing else is said.
    speaking = [past for past in pasts if past in inside or past[-1][0] in WARNINGS] or pasts
    values = {past[-1][0] for past in speaking} | {each[0] for each in early}
    plain = {"read_late" if value == "read_late_line" else value for value in values}
    positive = [said[1][1] for said in [past[-1] for past in speaking] + early if said[0] == "positive"]
    negative = [past[0][1][0] for past in inside if past[-1][0] == "negative"]
    corrected = [past[0][1][0] for past in inside if "negative" in [said[0] for said in past[:-1]]]
    # Nothing restarts a clock: a negative that was withdrawn and is said again counts from its first reading.
    forgotten = _negatives_withdrawn(gone, sampled, window)
    is_before_sampling = any(past[0][1][1] < sampled[0] for past in speaking)
    return Read(
        values=tuple(sorted(values)),
        is_disputed=len(plain) > 1 or bool(early) or is_before_sampling,
        positive_since=min(positive, default=None),
        negative_since=min(negative + forgotten) if negative else None,
        revoked_since=min(corrected + forgotten) if corrected else None,
        is_outside=not inside,
    )


def _negatives_withdrawn(gone: Words, sampled: Span, window: Span | None) -> list[int]:
    """When those that said negative were read, inside of the window and not before the swab."""
    pasts, _ = _follow(gone)
    return [
        past[0][1][0]
        for past in pasts
        if "negative" in [said[0] for said in past]
        and _may_be_inside(past[0][1], sampled, window)
        and past[0][1][1] >= sampled[0]
    ]


def _follow(words: Words) -> tuple[list[list[Said]], list[Said]]:
    """Return what each reading came to say one after the other, and the corrections whose reading is not here.

    A correction means the last reading before it that says otherwise. A positive, or a line, is taken back only by a
    correction that a second account signed; what says the same again is no news.
    """
    corrections = sorted(words.corrections, key=lambda each: (counted(each), each[1], each[0]))
    pasts = [[reading] for reading in sorted(words.readings, key=lambda each: (each[1], each[0]))]
    early = []
    for place, correction in enumerate(corrections):
        meant = [past for past in pasts if past[0][1][0] <= correction[1][1]]
        if not meant:
            early.append(correction)
        otherwise = [past for past in meant if past[-1][0] != correction[0]]
        if otherwise:
            past = otherwise[-1]
            if (
                past[-1][0] not in WARNINGS
                or correction[0] == "positive"
                or _is_signed(place, corrections, words.signatures)
            ):
                past.append(correction)
    return pasts, early


def _is_signed(place: int, corrections: list[Said], signatures: tuple[int, ...]) -> bool:
    """A second account signs the last correction before it."""
    after = corrections[place + 1 :]
    return any(
        counted(corrections[place]) <= at and not any(counted(each) <= at for each in after)
        for at in signatures
    )


def _may_be_inside(read: Span, sampled: Span, window: Span | None) -> bool:
    """A doubt about time alone takes no paper away: only what was surely read outside of the window is outside."""
    if window is None:
        return True
    shortest, longest = read[0] - sampled[1], read[1] - sampled[0]
    return longest >= window[0] and shortest <= window[1]
