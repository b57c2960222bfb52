"""UVCI, the name of one certificate, and the hash under which a certificate is revoked."""

import hashlib
import re

from chotxanh.domain.hcert.cose import Algorithm

LONGEST_UVCI = 80
REVOCATION_HASH_LENGTH = 16

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
_UVCI_BODY = re.compile(r"[A-Z0-9/:]+")
_COUNTED = _ALPHABET.encode()
_ONCE = bytes(max(_COUNTED.find(code), 0) for code in range(256))
_TWICE = bytes(sum(divmod(2 * value, len(_ALPHABET))) for value in _ONCE)


def check_character(text: str) -> str:
    """Luhn mod N over the alphabet of a UVCI, prefix included (EU guidelines on vaccination proof, annex 2).

    Raises ValueError for a character outside `A-Z0-9/:`.
    """
    if not _UVCI_BODY.fullmatch(text):
        raise ValueError("a UVCI is made of A-Z, 0-9, / and :")
    characters = text.encode()
    total = sum(characters[-1::-2].translate(_TWICE)) + sum(characters[-2::-2].translate(_ONCE))
    return _ALPHABET[-total % len(_ALPHABET)]


def new_uvci(country: str, issuer_code: str, opaque: str) -> str:
    """`URN:UVCI:01:<country>:<issuer>/<opaque>#<check>`, option 2 of annex 2; the parts are A-Z and 0-9.

    The opaque part must come from random bits: it is what nobody may guess. Raises ValueError.
    """
    body = f"URN:UVCI:01:{country}:{issuer_code}/{opaque}"
    if len(body) > LONGEST_UVCI - 2:
        raise ValueError("a UVCI has at most 80 characters")
    return f"{body}#{check_character(body)}"


def signature_hash(signature: bytes, algorithm: Algorithm) -> bytes:
    """The first 16 bytes of the SHA-256 that names a certificate in EU revocation lists (type SIGNATURE).

    Of an ECDSA signature only the first half counts, because (r, n - s) is as valid as (r, s).
    """
    hashed = signature[: len(signature) // 2] if algorithm is Algorithm.ES256 else signature
    return hashlib.sha256(hashed).digest()[:REVOCATION_HASH_LENGTH]
