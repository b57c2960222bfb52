"""The words of the verify page: one for each outcome, and nothing that lends a forgery a certificate's look."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.verification.answers import answer_of
from chotxanh.verification.checking import Verification

SAMPLED = datetime(2021, 7, 20, 8, 2, tzinfo=UTC)
GENUINE = Verification(
    Outcome.VALID,
    SAMPLED + timedelta(hours=1),
    issuer="Sở Y tế",
    facility_name="Trung tâm Y tế thị xã Phú Mỹ",
    masked_name="N*** V*** Đường",
    birth_year="1985",
    test_type="ag_rapid",
    value="negative",
    category="goods_driver",
    sampled_at=SAMPLED,
    resulted_at=SAMPLED + timedelta(minutes=18),
    valid_until=SAMPLED + timedelta(hours=72, minutes=18),
)


@pytest.mark.parametrize(
    ("outcome", "word", "style"),
    [
        (Outcome.VALID, "CÒN HIỆU LỰC", "valid"),
        (Outcome.OVER, "HẾT HIỆU LỰC", "over"),
        (Outcome.SUPERSEDED, "ĐÃ CÓ GIẤY MỚI", "over"),
        (Outcome.REVOKED, "KHÔNG CÒN GIÁ TRỊ", "not-genuine"),
        (Outcome.SUSPENDED, "ĐANG KIỂM TRA LẠI, tạm thời chưa dùng", "wait"),
        (Outcome.PROVISIONAL, "TẠM CẤP, chờ xác nhận", "wait"),
        (Outcome.UNKNOWN_ISSUER, "KHÔNG RÕ ĐƠN VỊ CẤP", "unknown"),
        (Outcome.NOT_GENUINE, "KHÔNG PHẢI GIẤY THẬT", "not-genuine"),
    ],
)
def test_each_outcome_has_its_word_and_its_style(outcome: Outcome, word: str, style: str) -> None:
    shown = answer_of(replace(GENUINE, outcome=outcome))
    assert (shown.word, shown.style) == (word, style)


def test_a_valid_one_says_until_when_and_what_to_compare() -> None:
    shown = answer_of(GENUINE)
    assert shown.until == "đến 15:20 23/07/2021"
    values = [row.value for row in shown.rows]
    assert values[:3] == ["N*** V*** Đường", "1985", "Âm tính"]
    assert "15:02 20/07/2021" in values


def test_a_genuine_positive_never_looks_like_a_pass_nor_like_an_alarm() -> None:
    shown = answer_of(replace(GENUINE, outcome=Outcome.NOT_USABLE, value="positive"))
    assert shown.word == "KHÔNG DÙNG ĐỂ QUA CHỐT ĐƯỢC"
    assert shown.style == "plain"
    assert shown.until == ""


@pytest.mark.parametrize("outcome", [Outcome.NOT_GENUINE, Outcome.UNKNOWN_ISSUER])
def test_what_no_trusted_signature_covers_is_not_shown(outcome: Outcome) -> None:
    assert answer_of(replace(GENUINE, outcome=outcome)).rows == ()


def test_a_genuine_one_long_past_its_end_is_over_and_not_a_forgery() -> None:
    shown = answer_of(Verification(Outcome.NOT_GENUINE, SAMPLED, "expired"))
    assert shown.word == "HẾT HIỆU LỰC"


def test_a_damaged_text_is_told_to_scan_again() -> None:
    shown = answer_of(Verification(Outcome.NOT_GENUINE, SAMPLED, "base45_invalid"))
    assert (shown.word, shown.style) == ("KHÔNG ĐỌC ĐƯỢC MÃ, quét lại", "wait")
    assert "Tắt bộ gõ tiếng Việt" in shown.about
