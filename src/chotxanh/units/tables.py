"""The tables of administrative units: every unit by scheme and code, and what became of each on 01/07/2025.

`chotxanh.cli.unit_tables` makes them. A commune that was merged between July 2021 and January 2025 without anybody
saying into which other one may be in any of those that its district came to: then there is no default.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from chotxanh.domain.unit_search import Finder
from chotxanh.domain.units import Level, Scheme, Unit

FOLDER = Path(__file__).parent / "tables"
ABSENT, DEFAULT = "-", "*"
COMMUNE = 5  # digits of its code
Key: TypeAlias = tuple[str, str]  # of a Scheme, and a code


@dataclass(frozen=True)
class Option:
    """A unit of the other scheme, one of several perhaps; a default may be proposed, and is never taken unasked."""

    unit: Unit
    is_default: bool


def unit_of(scheme: str, code: str) -> Unit:
    """Return the unit of a scheme with a code. Raises KeyError for one that never was."""
    return _units()[scheme, code]


def provinces(scheme: str) -> list[Unit]:
    """Return the provinces of a scheme, in the order of their codes."""
    return [unit for unit in _units().values() if unit.scheme == scheme and unit.level is Level.PROVINCE]


def find(text: str) -> list[Unit]:
    """Return at most ten units of both schemes that `text` may mean, the likeliest first."""
    return _finder().find(text)


def find_whole(text: str) -> list[Unit]:
    """Return every unit of both schemes of that whole name; words for what stands above it may go with it."""
    return _finder().find_whole(text)


def units_above(unit: Unit) -> list[Unit]:
    """Return what stands above a unit in its scheme, the nearest first."""
    if not unit.parent:
        return []
    nearest = unit_of(unit.scheme, unit.parent)
    return [nearest, *units_above(nearest)]


def now(unit: Unit) -> list[Option]:
    """Return what a unit is since 01/07/2025; one of that time is itself."""
    if unit.scheme == Scheme.NSO_2025:
        return [Option(unit, is_default=True)]
    return _options(Scheme.NSO_2025, _successors()[unit.code])


def then(unit: Unit) -> list[Option]:
    """Return which units of 2021 lie in one, wholly or in part; one of that time is itself.

    Proposed is the only one, or the one whose code the new unit kept.
    """
    if unit.scheme == Scheme.NSO_2021:
        return [Option(unit, is_default=True)]
    return _options(Scheme.NSO_2021, dict.fromkeys(_predecessors()[unit.code], False) | _kept(unit))


def count() -> Mapping[str, Mapping[str, int]]:
    """Return how many units there are, by scheme and level: of `nso-2021` those of July 2021."""
    counted: dict[str, Counter[str]] = {scheme: Counter() for scheme in Scheme}
    for unit, is_first in _read():
        counted[unit.scheme][unit.level] += is_first
    return {
        scheme: {level: levels[level] for level in Level if levels[level]}
        for scheme, levels in counted.items()
    }


def _kept(unit: Unit) -> dict[str, bool]:
    return {unit.code: True} if unit.code in _predecessors()[unit.code] else {}


def _options(scheme: Scheme, codes: Mapping[str, bool]) -> list[Option]:
    known, is_only = _units(), len(codes) == 1
    return [Option(known[scheme, code], is_only or is_default) for code, is_default in sorted(codes.items())]


def _read() -> Iterator[tuple[Unit, bool]]:
    """Yield every unit, and whether it is counted: of the first scheme a few came to be after July 2021."""
    for code, parent, name, *later in _lines(f"{Scheme.NSO_2021}.tsv"):
        is_first = parent != ABSENT
        later_parent, later_name = later or (parent, name)
        above = parent if is_first else later_parent
        other_name = later_name if later_name != name else ""
        yield Unit(Scheme.NSO_2021, code, name or later_name, above, other_name), is_first
    for code, parent, name in _lines(f"{Scheme.NSO_2025}.tsv"):
        yield Unit(Scheme.NSO_2025, code, name, parent), True


@cache
def _units() -> Mapping[Key, Unit]:
    return {(unit.scheme, unit.code): unit for unit, _ in _read()}


def sought() -> list[Unit]:
    """Return the units that can be found; a commune of which later only the code was put right once, as of 2021."""
    units = {(unit.scheme, unit.parent, unit.name): unit for unit in reversed(list(_units().values()))}
    return list(units.values())


@cache
def _finder() -> Finder:
    return Finder(sought())


@cache
def _successors() -> Mapping[str, Mapping[str, bool]]:
    """By code of 2021: those it came to, and whether they may be proposed; a district came to what its communes did."""
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    for old, *news in _lines("successors.tsv"):
        found[old] = {new.removesuffix(DEFAULT): new.endswith(DEFAULT) for new in news}
    for code, *columns in _lines(f"{Scheme.NSO_2021}.tsv"):
        districts = (
            {*columns[0::2]} - {ABSENT} if len(code) == COMMUNE else ()
        )  # that of 2021, and the later one
        for district in districts:
            found[district] |= dict.fromkeys(found[code], False)
    return found


@cache
def _predecessors() -> Mapping[str, set[str]]:
    """By code since 2025: the provinces, or the communes and the districts without communes, that came to it."""
    found = defaultdict[str, set[str]](set)
    for old, *news in _lines("successors.tsv"):
        for new in news:
            found[new.removesuffix(DEFAULT)].add(old)
    return found


def _lines(name: str) -> Iterator[list[str]]:
    with (FOLDER / name).open(encoding="utf-8") as lines:
        next(lines)  # the heading
        for line in lines:
            yield line.rstrip("\n").split("\t")
