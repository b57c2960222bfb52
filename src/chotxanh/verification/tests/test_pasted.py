"""What is pasted into the verify page: one certificate's text, untouched, or a problem that says what to do."""

import pytest

from chotxanh.domain.codes import COMMAND_CODES, CodeType, Command, new_code
from chotxanh.domain.problems import Problem
from chotxanh.verification.pasted import LONGEST_TEXT, certificate_text


def test_blanks_inside_and_at_the_end_are_data() -> None:
    assert certificate_text(" HC1:AB C  \r\n") == "HC1:AB C  "


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("", "certificate_missing"),
        (" \r\n\t", "certificate_missing"),
        ("HC1:" + "A" * LONGEST_TEXT, "certificate_too_long"),
        ("HC1:6BFÔXN", "certificate_damaged_by_typing"),
        ("hc1:6bfoxn", "certificate_damaged_by_typing"),
        ("HCă:6BFOXN", "certificate_damaged_by_typing"),
        (new_code(CodeType.PERSON, b"0123456789abcdef"), "certificate_is_own_code"),
        (COMMAND_CODES[Command.NEGATIVE], "certificate_is_own_code"),
        ("https://example.vn/x", "certificate_is_link"),
        ("RT0001", "certificate_unreadable"),
        ("Xe 72C-12345 được phép lưu thông", "certificate_unreadable"),
    ],
)
def test_anything_else_is_refused_with_its_reason(pasted: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        certificate_text(pasted)
    assert refused.value.code == code


TEXT = "HC1:6BFOXN TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$ :"


@pytest.mark.parametrize(
    "pasted",
    [
        *(
            f"\xa0{TEXT}\xa0",
            f"\u200b{TEXT}\ufeff",
            f"]Q1{TEXT}",
            f"\x02{TEXT}\x03",
            f"\x1d]Q3{TEXT}\x1e\x04\r\n",
        ),
        *(
            f"{TEXT[:20]}\r\n{TEXT[20:]}",
            "\n".join([TEXT[:10], TEXT[10:30], TEXT[30:]]),
            f"{TEXT[:9]}\u2028{TEXT[9:]}",
        ),
        *(TEXT.replace(" ", "\xa0"), f"\u202d{TEXT}\u202c", f"{TEXT[:15]}\xad\u200d{TEXT[15:]}"),
    ],
)
def test_e6_what_copying_wrapping_and_scanners_add_is_taken_out(pasted: str) -> None:
    assert certificate_text(pasted) == TEXT


CARD = "077090000123||Nguyễn Văn A|05031990|Nam|Phú Mỹ|31052021"
INSURANCE = (
    "HC4797915071234|4e677579e1bb856e2056c4836e2041|05/03/1990|1|5068c3ba204de1bbb9|79 - 034|01/01/2021|-"
)


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        (CARD, "certificate_is_identity_card"),
        (CARD[:30], "certificate_is_identity_card"),
        ("001087029317|NGUYEN VAN A|1987-01-18|0|162979388586171100|", "certificate_is_identity_card"),
        ("077090000123", "certificate_is_identity_card"),
        (INSURANCE, "certificate_is_insurance_card"),
        ("HC4797915071234", "certificate_is_insurance_card"),
    ],
)
def test_e6_a_card_is_called_by_its_name(pasted: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        certificate_text(pasted)
    assert refused.value.code == code
