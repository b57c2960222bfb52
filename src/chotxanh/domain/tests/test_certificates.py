"""Test certificates: content, strictness on issue, the way to text and back."""

from datetime import timedelta
from typing import Any

import pytest

from chotxanh.domain.hcert.certificates import (
    RESULT_DETECTED,
    RESULT_NOT_DETECTED,
    Header,
    decode,
    issue,
    payload,
)
from chotxanh.domain.hcert.cose import Algorithm
from chotxanh.domain.hcert.schema import fault_on_issue, fault_on_reading
from chotxanh.domain.hcert.uvci import check_character, new_uvci, signature_hash
from chotxanh.domain.tests.certificate_cast import CERTIFICATE, HEADER, ISSUED_AT, PRIVATE, issued, sign


def changed(**fields: Any) -> dict[str, Any]:
    content = payload(CERTIFICATE)
    content["t"][0] |= fields
    return content


def test_family_name_stands_in_fn_and_the_rest_in_gn() -> None:
    assert payload(CERTIFICATE)["nam"] == {"fn": "Đặng", "fnt": "DANG", "gn": "Thị Hoà", "gnt": "THI<HOA"}


def test_a_name_of_one_word_has_no_given_name() -> None:
    assert payload(CERTIFICATE._replace(given_name=""))["nam"] == {"fn": "Đặng", "fnt": "DANG"}


def test_test_type_decides_where_the_device_stands() -> None:
    rapid = payload(CERTIFICATE)["t"][0]
    assert (rapid["tt"], rapid["ma"], rapid["tr"]) == ("LP217198-3", "1833", RESULT_NOT_DETECTED)
    molecular = payload(CERTIFICATE._replace(test_type="rt_pcr", detected=True, test_device="LightPower"))[
        "t"
    ][0]
    assert (molecular["tt"], molecular["nm"], molecular["tr"]) == ("LP6464-4", "LightPower", RESULT_DETECTED)


def test_sampling_time_is_written_in_utc() -> None:
    assert payload(CERTIFICATE)["t"][0]["sc"] == "2021-07-25T07:05:00Z"


def test_text_holds_what_was_issued() -> None:
    decoded = decode(issued())
    assert decoded.claims.certificate == payload(CERTIFICATE)
    assert decoded.claims.private == PRIVATE
    assert (decoded.claims.issuer, decoded.claims.issued_at) == ("VN", ISSUED_AT.timestamp())
    assert (decoded.message.kid, decoded.message.algorithm) == (HEADER.kid, Algorithm.ES256)
    assert decoded.message.signature == sign(decoded.message.signed_bytes)


@pytest.mark.parametrize(
    "content",
    [
        changed(sc="2021-07-25T07:05:00"),
        changed(sc="2021-07-25T07:05:00+0700"),
        changed(sc="2021-02-30T07:05:00Z"),
        changed(ci="X" * 81),
        changed(tr=None),
        changed(co="vn"),
        payload(CERTIFICATE) | {"dob": "90"},
        payload(CERTIFICATE) | {"dob": "1990-03-05\n"},
        payload(CERTIFICATE) | {"ver": "1.3.٠"},
        payload(CERTIFICATE) | {"t": []},
        payload(CERTIFICATE) | {"v": []},
        payload(CERTIFICATE) | {"nam": {"fn": "Đặng"}},
        {},
    ],
)
def test_what_breaks_the_schema_is_never_issued(content: dict[str, Any]) -> None:
    assert fault_on_issue(content)
    with pytest.raises(ValueError):
        issued(content | {"z": 1})


@pytest.mark.parametrize(
    "moment",
    [
        "2021-07-25T07:05:00+0700",
        "2021-07-25T07:05:00.123456789+07:00",
        "2021-07-25t07:05z",
        "2021-07-25T07:05:00+07",
    ],
)
def test_known_date_shapes_are_read(moment: str) -> None:
    assert fault_on_reading(changed(sc=moment)) is None


@pytest.mark.parametrize(
    "moment", ["", "2021-07-25", "2021-07-25T07:05:00", "2021-02-30T07:05:00Z", "25/07/2021"]
)
def test_a_time_without_zone_or_day_is_not_read(moment: str) -> None:
    assert fault_on_reading(changed(sc=moment))


def test_a_certificate_must_end_after_it_begins() -> None:
    header = HEADER._replace(expires_at=HEADER.issued_at)
    with pytest.raises(ValueError):
        issue(payload(CERTIFICATE), header=header, private_claims=None, sign=sign)


def test_a_signature_of_the_wrong_length_is_never_issued() -> None:
    with pytest.raises(ValueError):
        issue(payload(CERTIFICATE), header=HEADER, private_claims=None, sign=lambda message: message[:63])


def test_a_key_id_has_eight_bytes() -> None:
    header = Header(b"short", "VN", ISSUED_AT, ISSUED_AT + timedelta(days=1))
    with pytest.raises(ValueError):
        issue(payload(CERTIFICATE), header=header, private_claims=None, sign=sign)


def test_uvci_ends_in_the_check_character_of_the_guidelines() -> None:
    assert check_character("URN:UVCI:01:NL:187/37512422923") == "Z"
    uvci = new_uvci("VN", "BRVT", "7K2M9Q4XTB0Z")
    body, _, check = uvci.rpartition("#")
    assert check == check_character(body)
    assert check != check_character(body.replace("7K2M", "7K2N"))


@pytest.mark.parametrize("opaque", ["abc", "Đ", "A" * 80, "A#B"])
def test_a_uvci_takes_only_its_alphabet(opaque: str) -> None:
    with pytest.raises(ValueError):
        new_uvci("VN", "BRVT", opaque)


def test_both_forms_of_an_ecdsa_signature_are_revoked_together() -> None:
    first_half, second_half = bytes(range(32)), bytes(32)
    assert signature_hash(first_half + second_half, Algorithm.ES256) == signature_hash(
        first_half + b"\1" * 32, Algorithm.ES256
    )
    assert len(signature_hash(bytes(256), Algorithm.PS256)) == 16
