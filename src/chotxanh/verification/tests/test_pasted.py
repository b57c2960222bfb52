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
        ("https://example.vn/x", "certificate_unreadable"),
    ],
)
def test_anything_else_is_refused_with_its_reason(pasted: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        certificate_text(pasted)
    assert refused.value.code == code
