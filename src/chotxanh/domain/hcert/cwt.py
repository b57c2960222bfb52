"""CWT (RFC 8392): who issued a certificate, from when until when, and the certificate itself."""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import cbor2

from chotxanh.domain.hcert import cbor

CLAIM_ISSUER = 1
CLAIM_EXPIRES_AT = 4
CLAIM_ISSUED_AT = 6
CLAIM_HCERT = -260
HCERT_EU_DCC_V1 = 1
# Below -65536 claim keys are for private use (RFC 8392, 9.1). A DCC has no place for the time the result
# became known and the category of the person: {"resulted_at": Unix seconds, "category"}.
CLAIM_PRIVATE = -65537

_LATEST = 253_402_300_799  # the last second of the year 9999
_SCALARS = {str, int, bool, type(None)}
_TEXTS = {str}


class Claims(NamedTuple):
    """The claims of a certificate; times are Unix seconds, None when missing or no usable number."""

    issuer: str | None
    issued_at: float | None
    expires_at: float | None
    certificate: dict[str, Any]
    private: dict[str, Any] | None


def encode(
    certificate: dict[str, Any],
    *,
    issuer: str,
    issued_at: int,
    expires_at: int,
    private: dict[str, Any] | None,
) -> bytes:
    """The CWT claims set with whole seconds, as an issuer must write them."""
    claims: dict[int, Any] = {
        CLAIM_ISSUER: issuer,
        CLAIM_EXPIRES_AT: expires_at,
        CLAIM_ISSUED_AT: issued_at,
        CLAIM_HCERT: {HCERT_EU_DCC_V1: certificate},
    }
    if private is not None:
        claims[CLAIM_PRIVATE] = private
    return cbor2.dumps(claims)


def decode(data: bytes) -> Claims:
    """The claims in `data`. Raises ValueError when they are no map or hold no certificate."""
    claims = cbor.load(data)
    hcert = claims.get(CLAIM_HCERT) if isinstance(claims, dict) else None
    certificate = hcert.get(HCERT_EU_DCC_V1) if isinstance(hcert, dict) else None
    if not isinstance(certificate, dict) or not _is_plain(certificate):
        raise ValueError("no certificate")
    issuer, private = claims.get(CLAIM_ISSUER), claims.get(CLAIM_PRIVATE)
    return Claims(
        issuer if isinstance(issuer, str) else None,
        _time(claims.get(CLAIM_ISSUED_AT)),
        _time(claims.get(CLAIM_EXPIRES_AT)),
        certificate,
        private if isinstance(private, dict) and _is_plain(private) else None,
    )


def _time(number: object) -> float | None:
    """Some issuers write fractions of a second (25 public test files do); NaN and far years are no time."""
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= _LATEST:
        return None
    return number


def _is_plain(value: object) -> bool:
    """Whether `value` could be JSON; depth is bounded by the CBOR reader."""
    members: Iterable[object]
    if isinstance(value, dict):
        if not _TEXTS.issuperset(map(type, value)):
            return False
        members = value.values()
    elif isinstance(value, list):
        members = value
    else:
        return type(value) in _SCALARS or (isinstance(value, float) and math.isfinite(value))
    return _SCALARS.issuperset(map(type, members)) or all(map(_is_plain, members))
