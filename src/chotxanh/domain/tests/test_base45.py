"""Base45: the examples of RFC 9285, every pair of bytes, every refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.domain.hcert import base45


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
        (b"", ""),
    ],
)
def test_examples_of_rfc_9285(data: bytes, text: str) -> None:
    assert base45.encode(data) == text
    assert base45.decode(text) == data


def test_every_pair_of_bytes_returns() -> None:
    data = b"".join(pair.to_bytes(2) for pair in range(65536))
    assert base45.decode(base45.encode(data)) == data


@given(st.binary(max_size=200))
def test_any_bytes_return(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@pytest.mark.parametrize(
    "text", ["GGW", "BB8GGW", ":::", "0", "BB80", "V5", "::", "bb8", "BB\n", "ĐBB", "\ud800BB"]
)
def test_what_is_no_base45_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        base45.decode(text)


def test_largest_values_are_accepted() -> None:
    assert base45.decode("FGW") == b"\xff\xff"
    assert base45.decode("U5") == b"\xff"
