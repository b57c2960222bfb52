"""What was scanned: vectors shared with TypeScript, and the promises no list of examples can make."""

import random
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.domain.codes import COMMAND_CODES, CodeType, new_code
from chotxanh.domain.keyboard import undo_layout
from chotxanh.domain.scan import recognise
from chotxanh.domain.tests.contract import vectors
from chotxanh.domain.units import PROVINCES, SCHEME

CONTRACT = vectors("scan")
LAYOUT = str.maketrans(dict(zip("1234567890=", "ăâêô\u0300\u0309\u0303\u0301\u0323đ₫", strict=True)))
KINDS = {
    "identity_card", "national_qr", "insurance_card", "plate", "person_code", "appointment_code", "slip_code",
    "tube_label", "badge_code", "command", "record", "certificate", "url", "tube_barcode", "unknown",
}  # fmt: skip


@pytest.mark.parametrize("case", CONTRACT["cases"], ids=lambda case: ascii(case["text"][:40]))
def test_shared_vectors(case: dict[str, object]) -> None:
    today = date.fromisoformat(str(case["today"])) if "today" in case else None
    found = recognise(str(case["text"]), today=today)
    assert {"kind": found.kind, "fields": found.fields, "warnings": list(found.warnings)} == {
        key: case[key] for key in ("kind", "fields", "warnings")
    }


def test_vectors_show_every_kind() -> None:
    assert {case["kind"] for case in CONTRACT["cases"]} == KINDS


def test_the_units_in_the_contract_are_those_of_the_domain() -> None:
    assert vectors("units") == {
        "scheme": SCHEME,
        "provinces": [
            {"code": province.code, "name": province.name, "plate_codes": list(province.plate_codes)}
            for province in PROVINCES
        ],
    }


def test_a_newer_card_gives_no_more_than_the_first_seven_fields() -> None:
    card = "077090000123||Nguyễn Văn A|05031990|Nam|Phú Mỹ|31052021"
    assert recognise(f"{card}|Trần Văn Cha|Lê Thị Mẹ") == recognise(card)


def test_the_layout_is_undone_or_named_for_every_own_code_and_command() -> None:
    source = random.Random(3)
    drawn = [new_code(CodeType(letter), source.randbytes(16)) for letter in "PHST" for _ in range(200)]
    for code in [*drawn, *COMMAND_CODES.values()]:
        typed = code.translate(LAYOUT)
        found = recognise(typed)
        if undo_layout(typed) is None and typed != code:
            assert (found.kind, found.warnings) == ("unknown", ("keyboard_layout_suspected",))
        else:
            assert found.fields == recognise(code).fields


def test_normalised_layout_text_never_becomes_another_code() -> None:
    source = random.Random(4)
    for _ in range(2_000):
        digits = "".join(source.choices("0123456789", k=12))
        for form in ("NFC", "NFD"):
            undone = undo_layout(unicodedata.normalize(form, digits.translate(LAYOUT)))
            assert undone in (None, digits)


@given(st.text(max_size=80) | st.text(alphabet="|0123456789<PHSTKQ HC:", max_size=80))
def test_every_text_is_something(text: str) -> None:
    found = recognise(text)
    assert found.kind in KINDS
    assert all(isinstance(warning, str) for warning in found.warnings)


@pytest.mark.parametrize("text", ["\ud800", "A1\ud800B2", "=" * 100_000, "|" * 100_000, "P<" + "A" * 86])
def test_garbage_is_unknown(text: str) -> None:
    assert recognise(text).kind == "unknown"


@given(st.text(max_size=30))
def test_no_foreign_text_is_a_command(text: str) -> None:
    assert recognise("K" + text).kind != "command"
