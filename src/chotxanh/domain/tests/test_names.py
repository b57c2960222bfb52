"""Names: folding, order, masking, transliteration, legacy encodings."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.domain.name_damage import is_damaged
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
from chotxanh.domain.problems import Problem
from chotxanh.domain.tests.contract import vectors
from chotxanh.domain.tests.refusal import refused_as

CONTRACT = vectors("names")


@pytest.mark.parametrize("case", CONTRACT["fold"], ids=lambda case: repr(case["text"]))
def test_shared_fold_vectors(case: dict[str, str]) -> None:
    assert fold(case["text"]) == case["folded"]


@pytest.mark.parametrize("case", CONTRACT["normalise"], ids=lambda case: repr(case["text"]))
def test_shared_normalise_vectors(case: dict[str, str]) -> None:
    assert normalise_name(case["text"]) == case["normalised"]


@pytest.mark.parametrize("case", CONTRACT["damaged"], ids=lambda case: ascii(case["text"]))
def test_shared_damage_vectors(case: dict[str, object]) -> None:
    assert is_damaged(str(case["text"])) is case["is_damaged"]


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
        "L\u00adu Quang",
        "Huúnh Anh",
        "Ng么 B谩",
        "Nguyá»…n",
        "NguyêÞn Vãn A",
        "Nguy峄卬 V膬n A",
        "Phan Vónh Haûi",
        "La Minh Quoác",
        "Trònh An",
        "An Phuïc",
        "Huỳnh Ñoàng",
        "BĂši An",
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
    "text",
    ["王小明", "ສົມພອນ", "សុខ ដារ៉ា", "สมชาย ใจดี", "김민수", "Ткаченко", "Γιώργος", "محمد", "王小明 Wang"],
)
def test_e2_a_name_in_another_script_is_asked_for_as_the_passport_has_it(text: str) -> None:
    assert refused_as(lambda: parse_name(text)) == "name_not_latin"


def test_e2_the_character_that_no_name_has_is_named() -> None:
    with pytest.raises(Problem) as caught:
        parse_name("Nguyễn Văn A & B")
    assert caught.value.params == {"character": "&"}


@pytest.mark.parametrize(
    "text",
    [
        *("H'Hen Niê", "H’Hen Niê", "Y Blim Niê Kdăm", "Đinh Thị Ơ-rê", "Hương", "K'Brơh", "R'Com H'Bơ Khăp"),
        *(
            "Brôl Vẻl",
            "Pơloong Nhơ",
            "Kpă H'Ñuê",
            "Y Sư\u0306k Čil",
            "Voòng A Sáng",
            "Hoòng Thị Quì",
            "Vàng A Sì",
        ),
        *(
            "J. R. R. Tolkien",
            "Nguyễn V. A.",
            "Renée O'Connor",
            "Søren Kierkegaard",
            "Weiß",
            "Núñez",
            "Françoise",
        ),
        *(
            "Ó hÉidhniú",
            "Eyþór Þórsson",
            "Niccolò",
            "Mitică Popa",
            "MITICĂ POPA",
            "Łukasz Żółć",
            "Gal·la",
            "Jaén",
        ),
        *("Ðặng Văn A", "Nguyễn", "Nguyễn Thị A", "Trần Thị Mỹ-Duyên"),
    ],
)
def test_e2_names_of_everybody_are_kept_as_they_are(text: str) -> None:
    assert parse_name(text) == text
    assert transliterate_icao(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "\u202dNguyễn Văn An\u202c",
            "Nguyễn\u200b Văn An",
            "Nguyễn Vă\u00adn An",
            "Nguyễn\u00a0Văn\u3000An",
        ),
        *("Nguyễn Văn An\ufe0f", "\ufeffNguyễn Văn An", "Nguyễn \u2068Văn\u2069 An"),
    ],
)
def test_e4_a_name_is_kept_without_what_nobody_sees(text: str) -> None:
    assert parse_name(text) == "Nguyễn Văn An"


def test_full_width_letters_and_hyphens_that_do_not_break_are_ordinary_ones() -> None:
    assert parse_name("ＷＡＮＧ ＸＩＡＯＭＩＮＧ") == "WANG XIAOMING"
    assert parse_name("Ơ\u2011rê") == "Ơ-rê"


PEOPLE = [
    *(
        "Nguyễn Văn Thử",
        "Trần Thị Hồng Gấm",
        "Đặng Quốc Việt",
        "Phạm Hữu Đức",
        "Huỳnh Thị Mỹ",
        "Vũ Đình Trường",
    ),
    *("Lê Phước Thọ", "Hoàng Ngọc Ánh", "Đỗ Thị Ửng", "Phùng Thị Bích Phượng"),
]
PAGES = [
    *(
        "cp1252",
        "latin-1",
        "cp1258",
        "gbk",
        "big5",
        "shift_jis",
        "euc_kr",
        "cp1251",
        "cp1250",
        "cp1254",
        "cp437",
    ),
    *("cp850", "cp874", "mac_roman", "koi8-r", "iso8859-2", "utf-16-le"),
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", PEOPLE)
def test_e8_a_name_read_with_a_wrong_code_page_is_refused(name: str, page: str) -> None:
    damaged = name.encode().decode(page, "replace")
    assert refused_as(lambda: parse_name(damaged)).startswith("name_")


@pytest.mark.parametrize("name", PEOPLE)
def test_e8_a_name_of_windows_1258_is_composed_or_refused(name: str) -> None:
    pieces = [split_tones(letter) for letter in name]
    assert parse_name("".join(pieces)) == name
    bytes_of_it = "".join(pieces).encode("cp1258")
    assert refused_as(lambda: parse_name(bytes_of_it.decode("cp1252"))) == "name_legacy_encoding"


def split_tones(letter: str) -> str:
    """The letter as Windows-1258 writes it: its tone behind it, its other marks part of it."""
    marks = unicodedata.normalize("NFD", letter)
    tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones)) + "".join(tones)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  ", "name_missing"),
        ("...", "name_missing"),
        ("a" * 101, "name_too_long"),
        ("a" * 100_000, "name_too_long"),
        ("Nguyễn 9", "name_invalid_characters"),
        ("A|B", "name_invalid_characters"),
        ("Nguyễn Văn A 😀", "name_invalid_characters"),
        ("Nguyễn_Văn_A", "name_invalid_characters"),
        ("Nguyễn & Trần", "name_invalid_characters"),
        ("Nguyễn Văn A/Trần B", "name_invalid_characters"),
        ("Nguyễn Văn A, Trần B", "name_invalid_characters"),
        ("Nguyen^~n Va(n A", "name_invalid_characters"),
        ("Z\u0300\u0301\u0302\u0303algo", "name_invalid_characters"),
        ("\u0301Nguyễn", "name_invalid_characters"),
        ("Nguyễn V?n Thử", "name_letters_lost"),
        ("Nguy\ufffdn Văn A", "name_letters_lost"),
        ("Nguy□n Văn A", "name_letters_lost"),
        ("Nguyễn Vаn A", "name_look_alike"),
        ("Νguyễn Văn A", "name_look_alike"),
        ("Nguyễn Văn А", "name_look_alike"),
    ],
)
def test_e2_what_is_no_name_is_refused_by_what_is_wrong_with_it(text: str, code: str) -> None:
    assert refused_as(lambda: parse_name(text)) == code
