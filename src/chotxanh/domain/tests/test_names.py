"""Names: folding, order, masking, transliteration, legacy encodings."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.domain.names import (
    fold,
    mask_id_number,
    mask_name,
    mask_phone,
    normalise_name,
    parse_name,
    sort_key,
    split_name,
    transliterate_icao,
)
from chotxanh.domain.tests.contract import vectors
from chotxanh.domain.tests.refusal import refused_as

CONTRACT = vectors("names")


@pytest.mark.parametrize("case", CONTRACT["fold"], ids=lambda case: repr(case["text"]))
def test_shared_fold_vectors(case: dict[str, str]) -> None:
    assert fold(case["text"]) == case["folded"]


@pytest.mark.parametrize("case", CONTRACT["normalise"], ids=lambda case: repr(case["text"]))
def test_shared_normalise_vectors(case: dict[str, str]) -> None:
    assert normalise_name(case["text"]) == case["normalised"]


def test_one_search_finds_both_tone_placements_and_both_hoas() -> None:
    assert fold("Hoà") == fold("Hòa") == fold("HOA") == "hoa"
    assert normalise_name("Hoa") != normalise_name("Hòa")


def test_decomposed_input_is_the_same_name() -> None:
    name = "Nguyễn Thị Ngọc Diệp"
    assert normalise_name(unicodedata.normalize("NFD", name)) == name


@given(st.text(st.sampled_from("aă\u0306\u0301 \u0323ĐơK\u212a\u00a0\t\u200b\u3000-")))
def test_a_name_already_kept_is_found_so_in_any_way(text: str) -> None:
    name = normalise_name(text)
    # A zero width space sends the same name the long way.
    assert name == normalise_name(text + "\u200b") == normalise_name(name)


def test_every_character_is_kept_or_not_in_any_way() -> None:
    for name in (f"A{chr(code)}B" for code in range(0x10000)):
        assert normalise_name(name) == normalise_name(name + "\u200b")


def test_given_names_sort_in_the_order_of_the_vietnamese_alphabet() -> None:
    in_order = ["Bùi An", "Nguyễn An", "Hà Ăn", "Lê Ân", "Ngô Ẩn", "Cao Ấn", "Phạm Dũng", "Trần Văn Đạt"]
    assert sorted(sorted(in_order), key=sort_key) == in_order


def test_names_of_one_word_and_with_apostrophes_sort_too() -> None:
    assert sorted(["Y Moan", "H'Hen Niê", "Hương"], key=sort_key) == ["Hương", "Y Moan", "H'Hen Niê"]


@pytest.mark.parametrize(
    ("name", "masked"),
    [("Nguyễn Văn A", "N*** V*** A"), ("H'Hen Niê", "H*** Niê"), ("Hương", "H***"), ("", "***")],
)
def test_masked_names_show_the_given_name_only(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_masks_follow_decision_1405() -> None:
    assert mask_id_number("077090000123") == "******000123"
    assert mask_id_number("B12345") == "******"
    assert mask_phone("+84912345678") == "*** *** 678"


@pytest.mark.parametrize(
    ("name", "parts"),
    [("Nguyễn Văn An", ("Nguyễn", "Văn An")), ("Hương", ("Hương", "")), (" Lê  Lợi", ("Lê", "Lợi"))],
)
def test_family_name_comes_first(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


@pytest.mark.parametrize(
    ("text", "transliterated"),
    [
        ("Đặng Thị Hoà", "DANG<THI<HOA"),
        ("Ðặng", "DANG"),
        ("Nguyễn Ngọc Thuỷ Tiên", "NGUYEN<NGOC<THUY<TIEN"),
        ("H'Hen Niê", "HHEN<NIE"),
        ("Müller-Lüdenscheidt", "MUELLER<LUEDENSCHEIDT"),
        ("Søren Ærø Åse", "SOEREN<AEROE<AASE"),
        ("Ткаченко", "TKACHENKO"),
        ("Straße", "STRASSE"),
        ("王", ""),
        ("- A -", "A"),
    ],
)
def test_transliteration_follows_icao_9303(text: str, transliterated: str) -> None:
    assert transliterate_icao(text) == transliterated


def test_transliteration_fits_the_certificate() -> None:
    assert len(transliterate_icao("Trần " * 40)) <= 80


@pytest.mark.parametrize(
    "text",
    [
        "TrÇn V¨n A",
        "NguyÔn",
        "§Æng",
        "Mai Ph\u00adîng",
        "Phïng",
        "Nguyeãn Vaên A",
        "TRAÀN THÒ",
        "Ñaøo Hieáu",
        "Phaïm Thò Höông",
        "Ñinh Coâng Traùng",
        "Ñaït",
    ],
)
def test_legacy_encodings_are_refused(text: str) -> None:
    assert refused_as(lambda: parse_name(text)) == "name_legacy_encoding"


@pytest.mark.parametrize(
    "text",
    [
        "João Leão",
        "Seán",
        "Noël Aïcha",
        "Nguyễn Thị Thuý",
        "Hoàng Quà Khoá",
        "Đỗ Huê Uyên",
        "Søren Åse",
        "Anaïs Müller",
        "Raúl Ñíguez",
        "Benoît Loïc",
        "Niê",
    ],
)
def test_names_that_only_look_unusual_are_accepted(text: str) -> None:
    assert parse_name(text) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  ", "name_missing"),
        ("...", "name_missing"),
        ("a" * 101, "name_too_long"),
        ("a" * 100_000, "name_too_long"),
        ("Nguyễn 9", "name_invalid_characters"),
        ("A|B", "name_invalid_characters"),
    ],
)
def test_what_is_no_name_is_refused(text: str, code: str) -> None:
    assert refused_as(lambda: parse_name(text)) == code
