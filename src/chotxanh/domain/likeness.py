"""Whether two registrations may be one person's: what is shown to whoever decides, and never a decision.

Name and year alone say nothing, for thousands share them. Two numbers of one kind of paper are two people (one digit
apart they may be a slip); a father and a son share a name and a phone but no year; twins share the year too.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from unicodedata import combining, normalize

from chotxanh.domain.identity import id_type
from chotxanh.domain.names import fold, normalise_name

_UNSURE_DAY = "-01-01"  # what is written where only the year is known


class Alike(StrEnum):
    """How one thing of the two compares."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # at least one of them did not give it
    WITHOUT_MARKS = "without_marks"  # a name, of one of them in bare letters
    OTHER_MARKS = "other_marks"  # two names that look alike without their marks
    OTHER_DAY = "other_day"  # a birth, of the same year
    ONE_OFF = "one_off"  # a number, but for one character
    SWAPPED = "swapped"  # a number, but for two characters that changed places
    OTHER_PAPER = "other_paper"  # numbers of two kinds of paper, which say nothing of each other


class Apart(StrEnum):
    """Why two who share much are not proposed as one."""

    NUMBERS = "numbers"
    YEARS = "years"
    DAYS = "days"
    MARKS = "marks"


@dataclass(frozen=True)
class Traits:
    """What is compared of a person; `birth_date` is None where only the year is known."""

    full_name: str
    birth_year: int
    birth_date: str | None
    id_number: str | None
    phone: str | None


@dataclass(frozen=True)
class Likeness:
    """The evidence, and `apart` where it speaks against one person.

    `place` is of the first character in which the two numbers differ, from 1; 0 where they do not, or in more.
    `paper` is the kind of paper of the first one's number, empty where none is known.
    """

    name: Alike
    birth: Alike
    number: Alike
    phone: Alike
    place: int = 0
    paper: str = ""
    apart: Apart | None = None


def likeness(one: Traits, other: Traits) -> Likeness | None:
    """Return what speaks for one person, or for two who share name and phone; None where nothing is worth a look."""
    number, place = compare_numbers(one.id_number, other.id_number)
    name, birth = compare_names(one.full_name, other.full_name), _compare_births(one, other)
    phone = _compare(one.phone, other.phone)
    paper = id_type(one.id_number).value if one.id_number else ""
    found = Likeness(name, birth, number, phone, place, paper)
    is_of_year, is_named = birth is not Alike.DIFFERENT, name is not Alike.DIFFERENT
    if number is Alike.SAME:
        return found if is_named or is_of_year else None
    if not is_named:
        return None
    apart = _apart(found)
    is_near = number in (Alike.ONE_OFF, Alike.SWAPPED) and is_of_year
    if phone is not Alike.SAME and not (is_near and apart is None):
        return None
    return replace(found, apart=apart)


def _apart(found: Likeness) -> Apart | None:
    """Return why two of one name, who share a phone or nearly a number, are two people."""
    is_near = found.number in (Alike.ONE_OFF, Alike.SWAPPED)
    if found.number is Alike.DIFFERENT:
        return Apart.NUMBERS
    if found.birth is Alike.DIFFERENT:
        return Apart.YEARS
    if found.name is Alike.OTHER_MARKS:
        return Apart.MARKS
    return Apart.DAYS if found.birth is Alike.OTHER_DAY and not is_near else None


def compare_names(one: str, other: str) -> Alike:
    """Compare two names: `WITHOUT_MARKS` where one is in bare letters, `OTHER_MARKS` where both have their own."""
    if fold(one) != fold(other):
        return Alike.DIFFERENT
    marks = [_marks(each) for each in (one, other)]
    if marks[0] == marks[1]:
        return Alike.SAME
    return Alike.OTHER_MARKS if all(map(any, marks)) else Alike.WITHOUT_MARKS


def compare_numbers(one: str | None, other: str | None) -> tuple[Alike, int]:
    """Compare two numbers of papers; also return the place in which they differ, where they do in one or two."""
    if not one or not other:
        return Alike.UNKNOWN, 0
    if one == other:
        return Alike.SAME, 0
    if id_type(one) is not id_type(other):
        return Alike.OTHER_PAPER, 0
    if len(one) != len(other):
        return Alike.DIFFERENT, 0
    places = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    first = places[0]
    if len(places) == 1:
        return Alike.ONE_OFF, first + 1
    is_swapped = places == [first, first + 1] and one[first : first + 2] == other[first : first + 2][::-1]
    return (Alike.SWAPPED, first + 1) if is_swapped else (Alike.DIFFERENT, 0)


def _compare(one: str | None, other: str | None) -> Alike:
    if not one or not other:
        return Alike.UNKNOWN
    return Alike.SAME if one == other else Alike.DIFFERENT


def _compare_births(one: Traits, other: Traits) -> Alike:
    if one.birth_year != other.birth_year:
        return Alike.DIFFERENT
    days = {each.birth_date for each in (one, other) if each.birth_date}
    is_sure = len(days) == 2 and not any(day.endswith(_UNSURE_DAY) for day in days)
    return Alike.OTHER_DAY if is_sure else Alike.SAME


def _marks(name: str) -> tuple[str, ...]:
    """The marks of each word, wherever in it they stand: hoà and hòa are one name; đ counts as a marked d."""
    words = normalize("NFD", normalise_name(name).lower().replace("đ", "d\u0335")).split(" ")
    return tuple("".join(sorted(each for each in word if combining(each))) for word in words)
