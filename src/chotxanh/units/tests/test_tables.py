"""The tables of administrative units are whole, agree with each other, and guess nothing."""

import unicodedata

import pytest

from chotxanh.domain.names import fold
from chotxanh.domain.unit_search import read_sought
from chotxanh.domain.units import PROVINCES, Level, Scheme, Unit
from chotxanh.units import tables
from chotxanh.units.tables import find, now, then, unit_of

# Resolution 202/2025/QH15, article 1: the provinces of 2021, by code, that are one now.
MERGED = {
    "01": "01", "04": "04", "08": "08 02", "11": "11", "12": "12", "14": "14", "15": "15 10", "19": "19 06",
    "20": "20", "22": "22", "24": "24 27", "25": "25 26 17", "31": "31 30", "33": "33 34", "37": "37 35 36",
    "38": "38", "40": "40", "42": "42", "44": "44 45", "46": "46", "48": "48 49", "51": "51 62", "52": "52 64",
    "56": "56 58", "66": "66 54", "68": "68 67 60", "75": "75 70", "79": "79 74 77", "80": "80 72",
    "82": "82 87", "86": "86 83 84", "91": "91 89", "92": "92 93 94", "96": "96 95",
}  # fmt: skip
# Where no source says into which other commune one was merged, only those that its district came to.
FOLLOWED_TO_THE_DISTRICT = {
    *("10774", "13339", "20239", "26896", "27262", "27268", "27313", "27322", "27370", "28825")
}


def all_units() -> list[Unit]:
    return list(tables._units().values())


def of(scheme: Scheme, level: Level) -> list[Unit]:
    return [unit for unit in all_units() if (unit.scheme, unit.level) == (scheme, level)]


def codes(options: list[tables.Option]) -> list[str]:
    return [each.unit.code for each in options]


def test_there_are_as_many_as_the_statistics_office_counts() -> None:
    assert tables.count() == {
        "nso-2021": {"province": 63, "district": 705, "commune": 10_599},
        "nso-2025": {"province": 34, "commune": 3_321},
    }


def test_every_unit_lies_in_one_above_it_and_is_named_in_composed_letters() -> None:
    above = {Level.DISTRICT: Level.PROVINCE}
    for unit in all_units():
        assert unit.name == " ".join(unicodedata.normalize("NFC", unit.name).split())
        if unit.level is Level.PROVINCE:
            assert not unit.parent
        elif unit.scheme is Scheme.NSO_2025:
            assert unit_of(unit.scheme, unit.parent).level is Level.PROVINCE
        else:
            assert unit_of(unit.scheme, unit.parent).level is above.get(unit.level, Level.DISTRICT)


def test_provinces_came_to_those_that_the_resolution_names() -> None:
    merged = {unit.code: set(codes(then(unit))) for unit in of(Scheme.NSO_2025, Level.PROVINCE)}
    assert merged == {new: set(olds.split()) for new, olds in MERGED.items()}


def test_the_provinces_with_plates_are_those_of_the_table() -> None:
    for province in PROVINCES:
        named = unit_of("nso-2021", province.code).name
        assert fold(named).endswith(fold(province.name.removeprefix("TP. ")))  # Hoà Bình, Hòa Bình


def test_whatever_is_followed_stays_in_the_province_that_its_own_came_to() -> None:
    """Two sources that know nothing of each other: of provinces, and of communes."""
    for unit in of(Scheme.NSO_2021, Level.COMMUNE):
        province = unit_of(unit.scheme, unit_of(unit.scheme, unit.parent).parent)
        (there,) = now(province)
        assert {each.unit.parent for each in now(unit)} == {there.unit.code}, unit


def test_every_unit_of_2021_came_to_some_and_every_new_one_has_some_that_came_to_it() -> None:
    for unit in all_units():
        assert now(unit)
        assert then(unit)
        assert sum(each.is_default for each in now(unit)) <= 1
        assert sum(each.is_default for each in then(unit)) <= 1


def test_both_directions_tell_the_same() -> None:
    forwards = {(unit.code, code) for unit in of(Scheme.NSO_2021, Level.COMMUNE) for code in codes(now(unit))}
    backwards = {
        (code, unit.code)
        for unit in of(Scheme.NSO_2025, Level.COMMUNE)
        for code in codes(then(unit))
        if len(code) == 5
    }
    assert forwards == backwards


def test_a_split_is_a_choice_of_which_one_may_be_proposed() -> None:
    split = [unit for unit in of(Scheme.NSO_2021, Level.COMMUNE) if len(now(unit)) > 1]
    proposed = [unit for unit in split if any(each.is_default for each in now(unit))]
    sizes = sorted({len(now(unit)) for unit in proposed})
    assert sizes == [2, 3, 4, 5]


def test_where_nothing_says_what_a_commune_was_merged_into_nothing_is_proposed() -> None:
    for code in FOLLOWED_TO_THE_DISTRICT:
        unit = unit_of("nso-2021", code)
        assert not any(each.is_default for each in now(unit))
        assert set(codes(now(unit))) <= set(codes(now(unit_of("nso-2021", unit.parent))))


@pytest.mark.parametrize("code", ["15", "24", "44", "52", "80", "82", "91"])
def test_the_same_code_of_two_schemes_may_be_another_province(code: str) -> None:
    old, new = unit_of("nso-2021", code), unit_of("nso-2025", code)
    assert old.name.split()[-2:] != new.name.split()[-2:]


def test_five_islands_without_communes_are_special_zones_now() -> None:
    islands = [unit for unit in of(Scheme.NSO_2021, Level.DISTRICT) if len(now(unit)) == 1]
    assert {each.unit.name for unit in islands for each in now(unit) if each.unit.name.startswith("Đặc khu")} >= {
        "Đặc khu Bạch Long Vĩ", "Đặc khu Cồn Cỏ", "Đặc khu Hoàng Sa", "Đặc khu Lý Sơn", "Đặc khu Côn Đảo"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("scheme", "code"), [("nso-2021", "99"), ("nso-2025", "747"), ("", "77"), ("nso-2019", "77")]
)
def test_a_unit_that_never_was_is_refused(scheme: str, code: str) -> None:
    with pytest.raises(KeyError):
        unit_of(scheme, code)


# What is typed, and what comes first: scheme and code.
SOUGHT = [
    ("brvt", "nso-2021:77"),
    ("BR-VT", "nso-2021:77"),
    ("bà rịa vũng tàu", "nso-2021:77"),
    ("q1", "nso-2021:760"),
    ("Q.10", "nso-2021:771"),
    ("quan 1", "nso-2021:760"),
    ("tp hcm", "nso-2021:79"),
    ("tphcm", "nso-2021:79"),
    ("TP.HCM", "nso-2021:79"),
    ("sg", "nso-2021:79"),
    ("hn", "nso-2021:01"),
    ("p. phu my, brvt", "nso-2021:26704"),
    ("phường phú mỹ tx phú mỹ", "nso-2021:26704"),
    ("brvt p phu my", "nso-2021:26704"),
    ("p1 vung tau", "nso-2021:26506"),
    ("Vũng Tàu, phường 01", "nso-2021:26506"),
    ("tx phu my", "nso-2021:754"),
    ("h chau duc", "nso-2021:750"),
    ("chau d", "nso-2021:750"),
    ("ca mau", "nso-2021:96"),
    ("tt dat do", "nso-2021:26680"),
    ("dak lak", "nso-2021:66"),
    ("ĐẮK LẮK", "nso-2021:66"),
    ("dk con dao", "nso-2025:26732"),
    ("tinh thua thien hue", "nso-2021:46"),
    ("thành phố huế", "nso-2025:46"),
]


@pytest.mark.parametrize(("text", "first"), SOUGHT)
def test_a_unit_is_found_as_people_type_it(text: str, first: str) -> None:
    found = [f"{unit.scheme}:{unit.code}" for unit in find(text)]
    assert found[0] == first
    assert len(found) <= 10
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "text", ["", "   ", ",.-", "🚧", "zzzzz", "phu my paris", "\x00", "%", "a" * 100_000]
)
def test_what_means_no_unit_finds_none(text: str) -> None:
    assert find(text) == []


def test_of_what_is_typed_no_more_is_read_than_a_name_needs() -> None:
    """A hundred letters, each in half of all names, were compared in ten thousand ways with each."""
    assert read_sought("a " * 1000) == ["a"] * 12
    longest = max(all_units(), key=lambda unit: len(unit.name))
    assert longest in find(longest.name)


def test_marks_put_together_of_letters_and_accents_are_marks_as_typed() -> None:
    """Some keyboards send them so; of units that fit alike those with other marks came first then."""
    assert find(unicodedata.normalize("NFD", "xã tân hòa")) == find("xã tân hòa")
    assert find("xã tân hòa")[0].name == "Xã Tân Hòa"


def test_every_unit_is_found_by_its_own_name_with_those_above_it() -> None:
    for unit in all_units()[::101]:
        chain, at = [unit.name], unit
        while at.parent:
            at = unit_of(at.scheme, at.parent)
            chain.append(at.name)
        for text in (", ".join(chain), unicodedata.normalize("NFD", ", ".join(chain))):
            assert unit in find(text), text


@pytest.mark.parametrize(("text", "first"), [("tan", "Huyện Tân Biên"), ("vinh phu", "Phường Vinh Phú")])
def test_words_in_full_come_before_beginnings_and_no_commune_is_found_by_initials(
    text: str, first: str
) -> None:
    """For `tan` came Tam Anh Nam first, by its initials, and then Tánh Linh."""
    assert find(text)[0].name == first
