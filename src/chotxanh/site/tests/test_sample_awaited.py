"""Once the sample for RT-PCR is taken nobody reads that it is still to be taken: every page says when it was."""

import pytest
from django.test import Client

from chotxanh.results.queries import PersonStanding, standing_of
from chotxanh.site.own_page_states import advice_of, by_test, step_lines
from tests.cast import ASSISTANT, DRIVER, MORNING, RT_PCR, Person
from tests.stage import Stage

TAKEN = "09:00 25/07/2021"
TO_TAKE = "lấy mẫu RT-PCR"


@pytest.fixture
def household(declared: Stage) -> Stage:
    """The driver is positive by a rapid test since 08:40, the assistant a contact of the same household."""
    station = declared.station
    declared.must_apply(station.collect("BR0", [DRIVER, ASSISTANT], is_household=True))
    station.minute = 20
    declared.must_apply(station.result("BR0", "negative"), station.collect("BR1", [DRIVER]))
    station.minute = 40
    declared.must_apply(station.result("BR1", "positive"))
    return declared


def swab(stage: Stage, tube: str, person: Person, minute: int = 60) -> None:
    """Somebody is sampled for RT-PCR."""
    stage.station.minute = minute
    stage.must_apply(stage.station.collect(tube, [person], test=RT_PCR, kit=None))


def read(stage: Stage, tube: str, value: str) -> None:
    """The laboratory has read it, two hours later."""
    stage.station.minute += 120
    stage.must_apply(stage.station.result(tube, value, test=RT_PCR, kit=None))


def told(standing: PersonStanding) -> str:
    """What the own page says of it, and its steps."""
    said = by_test(standing.state, standing)
    steps = " ".join(f"{step.progress}:{step.word}" for step in step_lines(standing, MORNING, said))
    return f"{advice_of(standing.state, standing, has_certificate=False)} {steps}"


@pytest.mark.parametrize("person", [DRIVER, ASSISTANT])
def test_the_own_page_says_when_the_sample_was_taken_and_that_it_is_awaited(
    household: Stage, person: Person
) -> None:
    before = told(standing_of(person.code))
    assert TO_TAKE in before
    swab(household, "BR2", person)
    after = told(standing_of(person.code))
    assert f"Mẫu RT-PCR của bạn đã lấy lúc {TAKEN}, đang chờ kết quả" in after
    assert "sẽ gọi số bạn đã khai và lấy mẫu" not in after
    assert after.endswith("done:Đã lấy mẫu RT-PCR now:Chờ kết quả")


def test_a_sample_that_was_read_or_taken_before_is_not_awaited(household: Stage) -> None:
    assert standing_of(DRIVER.code).rt_pcr_taken_at is None
    swab(household, "BR2", DRIVER)
    assert standing_of(DRIVER.code).rt_pcr_taken_at is not None
    read(household, "BR2", "positive")
    assert standing_of(DRIVER.code).rt_pcr_taken_at is None
    swab(household, "BR3", DRIVER, 300)
    standing = standing_of(DRIVER.code)
    assert by_test(standing.state, standing) == "positive_rt_pcr"
    assert "sàng lọc" not in told(standing), "what RT-PCR found is no screening result"


@pytest.mark.parametrize(("person", "reason"), [(DRIVER, "positive"), (ASSISTANT, "contact")])
def test_the_call_list_asks_for_no_sample_that_is_taken(
    household: Stage, client: Client, person: Person, reason: str
) -> None:
    def page() -> str:
        """The row of this person alone."""
        rows = client.get("/office/calls").content.decode().split('<div class="call">')
        return next(row for row in rows if f'name="reason" value="{reason}"' in row)

    client.force_login(household.staff.lead)
    assert f"hẹn {TO_TAKE}" in page() or "nơi lấy mẫu RT-PCR" in page()
    swab(household, "BR2", person)
    assert f"Mẫu RT-PCR đã lấy lúc {TAKEN}" in page()
    assert "nơi lấy mẫu RT-PCR" not in page()
    assert f"cần {TO_TAKE}" not in page()


def test_a_follow_up_says_what_has_become_of_the_rt_pcr(household: Stage, client: Client) -> None:
    def page() -> str:
        """What a physician reads."""
        return client.get("/office/followups").content.decode()

    client.force_login(household.staff.physician)
    assert "Chưa có RT-PCR" in page()
    swab(household, "BR2", DRIVER)
    assert f"Mẫu RT-PCR đã lấy lúc {TAKEN}, chờ kết quả" in page()
    assert "Chưa có RT-PCR" not in page()
    read(household, "BR2", "positive")
    assert "đã khẳng định bằng RT-PCR" in page()
    assert "chờ xét nghiệm khẳng định" not in page()
    assert "Chưa có RT-PCR" not in page()
