"""Test certificates: their content as a DCC, their text, and the way back."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from chotxanh.domain.hcert import base45, cose, cwt, schema
from chotxanh.domain.names import normalise_name, transliterate_normalised

PREFIX = "HC1:"
SCHEMA_VERSION = "1.3.0"
LONGEST_TEXT = 16_384  # a QR code holds 4,296 characters
LARGEST_MESSAGE = 65_536

DISEASE_COVID_19 = "840539006"
RESULT_DETECTED = "260373001"
RESULT_NOT_DETECTED = "260415000"
TEST_TYPE_CODES = {"rt_pcr": "LP6464-4", "ag_rapid": "LP217198-3"}

_LONGEST_FIELD = 80
_LENGTH_WITHOUT_ZONE = len("2021-07-25T07:05:00")


class TestCertificate(NamedTuple):
    """What a test certificate says. `birth_date` is `YYYY` or `YYYY-MM-DD`, `sampled_at` aware.

    `test_device` is the name of a NAAT or the JRC number of a rapid test.
    """

    family_name: str
    given_name: str
    birth_date: str
    uvci: str
    test_type: str
    sampled_at: datetime
    detected: bool
    facility_name: str
    issuer_name: str
    country: str = "VN"
    test_device: str | None = None


TestCertificate.__test__ = False  # type: ignore[attr-defined]  # its name would make pytest collect it


class Header(NamedTuple):
    """Who signs and from when until when the signature holds (not the validity of the test result)."""

    kid: bytes
    issuer: str
    issued_at: datetime
    expires_at: datetime


class Decoded(NamedTuple):
    """A certificate taken apart, nothing verified."""

    message: cose.Sign1
    claims: cwt.Claims


class Unreadable(ValueError):
    """Text that is no certificate; `reason` is a stable code, `step` the public suite's name of the step."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(reason)
        self.step = step
        self.reason = reason


def payload(certificate: TestCertificate) -> dict[str, Any]:
    """`certificate` as a DCC of schema 1.3: family name in fn, middle and given names in gn."""
    test = {
        "tg": DISEASE_COVID_19,
        "tt": TEST_TYPE_CODES[certificate.test_type],
        "sc": _zulu(certificate.sampled_at),
        "tr": RESULT_DETECTED if certificate.detected else RESULT_NOT_DETECTED,
        "tc": certificate.facility_name[:_LONGEST_FIELD],
        "co": certificate.country,
        "is": certificate.issuer_name[:_LONGEST_FIELD],
        "ci": certificate.uvci,
    }
    if certificate.test_device:
        test["nm" if certificate.test_type == "rt_pcr" else "ma"] = certificate.test_device[:_LONGEST_FIELD]
    family = normalise_name(certificate.family_name)
    name = {"fn": family[:_LONGEST_FIELD], "fnt": transliterate_normalised(family)}
    if given := normalise_name(certificate.given_name):
        name |= {"gn": given[:_LONGEST_FIELD], "gnt": transliterate_normalised(given)}
    return {"ver": SCHEMA_VERSION, "nam": name, "dob": certificate.birth_date, "t": [test]}


def _zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat("T", "seconds")[:_LENGTH_WITHOUT_ZONE] + "Z"


def issue(
    content: dict[str, Any],
    *,
    header: Header,
    private_claims: dict[str, Any] | None,
    sign: Callable[[bytes], bytes],
) -> str:
    """The `HC1:` text of `content`, signed ES256 by `sign`, which returns r||s (64 bytes) over its argument.

    `private_claims` travel under CWT claim -65537. Raises ValueError for content that breaks the schema.
    """
    if fault := schema.fault_on_issue(content):
        raise ValueError(fault)
    issued_at, expires_at = int(header.issued_at.timestamp()), int(header.expires_at.timestamp())
    if expires_at <= issued_at:
        raise ValueError("a certificate must end after it begins")
    claims = cwt.encode(
        content, issuer=header.issuer, issued_at=issued_at, expires_at=expires_at, private=private_claims
    )
    protected = cose.es256_header(header.kid)
    signature = sign(cose.signed_bytes(protected, claims))
    if len(signature) != cose.ES256_SIGNATURE_LENGTH:
        raise ValueError("an ES256 signature has 64 bytes")
    return PREFIX + base45.encode(stored(cose.encode(protected, claims, signature)))


def stored(data: bytes) -> bytes:
    """`data` as a zlib stream (RFC 1950) of one stored block.

    A certificate must pass through zlib, but one of 400 random-like bytes does not shrink, and setting up the
    compressor would take longer than signing.
    """
    length = len(data)
    sizes = length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little")
    return b"\x78\x01\x01" + sizes + data + zlib.adler32(data).to_bytes(4)


def open_message(text: str) -> cose.Sign1:
    """The COSE_Sign1 in a certificate's text. Raises Unreadable."""
    if not text.startswith(PREFIX):
        raise Unreadable("UNPREFIX", "prefix_missing")
    if len(text) > LONGEST_TEXT:
        raise Unreadable("B45DECODE", "text_too_long")
    try:
        compressed = base45.decode(text[len(PREFIX) :])
    except ValueError:
        raise Unreadable("B45DECODE", "base45_invalid") from None
    message = _decompressed(compressed)
    try:
        return cose.decode(message)
    except ValueError:
        raise Unreadable("DECODE", "cose_invalid") from None


def decode(text: str) -> Decoded:
    """A certificate's text taken apart without verifying anything. Raises Unreadable."""
    message = open_message(text)
    return Decoded(message, open_claims(message))


def open_claims(message: cose.Sign1) -> cwt.Claims:
    """The claims in a message. Raises Unreadable."""
    try:
        return cwt.decode(message.payload)
    except ValueError:
        raise Unreadable("DECODE", "claims_invalid") from None


def _decompressed(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        message = stream.decompress(data, LARGEST_MESSAGE + 1)
    except zlib.error:
        raise Unreadable("COMPRESSION", "compression_invalid") from None
    if len(message) > LARGEST_MESSAGE:
        raise Unreadable("COMPRESSION", "compression_too_large")
    if not stream.eof or stream.unused_data:
        raise Unreadable("COMPRESSION", "compression_invalid")
    return message
