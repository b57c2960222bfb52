"""Licence plates: what was typed or scanned, normalised, with every vehicle it can belong to.

Stripped of punctuation a car `72C-123.45` and a motorbike `72-C1 2345` are the same text, so a vehicle is
keyed by class and plate. A plate that fits nothing (a new series, a neighbouring country) is kept, never
refused. A lorry has the plate of its tractor and that of its trailer.
Sources: Circulars 15/2014, 58/2020 and 24/2023/TT-BCA.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from chotxanh.domain.plain import plain
from chotxanh.domain.problems import Problem
from chotxanh.domain.units import CENTRAL_PLATE_CODE, PROVINCE_BY_PLATE_CODE

LONGEST_PLATE = 20
MOST_PLATES = 2  # tractor and trailer
LONGEST_PLATES = 40  # as they are kept, with what stands between them
LONGEST_TYPED = 200

_SERIES = "ABCDEFGHKLMNPSTUVXYZ"  # no I, J, O, Q, W; R only for trailers
_CAR = re.compile(rf"([0-9]{{2}})(KT|LD|DA|HC|TĐ|CD|RM|MK|[{_SERIES}R])([0-9]{{4,5}})")
_MOTORBIKE = re.compile(rf"([0-9]{{2}})(MĐ[0-9]|TĐ|[{_SERIES}][1-9]|[{_SERIES}]{{2}})([0-9]{{4,5}})")
_DIPLOMATIC = re.compile(r"([0-9]{2})([0-9]{3})(NG|QT|NN|CV)([0-9]{2,3})")
_TEMPORARY = re.compile(r"T([0-9]{2})([0-9]{4,6})")
_MILITARY = re.compile(r"[A-DHKPQTV][A-VX][0-9]{4}")
_CAMBODIAN = re.compile(r"[0-9][A-Z]{1,2}[0-9]{4}")
_LAO = re.compile(r"[\u0e81-\u0eae]{2}[0-9]{4}")
# Keyboards without Đ write D: certain where no other plate is written so.
_ELECTRIC_WITH_D = re.compile(r"([0-9]{2}M)D([0-9]{6})")
_TRIAL_WITH_D = re.compile(r"([0-9]{2}T)D([0-9]{4,5})")
# Letters of other alphabets that look like Latin ones: nobody sees which of them was typed.
_ALIKE = str.maketrans("ÐƉАВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ĐĐABESIJKMHOPCTYXABEZHIKMNOPTYX")
_BEFORE = re.compile(
    r"(?:bks|bsx?|biển(?: kiểm soát| số(?: xe)?)?|biển|xe(?: tải| khách| con| máy)?)\b[ :.]*(?=.*[0-9])",
    re.IGNORECASE,
)
# What stands between two plates; marks that are part of some plates count only between two that are known.
_CERTAINLY_TWO = re.compile(r"[/;+&|\\\n]| và | kéo | - ", re.IGNORECASE)
# What people write beside them.
_WORDS = re.compile(
    r"\b(?:đầu kéo|kéo theo|sơ ?mi|r[ơo] ?-?m[oó]{1,3}c|m[oó]{1,3}c|rm|xe (?:tải|khách|con|máy|kéo)|ô tô)\b",
    re.IGNORECASE,
)
_FEWEST_OF_A_PLATE = 5

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


class Plates(NamedTuple):
    """The plates of one vehicle: as they were typed, and the normal form of each, the tractor's first."""

    typed: str
    numbers: tuple[str, ...]


def read_plates(text: str) -> Plates:
    """One plate, or those of tractor and trailer (`72C-123.45 / 72R-000.11`); none where no letter or digit is.

    A plate of no known kind is kept as it is. Problems: `plate_too_long`, `plate_too_many`.
    """
    typed = plain(text[:LONGEST_TYPED].replace("\n", "/"))
    parts = _parted(typed)
    if len(parts) > MOST_PLATES:
        raise Problem("plate_too_many")
    if any(len(_letters_and_digits(part)) > LONGEST_PLATE for part in parts) or len(typed) > LONGEST_PLATES:
        raise Problem("plate_too_long", longest=LONGEST_PLATE)
    return Plates(typed, _normal_forms(parts))


def main_plate(text: str) -> str:
    """The normal form that a vehicle goes by: that of its one plate, or of its tractor's; empty where there is none."""
    numbers = _normal_forms(_parted(plain(text[:LONGEST_TYPED])))
    return numbers[0] if numbers else ""


def _normal_forms(parts: Iterable[str]) -> tuple[str, ...]:
    """Each once, the tractor's first."""
    numbers = tuple(dict.fromkeys(filter(None, map(normalise_plate, parts))))
    return numbers[::-1] if _is_trailer_first(numbers) else numbers


@lru_cache(maxsize=64)  # a form reads it, and who records what it says reads it again
def _parted(text: str) -> Sequence[str]:
    """The plates within a text: it is one if it is known as one, or if nothing shows that it is several."""
    text = text[found.end() :] if (found := _BEFORE.match(text)) else text
    if is_known(text):
        return [text]
    parts = [part for part in _CERTAINLY_TWO.split(_WORDS.sub("/", text)) if _letters_and_digits(part)]
    if parts and all(len(_letters_and_digits(part)) >= _FEWEST_OF_A_PLATE for part in parts):
        return [each for part in parts for each in _run_together(part)]
    return _run_together(text)


def _run_together(text: str) -> list[str]:
    """The plates that stand with nothing but a blank between them, or nothing at all."""
    words = text.replace(",", " ").split()
    if is_known(text):
        return [text]
    if len(words) > 1 and all(map(is_known, words)):
        return words
    letters = _letters_and_digits(text)
    halves = [[letters[:place], letters[place:]] for place in range(_FEWEST_OF_A_PLATE, len(letters) - 4)]
    known = [pair for pair in halves if all(map(is_known, pair))]
    return known[0] if len(known) == 1 else [text]


def _is_trailer_first(numbers: Sequence[str]) -> bool:
    return len(numbers) == MOST_PLATES and _is_trailer(numbers[0]) and not _is_trailer(numbers[1])


def _is_trailer(plate: str) -> bool:
    return any(reading.vehicle_class is PlateClass.TRAILER for reading in readings(plate))


def normalise_plate(text: str) -> str:
    """`text` in NFC, upper case, letters and digits only, with Đ and Latin letters for those that look like them.

    Keep the typed form.
    """
    plate = _letters_and_digits(text)[:LONGEST_PLATE]
    for with_d in (_ELECTRIC_WITH_D, _TRIAL_WITH_D):
        if found := with_d.fullmatch(plate):
            return f"{found[1]}Đ{found[2]}"
    return plate


def _letters_and_digits(text: str) -> str:
    text = text[:LONGEST_TYPED]
    if not text.isascii():  # nearly every plate is
        text = unicodedata.normalize("NFC", text).upper().translate(_ALIKE)
    return "".join(filter(str.isalnum, text.upper()))


def readings(text: str) -> tuple[PlateReading, ...]:
    """Every vehicle `text` can name, likeliest first; empty for an unrecognised plate, which is no error."""
    return tuple(_readings(normalise_plate(text)))


def is_known(text: str) -> bool:
    """Say whether `text` can name a vehicle."""
    return any(_readings(normalise_plate(text)))


def _readings(plate: str) -> Iterator[PlateReading]:
    for read in _READERS:
        yield from read(plate)


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
