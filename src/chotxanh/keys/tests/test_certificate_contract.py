"""The vectors of certificates shared with TypeScript: real signatures, every reason, every kind of signer."""

import base64
from datetime import datetime
from typing import Any

import pytest

from chotxanh.domain.hcert.verdict import TrustedKey, verdict
from chotxanh.domain.tests.contract import vectors
from chotxanh.keys.trust import key_id, trusted_key_from_der

CONTRACT = vectors("certificates")
REFUSED_SIGNERS = {"rsa_short", "p384"}


def signer(name: str) -> tuple[bytes, TrustedKey | None]:
    der = base64.b64decode(CONTRACT["signers"][name])
    return key_id(der), None if name in REFUSED_SIGNERS else trusted_key_from_der(der)


@pytest.mark.parametrize("case", CONTRACT["cases"], ids=lambda case: ascii(case["name"]))
def test_shared_vectors(case: dict[str, Any]) -> None:
    kid, key = signer(case["signer"])
    found = verdict(
        case["text"],
        at=datetime.fromisoformat(case["at"]),
        trusted=lambda asked: [key] if key and asked == kid else [],
        supposed=key,
    )
    assert (found.reason, found.steps, found.is_negative_test) == (
        case["reason"],
        case["steps"],
        case["is_negative_test"],
    )
    assert found.valid is (case["reason"] is None)


@pytest.mark.parametrize("name", sorted(REFUSED_SIGNERS))
def test_signers_with_other_keys_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="neither P-256 nor RSA"):
        trusted_key_from_der(base64.b64decode(CONTRACT["signers"][name]))
