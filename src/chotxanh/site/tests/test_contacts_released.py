"""Contacts on the follow-ups page: the CDC releases one for a reason, and what else stands is what stands then."""

from http import HTTPStatus

import pytest
from django.test import Client

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.ledger.models import Entry
from chotxanh.results.followups.open import warnings_about, warnings_beside
from chotxanh.results.models import WhatStands
from chotxanh.site.office.closing_forms import as_shown
from tests.cast import ASSISTANT, DRIVER, EVENING, Person
from tests.device import member_facts
from tests.stage import Stage

ADDRESS, RELEASE = "/office/followups", "/office/followups/contact"
_TYPED = {
    "person_code": ASSISTANT.code,
    "outcome": "isolation_completed",
    "reason": "Đủ 14 ngày",
    "paper": "",
}


def swabbed(stage: Stage, tube: str, people: list[Person], value: str, minute: int) -> None:
    """Sample people as one household, and read their tube."""
    stage.station.minute = minute
    collection = stage.station.collect(
        tube, people, members=[member_facts(each.code) for each in people], is_household=len(people) > 1
    )
    stage.station.minute = minute + 16
    stage.must_apply(collection, stage.station.result(tube, value))


def typed(**changed: str) -> dict[str, str]:
    """What a physician types who was shown everything that is known."""
    return _TYPED | {"shown": as_shown(warnings_beside(ASSISTANT.code))} | changed


def close_own(physician: Client, outcome: str) -> None:
    """The physician ends what the contact was found positive by themselves, last of all that was read."""
    result = Entry.objects.filter(kind="result.recorded").latest("id").id
    shown = as_shown(warnings_about(ASSISTANT.code))
    closing = {"outcome": outcome, "reason": "QĐ 12", "paper": "", "shown": shown}
    assert physician.post(f"{ADDRESS}/{result}", closing)["Location"] == ADDRESS


@pytest.fixture
def physician(client: Client, declared: Stage) -> Client:
    """A physician of the CDC; the assistant lives with the driver, who turned out positive."""
    swabbed(declared, "BR1", [DRIVER, ASSISTANT], "negative", 5)
    swabbed(declared, "BR2", [DRIVER], "positive", 60)
    client.force_login(declared.staff.physician)
    return client


def state() -> tuple[str, list[Outcome]]:
    """What stands for the contact, and their papers."""
    papers = [each.status for each in certificates_of(ASSISTANT.code, EVENING)]
    stands = WhatStands.objects.filter(person_code=ASSISTANT.code).first()
    return stands.state if stands else "none", papers


def test_a_contact_is_listed_and_released_for_a_reason(physician: Client) -> None:
    assert state() == ("contact", [Outcome.SUSPENDED])
    page = physician.get(ADDRESS).content.decode()
    assert f'value="{ASSISTANT.code}"' in page and ASSISTANT.full_name in page
    asked = physician.post(RELEASE, {"person_code": ASSISTANT.code}).content.decode()
    assert ASSISTANT.full_name in asked and "Hết thời gian cách ly" in asked
    assert not Entry.objects.filter(kind="followup.closed").exists()
    assert physician.post(RELEASE, typed(reason="")).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert physician.post(RELEASE, typed())["Location"] == ADDRESS
    assert state() == ("negative", [Outcome.VALID])
    assert f'value="{ASSISTANT.code}"' not in physician.get(ADDRESS).content.decode()


@pytest.mark.parametrize("outcome", ["isolation_completed", "not_confirmed"])
def test_a_release_ends_nothing_of_the_positive_person(physician: Client, outcome: str) -> None:
    physician.post(RELEASE, typed(outcome=outcome))
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "screening_positive"


def test_a_positive_known_after_the_release_makes_a_contact_anew(physician: Client, declared: Stage) -> None:
    physician.post(RELEASE, typed())
    swabbed(declared, "BR3", [DRIVER], "positive", 90)
    assert state()[0] == "contact"


@pytest.mark.parametrize(("outcome", "left"), [("not_confirmed", "contact"), ("died", "none")])
def test_a_false_alarm_of_their_own_leaves_a_contact_what_they_are(
    physician: Client, declared: Stage, outcome: str, left: str
) -> None:
    """SORMAS-Project#3424: a contact found positive, then no case, was followed up no more; here they had a paper."""
    swabbed(declared, "BR3", [ASSISTANT], "positive", 90)
    close_own(physician, outcome)
    assert state() == (left, [Outcome.SUSPENDED])
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "screening_positive"
    assert (f'value="{ASSISTANT.code}"' in physician.get(ADDRESS).content.decode()) is (left == "contact")


def test_a_release_speaks_of_no_positive_that_became_known_while_the_physician_wrote(
    physician: Client, declared: Stage
) -> None:
    known = typed()
    swabbed(declared, "BR3", [DRIVER], "positive", 90)
    physician.post(RELEASE, known)
    assert state() == ("contact", [Outcome.SUSPENDED])


def test_a_release_speaks_of_no_test_of_the_persons_own(physician: Client, declared: Stage) -> None:
    """What ended an own case as recovered is not made a false alarm by it."""
    swabbed(declared, "BR4", [ASSISTANT], "positive", 90)
    close_own(physician, "recovered")
    swabbed(declared, "BR5", [DRIVER], "positive", 120)
    assert state() == ("contact", [Outcome.SUSPENDED])
    physician.post(RELEASE, typed(outcome="not_confirmed"))
    assert state() == ("none", [Outcome.SUSPENDED]), "the own case ended, it was no false alarm"


def test_nobody_releases_who_is_no_contact_nor_without_the_right(
    physician: Client, declared: Stage, client: Client
) -> None:
    answer = physician.post(RELEASE, typed(person_code=DRIVER.code))
    assert answer.status_code == HTTPStatus.NOT_FOUND
    client.force_login(declared.staff.lead)
    assert client.post(RELEASE, typed()).status_code == HTTPStatus.FORBIDDEN
    assert state()[0] == "contact"
