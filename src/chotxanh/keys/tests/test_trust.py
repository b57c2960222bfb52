"""Document signers read from X.509 certificates."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from chotxanh.domain.hcert.cose import Algorithm
from chotxanh.domain.hcert.keyusage import USAGE_OF_OID
from chotxanh.keys.signatures import SigningKey
from chotxanh.keys.trust import key_id, trusted_key_from_der

BEGINS = datetime(2021, 7, 1, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=730)


def certificate(public_key: object, *usages: str) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "VN")])
    builder = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=public_key,  # type: ignore[arg-type]
        serial_number=1,
        not_valid_before=BEGINS,
        not_valid_after=ENDS,
    )
    if usages:
        purposes = x509.ExtendedKeyUsage([x509.ObjectIdentifier(usage) for usage in usages])
        builder = builder.add_extension(purposes, critical=False)
    authority = ec.generate_private_key(ec.SECP256R1())
    return builder.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_a_p256_signer_verifies_raw_signatures() -> None:
    key = SigningKey.generate()
    trusted = trusted_key_from_der(certificate(key.private_key.public_key()))
    assert (trusted.algorithm, trusted.not_before, trusted.not_after) == (Algorithm.ES256, BEGINS, ENDS)
    assert trusted.verify(b"message", key.sign(b"message"))
    assert not trusted.verify(b"another", key.sign(b"message"))
    assert not any(trusted.verify(b"message", bytes(length)) for length in (0, 3, 63, 64, 65, 96))


def test_an_rsa_signer_verifies_pss_with_a_salt_of_32() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    trusted = trusted_key_from_der(certificate(key.public_key()))
    assert trusted.algorithm is Algorithm.PS256
    for salt_length, is_right in ((32, True), (20, False)):
        signature = key.sign(
            b"message", padding.PSS(padding.MGF1(hashes.SHA256()), salt_length), hashes.SHA256()
        )
        assert trusted.verify(b"message", signature) is is_right
    assert not trusted.verify(b"message", b"short")


@pytest.mark.parametrize(
    "private_key",
    [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 1024)],
    ids=["P-384", "RSA"],
)
def test_other_keys_are_refused(private_key: PrivateKeyTypes) -> None:
    with pytest.raises(ValueError):
        trusted_key_from_der(certificate(private_key.public_key()))


@pytest.mark.parametrize("der", [b"", b"\x30\x00", b"\x30\x80", b"not a certificate", bytes(1000)])
def test_what_is_no_certificate_is_refused(der: bytes) -> None:
    with pytest.raises(ValueError):
        trusted_key_from_der(der)


@pytest.mark.parametrize("oid", USAGE_OF_OID)
def test_usages_are_read_from_both_arcs(oid: str) -> None:
    der = certificate(SigningKey.generate().private_key.public_key(), oid, "1.3.6.1.5.5.7.3.1")
    assert trusted_key_from_der(der).usages == {USAGE_OF_OID[oid]}


@pytest.mark.parametrize("usages", [(), ("1.3.6.1.5.5.7.3.1",)])
def test_a_signer_without_our_usages_may_sign_anything(usages: tuple[str, ...]) -> None:
    der = certificate(SigningKey.generate().private_key.public_key(), *usages)
    assert trusted_key_from_der(der).usages == frozenset()


def test_key_id_is_the_beginning_of_the_certificate_hash() -> None:
    assert key_id(b"") == bytes.fromhex("e3b0c44298fc1c14")


def test_trusted_keys_cannot_be_changed() -> None:
    trusted = trusted_key_from_der(certificate(SigningKey.generate().private_key.public_key()))
    with pytest.raises(dataclasses.FrozenInstanceError):
        trusted.usages = frozenset()  # type: ignore[misc]


@pytest.mark.parametrize("place", range(3))
def test_a_signer_with_a_key_of_an_unknown_kind_is_a_value_error(place: int) -> None:
    der = certificate(SigningKey.generate().private_key.public_key())
    p256 = bytes.fromhex("2a8648ce3d030107")
    broken = der.replace(p256, p256[: 5 + place] + b"\x63" + p256[6 + place :])
    assert broken != der
    with pytest.raises(ValueError, match="kind of key"):
        trusted_key_from_der(broken)
