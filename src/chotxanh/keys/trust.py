"""Document signers of certificates: from an X.509 certificate to a key that verifies, and to its key id."""

import hashlib
from functools import partial

from asn1crypto import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from chotxanh.domain.hcert.cose import KID_LENGTH, Algorithm
from chotxanh.domain.hcert.keyusage import usages_of
from chotxanh.domain.hcert.verdict import TrustedKey
from chotxanh.keys.signatures import verifies

FEWEST_RSA_BITS = 2048
MOST_RSA_BITS = 4096

_SHA256 = hashes.SHA256()
_PSS = padding.PSS(padding.MGF1(_SHA256), salt_length=_SHA256.digest_size)


def key_id(der: bytes) -> bytes:
    """The key id of an X.509 certificate: the first 8 bytes of its SHA-256 (eu-dcc-hcert-spec, 3.3.3)."""
    return hashlib.sha256(der).digest()[:KID_LENGTH]


def trusted_key_from_der(der: bytes) -> TrustedKey:
    """The signer in the X.509 certificate `der`. Raises ValueError for any but P-256 and RSA 2048 to 4096.

    Read with asn1crypto: `cryptography` refuses certificates with harmless faults that real signers have.
    """
    try:
        certificate = x509.Certificate.load(der)
        validity = certificate["tbs_certificate"]["validity"]
        not_before, not_after = validity["not_before"].native, validity["not_after"].native
        public_key = serialization.load_der_public_key(certificate.public_key.dump())
    except (TypeError, KeyError, UnsupportedAlgorithm) as error:
        raise ValueError("not a certificate of a known kind of key") from error
    usages = usages_of(der)
    if isinstance(public_key, ec.EllipticCurvePublicKey) and isinstance(public_key.curve, ec.SECP256R1):
        point = public_key.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return TrustedKey(Algorithm.ES256, usages, not_before, not_after, partial(verifies, point))
    if isinstance(public_key, rsa.RSAPublicKey) and FEWEST_RSA_BITS <= public_key.key_size <= MOST_RSA_BITS:
        return TrustedKey(
            Algorithm.PS256, usages, not_before, not_after, partial(_verifies_ps256, public_key)
        )
    raise ValueError("neither P-256 nor RSA")


def _verifies_ps256(public_key: rsa.RSAPublicKey, message: bytes, signature: bytes) -> bool:
    try:
        public_key.verify(signature, message, _PSS, _SHA256)
    except (InvalidSignature, ValueError):
        return False
    return True
