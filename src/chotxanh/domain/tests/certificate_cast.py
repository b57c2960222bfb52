"""A signer whose signatures are hashes, and one certificate: enough to test every rule but the curve."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2

from chotxanh.domain.hcert import base45, cose
from chotxanh.domain.hcert.certificates import Header, TestCertificate, issue, payload, stored
from chotxanh.domain.hcert.cose import Algorithm
from chotxanh.domain.hcert.uvci import new_uvci
from chotxanh.domain.hcert.verdict import TrustedKey, Verdict, verdict

KID = b"chotxanh"
SAMPLED_AT = datetime(2021, 7, 25, 7, 5, tzinfo=UTC)
ISSUED_AT = SAMPLED_AT + timedelta(minutes=20)
NOW = ISSUED_AT + timedelta(hours=1)
HEADER = Header(KID, "VN", ISSUED_AT, ISSUED_AT + timedelta(days=30))
PRIVATE = {"resulted_at": int(ISSUED_AT.timestamp()), "category": "goods_driver", "rule": "mot-moh-2021-07"}
CERTIFICATE = TestCertificate(
    family_name="Đặng",
    given_name="Thị Hoà",
    birth_date="1990",
    uvci=new_uvci("VN", "BRVT", "7K2M9Q4XTB0Z"),
    test_type="ag_rapid",
    sampled_at=SAMPLED_AT,
    detected=False,
    facility_name="Chốt QL51 Phú Mỹ",
    issuer_name="Sở Y tế Bà Rịa - Vũng Tàu",
    test_device="1833",
)


def sign(message: bytes) -> bytes:
    return hashlib.sha512(message).digest()


def verify(message: bytes, signature: bytes) -> bool:
    return signature == sign(message)


def trusted_key(algorithm: Algorithm = Algorithm.ES256, usages: Sequence[str] = ("test",)) -> TrustedKey:
    begins = SAMPLED_AT - timedelta(days=30)
    return TrustedKey(algorithm, frozenset(usages), begins, begins + timedelta(days=730), verify)


def issued(content: dict[str, Any] | None = None) -> str:
    return issue(content or payload(CERTIFICATE), header=HEADER, private_claims=PRIVATE, sign=sign)


def judged(text: str, *, at: datetime = NOW, key: TrustedKey | None = None) -> Verdict:
    keys = [key or trusted_key()]
    return verdict(text, at=at, trusted=lambda kid: keys if kid == KID else [])


def claims_of(content: object, **changed: object) -> dict[object, object]:
    """CWT claims around `content`; `issuer`, `expires_at` and `issued_at` can be changed."""
    return {
        1: changed.get("issuer", "VN"),
        4: changed.get("expires_at", int(HEADER.expires_at.timestamp())),
        6: changed.get("issued_at", int(HEADER.issued_at.timestamp())),
        -260: {1: content},
    }


def signed_text(claims: object, protected: object = None, unprotected: object = None, tags: int = 18) -> str:
    """Certificate text around any claims and headers, rightly signed."""
    header = cbor2.dumps({1: -7, 4: KID} if protected is None else protected)
    content = claims if isinstance(claims, bytes) else cbor2.dumps(claims)
    signature = sign(cose.signed_bytes(header, content))
    message: object = [header, {} if unprotected is None else unprotected, content, signature]
    if tags:
        message = cbor2.CBORTag(tags, message)
    return as_text(cbor2.dumps(message))


def as_text(message: bytes) -> str:
    """Certificate text around any bytes in the place of the COSE message."""
    return "HC1:" + base45.encode(stored(message))
