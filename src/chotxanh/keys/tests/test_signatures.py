"""Raw signatures r||s: made and checked as the library's own DER signatures are."""

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.keys import signatures
from chotxanh.keys.signatures import SIGNATURE_BYTES, SigningKey, verifies

KEY = SigningKey.generate()
NUMBERS = st.integers(0, 2**256 - 1) | st.integers(0, 2**16) | st.integers(2**247, 2**249)


def raw(r: int, s: int) -> bytes:
    return r.to_bytes(32) + s.to_bytes(32)


@given(NUMBERS, NUMBERS)
def test_both_forms_of_a_signature_are_the_library_s_own(r: int, s: int) -> None:
    assert signatures._der(raw(r, s)) == encode_dss_signature(r, s)
    assert signatures._raw(encode_dss_signature(r, s)) == raw(r, s)
    assert decode_dss_signature(signatures._der(raw(r, s))) == (r, s)


@given(st.binary(max_size=200))
def test_what_was_signed_verifies_and_nothing_else_does(message: bytes) -> None:
    signature = KEY.sign(message)
    assert len(signature) == SIGNATURE_BYTES
    assert verifies(KEY.public_point, message, signature)
    assert not verifies(KEY.public_point, message + b"x", signature)


@pytest.mark.parametrize("length", [0, 3, 63, 65, 128])
def test_a_signature_of_another_length_is_none(length: int) -> None:
    assert not verifies(KEY.public_point, b"x", bytes(length))


@pytest.mark.parametrize("signature", [bytes(64), b"\xff" * 64, b"\x80" + bytes(63)])
def test_impossible_numbers_are_no_signature(signature: bytes) -> None:
    assert not verifies(KEY.public_point, b"x", signature)
