"""Codes of our own: what is printed, scanned and typed, and the check character that guards it.

A scanner is a keyboard and the keyboard writes Vietnamese, so every code uses only 28 symbols that no input
method transforms: no vowel, no D, no W. `contracts/codes.json` holds this module and its TypeScript twin to
one behaviour.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

ALPHABET = "0123456789BCFGHJKLMNPQRSTVXZ"
RANDOM_SYMBOLS = 13  # 28 ** 13 is 62.5 bits: more than the 60 below which a code could be guessed
CODE_LENGTH = 1 + RANDOM_SYMBOLS + 1
GROUP_SIZE = 5
RANDOM_BYTES = 16
SHORTEST_RECORD_DIGITS = 24
COMMAND_STEM = "KCHTXNH"

_SYMBOLS = frozenset(ALPHABET)
_INDEX = {symbol: index for index, symbol in enumerate(ALPHABET)}
_SEPARATORS = str.maketrans("", "", " -\u00a0\t\r\n")
_RANDOM_CODES = 28**RANDOM_SYMBOLS
# GF(4) as bit pairs: adding is XOR; times omega maps 0, 1, omega, omega + 1 to 0, omega, omega + 1, 1.
_TIMES_OMEGA = ((0, 1, 2, 3), (0, 2, 3, 1), (0, 3, 1, 2))
_TIMES_TWO = (1, 2, 4)
_RECORD = re.compile(rf"Q[0-9]{{{SHORTEST_RECORD_DIGITS},4000}}[0-9B-Z]")


class CodeType(StrEnum):
    """The first letter of a code says what it names."""

    PERSON = "P"
    APPOINTMENT = "H"
    SLIP = "S"
    TUBE = "T"
    BADGE = "B"
    COMMAND = "K"
    RECORD = "Q"


class Command(StrEnum):
    """What a gloved hand can say with a scanner: a closed list, printed on one sheet."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    INVALID = "invalid"
    INCONCLUSIVE = "inconclusive"
    CLOSE_TUBE = "close_tube"
    UNDO = "undo"
    PRINT = "print"
    REST_OF_TRAY_NEGATIVE = "rest_of_tray_negative"
    CANCEL = "cancel"
    CONFIRM = "confirm"
    READ_LATE = "read_late"
    READ_LATE_LINE = "read_late_line"
    START_TESTS = "start_tests"
    HOUSEHOLD = "household"


@dataclass(frozen=True)
class OwnCode:
    """A random code whose check character is right; `value` has 15 characters, upper case, no separators."""

    type: CodeType
    value: str


def _check_sums(body: str) -> tuple[int, int]:
    """The sums of the symbols in GF(4) and in Z7, weighted by omega ** i and 2 ** i from the left."""
    in_gf4, in_z7 = 0, 0
    for position, symbol in enumerate(body):
        index = _INDEX[symbol]
        in_gf4 ^= _TIMES_OMEGA[position % 3][index % 4]
        in_z7 += _TIMES_TWO[position % 3] * (index % 7)
    return in_gf4, in_z7 % 7


def check_character(body: str) -> str:
    """The symbol that makes both weighted sums of body and check character zero.

    A symbol is a pair in GF(4) x Z7 (28 = 4 * 7). Every weight can be inverted, so a substitution changes a
    sum; neighbouring weights w and 2w (or omega * w) differ by an invertible amount, so swapping unlike
    neighbours changes one too. Raises KeyError when `body` holds a character outside the alphabet.
    """
    in_gf4, in_z7 = _check_sums(body)
    position = len(body)
    return next(
        symbol
        for index, symbol in enumerate(ALPHABET)
        if _TIMES_OMEGA[position % 3][index % 4] == in_gf4
        and (_TIMES_TWO[position % 3] * (index % 7) + in_z7) % 7 == 0
    )


def is_checked(code: str) -> bool:
    """Whether `code` is of the alphabet only and ends in the right check character."""
    if len(code) < 2 or not _SYMBOLS.issuperset(code):
        return False
    return _check_sums(code) == (0, 0)


def new_code(code_type: CodeType, random_bytes: bytes) -> str:
    """A code that cannot be guessed: type letter, 13 random symbols, check character.

    `random_bytes` are at least 16 from the system's generator, read as one big-endian number modulo 28 ** 13.
    The most likely code is more likely than the least by less than one part in 2 ** 65.
    """
    if code_type in (CodeType.COMMAND, CodeType.RECORD):
        raise ValueError("commands are a closed list and records carry their own content")
    if len(random_bytes) < RANDOM_BYTES:
        raise ValueError("16 random bytes are needed")
    number = int.from_bytes(random_bytes) % _RANDOM_CODES
    symbols = []
    for _ in range(RANDOM_SYMBOLS):
        number, index = divmod(number, len(ALPHABET))
        symbols.append(ALPHABET[index])
    body = code_type.value + "".join(reversed(symbols))
    return body + check_character(body)


def plain(text: str) -> str:
    """`text` as a code is stored: upper case, without the separators people type or read."""
    return text.translate(_SEPARATORS).upper()


def parse_code(text: str) -> OwnCode | None:
    """The random code that was scanned or typed, in either case, grouped or not; None when it is not ours."""
    value = plain(text) if len(text) <= 2 * CODE_LENGTH else ""
    if len(value) != CODE_LENGTH or value[0] not in "BPHST" or not is_checked(value):
        return None
    return OwnCode(CodeType(value[0]), value)


def parse_command(text: str) -> Command | None:
    """The command whose printed code was scanned or typed; a foreign code that begins with K is never one."""
    return _COMMAND_OF_CODE.get(plain(text)) if len(text) <= 2 * CODE_LENGTH else None


def parse_record(text: str) -> str | None:
    """The digits of a self-contained record: Q, at least 24 digits (numeric-mode QR), check character."""
    value = text.strip(" \t\r\n").upper()
    if not _RECORD.fullmatch(value) or not is_checked(value):
        return None
    return value[1:-1]


def group(code: str) -> str:
    """`code` in groups of five, for reading aloud and typing only."""
    return " ".join(code[start : start + GROUP_SIZE] for start in range(0, len(code), GROUP_SIZE))


def _command_code(two_symbols: str) -> str:
    body = f"{COMMAND_STEM}{two_symbols}"
    return body + check_character(body)


# Doubled symbols keep any two commands at least three characters apart, so no misread turns one into another.
COMMAND_CODES: dict[Command, str] = {
    Command.CONFIRM: _command_code("00"),
    Command.NEGATIVE: _command_code("11"),
    Command.POSITIVE: _command_code("22"),
    Command.INVALID: _command_code("33"),
    Command.INCONCLUSIVE: _command_code("44"),
    Command.CLOSE_TUBE: _command_code("55"),
    Command.UNDO: _command_code("66"),
    Command.PRINT: _command_code("77"),
    Command.REST_OF_TRAY_NEGATIVE: _command_code("88"),
    Command.CANCEL: _command_code("99"),
    Command.READ_LATE: _command_code("BB"),
    Command.READ_LATE_LINE: _command_code("CC"),
    Command.START_TESTS: _command_code("FF"),
    Command.HOUSEHOLD: _command_code("GG"),
}
_COMMAND_OF_CODE = {code: command for command, code in COMMAND_CODES.items()}
