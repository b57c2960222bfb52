"""Own codes: the alphabet, the proof of the check character, commands, vectors shared with TypeScript."""

import random
from itertools import combinations, product

import pytest

from chotxanh.domain.codes import (
    _TIMES_OMEGA,
    _TIMES_TWO,
    ALPHABET,
    CODE_LENGTH,
    COMMAND_CODES,
    CodeType,
    Command,
    check_character,
    group,
    is_checked,
    new_code,
    parse_code,
    parse_command,
    parse_record,
)
from chotxanh.domain.tests.contract import vectors

CONTRACT = vectors("codes")
PAIRS = [(index % 4, index % 7) for index in range(28)]


def test_no_symbol_is_transformed_by_an_input_method() -> None:
    assert len(set(ALPHABET)) == 28
    assert not set(ALPHABET) & set("AEIOUYDW")
    assert {code_type.value for code_type in CodeType} <= set(ALPHABET)


def test_every_symbol_is_its_own_pair_in_gf4_and_z7() -> None:
    assert len(set(PAIRS)) == 28


@pytest.mark.parametrize("phase", range(3))
def test_weights_prove_every_substitution_changes_a_sum(phase: int) -> None:
    for (gf4, z7), (other_gf4, other_z7) in product(PAIRS, repeat=2):
        if (gf4, z7) != (other_gf4, other_z7):
            change_gf4 = _TIMES_OMEGA[phase][gf4] ^ _TIMES_OMEGA[phase][other_gf4]
            change_z7 = _TIMES_TWO[phase] * (z7 - other_z7) % 7
            assert (change_gf4, change_z7) != (0, 0)


@pytest.mark.parametrize("phase", range(3))
def test_weights_prove_every_adjacent_swap_changes_a_sum(phase: int) -> None:
    after = (phase + 1) % 3
    for (gf4, z7), (other_gf4, other_z7) in product(PAIRS, repeat=2):
        if (gf4, z7) != (other_gf4, other_z7):
            before_gf4 = _TIMES_OMEGA[phase][gf4] ^ _TIMES_OMEGA[after][other_gf4]
            after_gf4 = _TIMES_OMEGA[phase][other_gf4] ^ _TIMES_OMEGA[after][gf4]
            before_z7 = _TIMES_TWO[phase] * z7 + _TIMES_TWO[after] * other_z7
            after_z7 = _TIMES_TWO[phase] * other_z7 + _TIMES_TWO[after] * z7
            assert (before_gf4 ^ after_gf4, (before_z7 - after_z7) % 7) != (0, 0)


def test_every_substitution_and_adjacent_swap_of_real_codes_is_caught() -> None:
    source = random.Random(1)
    for code_type in (CodeType.PERSON, CodeType.APPOINTMENT, CodeType.SLIP, CodeType.TUBE):
        for _ in range(25):
            code = new_code(code_type, source.randbytes(16))
            for position, symbol in product(range(CODE_LENGTH), ALPHABET):
                changed = code[:position] + symbol + code[position + 1 :]
                assert is_checked(changed) == (changed == code)
            for left in range(CODE_LENGTH - 1):
                swapped = code[:left] + code[left + 1] + code[left] + code[left + 2 :]
                assert is_checked(swapped) == (swapped == code)


def test_each_body_has_exactly_one_check_character() -> None:
    source = random.Random(2)
    for length in range(1, 40):
        body = "".join(source.choices(ALPHABET, k=length))
        assert [symbol for symbol in ALPHABET if is_checked(body + symbol)] == [check_character(body)]


def test_codes_read_in_any_case_and_grouping() -> None:
    code = new_code(CodeType.TUBE, bytes(range(16)))
    for typed in (code, code.lower(), group(code), group(code).replace(" ", "-").lower(), f"\t{code}\n"):
        parsed = parse_code(typed)
        assert parsed is not None
        assert (parsed.type, parsed.value) == (CodeType.TUBE, code)


def test_too_few_random_bytes_are_refused() -> None:
    with pytest.raises(ValueError):
        new_code(CodeType.PERSON, b"too few")


@pytest.mark.parametrize("code_type", [CodeType.COMMAND, CodeType.RECORD])
def test_commands_and_records_are_never_drawn_at_random(code_type: CodeType) -> None:
    with pytest.raises(ValueError):
        new_code(code_type, bytes(16))


def test_every_command_has_one_code_far_from_the_others() -> None:
    assert set(COMMAND_CODES) == set(Command)
    assert all(is_checked(code) and code[0] == "K" for code in COMMAND_CODES.values())
    for code, other in combinations(COMMAND_CODES.values(), 2):
        assert sum(left != right for left, right in zip(code, other, strict=True)) >= 3


def test_a_foreign_code_beginning_with_k_is_no_command() -> None:
    body = "K12345678"
    assert parse_command(body + check_character(body)) is None


def test_shared_vectors() -> None:
    assert CONTRACT["alphabet"] == ALPHABET
    assert CONTRACT["commands"] == {command.value: code for command, code in COMMAND_CODES.items()}
    for case in CONTRACT["check"]:
        assert check_character(case["body"]) == case["check"]
    for case in CONTRACT["new"]:
        code = new_code(CodeType(case["type"]), bytes.fromhex(case["random_bytes"]))
        assert (code, group(code)) == (case["value"], case["grouped"])


@pytest.mark.parametrize("case", CONTRACT["parse"], ids=lambda case: repr(case["text"]))
def test_shared_parse_vectors(case: dict[str, object]) -> None:
    text = str(case["text"])
    code, command = parse_code(text), parse_command(text)
    assert (None if code is None else {"type": code.type.value, "value": code.value}) == case["code"]
    assert (None if command is None else command.value) == case["command"]
    assert parse_record(text) == case["record"]
