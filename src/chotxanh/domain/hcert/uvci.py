"""UVCI, the name of one certificate, and the hash under which a certificate is revoked."""

import hashlib

from chotxanh.domain.hcert.cose import Algorithm

LONGEST_UVCI = 80
REVOCATION_HASH_LENGTH = 16

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
_INDEX = {character: index for index, character in enumerate(_ALPHABET)}


def check_character(text: str) -> str:
    """Luhn mod N over the alphabet of a UVCI, prefix included (EU guidelines on vaccination proof, annex 2).

    Raises KeyError for a character outside `A-Z0-9/:`.
    """
    total = 0
    for position, character in enumerate(reversed(text)):
        quotient, remainder = divmod(_INDEX[character] * (1 + (position + 1) % 2), len(_ALPHABET))
        total += quotient + remainder
    return _ALPHABET[-total % len(_ALPHABET)]


def new_uvci(country: str, issuer_code: str, opaque: str) -> str:
    """`URN:UVCI:01:<country>:<issuer>/<opaque>#<check>`, option 2 of annex 2; the parts are A-Z and 0-9.

    The opaque part must come from random bits: it is what nobody may guess. Raises ValueError.
    """
    body = f"URN:UVCI:01:{country}:{issuer_code}/{opaque}"
    if any(character not in _INDEX for character in body) or len(body) > LONGEST_UVCI - 2:
        raise ValueError("a UVCI has at most 80 characters of A-Z, 0-9, / and :")
    return f"{body}#{check_character(body)}"


def is_uvci_checked(uvci: str) -> bool:
    """Whether the check character is right; it is optional and no criterion of validity."""
    body, mark, check = uvci.rpartition("#")
    return bool(mark) and all(character in _INDEX for character in body) and check == check_character(body)


def signature_hash(signature: bytes, algorithm: Algorithm) -> bytes:
    """The first 16 bytes of the SHA-256 that names a certificate in EU revocation lists (type SIGNATURE).

    Of an ECDSA signature only the first half counts, because (r, n - s) is as valid as (r, s).
    """
    hashed = signature[: len(signature) // 2] if algorithm is Algorithm.ES256 else signature
    return hashlib.sha256(hashed).digest()[:REVOCATION_HASH_LENGTH]
