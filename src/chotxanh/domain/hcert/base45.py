"""Base45 (RFC 9285) by table: bytes in the 45 characters of a QR code's alphanumeric mode."""

import struct

ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_NO_DIGIT = 45
_LARGEST_PAIR = 0xFFFF
_LARGEST_BYTE = 0xFF
_WEIGHTS = (1, 45, 45 * 45)
_LANE = 3

_CHARACTERS = ALPHABET.decode()
_PAIRS = [low + middle for middle in _CHARACTERS for low in _CHARACTERS]
# Every two bytes as their three characters: 4 MB that make encoding a certificate one look-up a pair.
_TRIPLES = [pair + high for high in _CHARACTERS for pair in _PAIRS][: _LARGEST_PAIR + 1]
_DIGITS = bytes(ALPHABET.find(code) if code in ALPHABET else _NO_DIGIT for code in range(256))


def encode(data: bytes) -> str:
    """`data` in base45."""
    whole, rest = divmod(len(data), 2)
    text = "".join(map(_TRIPLES.__getitem__, struct.unpack_from(f">{whole}H", data)))
    return text + _PAIRS[data[-1]] if rest else text


def decode(text: str) -> bytes:
    """The bytes of base45 `text`. Raises ValueError for a foreign character, a length of 3n + 1 or a value
    over 65535.

    A space is data and is never stripped. All triples are computed at once: each has a lane of three bytes in
    one large integer, wide enough that no value spills into the next.
    """
    digits = text.encode("ascii").translate(_DIGITS)
    whole, rest = divmod(len(digits), 3)
    if rest == 1 or _NO_DIGIT in digits:
        raise ValueError("not base45")
    end = 3 * whole
    pairs = sum(weight * _lanes(digits[place:end:3]) for place, weight in enumerate(_WEIGHTS))
    lanes = pairs.to_bytes(_LANE * whole)
    if lanes[::_LANE].count(0) != whole:
        raise ValueError("three characters above 65535")
    data = bytearray(2 * whole)
    data[::2], data[1::2] = lanes[1::_LANE], lanes[2::_LANE]
    if rest:
        last = digits[end] + 45 * digits[end + 1]
        if last > _LARGEST_BYTE:
            raise ValueError("two characters above 255")
        data.append(last)
    return bytes(data)


def _lanes(digits: bytes) -> int:
    spread = bytearray(_LANE * len(digits))
    spread[_LANE - 1 :: _LANE] = digits
    return int.from_bytes(spread)
