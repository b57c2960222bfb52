"""How what somebody types finds an administrative unit.

Names are found without their marks, by the beginnings of their words, by their initials ("brvt") and with the usual
abbreviations of what they are ("p. phu my", "q1", "tp hcm"); what stands above a unit may follow or come first ("phu
my, brvt"). `contracts/unit_search.json` holds it together with its TypeScript twin.
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, TypeAlias

from chotxanh.domain.names import fold, normalise_name
from chotxanh.domain.units import Level, Unit

MOST_FOUND = 10
# No more of what is typed is read: what fits is compared for each way to part the words, of each unit.
LONGEST_SOUGHT, MOST_WORDS = 200, 12  # characters, words
_TYPES = (
    ("thanh", "pho"),
    ("thi", "xa"),
    ("thi", "tran"),
    ("dac", "khu"),
    *((one,) for one in ("tinh", "quan", "huyen", "phuong", "xa")),
)
# As people write them before a name. One letter is short for one of these only where something follows.
_SHORT = {
    "tp": ("thanh", "pho"),
    "tx": ("thi", "xa"),
    "tt": ("thi", "tran"),
    "dk": ("dac", "khu"),
    "sg": ("ho", "chi", "minh"),
}
_ONE_LETTER = {"p": "phuong", "q": "quan", "h": "huyen", "x": "xa", "t": "tinh"}
_GLUED = re.compile(r"(tp|tx|tt)([a-z]{2,})")  # tphcm
# br-vt: initials in two parts; what has a vowel is a word.
_PARTED = re.compile(r"\b([b-df-hj-np-tv-xz]{1,4})-([b-df-hj-np-tv-xz]{1,4})\b", re.ASCII)
_WORDS = re.compile(r"[a-z]+|[0-9]+")
_LEVELS = list(Level)
_Rank: TypeAlias = tuple[int, int, int, int]  # the best lowest
_IS_WHOLE, _BEGINS, _LIES_WITHIN = range(3)  # a name is sought whole, by its beginning, or by a later part


@dataclass(frozen=True, slots=True)
class _Name:
    """The words of a name as they are compared; the first `says_what` only tell what a unit is.

    `initials` are of the words behind these, empty where there is one only, and of communes: nobody says them.
    """

    words: tuple[str, ...]
    says_what: int
    initials: str

    @property
    def forms(self) -> Iterator[tuple[str, ...]]:
        """The name in full, and with its initials."""
        yield self.words
        if self.initials:
            yield (*self.words[: self.says_what], self.initials)


class _Sought(NamedTuple):
    """A unit with one of its names, and the words by which it may be found: its own, and those of what is above it.

    Each of these words has a blank on both sides.
    """

    unit: Unit
    name: _Name
    is_later: bool
    own: str
    above: str


class Finder:
    """Finds units among these by what somebody types."""

    def __init__(self, units: Iterable[Unit]) -> None:
        """Take the units in; those above another must be among them."""
        known = {(each.scheme, each.code): each for each in units}
        self._sought = [
            _sought(each, name, _all_above(each, known))
            for each in known.values()
            for name in filter(None, (each.name, each.later_named))
        ]
        self._last: tuple[str, Mapping[_Rank, Sequence[_Sought]], Sequence[str]] = "", {}, []
        self._wide = [each for each in self._sought if each.unit.level is not Level.COMMUNE]

    def find(self, text: str, most: int = MOST_FOUND) -> list[Unit]:
        """Return at most so many units that `text` may mean, the likeliest first; none where it says nothing.

        One or two letters find provinces and districts only: half of the communes have a word that begins so.
        """
        found, words = self._ranked(text)
        typed = normalise_name(text[:LONGEST_SOUGHT]).lower()
        told_apart = partial(_told_apart, typed=typed, wholes=[f" {word} " for word in words])
        ranked = dict[Unit, None]()
        for rank in sorted(found):  # of those that nobody will see it is not asked which comes first
            first = heapq.nsmallest(2 * most, found[rank], key=told_apart)
            ranked |= dict.fromkeys(each.unit for each in first)
            if len(ranked) >= most:
                break
        return list(ranked)[:most]

    def find_whole(self, text: str) -> list[Unit]:
        """Return every unit of that whole name, with or without what it is; words for what is above it may go with it.

        Where the fewest words are left for what is above: `quận 1` is the district, and no Phường 1 of a district.
        """
        found, _ = self._ranked(text)
        wholes = [rank for rank in found if rank[0] == _IS_WHOLE]
        fewest = min((rank[-1] for rank in wholes), default=0)
        units = [each.unit for rank in sorted(wholes) if rank[-1] == fewest for each in found[rank]]
        return list(dict.fromkeys(units))

    def _ranked(self, text: str) -> tuple[Mapping[_Rank, Sequence[_Sought]], Sequence[str]]:
        """Return the units that fit, by how well they do, and the words that were read."""
        sought, ranked, read = self._last
        if sought == text:  # what is found and which of it is meant is asked one after the other
            return ranked, read
        words, found = read_sought(text), defaultdict[_Rank, list[_Sought]](list)
        beginnings = [f" {word}" for word in words]
        among = self._wide if len("".join(words)) <= 2 else self._sought
        for each in among if words else ():
            if _may_fit(each, beginnings):
                rank = _rank(each, words)
                if rank is not None:
                    found[rank].append(each)
        self._last = text, found, words
        return found, words


def read_sought(text: str) -> list[str]:
    """Return the first words that somebody seeks, abbreviations of what a unit is written out."""
    typed = _PARTED.sub(r"\1\2", fold(text[:LONGEST_SOUGHT]))
    words = _words(_GLUED.sub(r"\1 \2", typed))
    read = list[str]()
    for number, word in enumerate(words):
        is_last = number == len(words) - 1
        read.extend(_SHORT.get(word, (word if is_last else _ONE_LETTER.get(word, word),)))
    return read[:MOST_WORDS]


def _words(text: str) -> list[str]:
    """Return the folded words and numbers in a text; a number has no leading noughts (Phường 01)."""
    return [word.lstrip("0") or "0" if word.isdigit() else word for word in _WORDS.findall(fold(text))]


def _all_above(unit: Unit, known: Mapping[tuple[str, str], Unit]) -> list[Unit]:
    above, at = [], unit
    while at.parent:
        at = known[at.scheme, at.parent]
        above.append(at)
    return above


def _sought(unit: Unit, name: str, above: Iterable[Unit]) -> _Sought:
    own = _read_name(name)
    if unit.level is Level.COMMUNE:
        own = replace(own, initials="")
    over = [word for each in above for word in _all_words(_read_name(each.name))]
    return _Sought(unit, own, name != unit.name, _between_blanks(_all_words(own)), _between_blanks(over))


def _between_blanks(words: Iterable[str]) -> str:
    return " ".join(["", *words, ""])


def _read_name(name: str) -> _Name:
    words = tuple(_words(name))
    says_what = next((len(each) for each in _TYPES if words[: len(each)] == each), 0)
    own = words[says_what:]
    return _Name(words, says_what, "".join(word[0] for word in own) if len(own) > 1 else "")


def _all_words(name: _Name) -> Iterator[str]:
    yield from name.words
    if name.initials:
        yield name.initials


def _may_fit(sought: _Sought, beginnings: Sequence[str]) -> bool:
    """Look quickly whether the words, each behind a blank, can be in its name, the first or the last, or above it."""
    own, above = sought.own, sought.above
    if beginnings[0] not in own and beginnings[-1] not in own:
        return False
    return all(beginning in own or beginning in above for beginning in beginnings)


def _rank(sought: _Sought, words: Sequence[str]) -> _Rank | None:
    """Return how well the words fit, the best lowest; None where they do not.

    Some of them, first or last, are its own, one after the other; the others tell what stands above it.
    """
    whole = _fit(sought.name, words)
    ranks = [] if whole is None else [(whole, 0, 0)]
    for count in range(len(words) - 1, 0, -1):
        for is_turned, own, rest in (
            (0, words[:count], words[count:]),
            (1, words[-count:], words[:-count]),
        ):
            if all(f" {word}" in sought.above for word in rest):
                fit = _fit(sought.name, own)
                if fit is not None:
                    ranks.append((fit, is_turned, len(rest)))
    if not ranks:
        return None
    best, is_turned, rest_count = min(ranks)
    return best, is_turned, _LEVELS.index(sought.unit.level), rest_count


def _told_apart(sought: _Sought, *, typed: str, wholes: Sequence[str]) -> tuple[object, ...]:
    """Return what decides among units that fit alike: the name of 2021, whole words, marks as typed; then an order."""
    unit, is_later = sought.unit, sought.is_later
    name = unit.later_named if is_later else unit.name
    in_part = sum(whole not in sought.own and whole not in sought.above for whole in wholes)
    return is_later, in_part, typed not in name.lower(), name, unit.scheme, unit.code


def _fit(name: _Name, words: Sequence[str]) -> int | None:
    """Return how well these words stand in a name, one after the other; None where they nowhere do."""
    best = None
    for form in name.forms:
        for start in range(len(form) - len(words) + 1):
            if not form[start].startswith(words[0]):
                continue
            part = form[start : start + len(words)]
            if not all(map(str.startswith, part, words)):
                continue
            if start not in (0, name.says_what):
                fit = _LIES_WITHIN
            elif part == tuple(words) and start + len(words) == len(form):
                return _IS_WHOLE
            else:
                fit = _BEGINS
            best = fit if best is None else min(best, fit)
    return best
