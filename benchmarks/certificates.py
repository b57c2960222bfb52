"""`certificate.issue` and `certificate.verify` beside bare OpenSSL signing and checking, in alternating rounds.

Counted is the processor time of this one thread, and of each side its fastest round: what else runs on the machine
slows memory-hungry work more than a signature and is no property of either.
"""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks.figures import Figure
from benchmarks.place import Place
from chotxanh.domain.hcert.certificates import Header, TestCertificate, issue, payload
from chotxanh.domain.hcert.uvci import new_uvci
from chotxanh.domain.hcert.verdict import verdict
from chotxanh.keys.signers import document_signer
from chotxanh.keys.trust import trusted_key_from_der

ROUNDS, EACH = 400, 25
LEAST_ISSUING, LEAST_VERIFYING = 0.30, 0.50
MESSAGE = b"chot xanh" * 40
_ES256 = ec.ECDSA(hashes.SHA256())
_CLAIMS = {"resulted_at": 1_626_000_900, "category": "goods_driver", "rule": "goods-driver-72h"}


def measure_issuing(_place: Place) -> list[Figure]:
    """Return certificates issued a second on one core, from the person's data to the text."""
    key = document_signer().key.private_key
    value, limit = _in_turns(_issue, lambda: key.sign(MESSAGE, _ES256))
    return [Figure("certificate.issue", value, "certificates/s", limit, LEAST_ISSUING, is_most=False)]


def measure_verifying(_place: Place) -> list[Figure]:
    """Return certificates judged a second on one core, from the text to the verdict."""
    signer = document_signer()
    text, now = _issue(), datetime.now(UTC)
    trusted = [trusted_key_from_der(signer.certificate)]
    if not verdict(text, at=now, trusted=lambda _kid: trusted).valid:
        raise ValueError("what was issued does not verify")
    public, signature = signer.key.private_key.public_key(), signer.key.private_key.sign(MESSAGE, _ES256)
    value, limit = _in_turns(
        lambda: verdict(text, at=now, trusted=lambda _kid: trusted),
        lambda: public.verify(signature, MESSAGE, _ES256),
    )
    return [Figure("certificate.verify", value, "certificates/s", limit, LEAST_VERIFYING, is_most=False)]


def _issue() -> str:
    signer, now = document_signer(), datetime.now(UTC)
    certificate = TestCertificate(
        family_name="Nguyễn Thị",
        given_name="Mai",
        birth_date="1987-03-14",
        uvci=new_uvci("VN", "BRVT", "S0000000000000"),
        test_type="ag_rapid",
        sampled_at=now - timedelta(minutes=20),
        detected=False,
        facility_name="Trung tâm Y tế thị xã Phú Mỹ",
        issuer_name="Sở Y tế tỉnh Bà Rịa - Vũng Tàu",
    )
    header = Header(signer.key_identifier, "VN", now, now + timedelta(days=90))
    return issue(payload(certificate), header=header, private_claims=_CLAIMS, sign=signer.key.sign)


def _in_turns(work: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    """Return how many times a second each runs, from the fastest of alternating rounds."""
    fastest = [math.inf, math.inf]
    for _ in range(ROUNDS):
        for number, each in enumerate((work, bare)):
            began = time.thread_time()
            for _ in range(EACH):
                each()
            fastest[number] = min(fastest[number], time.thread_time() - began)
    return EACH / fastest[0], EACH / fastest[1]
