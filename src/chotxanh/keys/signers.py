"""The keys this server signs with: its own as a node, and the department's as a signer of certificates."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from chotxanh.configuration import write_once
from chotxanh.keys.signatures import SigningKey
from chotxanh.keys.trust import key_id

TEST_CERTIFICATES = x509.ObjectIdentifier("1.3.6.1.4.1.1847.2021.1.1")
SIGNER_LIFE = timedelta(days=2 * 365)


@dataclass(frozen=True)
class DocumentSigner:
    """The key and certificate that sign test certificates (eu-dcc-hcert-spec: DSC)."""

    key: SigningKey
    certificate: bytes

    @cached_property
    def key_identifier(self) -> bytes:
        """The key id of its certificate, worked out once."""
        return key_id(self.certificate)


def node_key() -> SigningKey:
    """Return the key by which this server signs receipts and its own entries."""
    return _node_key(str(settings.KEYS_DIRECTORY))


@cache
def _node_key(keys_directory: str) -> SigningKey:
    return _stored_key(Path(keys_directory, "node.pem"))


def document_signer() -> DocumentSigner:
    """Return the signer of certificates; at first use a signing authority and its signer are made."""
    return _document_signer(str(settings.KEYS_DIRECTORY))


@cache
def _document_signer(keys_directory: str) -> DocumentSigner:
    directory = Path(keys_directory)
    key = _stored_key(directory / "document-signer.pem")
    return DocumentSigner(key, _stored_certificate(directory, key))


def trusted_certificates() -> list[bytes]:
    """Return the DER of every signer whose certificates count as genuine: ours and those placed in `trusted/`."""
    others = sorted(Path(settings.KEYS_DIRECTORY, "trusted").glob("*.der"))
    return [document_signer().certificate, *(file.read_bytes() for file in others)]


@cache
def _stored_key(file: Path) -> SigningKey:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_once(file, SigningKey.generate().to_pem())
    return SigningKey.from_pem(file.read_bytes())


@cache
def _stored_certificate(directory: Path, key: SigningKey) -> bytes:
    file = directory / "document-signer.der"
    if not file.exists():
        authority = _stored_key(directory / "signing-authority.pem")
        write_once(file, _certificate(key, authority))
    return file.read_bytes()


def _certificate(key: SigningKey, authority: SigningKey) -> bytes:
    begins = datetime.now(UTC) - timedelta(hours=1)
    issuer = _name("Chot Xanh CSCA")
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name("Chot Xanh DSC"))
        .issuer_name(issuer)
        .public_key(_public(key))
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + SIGNER_LIFE)
        .add_extension(x509.ExtendedKeyUsage([TEST_CERTIFICATES]), critical=False)
    )
    signed = builder.sign(authority.private_key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def _public(key: SigningKey) -> ec.EllipticCurvePublicKey:
    return key.private_key.public_key()


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
