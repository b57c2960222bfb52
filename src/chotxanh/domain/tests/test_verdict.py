"""The verdict: one reason for everything that can be wrong, and never an exception."""

import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.domain.hcert import base45
from chotxanh.domain.hcert.certificates import LARGEST_MESSAGE, payload
from chotxanh.domain.hcert.cose import Algorithm
from chotxanh.domain.hcert.verdict import STEPS
from chotxanh.domain.tests.certificate_cast import (
    CERTIFICATE,
    HEADER,
    KID,
    NOW,
    PRIVATE,
    as_text,
    claims_of,
    issued,
    judged,
    signed_text,
    trusted_key,
)

CONTENT = payload(CERTIFICATE)
CLAIMS = claims_of(CONTENT)


def sampled(**fields: Any) -> dict[object, object]:
    return claims_of(CONTENT | {"t": [CONTENT["t"][0] | fields]})


def test_a_genuine_certificate_passes_every_step() -> None:
    found = judged(issued())
    assert (found.valid, found.reason) == (True, None)
    assert found.steps == dict.fromkeys(STEPS, True)
    assert found.certificate == CONTENT
    assert found.private == PRIVATE
    assert found.is_negative_test


def test_a_genuine_certificate_that_says_detected_is_never_a_pass() -> None:
    found = judged(issued(payload(CERTIFICATE._replace(detected=True))))
    assert found.valid
    assert not found.is_negative_test


@pytest.mark.parametrize("tags", [0, 18])
def test_a_message_may_be_tagged_or_not(tags: int) -> None:
    assert judged(signed_text(CLAIMS, tags=tags)).valid


def test_a_message_may_be_a_tagged_message_in_a_cwt_tag() -> None:
    inner = base45.decode(signed_text(CLAIMS)[4:])
    assert judged(as_text(b"\xd8\x3d" + zlib.decompress(inner))).valid


def test_times_with_fractions_are_read() -> None:
    assert judged(signed_text(claims_of(CONTENT, issued_at=HEADER.issued_at.timestamp() + 0.5))).valid


def test_a_sampling_time_under_tag_0_is_read() -> None:
    assert judged(signed_text(sampled(sc=cbor2.CBORTag(0, "2021-07-25T07:05:00Z")))).valid


def test_headers_count_from_the_protected_header_first() -> None:
    assert judged(signed_text(CLAIMS, unprotected={4: b"another1"})).valid
    assert judged(signed_text(CLAIMS, protected={}, unprotected={1: -7, 4: KID})).valid
    found = judged(signed_text(CLAIMS, protected={1: -7, 4: b"another1"}, unprotected={4: KID}))
    assert found.reason == "key_unknown"


def test_every_key_of_a_key_id_is_tried() -> None:
    keys = [trusted_key(Algorithm.PS256), replace(trusted_key(), verify=lambda *_: False), trusted_key()]
    from_all = [judged(issued(), key=key).reason for key in keys]
    assert from_all == ["algorithm_mismatch", "signature_invalid", None]


def cyclic() -> bytes:
    return bytes.fromhex("d81c81d81d00")


@pytest.mark.parametrize(
    ("text", "reason", "last_step"),
    [
        ("", "prefix_missing", "UNPREFIX"),
        ("hc1:6BF", "prefix_missing", "UNPREFIX"),
        (" HC1:6BF", "prefix_missing", "UNPREFIX"),
        (issued()[4:], "prefix_missing", "UNPREFIX"),
        ("HC1:" + "0" * 100_000, "text_too_long", "B45DECODE"),
        ("HC1:", "compression_invalid", "COMPRESSION"),
        ("HC1:0", "base45_invalid", "B45DECODE"),
        ("HC1:\ud800\x00đ", "base45_invalid", "B45DECODE"),
        (issued() + "\n", "base45_invalid", "B45DECODE"),
        ("HC1:" + base45.encode(cbor2.dumps(18)), "compression_invalid", "COMPRESSION"),
        ("HC1:" + base45.encode(zlib.compress(b"x")[:-1]), "compression_invalid", "COMPRESSION"),
        ("HC1:" + base45.encode(zlib.compress(b"x") + b"y"), "compression_invalid", "COMPRESSION"),
        (
            "HC1:" + base45.encode(zlib.compress(bytes(LARGEST_MESSAGE * 100), 9)[:10_000]),
            "compression_too_large",
            "COMPRESSION",
        ),
        (as_text(b""), "cose_invalid", "DECODE"),
        (as_text(b"\x81" * 5_000), "cose_invalid", "DECODE"),
        (as_text(cyclic()), "cose_invalid", "DECODE"),
        (as_text(b"\x84\x40\xa0\x40\x40\x00"), "cose_invalid", "DECODE"),
        (as_text(b"\x83\x40\xa0\x40"), "cose_invalid", "DECODE"),
        (as_text(b"\xd8\x63\x84\x40\xa0\x40\x40"), "cose_invalid", "DECODE"),
        (as_text(b"\xd8\x3d\x84\x40\xa0\x40\x40"), "cose_invalid", "DECODE"),
        (as_text(b"\x84\x40\x80\x40\x40"), "cose_invalid", "DECODE"),
        (as_text(b"\x84\x60\xa0\x40\x40"), "cose_invalid", "DECODE"),
        (as_text(b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"), "cose_invalid", "DECODE"),
        (as_text(b"\x84\x5b\x7f\xff\xff\xff\xff\xff\xff\xff"), "cose_invalid", "DECODE"),
        (signed_text(CLAIMS, protected={1: -7, 2: [99], 4: KID}), "cose_invalid", "DECODE"),
        (signed_text(CLAIMS, protected=[1]), "cose_invalid", "DECODE"),
    ],
)
def test_what_cannot_be_opened_has_a_reason_and_a_step(text: str, reason: str, last_step: str) -> None:
    found = judged(text)
    assert (found.valid, found.reason, list(found.steps)[-1]) == (False, reason, last_step)
    assert (found.certificate, found.claims, found.private) == (None, None, None)
    assert not found.is_negative_test


@pytest.mark.parametrize(
    ("text", "reason", "step"),
    [
        (signed_text(CLAIMS, protected={1: -7}), "kid_invalid", "VERIFY"),
        (signed_text(CLAIMS, protected={1: -7, 4: b"seven77"}), "kid_invalid", "VERIFY"),
        (signed_text(CLAIMS, protected={1: -7, 4: "chotxanh"}), "kid_invalid", "VERIFY"),
        (signed_text(CLAIMS, protected={4: KID}), "algorithm_unsupported", "VERIFY"),
        (signed_text(CLAIMS, protected={1: -8, 4: KID}), "algorithm_unsupported", "VERIFY"),
        (signed_text(CLAIMS, protected={1: [], 4: KID}), "algorithm_unsupported", "VERIFY"),
        (signed_text(CLAIMS, protected={1: -37, 4: KID}), "algorithm_mismatch", "VERIFY"),
        (signed_text([]), "claims_invalid", "DECODE"),
        (signed_text(b""), "claims_invalid", "DECODE"),
        (signed_text(b"\xa2\x01\x02\x01\x03"), "claims_invalid", "DECODE"),
        (signed_text(cbor2.dumps(CLAIMS) + b"\x00"), "claims_invalid", "DECODE"),
        (signed_text(b"\xa1\x39\x01\x03" + cyclic()), "claims_invalid", "DECODE"),
        (signed_text({-260: []}), "claims_invalid", "DECODE"),
        (signed_text({-260: {1: [CONTENT]}}), "claims_invalid", "DECODE"),
        (signed_text(claims_of(CONTENT | {"x": float("nan")})), "claims_invalid", "DECODE"),
        (signed_text(claims_of(CONTENT | {"x": b"bytes"})), "claims_invalid", "DECODE"),
        (signed_text(claims_of(CONTENT | {"x": {1: 2}})), "claims_invalid", "DECODE"),
        (signed_text(claims_of(CONTENT, issued_at=float("nan"))), "time_invalid", "EXPIRATIONCHECK"),
        (signed_text(claims_of(CONTENT, expires_at=float("inf"))), "time_invalid", "EXPIRATIONCHECK"),
        (signed_text(claims_of(CONTENT, expires_at=2**63)), "time_invalid", "EXPIRATIONCHECK"),
        (signed_text(claims_of(CONTENT, expires_at=None)), "time_invalid", "EXPIRATIONCHECK"),
        (signed_text(claims_of(CONTENT, issued_at=True)), "time_invalid", "EXPIRATIONCHECK"),
        (signed_text(claims_of(CONTENT | {"v": CONTENT["t"]})), "key_usage_mismatch", "KEYUSAGE"),
        (signed_text(claims_of({})), "schema_invalid", "SCHEMAVALIDATION"),
        (signed_text(sampled(sc="yesterday")), "schema_invalid", "SCHEMAVALIDATION"),
    ],
)
def test_what_is_wrong_inside_has_a_reason_and_a_step(text: str, reason: str, step: str) -> None:
    found = judged(text)
    assert (found.valid, found.reason, found.steps[step]) == (False, reason, False)


def test_a_forged_certificate_shows_nothing_of_its_content() -> None:
    found = judged(issued(), key=replace(trusted_key(), verify=lambda *_: False))
    assert (found.reason, found.steps["VERIFY"], found.steps["SCHEMAVALIDATION"]) == (
        "signature_invalid",
        False,
        True,
    )
    assert (found.certificate, found.claims, found.message) == (None, None, None)


@pytest.mark.parametrize(
    ("after_issue", "reason"),
    [
        (timedelta(0), None),
        (timedelta(days=30), None),
        (timedelta(seconds=-1), "issued_in_future"),
        (timedelta(days=30, seconds=1), "expired"),
    ],
)
def test_a_certificate_holds_from_issue_to_expiry(after_issue: timedelta, reason: str | None) -> None:
    assert judged(issued(), at=HEADER.issued_at + after_issue).reason == reason


def test_the_signer_must_be_valid_too() -> None:
    early = replace(trusted_key(), not_before=NOW + timedelta(seconds=1))
    late = replace(trusted_key(), not_after=NOW - timedelta(seconds=1))
    assert judged(issued(), key=early).reason == "key_not_yet_valid"
    assert judged(issued(), key=late).reason == "key_expired"


@pytest.mark.parametrize(
    ("usages", "reason"),
    [((), None), (("test", "recovery"), None), (("vaccination",), "key_usage_mismatch")],
)
def test_a_signer_signs_only_what_it_may(usages: tuple[str, ...], reason: str | None) -> None:
    assert judged(issued(), key=trusted_key(usages=usages)).reason == reason


def test_nobody_is_born_or_sampled_in_the_future() -> None:
    assert judged(signed_text(claims_of(CONTENT | {"dob": "2022"}))).reason == "born_in_future"
    assert judged(signed_text(sampled(sc="2021-07-26T00:00:00+07:00"))).reason == "sampled_in_future"
    assert judged(signed_text(claims_of(CONTENT | {"dob": ""}))).valid


@given(st.text(max_size=60) | st.binary(max_size=60).map(as_text))
def test_no_text_raises(text: str) -> None:
    assert not judged("HC1:" + text).valid
    assert not judged(text).valid


@given(st.data())
def test_no_mutation_of_a_genuine_certificate_passes(data: st.DataObject) -> None:
    message = bytearray(zlib.decompress(base45.decode(issued()[4:])))
    position = data.draw(st.integers(0, len(message) - 1))
    message[position] ^= data.draw(st.integers(1, 255))
    found = judged(as_text(bytes(message)))
    # The empty unprotected header is not signed: what is added there changes nothing.
    assert not found.valid or found.certificate == CONTENT
