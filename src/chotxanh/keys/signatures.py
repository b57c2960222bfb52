"""ECDSA P-256 with SHA-256 (ES256, RFC 7518 section 3.4): raw r||s signatures, as WebCrypto makes them."""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SIGNATURE_BYTES = 64
POINT_BYTES = 65
_HALF = SIGNATURE_BYTES // 2
_ES256 = ec.ECDSA(hashes.SHA256())


class SigningKey:
    """A P-256 private key that signs and shows its public point."""

    def __init__(self, private_key: ec.EllipticCurvePrivateKey) -> None:
        self.private_key = private_key
        self.public_point = private_key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    @classmethod
    def generate(cls) -> "SigningKey":
        """Make a fresh key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes) -> "SigningKey":
        """Read a PKCS #8 key. Raises ValueError if it is not P-256."""
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("not a P-256 private key")
        return cls(key)

    def to_pem(self) -> bytes:
        """Write the key as PKCS #8 PEM."""
        return self.private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature r||s."""
        return _raw(self.private_key.sign(message, _ES256))


def is_public_point(point: bytes) -> bool:
    """Say whether `point` is a valid uncompressed P-256 point."""
    try:
        _public_key(point)
    except ValueError:
        return False
    return True


def verifies(point: bytes, message: bytes, signature: bytes) -> bool:
    """Check a raw r||s signature against an uncompressed public point; never raises."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        _public_key(point).verify(_der(signature), message, _ES256)
    except (InvalidSignature, ValueError):
        return False
    return True


def _raw(der: bytes) -> bytes:
    """r||s of a DER signature of this library's own: SEQUENCE of two INTEGERs, each of at most 33 bytes (RFC 3279)."""
    end_of_r = 4 + der[3]
    r, s = der[4:end_of_r], der[end_of_r + 2 :]
    return r[-_HALF:].rjust(_HALF, b"\0") + s[-_HALF:].rjust(_HALF, b"\0")


def _der(signature: bytes) -> bytes:
    integers = _integer(signature[:_HALF]) + _integer(signature[_HALF:])
    return bytes((0x30, len(integers))) + integers


def _integer(number: bytes) -> bytes:
    """A DER INTEGER that is not negative: no needless zeros, and one where the first bit would make it negative."""
    digits = number.lstrip(b"\0")
    if not digits or digits[0] >= 0x80:
        digits = b"\0" + digits
    return bytes((0x02, len(digits))) + digits


@lru_cache(maxsize=4096)
def _public_key(point: bytes) -> ec.EllipticCurvePublicKey:
    if len(point) != POINT_BYTES:
        raise ValueError("a P-256 point has 65 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
