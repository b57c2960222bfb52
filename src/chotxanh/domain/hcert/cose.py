"""COSE_Sign1 (RFC 9052): one payload, one signature, and which key and algorithm it claims."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import cbor2

from chotxanh.domain.hcert import cbor

KID_LENGTH = 8
ES256_SIGNATURE_LENGTH = 64

_TAG_COSE_SIGN1 = 18
_TAG_CWT = 61
_HEADER_ALGORITHM = 1
_HEADER_CRITICAL = 2
_HEADER_KID = 4
_PARTS = 4
_LONGEST_HEADER = 1024


class Algorithm(StrEnum):
    """The two algorithms of eu-dcc-hcert-spec 3.3.2: ECDSA P-256 and RSASSA-PSS, both with SHA-256."""

    ES256 = "ES256"
    PS256 = "PS256"


ALGORITHM_OF_COSE_NUMBER = {-7: Algorithm.ES256, -37: Algorithm.PS256}


class Sign1(NamedTuple):
    """A parsed COSE_Sign1. `algorithm` and `kid` are as stated: None for a missing or unusable header."""

    protected: bytes
    payload: bytes
    signature: bytes
    algorithm: Algorithm | None
    kid: bytes | None

    @property
    def signed_bytes(self) -> bytes:
        """The Sig_structure of RFC 9052, 4.4: what the signature is over."""
        return signed_bytes(self.protected, self.payload)


def signed_bytes(protected: bytes, payload: bytes) -> bytes:
    """["Signature1", protected, h'', payload] with both byte strings exactly as received."""
    return b"\x84\x6aSignature1" + cbor.byte_string(protected) + b"\x40" + cbor.byte_string(payload)


def encode(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """A tagged COSE_Sign1 with an empty unprotected header."""
    parts = cbor.byte_string(protected) + b"\xa0" + cbor.byte_string(payload) + cbor.byte_string(signature)
    return b"\xd2\x84" + parts


@lru_cache(maxsize=64)
def es256_header(kid: bytes) -> bytes:
    """The protected header of a certificate of ours: ES256 and the first 8 bytes of the signer's SHA-256."""
    if len(kid) != KID_LENGTH:
        raise ValueError("a key id has 8 bytes")
    return cbor2.dumps({_HEADER_ALGORITHM: -7, _HEADER_KID: kid})


def decode(data: bytes) -> Sign1:
    """The COSE_Sign1 in `data`, untagged, tagged 18 or 61(18(...)). Raises ValueError.

    Algorithm and key id count from the protected header; only where it lacks them from the unprotected one.
    """
    message = cbor.load(data)
    if isinstance(message, cbor2.CBORTag) and message.tag == _TAG_CWT:
        message = message.value
        if not isinstance(message, cbor2.CBORTag):
            raise ValueError("a tagged CWT must hold a tagged COSE_Sign1")
    if isinstance(message, cbor2.CBORTag):
        if message.tag != _TAG_COSE_SIGN1:
            raise ValueError("not a COSE_Sign1")
        message = message.value
    if not isinstance(message, list | tuple) or len(message) != _PARTS:
        raise ValueError("not an array of four")
    protected, unprotected, payload, signature = message
    if not (isinstance(protected, bytes) and isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise ValueError("protected header, payload and signature must be byte strings")
    if not isinstance(unprotected, Mapping):
        raise ValueError("the unprotected header must be a map")
    algorithm_number, kid = _protected_header(protected)
    return Sign1(
        protected,
        payload,
        signature,
        _algorithm(algorithm_number if algorithm_number is not None else unprotected.get(_HEADER_ALGORITHM)),
        _kid(kid if kid is not None else unprotected.get(_HEADER_KID)),
    )


@lru_cache(maxsize=256)
def _protected_header(protected: bytes) -> tuple[Any, Any]:
    """(algorithm, kid) of a protected header; few signers make many certificates, so these are remembered."""
    if len(protected) > _LONGEST_HEADER:
        raise ValueError("header too long")
    header = cbor.load(protected) if protected else {}
    if not isinstance(header, dict):
        raise ValueError("the protected header must be a map")
    if _HEADER_CRITICAL in header:
        raise ValueError("critical headers are not understood here")
    return header.get(_HEADER_ALGORITHM), header.get(_HEADER_KID)


def _algorithm(number: object) -> Algorithm | None:
    return ALGORITHM_OF_COSE_NUMBER.get(number) if isinstance(number, int) else None


def _kid(kid: object) -> bytes | None:
    return kid if isinstance(kid, bytes) and len(kid) == KID_LENGTH else None
