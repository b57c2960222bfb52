"""Places that people name: the words as they wrote them, and the one unit that these mean."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from chotxanh.domain.names import fold
from chotxanh.domain.problems import Problem
from chotxanh.domain.units import Level, Unit
from chotxanh.units.tables import find, find_whole, now, then, unit_of, units_above

LONGEST_WORDS = 150  # characters; the longest full name has half of them
WORDS_KEPT = 2_000  # what people typed lately, with what it means: a road leads to few places
_PROVINCE_WORD = "Tỉnh "


@dataclass(frozen=True)
class Place:
    """A unit, and the words by which somebody named it."""

    unit: Unit
    words: str


def full_name(unit: Unit) -> str:
    """Return a unit's name with all that stands above it: `Phường Mỹ Xuân, Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu`."""
    return ", ".join([unit.name, *map(_name_above, units_above(unit))])


def short_name(unit: Unit) -> str:
    """Return its name and its province's: `Phường Mỹ Xuân, Bà Rịa - Vũng Tàu`."""
    return ", ".join([unit.name, *map(_name_above, units_above(unit)[-1:])])


def read_place(words: str, chosen: str, scheme: str) -> Place:
    """Return what `words` mean: the unit `chosen` (`nso-2021:754`) if they may mean it, else the only one they can.

    Where a unit of each scheme is meant, that of `scheme` is. Raises Problem: `place_unknown`, or `place_unclear`
    where one of several must be chosen (`may_mean`).
    """
    unit = _unit_chosen(words, chosen)
    if unit is not None:
        return Place(unit, words)
    if not may_mean(words):
        raise Problem("place_unknown")
    meant = _only_meaning(words, scheme)
    if meant is None:
        raise Problem("place_unclear")
    return Place(meant, words)


@lru_cache(maxsize=WORDS_KEPT)
def may_mean(words: str) -> tuple[Unit, ...]:
    """Return the units that these words may mean, the likeliest first."""
    return tuple(find(words))


def place_named(name: str) -> Place:
    """Return the place of a unit, `nso-2021:79`, in the words of its full name. Raises KeyError for no unit."""
    scheme, _, code = name.partition(":")
    unit = unit_of(scheme, code)
    return Place(unit, full_name(unit))


def nearest_first(units: Iterable[Unit], province: str) -> list[Unit]:
    """Return the units with those that lie in the province `nso-2021:77` before the others, else in their order."""
    home = place_named(province).unit
    return sorted(units, key=lambda unit: is_within(unit, home) is not True)


def unit_named(name: str) -> Unit | None:
    """Return the unit of a scheme and a code, `nso-2021:754`; None for one that never was."""
    scheme, _, code = name.partition(":")
    try:
        return unit_of(scheme, code)
    except KeyError:
        return None


def named(unit: Unit) -> str:
    """Return the scheme and the code of a unit: `nso-2021:754`."""
    return f"{unit.scheme}:{unit.code}"


def is_within(unit: Unit, province: Unit) -> bool | None:
    """Whether a unit lies in a province, of either scheme; None where only a part of it may."""
    inside = {_province_of(each) == province for each in _as_of(province.scheme, unit)}
    return inside.pop() if len(inside) == 1 else None


def _as_of(scheme: str, unit: Unit) -> Iterator[Unit]:
    """Yield what a unit is, or may be a part of or consist of, among the units of a scheme."""
    if unit.scheme == scheme:
        yield unit
    else:
        for option in then(unit) if scheme < unit.scheme else now(unit):
            yield option.unit


def _province_of(unit: Unit) -> Unit:
    return (units_above(unit) or [unit])[-1]


def _name_above(unit: Unit) -> str:
    return unit.name.removeprefix(_PROVINCE_WORD)


def is_chosen(words: str, chosen: str) -> bool:
    """Whether the words are the full name of the unit chosen: then nothing need be sought.

    What is longer is not even folded: to put thousands of marks in order takes a second, and no limit counts this.
    """
    unit = unit_named(chosen) if len(words) <= LONGEST_WORDS else None
    return unit is not None and _plain(words) == _plain(full_name(unit))


def _unit_chosen(words: str, chosen: str) -> Unit | None:
    unit = unit_named(chosen)
    if unit is None:
        return None
    return unit if is_chosen(words, chosen) or unit in may_mean(words) else None


def _plain(words: str) -> list[str]:
    return fold(words).replace(",", " ").split()


@lru_cache(maxsize=WORDS_KEPT)
def _only_meaning(words: str, scheme: str) -> Unit | None:
    """Return the only unit of that whole name: in the scheme first, and a province before what is named after it."""
    whole = find_whole(words)
    for among in ([each for each in whole if each.scheme == scheme], whole):
        provinces = [each for each in among if each.level is Level.PROVINCE]
        if len(among) == 1 or len(provinces) == 1:
            return (provinces or among)[0]
        if among:
            return None
    return None
