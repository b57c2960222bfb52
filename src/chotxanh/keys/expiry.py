"""When a certificate ends."""

from datetime import datetime

from cryptography import x509

PEM = b"-----BEGIN"


def ends_at(certificate: bytes) -> datetime:
    """Return when an X.509 certificate, PEM or DER, is valid no longer (UTC). Raises ValueError."""
    read = x509.load_pem_x509_certificate if PEM in certificate else x509.load_der_x509_certificate
    return read(certificate).not_valid_after_utc
