"""Running numbers that are missing from a log, as sorted inclusive ranges."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import TypeAlias

Range: TypeAlias = tuple[int, int]


def without(gaps: Iterable[Range], highest: int, seen: Iterable[int]) -> tuple[list[Range], int]:
    """Return the gaps and the highest number once the numbers `seen` have arrived, in any order."""
    left = sorted(gaps)
    for number in sorted(seen):
        if number > highest:
            if number > highest + 1:
                left.append((highest + 1, number - 1))
            highest = number
        else:
            _fill(left, number)
    return left, highest


def count_in(gaps: Iterable[Range]) -> int:
    """Return how many numbers these ranges hold."""
    return sum(last - first + 1 for first, last in gaps)


def _fill(gaps: list[Range], number: int) -> None:
    place = bisect_right(gaps, (number, number)) - 1
    if place + 1 < len(gaps) and gaps[place + 1][0] == number:
        place += 1
    if place < 0 or not gaps[place][0] <= number <= gaps[place][1]:
        return
    first, last = gaps[place]
    gaps[place : place + 1] = [
        part for part in ((first, number - 1), (number + 1, last)) if part[0] <= part[1]
    ]
