"""What was found in scans of version 0.1 (findings E): the kind, and not the example."""

from datetime import date

import pytest

from chotxanh.domain.scan import Scan, recognise
from chotxanh.domain.tests.contract import vectors
from chotxanh.domain.tests.machine_lines import identity_card, passport
from chotxanh.domain.tests.refusal import refused_as
from chotxanh.domain.tube_field import read_tube
from chotxanh.domain.tubes import normalise_tube

TODAY = date(2026, 11, 27)
CARD = "077090000123||Nguyễn Văn A|05031990|Nam|Phú Mỹ|31052021"
SECOND = "077190000123||Trần Thị B|05031991|Nữ|Phú Mỹ|31052021"
INSURANCE = (
    "DN4797915071234|4e677579e1bb856e2056c4836e2041|05/03/1990|1|5068c3ba204de1bbb9|79 - 034|01/01/2021|31/12/2021"
    "|15/01/2021|79047915071234|-|4|01/01/2025|16e2a7102|4|5175|$"
)


def of(text: str) -> Scan:
    return recognise(text, today=TODAY)


@pytest.mark.parametrize("case", vectors("scan")["tubes"], ids=lambda case: ascii(case["text"][:40]))
def test_shared_vectors_of_the_field_for_a_tube(case: dict[str, object]) -> None:
    if case["problem"] is not None:
        assert refused_as(lambda: read_tube(str(case["text"]))) == case["problem"]
        return
    found = read_tube(str(case["text"]))
    assert (found.barcode, list(found.warnings)) == (case["tube"], case["warnings"])


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("077090000123", "may_be_id_number"),
        ("273123456", "may_be_id_number"),
        ("0912345678", "may_be_phone"),
        ("TEL:0912345678", "may_be_phone"),
        ("84912345678", "may_be_phone"),
        ("DN4797915071234", "may_be_insurance_number"),
        ("B1234567", "may_be_passport_number"),
        ("M12345678", "may_be_passport_number"),
        ("8934563138165", "may_be_product_code"),
        ("96385074", "may_be_product_code"),
        ("05/07/2021", "may_be_date"),
        ("2021-07-05 14:05", "may_be_date"),
        ("20210705", "may_be_date"),
        ("SHC:/567629", "may_be_link"),
        ("RT0001RT0001", "may_be_two_scans"),
        ("RT0001RT0002", "may_be_two_scans"),
        ("RT0001 RT0002", "may_be_two_scans"),
        ("RT0001\nRT0001", "may_be_two_scans"),
        ("RT0001PR3VFLL1XKQV6S5", "may_be_two_scans"),
        ("PR3VFLL1XKQV6S5RT0001", "may_be_two_scans"),
        ("RT0001KCHTXNH11H", "may_be_two_scans"),
        ("0770900001230912345678", "may_be_two_scans"),
    ],
)
def test_e1_a_barcode_says_what_else_it_looks_like(text: str, warning: str) -> None:
    assert warning in read_tube(text).warnings


@pytest.mark.parametrize(
    "text", ["RT0001", "XN-2021-0007", "TCPNG01S5F6RBTL", "007", "LAB 21 07", "2107051200", "10000001"]
)
def test_e1_labels_of_suppliers_look_like_nothing_else(text: str) -> None:
    assert read_tube(text).warnings == ()


@pytest.mark.parametrize("text", ["XNß0001234", "XNſ0001", "XN\u212a001", "ＸＮ０００１", "XNŉ001", "ống 1"])
def test_e3_no_letter_is_taken_for_those_it_becomes_in_capitals(text: str) -> None:
    assert normalise_tube(text) is None
    assert recognise(text).kind != "tube_barcode"


def test_e3_a_group_separator_within_keeps_two_tubes_apart() -> None:
    assert normalise_tube("0012\x1d21AB") != normalise_tube("001221AB")
    assert normalise_tube("]C1\x1d0012\x1d21AB\x1d\r\n") == "0012\x1d21AB"
    assert recognise("]C1\x1d0012\x1d21AB").fields == {"tube_barcode": "0012\x1d21AB"}


@pytest.mark.parametrize(
    "text",
    [
        "Xe 72C-12345 được phép lưu thông",
        '{"ten":"Nguyễn Văn A","nam":1990}',
        "BEGIN:VCARD\nFN:Nguyễn Văn A\nTEL:0912345678\nEND:VCARD",
        "Số 12 đường 3 tháng 2",
        "1990 Nguyễn",
    ],
)
def test_e5_a_text_of_people_is_no_fault_of_the_keyboard(text: str) -> None:
    assert of(text) == Scan("unknown")


@pytest.mark.parametrize("text", ["RT00ư01", "PR3VFLLăXKQV6S5", "77-Đ1 234", "4ệ7779ệbb8ẻc86é|05/03/1990|1"])
def test_e5_a_code_with_a_vietnamese_letter_is_suspected(text: str) -> None:
    assert of(text).warnings == ("input_method_suspected",)


@pytest.mark.parametrize(
    "text",
    [
        *(CARD[:place] for place in range(13, 30)),
        *(INSURANCE[:place] for place in (16, 40, 48)),
        CARD[20:],
        "P<VNMNGUYEN<<VAN<A<<<<<<<<<<<<<<<<<<<<<<<<<<",
    ],
)
def test_e5_a_cut_card_says_that_it_was_cut(text: str) -> None:
    assert of(text).warnings == ("scan_cut_off",)


@pytest.mark.parametrize("year", ["55", "20", "31", "99"])
def test_e7_nobody_is_born_in_the_future(year: str) -> None:
    found = of(passport(state="GBR", number="123456789", birth=f"{year}0305", expiry="991231"))
    assert int(str(found.fields["birth_year"])) <= TODAY.year
    assert (
        of(passport(state="GBR", number="123456789", birth="300305", expiry="350101")).fields["birth_year"]
        == 1930
    )


@pytest.mark.parametrize(
    ("number", "birth", "year"),
    [("077055000123", "550305", 1955), ("077215000123", "150305", 2015), ("077015000123", "150305", 1915)],
)
def test_e7_the_personal_number_says_the_century(number: str, birth: str, year: int) -> None:
    lines = identity_card(state="VNM", number=number[3:], beside=number, birth=birth, expiry="991231")
    found = of(lines)
    assert (found.fields["birth_year"], found.fields["id_number"]) == (year, number)
    assert found.warnings == ()


@pytest.mark.parametrize("state", ["USA", "GBR", "RUS", "AUS"])
def test_e7_nine_digits_of_another_country_are_a_passports(state: str) -> None:
    found = of(passport(state=state, number="123456789", birth="900305"))
    assert (found.fields["id_number"], found.fields["id_type"]) == ("123456789", "passport")


def test_e7_a_longer_number_goes_on_in_the_optional_field() -> None:
    lines = identity_card(state="BEL", number="592000001234", birth="900305")
    assert (of(lines).fields["id_number"], of(lines).warnings) == ("592000001234", ())
    assert of(lines.replace("592000001<", "592000002<")).warnings == ("check_digit_wrong",)


@pytest.mark.parametrize(
    ("birth", "year"), [("880000", 1988), ("88<<<<", 1988), ("8803<<", 1988), ("<<<<<<", None)]
)
def test_e7_a_date_that_is_not_known_takes_nothing_else_along(birth: str, year: int | None) -> None:
    found = of(passport(state="GBR", number="123456789", birth=birth))
    assert found.fields["full_name"] == "AN BINH"
    assert (found.fields.get("birth_year"), found.fields.get("birth_date")) == (year, None)
    assert "check_digit_wrong" not in found.warnings


@pytest.mark.parametrize("born", ["00001990", "00/00/1990", "1990-00-00"])
def test_e7_zeros_in_a_qr_leave_the_year(born: str) -> None:
    found = of(CARD.replace("05031990", born))
    assert (found.fields["birth_year"], "birth_date" in found.fields, found.warnings) == (1990, False, ())


@pytest.mark.parametrize(
    "name",
    [
        "Ng么 B谩",
        "Nguyá»…n VÄƒn A",
        "NguyÔn V¨n A",
        "NguyêÞn Vãn A",
        "Nguyб»…n",
        "Müller",
        "Nguy?n",
        "Nguy\ufffdn",
    ],
)
def test_e8_a_name_that_is_not_vietnamese_is_unreadable_on_a_vietnamese_card(name: str) -> None:
    assert "name_unreadable" in of(CARD.replace("Nguyễn Văn A", name)).warnings


@pytest.mark.parametrize("address", ["Ph煤 M峄", "PhÃº Má»¹", "Ph? M?", "Phó Mü, TX", "Phú M\ufffd"])
def test_e8_an_address_that_was_damaged_says_so(address: str) -> None:
    assert of(CARD.replace("Phú Mỹ", address)).warnings == ("address_unreadable",)


@pytest.mark.parametrize("address", ["Ấp 1/2 (cũ), P. Phú Mỹ", "Số 5-7, Đường 3/2", "Buôn Ê Đê, TP.BMT", ""])
def test_e8_addresses_as_cards_have_them_are_whole(address: str) -> None:
    assert of(CARD.replace("Phú Mỹ", address)).warnings == ()


@pytest.mark.parametrize("place", [59, 66, 75, 84, 92, 103, 120, len(INSURANCE) - 2])
def test_e9_a_cut_insurance_card_says_so(place: int) -> None:
    assert "scan_cut_off" in of(INSURANCE[:place]).warnings


def test_e9_a_whole_insurance_card_is_whole() -> None:
    assert of(INSURANCE).warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        CARD + SECOND,
        f"{CARD}\n{SECOND}",
        CARD + INSURANCE,
        INSURANCE + INSURANCE,
        CARD[:40] + SECOND,
        f"{CARD}|Trần Văn Cha|Lê Thị Mẹ{SECOND}",
    ],
)
def test_e9_two_cards_in_one_scan_are_said_to_be_two(text: str) -> None:
    assert "two_scans" in of(text).warnings
