"""Paper, page, verify and office name the test rightly: which it was, how it was read, and how many shared the tube."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.hcert.certificates import TEST_TYPE_CODES, decode
from chotxanh.language.texts import use_language
from chotxanh.results.queries import PersonStanding, PersonState, standing_of
from chotxanh.site.own_page_states import advice_of, by_test, step_lines
from tests.cast import DRIVER, EVENING, PHU_MY, RT_PCR, TIMED, TRAVELLERS
from tests.stage import Stage

BY_PCR: dict[str, Any] = {"test": RT_PCR, "kit": None}


@pytest.fixture(autouse=True)
def _evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: EVENING)


def examined(stage: Stage, value: str, people: int = 1, minute: int = 20, **how: Any) -> None:
    """So many people are sampled into one tube, which is read that minute."""
    stage.must_apply(stage.station.collect("BR1", list(TRAVELLERS[:people]), **how))
    stage.station.minute = minute
    stage.must_apply(stage.station.result("BR1", value, **how))


def paper_of(stage: Stage) -> str:
    """The text of the driver's only certificate."""
    (held,) = certificates_of(DRIVER.code, EVENING)
    assert held.text is not None
    return held.text


@pytest.mark.parametrize(
    ("method", "how", "device"), [("ag_rapid", {"kit": TIMED}, "345"), ("rt_pcr", BY_PCR, None)]
)
def test_a_certificate_names_its_test_and_its_kit(
    declared: Stage, method: str, how: dict[str, Any], device: str | None
) -> None:
    examined(declared, "negative", **how)
    claims = decode(paper_of(declared)).claims
    test = claims.certificate["t"][0]
    assert (test["tt"], test.get("ma")) == (TEST_TYPE_CODES[method], device)


def test_h22_who_shared_a_tube_reads_with_how_many(declared: Stage, client: Client) -> None:
    examined(declared, "negative", 4, **BY_PCR)
    page = client.post("/verify", {"text": paper_of(declared)}).content.decode()
    assert "Xét nghiệm mẫu gộp 4 người" in page
    assert "RT-PCR SARS-CoV-2" in page
    sampled = step_lines(standing_of(DRIVER.code), EVENING, "negative")[1]
    assert sampled.place == "Trung tâm Y tế thị xã Phú Mỹ. Xét nghiệm mẫu gộp 4 người"


def test_a_single_sample_is_no_pool(declared: Stage, client: Client) -> None:
    examined(declared, "negative", kit=TIMED)
    page = client.post("/verify", {"text": paper_of(declared)}).content.decode()
    assert "mẫu gộp" not in page
    assert "Test nhanh kháng nguyên" in page


@pytest.mark.parametrize(("how", "word"), [({"kit": TIMED}, "positive"), (BY_PCR, "positive_rt_pcr")])
def test_only_a_rapid_positive_waits_for_rt_pcr(declared: Stage, how: dict[str, Any], word: str) -> None:
    examined(declared, "positive", **how)
    standing = standing_of(DRIVER.code)
    assert by_test(str(standing.state), standing) == word
    advice = advice_of("positive", standing, has_certificate=False)
    assert ("lấy mẫu RT-PCR" in advice) is (word == "positive")


@pytest.mark.parametrize(
    ("minute", "said", "shown"),
    [
        (5, {"value": "negative"}, "ngoài thời gian đọc"),
        (45, {"value": "read_late", "line_seen": True}, "Đọc muộn, có vạch T"),
        (45, {"value": "read_late", "line_seen": False}, "Đọc muộn"),
    ],
)
def test_a_lead_sees_what_was_read_out_of_time(
    declared: Stage, client: Client, minute: int, said: dict[str, Any], shown: str
) -> None:
    declared.must_apply(declared.station.collect("BR1", [DRIVER], kit=TIMED))
    declared.station.minute = minute
    declared.must_apply(declared.station.result("BR1", kit=TIMED, **said))
    client.force_login(declared.staff.lead)
    answer = client.get(f"/office/disputed/{PHU_MY}/BR1")
    assert answer.status_code == HTTPStatus.OK
    assert shown in answer.content.decode()
    assert "Test nhanh kháng nguyên" in answer.content.decode()


@pytest.mark.parametrize(
    ("state", "word"), [(PersonState.CONTACT, "Lấy mẫu RT-PCR"), (PersonState.RECOLLECT, "Lấy lại mẫu riêng")]
)
def test_the_next_step_of_a_contact_is_no_sample_taken_again(state: PersonState, word: str) -> None:
    """Nothing was wrong with the sample of a contact."""
    use_language("vi")
    assert step_lines(PersonStanding(state), EVENING, str(state))[2].word == word
