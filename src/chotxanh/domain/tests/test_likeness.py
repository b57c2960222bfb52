"""Who is proposed as one person to whoever decides, and who stays apart though much is equal."""

from dataclasses import replace

import pytest

from chotxanh.domain.likeness import (
    Alike,
    Apart,
    Likeness,
    Traits,
    compare_names,
    compare_numbers,
    likeness,
)

DRIVER = Traits("Nguyễn Văn Đường", 1985, "1985-03-05", "077085000123", "+84912345678")


def compared(**changed: object) -> Likeness | None:
    found = likeness(DRIVER, replace(DRIVER, **changed))  # type: ignore[arg-type]
    back = likeness(replace(DRIVER, **changed), DRIVER)  # type: ignore[arg-type]
    assert (found is None) == (back is None)
    assert found is None or back is None or (found.apart, found.number) == (back.apart, back.number)
    return found


def is_proposed(**changed: object) -> bool:
    found = compared(**changed)
    return found is not None and found.apart is None


def apart(**changed: object) -> Apart | None:
    found = compared(**changed)
    return found.apart if found else None


def test_name_and_year_alone_are_never_proposed() -> None:
    for number in (None, "271234567", "B1234567"):
        for phone in (None, "+84900000001"):
            assert compared(id_number=number, phone=phone) is None
    assert compared(id_number="079085999999", phone=None) is None


def test_the_same_name_year_and_phone_are_proposed_where_no_number_speaks_against_it() -> None:
    assert is_proposed(id_number=None)
    assert is_proposed(id_number="271234567")  # the old card, then the new one
    assert is_proposed(id_number=None, birth_date=None)


def test_one_digit_off_or_two_swapped_is_proposed_whatever_the_phone() -> None:
    for number, how, place in (("077085000124", Alike.ONE_OFF, 12), ("077085000132", Alike.SWAPPED, 11)):
        found = compared(id_number=number, phone=None)
        assert found is not None
        assert (found.number, found.place, found.apart) == (how, place, None)
    assert compared(id_number="077085000124", birth_year=1986, birth_date=None, phone=None) is None
    assert compared(id_number="077085000124", full_name="Nguyễn Văn Được", phone=None) is None


def test_two_different_numbers_of_one_kind_are_two_people() -> None:
    assert apart(id_number="079085999999") is Apart.NUMBERS


def test_father_and_son_of_one_name_and_one_phone_stay_apart() -> None:
    assert apart(birth_year=1958, birth_date=None, id_number=None) is Apart.YEARS
    assert apart(birth_year=2008, birth_date="2008-01-02", id_number=None) is Apart.YEARS


def test_twins_stay_apart_though_their_numbers_follow_each_other() -> None:
    for number in (None, "077085000124"):
        assert compared(full_name="Nguyễn Văn Sáng", id_number=number) is None
        for twin in ("Nguyễn Văn Dương", "Nguyễn Văn Đưỡng"):
            assert apart(full_name=twin, id_number=number) is Apart.MARKS


def test_colleagues_of_one_name_and_year_who_share_a_phone_stay_apart_by_their_day() -> None:
    assert apart(id_number=None, birth_date="1985-11-20") is Apart.DAYS
    assert is_proposed(id_number=None, birth_date="1985-01-01")  # written where only the year is known


def test_a_shared_phone_alone_is_nothing() -> None:
    assert compared(full_name="Lê Thị Hồng Gấm", id_number=None, birth_year=1994, birth_date=None) is None
    assert compared(full_name="Lê Thị Hồng Gấm", id_number=None) is None


def test_people_without_papers_and_with_the_year_only_are_proposed_by_the_phone_alone() -> None:
    one = Traits("Y Bhăm Niê Kdăm", 1966, None, None, "+84377000999")
    assert likeness(one, one) == Likeness(Alike.SAME, Alike.SAME, Alike.UNKNOWN, Alike.SAME)
    assert likeness(one, replace(one, phone=None)) is None


def test_the_same_number_is_proposed_with_one_slip_and_not_with_another_name_and_year() -> None:
    assert is_proposed(birth_year=1958, birth_date=None)
    assert is_proposed(full_name="Nguyễn Văn Được", phone=None)
    assert compared(full_name="Nguyễn Văn Được", birth_year=2010, birth_date=None) is None


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Nguyễn Thị Hoà", "nguyễn thị HÒA", Alike.SAME),
        ("Nguyễn Thị Hòa", "Nguyen Thi Hoa", Alike.WITHOUT_MARKS),
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hoa", Alike.OTHER_MARKS),
        ("Đỗ Anh", "Đỗ Ánh", Alike.OTHER_MARKS),
        ("Do Anh", "Đỗ Ánh", Alike.WITHOUT_MARKS),
        ("Đỗ Anh", "Đỗ Oanh", Alike.DIFFERENT),
        ("Sang", "Sang", Alike.SAME),
    ],
)
def test_names_compare_by_letters_and_marks(one: str, other: str, alike: Alike) -> None:
    assert compare_names(one, other) is compare_names(other, one) is alike


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (None, "077085000123", (Alike.UNKNOWN, 0)),
        ("271234567", "077085000123", (Alike.OTHER_PAPER, 0)),
        ("271234567", "271234568", (Alike.ONE_OFF, 9)),
        ("271234567", "721234567", (Alike.SWAPPED, 1)),
        ("271234567", "271234578", (Alike.DIFFERENT, 0)),
        ("271234567", "261334567", (Alike.DIFFERENT, 0)),
        ("B1234567", "B12345678", (Alike.DIFFERENT, 0)),
        ("B1234567", "C1234567", (Alike.ONE_OFF, 1)),
    ],
)
def test_numbers_compare_by_their_kind_and_their_digits(
    one: str | None, other: str, expected: tuple[Alike, int]
) -> None:
    assert compare_numbers(one, other) == expected
