"""What the register pages show: whole, counted in the database, and no more of people than a lead may read."""

from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chotxanh.domain.kinds import Role
from chotxanh.ledger.models import Entry
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.posts.models import Post
from chotxanh.registers.rules.models import Rule
from chotxanh.registers.staff.models import Member
from chotxanh.site.office import paging
from chotxanh.site.office.registers.register import code_from
from chotxanh.site.office.registers.views import REGISTERS
from tests.cast import CHAU_DUC, PHU_MY, QL51, QL56, change_grants
from tests.stage import Stage

LISTS = "/office/registers"


@pytest.fixture
def site_lead(stage: Stage, client: Client) -> Client:
    """The browser of somebody who leads one site alone."""
    change_grants(stage.staff.officer_elsewhere, role=Role.LEAD, site=QL56, facility=CHAU_DUC)
    client.force_login(stage.staff.officer_elsewhere)
    return client


def page_of(client: Client, address: str) -> str:
    """The page's text."""
    return client.get(f"{LISTS}{address}").content.decode()


def test_a_members_number_is_masked(lead: Client, stage: Stage) -> None:
    Member.objects.filter(id=stage.staff.officer.id).update(phone="+84912345678")
    page = page_of(lead, "/staff")
    assert "*** *** 678" in page
    assert "912345" not in page.replace(" ", "").replace(".", "")


@pytest.mark.parametrize("name", ["staff", "grants"])
def test_a_lead_of_a_site_reads_the_staff_of_that_site_alone(
    site_lead: Client, stage: Stage, name: str
) -> None:
    page = page_of(site_lead, f"/{name}")
    assert stage.staff.officer_elsewhere.full_name in page
    for other in (stage.staff.officer, stage.staff.technician, stage.staff.lead):
        assert other.full_name not in page
    assert site_lead.get(LISTS).context["registers"][2][3] == 1


def test_who_no_longer_works_at_a_site_is_read_there_as_ended(site_lead: Client, stage: Stage) -> None:
    officer = stage.staff.officer
    change_grants(officer, site=QL56, facility=CHAU_DUC, valid_to=timezone.now())
    answer = site_lead.get(f"{LISTS}/staff")
    assert [row.title for row in answer.context["ended_rows"]] == [officer.full_name]


def test_a_long_register_is_cut_in_pages_never_silently(
    lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    posts = "\n".join(f"Bàn {number}" for number in range(1, 6))
    opened = {"site_name": "Cỏ May", "facility": PHU_MY, "post_kind": "lane", "post_names": posts}
    lead.post(f"{LISTS}/posts", opened)
    first, second = page_of(lead, "/posts"), page_of(lead, "/posts?page=2")
    assert "Trang 1/4, tất cả 7" in first
    assert (first.count('class="row row-register"'), second.count('class="row row-register"')) == (2, 2)
    assert "Bàn 5" in page_of(lead, "/posts?page=4")
    Post.objects.update(closed_at=timezone.now())
    ended = page_of(lead, "/posts?ended=2")
    assert "Đã hết hiệu lực (7)" in ended
    assert '<details id="ended" open>' in ended


@pytest.mark.parametrize("name", REGISTERS)
def test_every_register_has_its_pages(lead: Client, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 1)
    answer = lead.get(f"{LISTS}/{name}")
    assert len(answer.context["in_force_rows"]) <= 1
    assert len(answer.context["ended_rows"]) <= 1


def test_the_overview_counts_in_the_database_and_reads_no_row(lead: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        lead.get(LISTS)
    tables = ("posts_post", "facilities_facility", "rules_rule", "kits_kit", "duties_dutynumber")
    asked = [each["sql"] for each in captured if any(f'FROM "{name}"' in each["sql"] for name in tables)]
    assert asked
    assert [sql for sql in asked if "COUNT(" not in sql and "LIMIT 1" not in sql] == []


def test_an_act_that_the_row_does_not_offer_records_nothing(lead: Client) -> None:
    rule = Rule.objects.earliest("id")
    lead.post(f"{LISTS}/rules/{rule.id}", {"act": "repeal", "sure": "1"})
    before = Entry.objects.count()
    facility = Facility.objects.get(code=PHU_MY)
    for address, act in ((f"rules/{rule.id}", "repeal"), (f"facilities/{facility.code}", "reinstate")):
        answer = lead.post(f"{LISTS}/{address}", {"act": act, "sure": "again"})
        assert answer.status_code == HTTPStatus.NOT_FOUND
    assert Entry.objects.count() == before


def test_a_row_with_a_number_that_cannot_be_is_not_found(lead: Client) -> None:
    for id in ("x%00", "khong-co"):
        answer = lead.post(f"{LISTS}/facilities/{id}", {"act": "suspend", "sure": "1"})
        assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("name", "code"),
    [("公安", "x"), ("Trạm 公安 2", "tram-2"), ("Đội 公", "doi"), ("…", "x"), ("a公b", "ab"), ("²Ω", "x")],
)
def test_a_code_is_made_of_plain_letters_whatever_the_name(name: str, code: str) -> None:
    assert code_from(name) == code
    assert code_from(name, [code]) == f"{code}-2"


def test_a_post_of_a_site_is_named_by_it(stage: Stage, lead: Client) -> None:
    Post.objects.filter(site=QL51).update(closed_at=timezone.now())
    assert "Chốt QL51" in page_of(lead, "/grants"), "also where the site has closed"
