"""Certificates mutated at every layer: text, zlib stream, COSE message, claims, and the content itself."""

import random
import zlib
from collections.abc import Callable
from typing import Any

import cbor2

from chotxanh.cli.twins import texts
from chotxanh.domain.hcert import base45
from chotxanh.domain.hcert.certificates import PREFIX

VALUES: tuple[Any, ...] = (
    "", "1990", "2021-07-25", "2021-07-25T07:05:00Z", "2021-02-29T00:00Z", "2030-01-01T00:00:00+23:59", "A<B", "a",
    "đ" * 81, "😀" * 80, "\n", "1.3.0", "1.3.0\n", "1😀3.0", 0, 1, 2.0, 1.5, -1, 2**53 + 1, 2**64, -(2**64), True, None,
    float("nan"), float("inf"), [], {}, [[]], {"a": {"b": []}}, {1: 2}, b"", b"12345678", cbor2.undefined,
    cbor2.CBORSimpleValue(40), cbor2.CBORTag(0, "2021-07-25T07:05:00Z"), cbor2.CBORTag(6, "x"), cbor2.CBORTag(1, 5),
)  # fmt: skip
MOST_BYTES_CHANGED = 5


def mutated(text: str, source: random.Random) -> str:
    """A certificate's text with something changed in one of its layers; as it is if it has none."""
    change = source.choice((_text, _stream, _message, _message, _parts, _claims, _claims, _claims))
    try:
        return change(text, source)
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, zlib.error, cbor2.CBORError):
        return _text(text, source)


def _text(text: str, source: random.Random) -> str:
    return texts.mutated(text, source)


def _stream(text: str, source: random.Random) -> str:
    return PREFIX + base45.encode(_changed_bytes(base45.decode(text[len(PREFIX) :]), source))


def _message(text: str, source: random.Random) -> str:
    return _closed(_changed_bytes(_opened(text), source), source)


def _parts(text: str, source: random.Random) -> str:
    """Change one of the four parts of the COSE_Sign1, or how it is tagged."""
    parts = _four(text)
    place = source.randrange(len(parts))
    change = source.choice((_another, _dumped_again))
    parts[place] = change(parts[place], source)
    tagged: Any = source.choice(
        (parts, cbor2.CBORTag(18, parts), cbor2.CBORTag(61, cbor2.CBORTag(18, parts)))
    )
    return _closed(cbor2.dumps(tagged), source)


def _claims(text: str, source: random.Random) -> str:
    """Change one value somewhere in the claims."""
    parts = _four(text)
    parts[2] = cbor2.dumps(_with_change(cbor2.loads(parts[2]), source))
    return _closed(cbor2.dumps(cbor2.CBORTag(18, parts)), source)


def _four(text: str) -> list[Any]:
    message = cbor2.loads(_opened(text))
    while isinstance(message, cbor2.CBORTag):
        message = message.value
    return list(message)


def _opened(text: str) -> bytes:
    return zlib.decompress(base45.decode(text[len(PREFIX) :]))


def _closed(message: bytes, source: random.Random) -> str:
    return PREFIX + base45.encode(zlib.compress(message, source.choice((0, 1, 6, 9))))


def _changed_bytes(data: bytes, source: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(source.randint(1, MOST_BYTES_CHANGED)):
        place = source.randrange(len(changed) + 1)
        count = source.choice((0, 1, 1, 1, 8))
        changed[place : place + count] = source.randbytes(source.choice((0, 1, 1, 1, 3)))
    return bytes(changed) if source.random() < 0.9 else bytes(changed)[: source.randrange(len(changed) + 1)]


def _another(_value: object, source: random.Random) -> object:
    return source.choice(VALUES)


def _dumped_again(value: object, source: random.Random) -> object:
    """A part that holds CBOR, with one value in it changed; others as they are."""
    inner = cbor2.loads(value) if isinstance(value, bytes) else value
    changed = _with_change(inner, source)
    return cbor2.dumps(changed) if isinstance(value, bytes) else changed


def _with_change(value: Any, source: random.Random) -> Any:
    if isinstance(value, list) and value and source.random() < 0.8:
        place = source.randrange(len(value))
        return [*value[:place], _with_change(value[place], source), *value[place + 1 :]]
    if hasattr(value, "keys") and value and source.random() < 0.9:
        return _CHANGES_OF_MAPS[source.randrange(len(_CHANGES_OF_MAPS))](dict(value), source)
    return source.choice(VALUES)


def _deeper(members: dict[Any, Any], source: random.Random) -> dict[Any, Any]:
    key = source.choice(list(members))
    return members | {key: _with_change(members[key], source)}


def _without(members: dict[Any, Any], source: random.Random) -> dict[Any, Any]:
    members.pop(source.choice(list(members)))
    return members


def _with_more(members: dict[Any, Any], source: random.Random) -> dict[Any, Any]:
    return members | {
        source.choice(("v", "t", "r", "__proto__", "x", 1, 2, 4, 6, -260, True, 1.0, b"k")): source.choice(
            VALUES
        )
    }


_CHANGES_OF_MAPS: tuple[Callable[[dict[Any, Any], random.Random], dict[Any, Any]], ...] = (
    _deeper, _deeper, _deeper, _without, _with_more,
)  # fmt: skip
