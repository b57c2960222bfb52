"""What a check of a certificate answers: genuine or not, over, superseded, and never more than the mask shows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from chotxanh.certificates.models import Certificate
from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.hcert import schema
from chotxanh.domain.hcert.certificates import PREFIX, Header, TestCertificate, issue, payload
from chotxanh.keys.signatures import SigningKey
from chotxanh.keys.signers import document_signer
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.protocol.envelope import new_salt
from chotxanh.registers.duties.entries import DutyOf, DutyPersonal, DutySet
from chotxanh.verification import checking
from chotxanh.verification.checking import verify_certificate
from tests.cast import DRIVER, EVENING, MORNING, PHU_MY
from tests.device import MINUTE
from tests.odd_times import ODD_TIMES
from tests.stage import Stage

RESULTED_AT = MORNING + 21 * MINUTE
VALID_UNTIL = RESULTED_AT + timedelta(hours=72)


@pytest.fixture
def text(declared: Stage) -> str:
    """A certificate of the driver."""
    declared.station.minute = 5
    collection = declared.station.collect("BR1", [DRIVER])
    declared.station.minute = 21
    declared.must_apply(collection, declared.station.result("BR1", "negative"))
    found = certificates_of(DRIVER.code, EVENING)[0].text
    assert found is not None
    return found


def signed(
    key: SigningKey,
    kid: bytes,
    *,
    detected: bool = False,
    private: dict[str, Any] | None = None,
    sampled: str = "",
) -> str:
    """Return a certificate that our ledger never issued; `sampled` stands in it as it is."""
    content = TestCertificate(
        family_name="Nguyễn",
        given_name="Văn Đường",
        birth_date="1985",
        uvci="URN:UVCI:01:VN:XX/1#2",
        test_type="ag_rapid",
        sampled_at=MORNING,
        detected=detected,
        facility_name="Bệnh viện",
        issuer_name="Sở Y tế",
    )
    header = Header(kid, "VN", MORNING, MORNING + timedelta(days=30))
    written = payload(content)
    if sampled:
        written["t"][0]["sc"] = sampled
    return issue(written, header=header, private_claims=private, sign=key.sign)


def set_duty(of: DutyOf, code: str, phone: str) -> None:
    record_deeds([Deed(DutySet(of, code, MORNING), DutyPersonal(new_salt(), phone))], EVENING)


def test_a_certificate_in_force_says_what_the_paper_says(text: str) -> None:
    answer = verify_certificate(f"  {text}\n", EVENING)
    assert answer.outcome is Outcome.VALID
    assert (answer.sampled_at, answer.resulted_at, answer.valid_until) == (
        MORNING + 5 * MINUTE,
        RESULTED_AT,
        VALID_UNTIL,
    )
    assert (answer.masked_name, answer.birth_year) == ("N*** V*** Đường", "1985")
    assert (answer.test_type, answer.value, answer.category) == ("ag_rapid", "negative", "goods_driver")
    assert answer.facility_name == "Trung tâm Y tế thị xã Phú Mỹ"


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        (VALID_UNTIL - timedelta(seconds=1), Outcome.VALID),
        (VALID_UNTIL, Outcome.OVER),
        (VALID_UNTIL + timedelta(days=89), Outcome.OVER),
        (EVENING + timedelta(days=300), Outcome.OVER),
    ],
)
def test_a_result_is_over_to_the_second_and_never_called_a_forgery(
    text: str, at: datetime, outcome: Outcome
) -> None:
    assert verify_certificate(text, at).outcome is outcome


ALTERED: dict[str, Callable[[str], str]] = {
    "cut": lambda text: text[:-9],
    "one character": lambda text: text[:60] + ("0" if text[60] != "0" else "1") + text[61:],
    "no prefix": lambda text: text.removeprefix(PREFIX),
    "nothing": lambda _: "",
    "NULs": lambda _: "HC1:\x00\x00",
    "any text": lambda _: "Kết quả âm tính",
    "far too long": lambda text: text * 200,
}


@pytest.mark.parametrize("name", ALTERED)
def test_what_was_altered_is_not_genuine_and_tells_nothing(text: str, name: str) -> None:
    answer = verify_certificate(ALTERED[name](text), EVENING)
    assert answer.outcome is Outcome.NOT_GENUINE
    assert answer.reason
    assert (answer.masked_name, answer.facility_name, answer.valid_until) == (None, None, None)


def test_a_signer_that_is_not_trusted_is_unknown_not_false(text: str) -> None:
    stranger = signed(SigningKey.generate(), b"stranger")
    answer = verify_certificate(stranger, EVENING)
    assert answer.outcome is Outcome.UNKNOWN_ISSUER
    assert (answer.facility_name, answer.masked_name) == ("Bệnh viện", "N*** V*** Đường")
    assert (answer.valid_until, answer.rule) == (None, None)


def test_whom_to_call_about_a_suspended_paper_is_its_facility_else_the_province(
    declared: Stage, text: str
) -> None:
    declared.station.minute = 60
    collection = declared.station.collect("BR2", [DRIVER])
    declared.station.minute = 76
    declared.must_apply(collection, declared.station.result("BR2", "positive"))
    assert verify_certificate(text, EVENING).duty_phone == ""
    set_duty(DutyOf.PROVINCE, "nso-2021", "02540000100")
    assert verify_certificate(text, EVENING).duty_phone == "02540000100"
    set_duty(DutyOf.FACILITY, PHU_MY, "02540000101")
    answer = verify_certificate(text, EVENING)
    assert (answer.outcome, answer.duty_phone) == (Outcome.SUSPENDED, "02540000101")


def test_who_signs_with_another_key_in_our_name_is_a_forger(text: str) -> None:
    forged = signed(SigningKey.generate(), document_signer().key_identifier)
    assert verify_certificate(forged, EVENING).outcome is Outcome.NOT_GENUINE


def test_a_positive_certificate_opens_nothing(text: str) -> None:
    signer = document_signer()
    private = {"resulted_at": int(RESULTED_AT.timestamp()), "category": "goods_driver"}
    positive = signed(signer.key, signer.key_identifier, detected=True, private=private)
    answer = verify_certificate(positive, EVENING)
    assert (answer.outcome, answer.value) == (Outcome.NOT_USABLE, "positive")


def test_what_we_signed_and_do_not_record_any_more_is_never_valid(text: str) -> None:
    """A backup was put back: the certificate is on a phone, its row is lost, and its result may be corrected since."""
    Certificate.objects.all().delete()
    answer = verify_certificate(text, EVENING)
    assert (answer.outcome, answer.valid_until) == (Outcome.NOT_RECORDED, None)


def test_a_certificate_of_another_trusted_signer_is_judged_by_our_rules(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = document_signer()
    monkeypatch.setattr(checking, "_is_signed_here", lambda _judged: False)
    private = {"resulted_at": int(RESULTED_AT.timestamp()), "category": "goods_driver"}
    answer = verify_certificate(signed(signer.key, signer.key_identifier, private=private), EVENING)
    assert (answer.outcome, answer.valid_until) == (Outcome.VALID, VALID_UNTIL)
    without = verify_certificate(signed(signer.key, signer.key_identifier), EVENING)
    assert (without.outcome, without.valid_until) == (Outcome.NOT_USABLE, None)


@pytest.mark.parametrize("moment", [10**15, 253_402_300_000, 2**62, -(10**15), "yesterday", None, 1.5, True])
def test_a_time_of_result_that_is_none_is_no_error(text: str, moment: object) -> None:
    signer = document_signer()
    private = {"resulted_at": moment, "category": "goods_driver"}
    answer = verify_certificate(signed(signer.key, signer.key_identifier, private=private), EVENING)
    assert answer.outcome in (Outcome.NOT_USABLE, Outcome.OVER)


@pytest.mark.parametrize("moment", ODD_TIMES)
def test_c8_an_odd_time_in_a_trusted_signers_certificate_has_an_answer(
    text: str, moment: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "fault_on_issue", lambda _content: None)  # another signer may be careless
    signer = document_signer()
    private = {"resulted_at": int(RESULTED_AT.timestamp()), "category": "goods_driver"}
    for own in (private, None):
        odd = signed(signer.key, signer.key_identifier, private=own, sampled=moment)
        assert client.post("/verify", {"text": odd}).status_code == HTTPStatus.OK
    unknown = signed(SigningKey.generate(), b"12345678", sampled=moment)
    assert client.post("/verify", {"text": unknown}).status_code == HTTPStatus.OK
