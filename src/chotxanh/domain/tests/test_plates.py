"""Plates: every reading, nothing refused."""

import pytest

from chotxanh.domain.plates import LONGEST_PLATE, normalise_plate, readings
from chotxanh.domain.units import DISTRICTS, PROVINCE_BY_ID_PREFIX, PROVINCE_BY_PLATE_CODE, PROVINCES


def classes(text: str) -> list[str]:
    return [reading.vehicle_class.value for reading in readings(text)]


@pytest.mark.parametrize("text", ["72c 12345", "72C12345", "72C-12345", "72C-123,45", " 72C-123.45\n"])
def test_one_plate_has_one_form(text: str) -> None:
    assert normalise_plate(text) == "72C12345"


def test_a_truck_and_a_motorbike_can_share_a_text() -> None:
    assert classes("72C-123.45") == classes("72-C1 2345") == ["truck", "car", "motorbike"]
    assert {reading.province_code for reading in readings("72C-123.45")} == {"77"}
    assert "motorbike" in classes("50LD-123.45")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30K-9999", ["car"]),
        ("51B-123.45", ["coach", "car", "motorbike"]),
        ("59-AA 123.45", ["motorbike"]),
        ("29-MĐ1 123.45", ["motorbike"]),
        ("72R-012.34", ["trailer"]),
        ("80-123-NG-01", ["diplomatic"]),
        ("TC 33-86", ["military"]),
        ("T72-123.45", ["temporary"]),
        ("2A-1234", ["foreign"]),
        ("ກຂ 1234", ["foreign"]),
        ("粤ZAB12港", ["foreign"]),
    ],
)
def test_every_kind_of_plate_is_read(text: str, expected: list[str]) -> None:
    assert classes(text) == expected


@pytest.mark.parametrize("text", ["", "13C12345", "72 X", "xe của tôi", "\x00", "9" * 100_000])
def test_an_unrecognised_plate_is_kept_without_readings(text: str) -> None:
    assert readings(text) == ()
    assert len(normalise_plate(text)) <= LONGEST_PLATE


def test_icelandic_eth_is_the_vietnamese_letter() -> None:
    assert normalise_plate("29-MÐ1 123.45") == normalise_plate("29-mđ1 123.45")


def test_sixty_three_provinces_share_no_plate_code() -> None:
    assert len(PROVINCES) == len({province.code for province in PROVINCES}) == 63
    assert len(PROVINCE_BY_PLATE_CODE) == sum(len(province.plate_codes) for province in PROVINCES)
    assert PROVINCE_BY_PLATE_CODE["72"].name == PROVINCE_BY_ID_PREFIX["077"].name == "Bà Rịa - Vũng Tàu"
    assert len(DISTRICTS) == 8
