"""One-time codes: those of RFC 6238 itself, and no more of the past and the future than typing needs."""

from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest

from chotxanh.keys.one_time_codes import code_at, enrolment_address, new_secret, step_of

# RFC 6238 appendix B, SHA-1; the last six of its eight digits.
RFC_SECRET = b32encode(b"12345678901234567890").decode()
RFC_VECTORS = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
NOW = datetime(2021, 7, 25, 1, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "code"), RFC_VECTORS.items())
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(RFC_SECRET, datetime.fromtimestamp(seconds, UTC)) == code[-6:]
    assert step_of(RFC_SECRET, code[-6:], datetime.fromtimestamp(seconds, UTC)) == seconds // 30


def test_a_phone_half_a_minute_astray_is_understood_and_no_more() -> None:
    here = int(NOW.timestamp()) // 30
    for steps, step in ((-2, None), (-1, here - 1), (0, here), (1, here + 1), (2, None)):
        code = code_at(RFC_SECRET, NOW + steps * timedelta(seconds=30))
        assert step_of(RFC_SECRET, code, NOW) == step


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "không phải số", "\x00"])
def test_what_is_no_code_is_wrong(typed: str) -> None:
    assert step_of(RFC_SECRET, typed, NOW) is None


def test_every_secret_is_another_and_the_address_says_whose_it_is() -> None:
    assert new_secret() != new_secret()
    address = enrolment_address(RFC_SECRET, "truong-ca", "Chốt Xanh BRVT")
    assert address.startswith("otpauth://totp/Ch%E1%BB%91t%20Xanh%20BRVT:truong-ca?secret=GEZDGNBV")
