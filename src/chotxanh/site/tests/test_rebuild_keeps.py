"""A rebuild decides nothing: what was still to be decided, kept or told is so afterwards too."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from chotxanh.certificates.issuing_later import ISSUE_LATER
from chotxanh.certificates.models import Certificate
from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.marks import Mark
from chotxanh.ledger import server_clock
from chotxanh.ledger.authority_changes import JUDGE_AGAIN
from chotxanh.ledger.entries import PersonalErased
from chotxanh.ledger.models import Entry, Rejudging
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.ledger.tests.test_server_clock import wall, watched
from chotxanh.ledger.worker.errands import note_errands
from chotxanh.ledger.worker.loop import Worker
from chotxanh.ledger.worker.models import Errand
from chotxanh.people.models import Registration
from chotxanh.registers.rules.entries import MEANING_CHANGED, RULE_CHANGED
from chotxanh.registers.staff.entries import GrantEnded
from chotxanh.registers.staff.models import Grant
from chotxanh.results.models import TubeResult
from chotxanh.results.tests.test_meanings import enacted, rapid_positive_then_pcr_negative
from chotxanh.site.kept_orders import FILE, KEEP_ORDER
from chotxanh.site.rebuilding import rebuild_tables
from chotxanh.site.rehearsing import rehearse
from chotxanh.site.tests.test_rebuild import empty_database, manage, url_of
from chotxanh.site.watch.waking import WAKE
from tests.cast import BEGINS, DRIVER, EVENING
from tests.device import MINUTE, id_of
from tests.stage import Stage

__all__ = ["wall", "watched"]


def work() -> None:
    """Do what is due a few minutes later."""
    Worker(lambda: EVENING + 5 * MINUTE).work_until_idle()


def result_of_whose_grant_had_ended(stage: Stage) -> bytes:
    """Record a result, then that the officer's grant had ended before it; return the result. No worker runs."""
    stage.station.minute = 30
    sampled = stage.station.collect("BR1", [DRIVER])
    stage.station.minute = 60
    resulted = stage.station.result("BR1", "negative")
    stage.must_apply(sampled, resulted)
    grant = Grant.objects.get(member=stage.staff.officer.id)
    ended_at = stage.station.began + 10 * MINUTE
    record_deeds([Deed(GrantEnded(grant.id, ended_at), actor=stage.staff.lead.id)], EVENING)
    return resulted


def marks_of(entry: bytes) -> Mark:
    """Return the marks that an entry has now."""
    return Mark(Entry.objects.get(id=id_of(entry)).marks)


def test_whose_grant_had_ended_is_marked_though_a_rebuild_comes_between(declared: Stage) -> None:
    resulted = result_of_whose_grant_had_ended(declared)
    rebuild_tables(EVENING)
    work()
    assert Mark.AUTHORITY_ENDED in marks_of(resulted)
    assert TubeResult.objects.get().is_disputed
    assert not Certificate.objects.in_force().exists()


def test_what_nobody_waits_for_any_more_is_judged_again_all_the_same(declared: Stage) -> None:
    """So a database is mended whose errand was lost by the rebuild of an older release."""
    resulted = result_of_whose_grant_had_ended(declared)
    Errand.objects.all().delete()
    work()
    assert Mark.AUTHORITY_ENDED in marks_of(resulted)
    assert not Errand.objects.filter(name=JUDGE_AGAIN).exists()


def test_a_new_meaning_suspends_papers_though_a_rebuild_comes_between(declared: Stage) -> None:
    declared.must_apply(*rapid_positive_then_pcr_negative(declared))
    record_deeds([enacted(declared)], EVENING)
    rebuild_tables(EVENING)
    assert Outcome.VALID in {paper.status for paper in certificates_of(DRIVER.code, EVENING)}, (
        "nothing decided"
    )
    work()
    assert Outcome.VALID not in {paper.status for paper in certificates_of(DRIVER.code, EVENING)}


def test_an_order_to_erase_is_kept_once_though_a_rebuild_comes_between(
    declared: Stage, settings: Settings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    registration = Registration.objects.get(person_code=DRIVER.code).id
    record_deeds([Deed(PersonalErased(registration, "request"), actor=declared.staff.lead.id)], EVENING)
    rebuild_tables(EVENING)
    work()
    assert len((tmp_path / FILE).read_text().split()) == 1
    rebuild_tables(EVENING)
    work()
    assert len((tmp_path / FILE).read_text().split()) == 1


def test_a_paper_that_waits_for_the_clock_is_issued_though_a_rebuild_comes_between(
    watched: Stage, wall: Callable[[Any], None]
) -> None:
    wall(EVENING - MINUTE)
    watched.must_apply(watched.station.collect("BR1", [DRIVER]), watched.station.result("BR1", "negative"))
    assert not Certificate.objects.exists()
    rebuild_tables(EVENING)
    server_clock.forget()
    wall(EVENING + 5 * MINUTE)
    work()
    assert Certificate.objects.get().person_code == DRIVER.code


def test_of_what_waits_only_what_a_rebuild_does_itself_is_over(declared: Stage) -> None:
    Errand.objects.all().delete()
    names = [JUDGE_AGAIN, MEANING_CHANGED, KEEP_ORDER, ISSUE_LATER, WAKE, RULE_CHANGED, "of another release"]
    note_errands({(name, "a"): EVENING for name in names}, is_rebuilding=False)
    rebuild_tables(EVENING)
    assert set(Errand.objects.filter(key="a").values_list("name", flat=True)) == {*names} - {RULE_CHANGED}
    assert not Errand.objects.exclude(key="a").filter(name__in=names).exists(), "and is asked for once"


WAITING = """
from chotxanh.ledger.models import Rejudging
from chotxanh.ledger.worker.models import Errand
for row in Errand.objects.order_by("name"):
    print(row.name, row.is_paused, row.leased_until)
print(*Rejudging.objects.values_list("key", flat=True))
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_waits_is_taken_over_from_another_database(declared: Stage, tmp_path: Path) -> None:
    result_of_whose_grant_had_ended(declared)
    Errand.objects.exclude(name=JUDGE_AGAIN).delete()
    note_errands(
        {(name, "a"): EVENING for name in (MEANING_CHANGED, RULE_CHANGED, WAKE)}, is_rebuilding=False
    )
    Errand.objects.update(leased_until=EVENING + timedelta(minutes=1))
    with empty_database(tmp_path) as other:
        manage(other, "migrate", "--verbosity=0")
        manage(other, "rebuild", "--from", url_of(str(connection.settings_dict["NAME"])))
        told = manage(other, "shell", "--verbosity=0", "-c", WAITING).splitlines()
    waiting = {"judge_again False None", "meaning_changed False None", "duty.wake True None"}
    assert waiting == {line for line in told[:-1] if line.split()[0] in (JUDGE_AGAIN, MEANING_CHANGED, WAKE)}
    assert not [line for line in told if line.startswith(RULE_CHANGED)]
    assert told[-1].split() == list(Rejudging.objects.values_list("key", flat=True)) != []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_rehearsal_tells_what_waits_to_be_judged_again(declared: Stage) -> None:
    result_of_whose_grant_had_ended(declared)
    changes = {(change.tube, change.person): change for change in rehearse(BEGINS)}
    assert Rejudging.objects.exists(), "here nothing is written"
    assert "disputed" in {change.after for change in changes.values()}
