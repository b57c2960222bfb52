"""Base45 (RFC 9285) by table: bytes in the 45 characters of a QR code's alphanumeric mode.

All groups are computed at once: tables turn bytes into digits, and one large integer adds or weighs all digits, each in
a lane wide enough that nothing spills into the next. A loop, or a table of all groups, is several times slower.
"""

from functools import lru_cache

ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BASE = 45
_NO_DIGIT = 45
_LARGEST_BYTE = 0xFF
_DECODING_LANE = 3
_LENGTHS_REMEMBERED = 512

_DIGITS = bytes(ALPHABET.find(code) if code in ALPHABET else _NO_DIGIT for code in range(256))
# Of the first byte of a pair, worth 256 each, its three digits; of the second its two (a byte is less than 45 * 45).
_FIRST = tuple(bytes((256 * byte // _BASE**place) % _BASE for byte in range(256)) for place in range(3))
_SECOND = tuple(bytes((byte // _BASE**place) % _BASE for byte in range(256)) for place in range(2))
# Of the sum of two digits and a carry the character, and what lifts a sum of 45 or more to the top bit of its byte:
# that bit is what is carried on.
_CHARACTERS = bytes(ALPHABET[total % _BASE] for total in range(256))
_TO_THE_TOP = bytes((0x80 - _BASE,))


def encode(data: bytes) -> str:
    """`data` in base45."""
    whole, rest = divmod(len(data), 2)
    first, second = data[: 2 * whole : 2], data[1 : 2 * whole : 2]
    text = bytearray(3 * whole)
    one, to_the_top = _in_each_lane(b"\1", whole), _in_each_lane(_TO_THE_TOP, whole)
    carries = 0
    for place, table in enumerate(_FIRST):
        total = int.from_bytes(first.translate(table)) + carries
        if place < len(_SECOND):
            total += int.from_bytes(second.translate(_SECOND[place]))
        text[place::3] = total.to_bytes(whole).translate(_CHARACTERS)
        carries = total + to_the_top >> 7 & one
    if rest:
        text += bytes((ALPHABET[data[-1] % _BASE], ALPHABET[data[-1] // _BASE]))
    return text.decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of base45 `text`. Raises ValueError for a foreign character, a length of 3n + 1 or a value
    over 65535.

    A space is data and is never stripped.
    """
    digits = text.encode("ascii").translate(_DIGITS)
    whole, rest = divmod(len(digits), 3)
    if rest == 1 or _NO_DIGIT in digits:
        raise ValueError("not base45")
    end = 3 * whole
    groups, digit = int.from_bytes(digits[:end]), _in_each_lane(b"\0\0\xff", whole)
    pairs = (groups >> 16 & digit) + 45 * (groups >> 8 & digit) + 2_025 * (groups & digit)
    lanes = pairs.to_bytes(end)
    if lanes[::_DECODING_LANE].count(0) != whole:
        raise ValueError("three characters above 65535")
    data = bytearray(2 * whole)
    data[::2], data[1::2] = lanes[1::_DECODING_LANE], lanes[2::_DECODING_LANE]
    if rest:
        last = digits[end] + 45 * digits[end + 1]
        if last > _LARGEST_BYTE:
            raise ValueError("two characters above 255")
        data.append(last)
    return bytes(data)


@lru_cache(maxsize=_LENGTHS_REMEMBERED)
def _in_each_lane(lane: bytes, count: int) -> int:
    return int.from_bytes(lane * count)
