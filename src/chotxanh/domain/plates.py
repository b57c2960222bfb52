"""Licence plates: what was typed or scanned, normalised, with every vehicle it can belong to.

Stripped of punctuation a car `72C-123.45` and a motorbike `72-C1 2345` are the same text, so a vehicle is
keyed by class and plate. A plate that fits nothing (a new series, a neighbouring country) is kept, never
refused.
Sources: Circulars 15/2014, 58/2020 and 24/2023/TT-BCA.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from chotxanh.domain.units import CENTRAL_PLATE_CODE, PROVINCE_BY_PLATE_CODE

LONGEST_PLATE = 20

_SERIES = "ABCDEFGHKLMNPSTUVXYZ"  # no I, J, O, Q, W; R only for trailers
_CAR = re.compile(rf"([0-9]{{2}})(KT|LD|DA|HC|TĐ|CD|RM|MK|[{_SERIES}R])([0-9]{{4,5}})")
_MOTORBIKE = re.compile(rf"([0-9]{{2}})(MĐ[0-9]|[{_SERIES}][1-9]|[{_SERIES}]{{2}})([0-9]{{4,5}})")
_DIPLOMATIC = re.compile(r"([0-9]{2})([0-9]{3})(NG|QT|NN|CV)([0-9]{2,3})")
_TEMPORARY = re.compile(r"T([0-9]{2})([0-9]{4,6})")
_MILITARY = re.compile(r"[A-DHKPQTV][A-VX][0-9]{4}")
_CAMBODIAN = re.compile(r"[0-9][A-Z]{1,2}[0-9]{4}")
_LAO = re.compile(r"[\u0e81-\u0eae]{2}[0-9]{4}")
_CHINESE = re.compile(r"[\u4e00-\u9fff][A-Z][0-9A-Z]{4,6}[\u4e00-\u9fff]?")


class PlateClass(StrEnum):
    """What kind of vehicle a plate's form allows."""

    TRUCK = "truck"
    COACH = "coach"
    CAR = "car"
    TRAILER = "trailer"
    MOTORBIKE = "motorbike"
    DIPLOMATIC = "diplomatic"
    MILITARY = "military"
    TEMPORARY = "temporary"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class PlateReading:
    """One way to read a plate; `province_code` is of the scheme nso-2021, None where it names none.

    Since Circular 24/2023 a plate follows its owner, so the province is where it was issued, not a residence.
    """

    vehicle_class: PlateClass
    plate: str
    province_code: str | None


Reader = Callable[[str], Iterator[PlateReading]]

# Series by use: C trucks and pick-ups (which people also call cars), B coaches, R and RM trailers.
_CLASSES_OF_SERIES = {
    "C": (PlateClass.TRUCK, PlateClass.CAR),
    "B": (PlateClass.COACH, PlateClass.CAR),
    "R": (PlateClass.TRAILER,),
    "RM": (PlateClass.TRAILER,),
    "LD": (PlateClass.CAR, PlateClass.TRUCK, PlateClass.COACH),
}


def normalise_plate(text: str) -> str:
    """`text` in NFC, upper case, letters and digits only; Icelandic Ð counts as Đ. Keep the typed form."""
    composed = unicodedata.normalize("NFC", text[: 4 * LONGEST_PLATE]).upper().replace("Ð", "Đ")
    return "".join(character for character in composed if character.isalnum())[:LONGEST_PLATE]


def readings(text: str) -> tuple[PlateReading, ...]:
    """Every vehicle `text` can name, likeliest first; empty for an unrecognised plate, which is no error."""
    plate = normalise_plate(text)
    found: list[PlateReading] = []
    for read in _READERS:
        found.extend(read(plate))
    return tuple(found)


def _is_issued(plate_code: str) -> bool:
    return plate_code in PROVINCE_BY_PLATE_CODE or plate_code == CENTRAL_PLATE_CODE


def _reading(vehicle_class: PlateClass, plate: str, plate_code: str) -> PlateReading:
    province = PROVINCE_BY_PLATE_CODE.get(plate_code)
    return PlateReading(vehicle_class, plate, province.code if province else None)


def _cars(plate: str) -> Iterator[PlateReading]:
    found = _CAR.fullmatch(plate)
    if found and _is_issued(found[1]):
        for vehicle_class in _CLASSES_OF_SERIES.get(found[2], (PlateClass.CAR,)):
            yield _reading(vehicle_class, plate, found[1])


def _motorbikes(plate: str) -> Iterator[PlateReading]:
    found = _MOTORBIKE.fullmatch(plate)
    if found and _is_issued(found[1]):
        yield _reading(PlateClass.MOTORBIKE, plate, found[1])


def _diplomats(plate: str) -> Iterator[PlateReading]:
    found = _DIPLOMATIC.fullmatch(plate)
    if found and _is_issued(found[1]):
        yield _reading(PlateClass.DIPLOMATIC, plate, found[1])


def _temporaries(plate: str) -> Iterator[PlateReading]:
    found = _TEMPORARY.fullmatch(plate)
    if found and _is_issued(found[1]):
        yield _reading(PlateClass.TEMPORARY, plate, found[1])


def _without_province(pattern: re.Pattern[str], vehicle_class: PlateClass) -> Reader:
    def read(plate: str) -> Iterator[PlateReading]:
        if pattern.fullmatch(plate):
            yield PlateReading(vehicle_class, plate, None)

    return read


_READERS: tuple[Reader, ...] = (
    _cars,
    _motorbikes,
    _diplomats,
    _temporaries,
    _without_province(_MILITARY, PlateClass.MILITARY),
    _without_province(_CAMBODIAN, PlateClass.FOREIGN),
    _without_province(_LAO, PlateClass.FOREIGN),
    _without_province(_CHINESE, PlateClass.FOREIGN),
)
