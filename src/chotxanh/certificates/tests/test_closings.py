"""A follow-up that ends speaks of what the physician knew: of nothing that was said before and arrives afterwards."""

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.tests.test_suspended import statuses, swabbed
from chotxanh.protocol.envelope import new_salt
from chotxanh.results.followups.closings import ClosingOutcome, ClosingPersonal, FollowupClosed
from chotxanh.results.followups.open import Said, close_followup, open_followups, warnings_about
from chotxanh.results.queries import PersonState, standing_of
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import DRIVER, EVENING
from tests.stage import Stage


def close(stage: Stage) -> None:
    """The physician ends the driver's follow-up: there was nothing after all."""
    known = warnings_about(DRIVER.code)
    closing = FollowupClosed(DRIVER.code, ClosingOutcome.NOT_CONFIRMED, considered=known)
    close_followup(
        Said(closing, ClosingPersonal(new_salt(), "RT-PCR âm tính")), stage.staff.physician, EVENING
    )


def test_a_positive_that_arrives_after_a_closing_is_not_ended_by_it(declared: Stage) -> None:
    declared.must_apply(*swabbed(declared, "BR1", DRIVER, "negative", 5))
    declared.must_apply(*swabbed(declared, "BR2", DRIVER, "positive", 60))
    late = swabbed(declared, "BR3", DRIVER, "positive", 90)
    close(declared)
    assert statuses(DRIVER) == [Outcome.VALID]
    declared.must_apply(*late)
    assert statuses(DRIVER) == [Outcome.SUSPENDED]
    assert standing_of(DRIVER.code).state is PersonState.POSITIVE
    assert open_followups().exists()
    tables = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == tables
    close(declared)
    assert statuses(DRIVER) == [Outcome.VALID]


def test_a_closing_ends_every_positive_that_was_known(declared: Stage) -> None:
    declared.must_apply(*swabbed(declared, "BR1", DRIVER, "negative", 5))
    declared.must_apply(*swabbed(declared, "BR2", DRIVER, "positive", 60))
    declared.must_apply(*swabbed(declared, "BR3", DRIVER, "positive", 90))
    close(declared)
    assert statuses(DRIVER) == [Outcome.VALID]
    assert not open_followups().exists()


def test_a_positive_that_arrives_after_a_closing_is_followed_up_whatever_else_is_in_doubt(
    declared: Stage,
) -> None:
    """What the closing did not speak of was hidden once another tube of the person was disputed."""
    declared.must_apply(*swabbed(declared, "BR2", DRIVER, "positive", 60))
    late = swabbed(declared, "BR3", DRIVER, "positive", 90)
    close(declared)
    declared.must_apply(*swabbed(declared, "BR4", DRIVER, "negative", 120))
    declared.must_apply(declared.station.result("BR4", "invalid"))
    declared.must_apply(*late)
    assert standing_of(DRIVER.code).state is PersonState.DISPUTED
    assert [each.tube.rpartition("/")[2] for each in open_followups()] == ["BR3"]
