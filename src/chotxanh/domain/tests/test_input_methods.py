"""A scanner types through Telex, VNI or the Vietnamese layout: no code of ours comes out as another."""

import random
import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest

from chotxanh.domain.codes import ALPHABET, COMMAND_CODES, CodeType, check_character, new_code
from chotxanh.domain.scan import recognise
from chotxanh.domain.tests.contract import vectors
from chotxanh.domain.tests.input_methods import telex, vni

LAYOUT = str.maketrans(dict(zip("1234567890=[]", "ăâêô\u0300\u0309\u0303\u0301\u0323đ₫ươ", strict=True)))
METHODS = [telex, vni]
DAMAGED = {"input_method_suspected", "keyboard_layout_suspected"}
EACH_TYPE = 500


def own_codes() -> list[str]:
    source = random.Random(28)
    drawn = [new_code(CodeType(letter), source.randbytes(16)) for letter in "PHST" for _ in range(EACH_TYPE)]
    records = ["Q" + "".join(source.choices("0123456789", k=30)) for _ in range(EACH_TYPE)]
    return [*drawn, *(body + check_character(body) for body in records), *COMMAND_CODES.values()]


@pytest.mark.parametrize(
    ("method", "keys", "text"),
    [
        (telex, "tieengs vieetj", "tiếng việt"),
        (telex, "Nguyeenx Thij Hoaf", "Nguyễn Thị Hoà"),
        (telex, "dduwowngf", "đường"),
        (telex, "DD1", "Đ1"),
        (telex, "72-AA 123.45", "72-Â 123.45"),
        (telex, "W72", "Ư72"),
        (telex, "PARK JI SOO", "PẢK JI SÔ"),
        (telex, "ass", "as"),
        (vni, "tie6ng1 vie6t5", "tiếng việt"),
        (vni, "d9u7o7ng2", "đường"),
        (vni, "59-A1 123.45", "59-Á 123.45"),
        (vni, "XN-2021-0007-A1", "XN-2021-0007-Á"),
    ],
)
def test_the_methods_write_vietnamese(method: Callable[[str], str], keys: str, text: str) -> None:
    assert method(keys) == text


@pytest.mark.parametrize("method", METHODS)
def test_no_code_of_ours_is_altered_in_either_case(method: Callable[[str], str]) -> None:
    for code in own_codes():
        assert method(code) == code
        assert method(code.lower()) == code.lower()


@pytest.mark.parametrize("method", METHODS)
def test_no_order_of_our_symbols_is_altered(method: Callable[[str], str]) -> None:
    for first in ALPHABET:
        for second in ALPHABET:
            assert (
                method(first + second + first.lower() + second.lower())
                == first + second + (first + second).lower()
            )


@pytest.mark.parametrize("caps_lock", [False, True])
def test_the_layout_is_undone_or_named_and_never_gives_another_code(caps_lock: bool) -> None:
    undone = 0
    for code in own_codes():
        typed = code.translate(LAYOUT)
        typed = typed.swapcase() if caps_lock else typed
        found = recognise(typed)
        if found.kind == "unknown":
            assert set(found.warnings) & DAMAGED
        else:
            assert found.fields == recognise(code).fields
            undone += typed != code
    assert undone > 5 * EACH_TYPE // 2


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_normalised_layout_never_gives_another_code(form: Literal["NFC", "NFD"]) -> None:
    for code in own_codes():
        found = recognise(unicodedata.normalize(form, code.translate(LAYOUT)))
        assert found.kind == "unknown" or found.fields == recognise(code).fields


@pytest.mark.parametrize("method", METHODS)
def test_whatever_the_method_leaves_of_a_scan_is_the_same_or_named(method: Callable[[str], str]) -> None:
    """Except where it only drops ASCII letters (AAA to AA): then a signature or a person's eye must tell."""
    for case in vectors("scan")["cases"]:
        typed = method(case["text"])
        if typed == case["text"] or typed.isascii() or not case["text"].isascii():
            continue
        found = recognise(typed)
        is_named = found.kind == "unknown" or set(found.warnings) & DAMAGED
        assert is_named or found.kind == "identity_card", (case["text"], typed, found)
