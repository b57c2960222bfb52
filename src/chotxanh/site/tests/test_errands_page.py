"""What the worker could not do is seen in the office, and only who leads the province sets it going again."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from chotxanh.domain.kinds import Role
from chotxanh.ledger.worker.models import Errand
from tests.cast import PHU_MY, change_grants
from tests.stage import Stage


def leave_errands() -> None:
    """One that a rebuild paused, one that was given up."""
    now = timezone.now()
    Errand.objects.create(name="notice", key="a", due_at=now, is_paused=True)
    Errand.objects.create(name="notice", key="b", due_at=now, gave_up_at=now, attempts=12, problem="busy")


def test_the_overview_counts_what_needs_a_person(lead: Client) -> None:
    leave_errands()
    page = lead.get("/office/").content.decode()
    assert '<a href="/office/errands"><b>2</b>' in page
    assert "không chạy từ" not in page


def test_the_overview_says_that_nobody_works(lead: Client) -> None:
    Errand.objects.create(name="notice", key="a", due_at=timezone.now() - timedelta(hours=1))
    assert "Việc tự động không chạy từ" in lead.get("/office/").content.decode()


def test_what_was_given_up_is_shown_with_its_reason(lead: Client) -> None:
    leave_errands()
    page = lead.get("/office/errands").content.decode()
    assert "Hệ thống đang bận" in page
    assert "Cho chạy việc tạm dừng (1)" in page


def test_paused_work_is_released_by_one_button(lead: Client) -> None:
    leave_errands()
    page = lead.post("/office/errands", {"act": "release"}, follow=True).content.decode()
    assert "Đã cho chạy: 1 việc." in page
    assert not Errand.objects.filter(is_paused=True).exists()


def test_what_was_given_up_begins_anew_by_one_button(lead: Client) -> None:
    leave_errands()
    lead.post("/office/errands", {"act": "try_again"})
    begun = Errand.objects.get(key="b")
    assert (begun.gave_up_at, begun.attempts) == (None, 0)


def test_a_lead_of_one_facility_cannot_let_messages_out(stage: Stage, client: Client) -> None:
    leave_errands()
    member = stage.staff.technician
    change_grants(member, role=Role.LEAD, facility=PHU_MY)
    client.force_login(member)
    assert "Cho chạy" not in client.get("/office/errands").content.decode()
    assert client.post("/office/errands", {"act": "release"}).status_code == HTTPStatus.FORBIDDEN
    assert Errand.objects.filter(is_paused=True).exists()


def test_the_command_shows_releases_and_begins_anew(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    leave_errands()
    call_command("errands")
    assert capsys.readouterr().out == "notice 0 waiting 1 paused 1 given up busy\n"
    call_command("errands", "--release", "--try-again")
    assert capsys.readouterr().out == "1 released\n1 begun anew\nnotice 2 waiting 0 paused 0 given up\n"
