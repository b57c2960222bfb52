"""What can be chosen in a declaration, as `docs/protocol.md` lists it, in the order people read it."""

from dataclasses import dataclass
from functools import cache

from chotxanh.domain.names import sort_key
from chotxanh.domain.units import PROVINCE_BY_CODE, PROVINCES, Province

SEXES = ("male", "female", "other")
CATEGORIES = ("goods_driver", "coach_passenger", "other")
VEHICLE_CLASSES = ("truck", "coach", "car", "motorbike", "none")
DIRECTIONS = ("in", "out", "through")
NONE_OF_THESE = "none"
ROAD_UNKNOWN = "unknown"

# The demonstration's province and those whose roads lead to its checkpoints: most trips begin and end in them.
NEAR_PROVINCES = ("77", "79", "75", "74", "60")


@dataclass(frozen=True)
class ProvinceChoices:
    """The provinces of 2021 in two lists: the few that most people choose, then the rest by alphabet."""

    near: tuple[Province, ...]
    elsewhere: tuple[Province, ...]


@cache
def province_choices() -> ProvinceChoices:
    """Every province stands in exactly one of the two lists."""
    near = tuple(PROVINCE_BY_CODE[code] for code in NEAR_PROVINCES)
    rest = (province for province in PROVINCES if province.code not in NEAR_PROVINCES)
    return ProvinceChoices(near, tuple(sorted(rest, key=_by_alphabet)))


def _by_alphabet(province: Province) -> tuple[object, ...]:
    """Word by word in the Vietnamese alphabet; a person's name would sort by its last word."""
    return tuple(sort_key(word) for word in province.name.split())
