"""What people write of a place means one unit, or they are asked which; it is never guessed."""

import pytest

from chotxanh.domain.problems import Problem
from chotxanh.domain.units import Scheme
from chotxanh.units.places import (
    LONGEST_WORDS,
    full_name,
    is_chosen,
    is_within,
    may_mean,
    named,
    nearest_first,
    place_named,
    read_place,
    short_name,
    unit_named,
)
from chotxanh.units.tables import sought

BR_VT = place_named("nso-2021:77").unit


def read(words: str, chosen: str = "", scheme: str = Scheme.NSO_2021) -> str:
    return named(read_place(words, chosen, scheme).unit)


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("brvt", "nso-2021:77"),
        ("Bà Rịa - Vũng Tàu", "nso-2021:77"),
        ("tp hcm", "nso-2021:79"),
        ("TP. Hồ Chí Minh", "nso-2021:79"),
        ("đồng nai", "nso-2021:75"),  # and not the commune that is named after it
        ("q1", "nso-2021:760"),
        ("biên hòa", "nso-2021:731"),
        ("mỹ xuân brvt", "nso-2021:26719"),
        ("phường phú mỹ, brvt", "nso-2021:26704"),
        ("sài gòn", "nso-2025:26740"),  # of one scheme alone
    ],
)
def test_words_that_can_mean_one_place_mean_it(words: str, unit: str) -> None:
    assert read(words) == unit


@pytest.mark.parametrize("words", ["phu my", "phú mỹ, bà rịa - vũng tàu", "long thành", "xã tân"])
def test_words_that_may_mean_several_are_asked_about(words: str) -> None:
    with pytest.raises(Problem, match="place_unclear"):
        read(words)
    assert len(may_mean(words)) > 1


def test_the_own_provinces_units_are_offered_first() -> None:
    first, second, *_ = nearest_first(may_mean("phu my"), "nso-2021:77")
    assert [full_name(first), full_name(second)] == [
        "Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu",
        "Phường Phú Mỹ, Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu",
    ]


def test_what_nobody_knows_is_said_to_be_unknown() -> None:
    with pytest.raises(Problem, match="place_unknown"):
        read("xyzzy", "nso-2021:77")


def test_of_both_schemes_the_provinces_own_is_meant() -> None:
    assert read("đồng nai", scheme=Scheme.NSO_2025) == "nso-2025:75"


def test_a_choice_holds_while_the_words_may_mean_it() -> None:
    assert read("phu my", "nso-2021:754") == "nso-2021:754"
    assert read("Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu", "nso-2021:754") == "nso-2021:754"
    assert read("Đồng Nai", "nso-2021:754") == "nso-2021:75"
    assert read("Đồng Nai", "nso-2099:1") == "nso-2021:75"


def test_the_words_stay_as_they_were_written() -> None:
    assert read_place("q1", "", Scheme.NSO_2021).words == "q1"


def test_a_unit_is_named_with_what_stands_above_it() -> None:
    commune = place_named("nso-2021:26719").unit
    assert full_name(commune) == "Phường Mỹ Xuân, Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu"
    assert short_name(commune) == "Phường Mỹ Xuân, Bà Rịa - Vũng Tàu"
    assert full_name(BR_VT) == short_name(BR_VT) == "Tỉnh Bà Rịa - Vũng Tàu"
    assert unit_named("nso-2021:99999") is None


@pytest.mark.parametrize(
    ("unit", "is_inside"),
    [
        ("nso-2021:754", True),
        ("nso-2021:75", False),
        ("nso-2025:26704", True),
        ("nso-2025:75", False),
        ("nso-2025:79", None),  # a third of it was this province
    ],
)
def test_whether_a_place_lies_in_the_province_is_known_in_both_schemes(
    unit: str, is_inside: bool | None
) -> None:
    assert is_within(place_named(unit).unit, BR_VT) is is_inside


def test_words_longer_than_a_form_takes_are_not_compared_with_the_unit_chosen() -> None:
    name = full_name(BR_VT)
    assert is_chosen(name, named(BR_VT))
    assert not is_chosen(name.ljust(LONGEST_WORDS + 1), named(BR_VT))


def test_no_full_name_is_longer_than_a_form_takes() -> None:
    assert max(len(full_name(each)) for each in sought()) <= LONGEST_WORDS // 2
