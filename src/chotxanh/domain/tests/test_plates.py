"""Plates: every reading, nothing refused."""

import pytest

from chotxanh.domain.plates import LONGEST_PLATE, main_plate, normalise_plate, read_plates, readings
from chotxanh.domain.tests.refusal import refused_as
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


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("72-MD1 123.45", "72MĐ112345"),
        ("72-MĐ1 123.45", "72MĐ112345"),
        ("72-MƉ1 123.45", "72MĐ112345"),
        ("72TD-123.45", "72TĐ12345"),
        ("72TĐ-123.45", "72TĐ12345"),
        ("72С-123.45", "72C12345"),
        ("51В-123.45", "51B12345"),
        ("７２Ｃ－１２３．４５", "72C12345"),
        ("\u202d72C-123.45\u202c", "72C12345"),
        ("BKS: 72C-123.45", "72C12345"),
        ("Xe 72c12345", "72C12345"),
        ("59-MD 123.45", "59MD12345"),
    ],
)
def test_e11_a_plate_has_one_form_whatever_the_keyboard_lacks(text: str, plate: str) -> None:
    assert read_plates(text).numbers == (plate,)
    assert readings(plate)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "72C-123.45 / 72R-000.11",
            "72C-123.45/72R-000.11",
            "72c12345; 72r00011",
            "72C-123.45 và 72R-000.11",
        ),
        *("72C-123.45\n72R-000.11", "72C-123.45, 72R-000.11", "72C-123.45 72R-000.11", "72C12345-72R00011"),
        *(
            "72C1234572R00011",
            "72C-123.45 (72R-000.11)",
            "72R-000.11 / 72C-123.45",
            "72C-123.45 + 72R-000.11",
        ),
    ],
)
def test_e11_tractor_and_trailer_are_two_plates_and_the_tractors_comes_first(text: str) -> None:
    assert read_plates(text).numbers == ("72C12345", "72R00011")
    assert main_plate(text) == "72C12345"


def test_a_pair_keeps_a_plate_of_no_known_kind() -> None:
    assert read_plates("13C-123.45 / 72R-000.11").numbers == ("13C12345", "72R00011")
    assert read_plates("72C-123.45 / 72C-123.45").numbers == ("72C12345",)


def test_a_comma_within_a_plate_parts_nothing() -> None:
    assert read_plates("72C-123,45").numbers == ("72C12345",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("72C-123.45 / 72R-000.11 / 72R-000.12", "plate_too_many"),
        ("72C-123.45 72R-000.11 72R-000.12", "plate_too_many"),
        ("9" * 21, "plate_too_long"),
        ("9" * 9_999, "plate_too_long"),
    ],
)
def test_more_than_a_vehicle_has_is_refused(text: str, code: str) -> None:
    assert refused_as(lambda: read_plates(text)) == code


@pytest.mark.parametrize("text", ["", "---", "\u200b", "xe của tôi", "🚚"])
def test_a_vehicle_without_a_known_plate_is_named_by_what_there_is(text: str) -> None:
    assert main_plate(text) == normalise_plate(text)


def test_sixty_three_provinces_share_no_plate_code() -> None:
    assert len(PROVINCES) == len({province.code for province in PROVINCES}) == 63
    assert len(PROVINCE_BY_PLATE_CODE) == sum(len(province.plate_codes) for province in PROVINCES)
    assert PROVINCE_BY_PLATE_CODE["72"].name == PROVINCE_BY_ID_PREFIX["077"].name == "Bà Rịa - Vũng Tàu"
    assert len(DISTRICTS) == 8
