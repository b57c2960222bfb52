"""The words of the verify page: one for each outcome, and nothing that lends a forgery a certificate's look."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.domain.validity import Anchor, ValidityRule
from chotxanh.language.texts import LANGUAGES, use_language
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

RULE = ValidityRule(
    id=UUID(int=1),
    code="goods-driver-72h",
    category="goods_driver",
    test_type=None,
    territory=None,
    anchor=Anchor.RESULTED,
    valid_for_hours=72,
    effective_from=SAMPLED,
    effective_to=None,
    legal_reference="Hướng dẫn của Bộ GTVT",
    document="4482/BYT-MT",
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_outcomes_share_a_word(language: str) -> None:
    """Whoever reads "EXPIRED" asks for a new test, whoever reads "NO LONGER VALID" for a call."""
    use_language(language)
    words = [answer_of(replace(GENUINE, outcome=outcome)).word for outcome in Outcome]
    use_language("vi")
    assert len(set(words)) == len(words)


def test_a_valid_one_says_until_when_for_whom_and_what_to_compare() -> None:
    shown = answer_of(replace(GENUINE, rule=RULE))
    assert shown.until == "đến 15:20 ngày 23/07/2021"
    assert shown.whom == (
        "đối với lái xe, phụ xe chở hàng (Hướng dẫn của Bộ GTVT, số 4482/BYT-MT). Không dùng cho đối tượng khác."
    )
    assert shown.holder == "N*** V*** Đường, 1985"
    assert "So họ tên và năm sinh" in shown.act
    values = [row.value for row in shown.rows]
    assert values[0] == "Âm tính"
    assert "15:02 20/07/2021" in values


def test_a_rule_for_everybody_does_not_say_that_others_are_left_out() -> None:
    shown = answer_of(replace(GENUINE, rule=replace(RULE, category=None)))
    assert shown.whom.endswith("số 4482/BYT-MT).")


def test_h16_each_state_has_one_line_for_the_guard() -> None:
    acts = {outcome: answer_of(replace(GENUINE, outcome=outcome)).act for outcome in Outcome}
    assert all(acts.values())
    assert len(set(acts.values())) == len(acts)


def test_h16_a_suspended_paper_names_the_number_to_call_and_keeps_nobody() -> None:
    shown = answer_of(replace(GENUINE, outcome=Outcome.SUSPENDED, duty_phone="02540000101"))
    assert "cơ quan cấp đang kiểm tra lại. Tạm thời chưa dùng." in shown.about
    assert '<a class="number" href="tel:02540000101">' in shown.act
    assert shown.act.endswith("Không giữ người, không giữ giấy.")
    without = answer_of(replace(GENUINE, outcome=Outcome.SUSPENDED))
    assert "gọi số trực của nơi cấp." in without.act


@pytest.mark.parametrize("outcome", [Outcome.SUSPENDED, Outcome.REVOKED, Outcome.SUPERSEDED])
def test_h16_what_cannot_be_used_says_no_until_when(outcome: Outcome) -> None:
    shown = answer_of(replace(GENUINE, outcome=outcome, rule=RULE))
    assert (shown.until, shown.whom) == ("", "")
    assert "15:20 23/07/2021" not in [row.value for row in shown.rows]


def test_a_genuine_positive_never_looks_like_a_pass_nor_like_an_alarm() -> None:
    shown = answer_of(replace(GENUINE, outcome=Outcome.NOT_USABLE, value="positive"))
    assert shown.word == "KHÔNG DÙNG ĐỂ QUA CHỐT ĐƯỢC"
    assert shown.style == "plain"
    assert shown.until == ""


def test_what_a_wrong_signature_covers_is_not_shown() -> None:
    assert answer_of(replace(GENUINE, outcome=Outcome.NOT_GENUINE)).rows == ()


def test_h16_what_an_unknown_issuer_signed_is_shown_as_unproven() -> None:
    shown = answer_of(replace(GENUINE, outcome=Outcome.UNKNOWN_ISSUER))
    assert not shown.is_proven
    assert "Trung tâm Y tế thị xã Phú Mỹ" in [row.value for row in shown.rows]
    assert shown.until == ""


def test_a_genuine_one_long_past_its_end_is_over_and_not_a_forgery() -> None:
    shown = answer_of(Verification(Outcome.NOT_GENUINE, SAMPLED, "expired"))
    assert shown.word == "HẾT HIỆU LỰC"


def test_a_damaged_text_is_told_to_scan_again() -> None:
    shown = answer_of(Verification(Outcome.NOT_GENUINE, SAMPLED, "base45_invalid"))
    assert (shown.word, shown.style) == ("KHÔNG ĐỌC ĐƯỢC MÃ, quét lại", "wait")
    assert "không có nghĩa là giấy giả" in shown.about
    assert "Tắt bộ gõ tiếng Việt" in shown.act
