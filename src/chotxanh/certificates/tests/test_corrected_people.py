"""A corrected name or birth gives a new paper in place of the old one, with every time of it unchanged."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from chotxanh.certificates.decisions import decide
from chotxanh.certificates.models import Certificate
from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import HeldCertificate, certificates_of
from chotxanh.domain.hcert.certificates import decode
from chotxanh.ledger.models import Entry
from chotxanh.site.cards import person_cards, tube_cards
from chotxanh.verification.checking import verify_certificate
from tests.cast import DRIVER, EVENING, PHU_MY
from tests.correcting import correct_person
from tests.stage import Stage

RIGHT_NAME = "Nguyễn Văn Đương"
LATER = timedelta(minutes=1)


@pytest.fixture
def driver(stage: Stage) -> UUID:
    """The registration of the driver, who was sampled and is negative."""
    (registration,) = stage.must_apply(stage.station.register(DRIVER))
    stage.must_apply(stage.station.declare(DRIVER), stage.station.collect("BR1", [DRIVER]))
    stage.station.minute += 20
    stage.must_apply(stage.station.result("BR1", "negative"))
    return registration


def correct(stage: Stage, driver: UUID, minutes: int = 0, **said: Any) -> UUID:
    """Let the lead correct the driver so many minutes after the evening."""
    return correct_person(driver, DRIVER, stage.staff.lead.id, EVENING + minutes * LATER, **said)


def papers() -> list[HeldCertificate]:
    """Return the driver's papers, the oldest first."""
    return certificates_of(DRIVER.code, EVENING + LATER)[::-1]


def content_of(paper: HeldCertificate) -> dict[str, Any]:
    """Return what a paper says."""
    assert paper.text is not None
    return decode(paper.text).claims.certificate


def name_on(paper: HeldCertificate) -> str:
    """Return whose a paper is."""
    return " ".join(content_of(paper)["nam"][part] for part in ("fn", "gn"))


def test_a_corrected_name_gives_a_new_paper_until_the_same_second_and_replaces_the_old_one(
    stage: Stage, driver: UUID
) -> None:
    (before,) = papers()
    correct(stage, driver, full_name=RIGHT_NAME)
    old, new = papers()
    assert (old.status, new.status) == (Outcome.SUPERSEDED, Outcome.VALID)
    assert (name_on(old), name_on(new)) == (DRIVER.full_name, RIGHT_NAME)
    assert new.validity == old.validity == before.validity
    assert (new.sampled_at, new.resulted_at) == (before.sampled_at, before.resulted_at)
    assert content_of(new)["t"][0]["sc"] == content_of(old)["t"][0]["sc"]
    assert old.text is not None and new.text is not None
    checked = verify_certificate(old.text, EVENING + LATER), verify_certificate(new.text, EVENING + LATER)
    assert [each.outcome for each in checked] == [Outcome.SUPERSEDED, Outcome.VALID]
    assert checked[0].valid_until == checked[1].valid_until == before.valid_until


def test_a_corrected_birth_gives_a_new_paper_and_a_corrected_number_none(stage: Stage, driver: UUID) -> None:
    correct(stage, driver, id_number="077085000124")
    (paper,) = papers()
    assert (paper.status, content_of(paper)["dob"]) == (Outcome.VALID, DRIVER.birth.isoformat())
    correct(stage, driver, 1, born=date(1986, 3, 5))
    old, new = papers()
    assert (old.status, new.status, content_of(new)["dob"]) == (
        Outcome.SUPERSEDED,
        Outcome.VALID,
        "1986-03-05",
    )


def test_an_older_correction_that_arrives_late_changes_no_paper(stage: Stage, driver: UUID) -> None:
    correct(stage, driver, full_name=RIGHT_NAME)
    correct(stage, driver, -10, full_name="Nguyễn Văn Dương")
    assert [name_on(each) for each in papers()] == [DRIVER.full_name, RIGHT_NAME]


def test_a_newer_correction_gives_the_third_paper_and_only_that_one_stands(
    stage: Stage, driver: UUID
) -> None:
    correct(stage, driver, full_name="Nguyễn Văn Dương")
    correct(stage, driver, 1, full_name=RIGHT_NAME)
    assert [each.status for each in papers()] == [Outcome.SUPERSEDED, Outcome.SUPERSEDED, Outcome.VALID]


def test_deciding_again_after_a_correction_records_nothing(stage: Stage, driver: UUID) -> None:
    correct(stage, driver, full_name=RIGHT_NAME)
    count = Entry.objects.count()
    decide({DRIVER.code}, EVENING + LATER)
    assert Entry.objects.count() == count
    assert Certificate.objects.unrevoked().count() == 1


def test_a_paper_that_is_suspended_stays_so_when_its_name_is_corrected(stage: Stage, driver: UUID) -> None:
    stage.must_apply(stage.station.collect("BR2", [DRIVER]))
    stage.station.minute += 20
    stage.must_apply(stage.station.result("BR2", "positive"))
    correct(stage, driver, full_name=RIGHT_NAME)
    assert [each.status for each in papers()] == [Outcome.SUSPENDED]


def test_a_name_that_was_corrected_before_anybody_was_sampled_is_the_one_on_the_paper(stage: Stage) -> None:
    (driver,) = stage.must_apply(stage.station.register(DRIVER))
    correct(stage, driver, full_name=RIGHT_NAME)
    stage.must_apply(stage.station.collect("BR1", [DRIVER]))
    stage.must_apply(stage.station.result("BR1", "negative"))
    assert [name_on(each) for each in papers()] == [RIGHT_NAME]


def test_cards_of_stations_say_the_corrected_name(stage: Stage, driver: UUID) -> None:
    correct(stage, driver, full_name=RIGHT_NAME, born=date(1986, 3, 5))
    card = person_cards([DRIVER.code])[DRIVER.code]
    assert (card.full_name, card.birth_year) == (RIGHT_NAME, 1986)
    (tube,) = tube_cards([f"{PHU_MY}/BR1"]).values()
    assert [each.full_name for each in tube.members] == [RIGHT_NAME]
