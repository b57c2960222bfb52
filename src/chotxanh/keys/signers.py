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
from chotxanh.keys.faults import KeysMissing
from chotxanh.keys.signatures import SigningKey
from chotxanh.keys.trust import key_id

TEST_CERTIFICATES = x509.ObjectIdentifier("1.3.6.1.4.1.1847.2021.1.1")
SIGNER_LIFE = timedelta(days=2 * 365)
NODE_FILE = "node.pem"
SIGNER_FILE, CERTIFICATE_FILE = "document-signer.pem", "document-signer.der"
# Needed only where a signer is made: it may be kept apart from the server from then on.
AUTHORITY_FILE = "signing-authority.pem"


@dataclass(frozen=True)
class DocumentSigner:
    """The key and certificate that sign test certificates (eu-dcc-hcert-spec: DSC)."""

    key: SigningKey
    certificate: bytes

    @cached_property
    def key_identifier(self) -> bytes:
        """The key id of its certificate, worked out once."""
        return key_id(self.certificate)

    @property
    def is_whole(self) -> bool:
        """Whether the certificate is that of the key."""
        return x509.load_der_x509_certificate(self.certificate).public_key() == _public(self.key)


def make_signing_keys() -> None:
    """Make, unless they are there, the keys of a new database: the node's own, a signing authority and its signer."""
    directory = Path(settings.KEYS_DIRECTORY)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make_key(directory / NODE_FILE)
    _make_key(directory / SIGNER_FILE)
    certificate = directory / CERTIFICATE_FILE
    if not certificate.exists():
        _make_key(directory / AUTHORITY_FILE)
        authority = _stored_key(directory / AUTHORITY_FILE)
        write_once(certificate, _certificate(_stored_key(directory / SIGNER_FILE), authority))


def node_key() -> SigningKey:
    """Return the key by which this server signs receipts and its own entries. Raises KeysMissing."""
    return _node_key(str(settings.KEYS_DIRECTORY))


def node_key_in(directory: Path) -> SigningKey:
    """Return the key likewise that lies in another folder of keys, such as a backup's. Raises KeysMissing."""
    return _stored_key(directory / NODE_FILE)


@cache
def _node_key(keys_directory: str) -> SigningKey:
    return _stored_key(Path(keys_directory, NODE_FILE))


def document_signer() -> DocumentSigner:
    """Return the signer of certificates. Raises KeysMissing."""
    return _document_signer(str(settings.KEYS_DIRECTORY))


@cache
def _document_signer(keys_directory: str) -> DocumentSigner:
    directory = Path(keys_directory)
    return DocumentSigner(_stored_key(directory / SIGNER_FILE), _content(directory / CERTIFICATE_FILE))


def trusted_certificates() -> list[bytes]:
    """Return the DER of every signer whose certificates count as genuine: ours and those placed in `trusted/`."""
    others = sorted(Path(settings.KEYS_DIRECTORY, "trusted").glob("*.der"))
    return [document_signer().certificate, *(file.read_bytes() for file in others)]


def _make_key(file: Path) -> None:
    if not file.exists():
        write_once(file, SigningKey.generate().to_pem())


@cache
def _stored_key(file: Path) -> SigningKey:
    return SigningKey.from_pem(_content(file))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise KeysMissing(file.name) from None


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
