"""Until when a paper holds is computed where it is asked: a rule touches no certificate."""

from datetime import datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from chotxanh.certificates.models import Certificate
from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of, certified_until
from chotxanh.certificates.tests.enacting import HOUR, RESULTED_AT, certify, enacted, repealed
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.envelope import wire_time
from chotxanh.registers.rules.models import Rule
from chotxanh.site.cards import person_cards
from chotxanh.verification.checking import verify_certificate
from tests.cast import BEGINS, DRIVER, EVENING, MORNING, PHU_MY, change_grants
from tests.device import deed_of, id_of
from tests.stage import Stage


def until() -> datetime | None:
    """Return until when the driver's certificate holds, by the person's own page, and check that cards agree."""
    (held,) = certificates_of(DRIVER.code, EVENING)
    assert certified_until([DRIVER.code]) == {DRIVER.code: held.valid_until}
    return held.valid_until


def test_a_rule_enacted_later_changes_what_is_shown_and_no_certificate(certified: Stage) -> None:
    before, issued = until(), Entry.objects.filter(kind__startswith="certificate.").count()
    certified.must_apply(enacted(certified, 24))
    assert before is not None
    assert until() == before - 48 * HOUR
    assert Entry.objects.filter(kind__startswith="certificate.").count() == issued


def test_a_rule_that_was_repealed_before_the_result_says_nothing_of_it(certified: Stage) -> None:
    before, rule = until(), enacted(certified, 24)
    for order in permutations([rule, repealed(certified, rule)]):
        with transaction.atomic():
            certified.must_apply(*order)
            assert until() == before
            transaction.set_rollback(True)


def test_a_rule_that_was_repealed_after_the_result_still_speaks_of_it(certified: Stage) -> None:
    rule = enacted(certified, 24)
    certified.must_apply(rule, repealed(certified, rule, MORNING + 10 * HOUR))
    assert Rule.objects.get(id=id_of(rule)).effective_to == MORNING + 10 * HOUR
    assert until() == RESULTED_AT + 24 * HOUR


@pytest.fixture
def unruled(declared: Stage) -> str:
    """The text of the driver's certificate in a province without any rule."""
    Rule.objects.all().delete()
    certify(declared)
    (held,) = certificates_of(DRIVER.code, EVENING)
    assert held.text is not None
    return held.text


def test_a_negative_without_a_rule_has_its_certificate_and_says_so(
    unruled: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: EVENING)
    (held,) = certificates_of(DRIVER.code, EVENING)
    assert (held.status, held.valid_until) == (Outcome.NO_RULE, None)
    assert verify_certificate(unruled, EVENING).outcome is Outcome.NO_RULE
    page = client.post("/verify", {"text": unruled}).content.decode()
    assert "Không có quy định nào đang hiệu lực nêu thời hạn" in page
    assert Certificate.objects.count() == 1


def test_a_paper_without_a_rule_is_over_at_its_technical_end(unruled: str) -> None:
    ends_at = MORNING + timedelta(days=30)
    for at, outcome in ((ends_at - HOUR, Outcome.NO_RULE), (ends_at + HOUR, Outcome.OVER)):
        assert verify_certificate(unruled, at).outcome is outcome
        assert [held.status for held in certificates_of(DRIVER.code, at)] == [outcome]


def test_a_card_tells_no_rule_from_no_certificate(unruled: str) -> None:
    last = person_cards([DRIVER.code])[DRIVER.code].last_result
    assert last is not None
    assert (last.has_certificate, last.valid_until) == (True, None)
    Certificate.objects.all().delete()
    last = person_cards([DRIVER.code])[DRIVER.code].last_result
    assert last is not None
    assert (last.has_certificate, last.valid_until) == (False, None)


def test_a_paper_whose_technical_end_is_past_reads_over_and_not_forged(certified: Stage) -> None:
    (held,) = certificates_of(DRIVER.code, EVENING)
    assert held.text is not None
    assert verify_certificate(held.text, EVENING + timedelta(days=90)).outcome is Outcome.OVER


def test_who_leads_one_facility_enacts_no_rule_of_the_province(certified: Stage) -> None:
    change_grants(certified.staff.lead, facility=PHU_MY)
    assert certified.record(enacted(certified, 5)) == [("held", "actor_not_allowed")]
    officer = deed_of(
        "rule.repealed", {"rule": uuid4(), "at": wire_time(BEGINS)}, actor=certified.staff.officer.id
    )
    assert certified.record(sign_deed(officer, EVENING)) == [("held", "actor_not_allowed")]


@pytest.mark.parametrize(("code", "hours"), [("77", 24), ("79", 72)])
def test_the_province_that_is_asked_judges_by_its_own_rules(certified: Stage, code: str, hours: int) -> None:
    territory = {"scheme": "nso-2021", "code": code}
    certified.must_apply(enacted(certified, 24, territory=territory))
    assert until() == RESULTED_AT + hours * HOUR


def test_a_paper_names_its_rule_the_document_and_what_the_hours_count_from(
    certified: Stage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: EVENING)
    certified.must_apply(enacted(certified, 24, document="1234/UBND-VP"))
    (held,) = certificates_of(DRIVER.code, EVENING)
    page = client.post("/verify", {"text": held.text}).content.decode()
    assert "QĐ 2, số 1234/UBND-VP" in page
    assert "Giờ có kết quả, theo quy định áp dụng tại Bà Rịa - Vũng Tàu; nơi khác có thể tính khác" in page
