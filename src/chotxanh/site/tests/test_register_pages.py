"""The register pages: what is added there is an entry with its author; only a lead of the whole province may."""

from http import HTTPStatus
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from chotxanh.domain.problems import Problem
from chotxanh.domain.validity import Anchor
from chotxanh.ledger.models import Entry
from chotxanh.protocol.places import Place
from chotxanh.registers.duties.models import DutyNumber
from chotxanh.registers.facilities.authority import authority_of
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.kits.models import Kit, ListedTest
from chotxanh.registers.posts.models import Post
from chotxanh.registers.rules.models import Meaning, Rule
from chotxanh.registers.staff.accounts import give_one_time_password, set_own_password, username_for
from chotxanh.registers.staff.grants import covers
from chotxanh.registers.staff.models import Grant, Leaving, Member
from chotxanh.site.office.registers.views import REGISTERS
from chotxanh.site.shipped import missing_meanings, missing_tests
from tests.cast import AG_RAPID, CHAU_DUC, PASSWORD, PHU_MY, QL51, QL56
from tests.stage import Stage

FACILITY = {
    "facility_name": "Trạm y tế Long Sơn",
    "address": "Long Sơn",
    "document": "QĐ 12/QĐ-SYT",
    "methods": ["ag_rapid"],
}
RULE = {
    "legal_reference": "CV 8228/UBND",
    "category": "any",
    "anchor": "resulted",
    "valid_for_hours": "72",
    "effective_from": "05/07/2021",
}
MEMBER = {
    "full_name": "Đỗ Thị Bích",
    "phone": "0912345678",
    "role": "officer",
    "methods": ["ag_rapid"],
    "place": "province",
}
ADDED: dict[str, dict[str, Any]] = {
    "facilities": FACILITY,
    "posts": {
        "site_name": "Chốt Cầu Cỏ May",
        "facility": CHAU_DUC,
        "post_kind": "lane",
        "post_names": "Làn 1\nLàn 2",
    },
    "staff": MEMBER,
    "rules": RULE,
    "tests": {
        "test_name": "RT-PCR mẫu gộp",
        "test": "rt_pcr",
        "purpose": "confirmatory",
        "specimen_types": ["nasopharyngeal", "saliva"],
        "largest_pool": "10",
        "loinc": "94500-6",
        "naat_name": "LightPower iVA",
    },
    "kits": {
        "kit_name": "Kít nhanh",
        "kit_test": str(AG_RAPID),
        "read_from": "15",
        "read_until": "30",
        "lots": "LO-1",
    },
    "duties": {"place": "province", "duty_phone": "0254 3812 345"},
    "retention": {"kept_category": "journeys", "days": "45"},
    "incidents": {
        "incident_what": "seen",
        "noticed_at": "14:05 05/07/2021",
        "incident_people": "3",
        "incident_document": "12/BC-SYT",
    },
    "codes": {"register": "category", "code": "tai_xe", "vi": "Tài xế", "en": "Driver", "position": "3"},
}

NOT_SHOWN = {"place", "register", "code", "kept_category", "incident_what"}


def page(name: str) -> str:
    """Return a register's address."""
    return f"/office/registers/{name}"


@pytest.mark.parametrize("name", ADDED)
def test_what_is_added_is_an_entry_and_stands_on_the_page(lead: Client, name: str) -> None:
    before = Entry.objects.count()
    answer = lead.post(page(name), ADDED[name])
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, page(name))
    assert Entry.objects.count() > before
    shown = lead.get(page(name)).content.decode()
    title = next(value for key, value in ADDED[name].items() if key not in NOT_SHOWN)
    assert title.replace(" ", "") in shown.replace(" ", "")


@pytest.mark.parametrize("name", REGISTERS)
def test_only_a_lead_of_the_whole_province_may_add_or_act(stage: Stage, client: Client, name: str) -> None:
    Grant.objects.filter(member=stage.staff.lead.id).update(facility=CHAU_DUC)
    client.force_login(stage.staff.lead)
    before = Entry.objects.count()
    shown = client.get(page(name))
    assert (shown.status_code, b'name="act"' in shown.content) == (HTTPStatus.OK, False)
    assert client.post(page(name), ADDED.get(name, {})).status_code == HTTPStatus.FORBIDDEN
    for act in REGISTERS[name].acts:
        answer = client.post(f"{page(name)}/{stage.staff.officer.id}", {"act": act, "sure": "1"})
        assert answer.status_code == HTTPStatus.FORBIDDEN
    assert Entry.objects.count() == before


@pytest.mark.parametrize("name", REGISTERS)
def test_an_empty_form_is_told_what_is_missing_and_nothing_is_recorded(lead: Client, name: str) -> None:
    before = Entry.objects.count()
    answer = lead.post(page(name), {})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert b'class="mistakes"' in answer.content
    assert Entry.objects.count() == before


@pytest.mark.parametrize("name", REGISTERS)
def test_rows_and_acts_that_do_not_exist_are_not_found(lead: Client, name: str) -> None:
    assert lead.post(f"{page(name)}/khong-co", {"act": "khong-co"}).status_code == HTTPStatus.NOT_FOUND
    for act in REGISTERS[name].acts:
        assert (
            lead.post(f"{page(name)}/khong-co", {"act": act, "sure": "1"}).status_code == HTTPStatus.NOT_FOUND
        )


def test_a_facility_is_authorised_suspended_and_let_back(lead: Client) -> None:
    lead.post(page("facilities"), FACILITY)
    code = Facility.objects.get(name=FACILITY["facility_name"]).code
    allowed = []
    for act in ("suspend", "reinstate"):
        allowed.append(authority_of([code])[code].is_authorised(timezone.now()))
        lead.post(f"{page('facilities')}/{code}", {"act": act, "sure": "1"})
    assert [*allowed, authority_of([code])[code].is_authorised(timezone.now())] == [True, False, True]


def test_a_site_that_is_named_again_gets_further_posts(lead: Client) -> None:
    lead.post(page("posts"), ADDED["posts"])
    lead.post(page("posts"), ADDED["posts"] | {"post_names": "Làn 3"})
    opened = Post.objects.filter(site_name="Chốt Cầu Cỏ May")
    assert {post.site for post in opened} == {opened[0].site}
    assert [post.name for post in opened] == ["Làn 1", "Làn 2", "Làn 3"]


def test_a_role_at_a_site_reaches_the_results_of_its_tubes(lead: Client) -> None:
    """A result and a lead's word on a tube name the facility alone (B5: one rule for lists and for judging)."""
    lead.post(page("staff"), MEMBER | {"place": f"site:{QL51}"})
    grant = Grant.objects.latest("valid_from")
    assert (grant.site, grant.facility) == (QL51, PHU_MY)
    assert covers(grant, Place(PHU_MY))
    assert not covers(grant, Place(CHAU_DUC, QL56))


def test_a_rule_holds_from_the_first_moment_of_its_day_until_it_is_repealed(lead: Client) -> None:
    lead.post(page("rules"), RULE)
    rule = Rule.objects.get(legal_reference=RULE["legal_reference"])
    assert (rule.anchor, rule.effective_from.isoformat()) == (Anchor.RESULTED, "2021-07-04T17:00:00+00:00")
    lead.post(f"{page('rules')}/{rule.id}", {"act": "repeal", "sure": "1"})
    rule.refresh_from_db()
    assert rule.effective_to is not None


def test_a_window_that_ends_before_it_begins_is_a_mistake(lead: Client) -> None:
    answer = lead.post(page("kits"), ADDED["kits"] | {"read_until": "10"})
    assert not answer.has_header("Location")
    assert not Kit.objects.filter(name="Kít nhanh").exists()


def test_the_number_called_is_the_newest_one(lead: Client) -> None:
    lead.post(page("duties"), ADDED["duties"])
    assert DutyNumber.objects.order_by("-since").first().phone == "02543812345"  # type: ignore[union-attr]


def test_a_one_time_password_is_shown_to_its_maker_alone_and_opens_only_its_own_change(
    lead: Client,
) -> None:
    lead.post(page("staff"), MEMBER | {"role": "officer"})
    shown = lead.get(page("staff"))
    password = str(shown.context["shown"].code)
    username = str(shown.context["shown"].name)
    assert password not in lead.get("/office/devices").content.decode()
    other = Client()
    answer = other.post("/office/sign-in", {"username": username, "password": password})
    assert answer["Location"] == "/office/password"
    assert other.get("/office/")["Location"].startswith("/office/sign-in")
    new = {"new_password": "cầu cỏ may 1908", "new_password_again": "cầu cỏ may 1908"}
    done = other.post("/office/password", {"username": username, "old_password": password, **new})
    assert done.status_code == HTTPStatus.SEE_OTHER
    other.post("/office/sign-in", {"username": username, "password": new["new_password"]})
    assert other.get("/office/corrections").status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"new_password": "ngan", "new_password_again": "ngan"}, "password_weak"),
        ({"new_password": "mot cau dai hon", "new_password_again": "cau khac"}, "password_differs"),
        ({"new_password": PASSWORD, "new_password_again": PASSWORD}, "password_weak"),
    ],
)
def test_a_new_password_that_will_not_do_changes_nothing(
    stage: Stage, client: Client, typed: dict[str, str], code: str
) -> None:
    stage.staff.lead.set_password(PASSWORD)
    stage.staff.lead.save()
    given = {"username": stage.staff.lead.username, "old_password": PASSWORD}
    answer = client.post("/office/password", given | typed)
    assert list(answer.context["form"].codes.values()) == [code]
    assert Member.objects.get(id=stage.staff.lead.id).check_password(PASSWORD)


def test_nobody_is_offered_to_end_their_own_role(lead: Client, stage: Stage) -> None:
    for name, act in (("staff", "let_go"), ("grants", "end_grant")):
        rows = lead.get(page(name)).context["in_force_rows"]
        own = [row for row in rows if row.member == stage.staff.lead.id]
        others = [row for row in rows if row.member != stage.staff.lead.id]
        assert own
        assert not any(act in row.acts for row in own)
        assert all(act in row.acts for row in others)


def test_nobody_ends_their_own_role_and_who_is_let_go_works_no_more(lead: Client, stage: Stage) -> None:
    own = f"{page('staff')}/{stage.staff.lead.id}"
    assert lead.post(own, {"act": "let_go", "sure": "1"}).status_code == HTTPStatus.FORBIDDEN
    lead.post(f"{page('staff')}/{stage.staff.officer.id}", {"act": "let_go", "sure": "1"})
    assert [leaving.member for leaving in Leaving.objects.all()] == [stage.staff.officer.id]
    assert lead.get("/office/").status_code != HTTPStatus.FORBIDDEN


def test_usernames_are_made_of_names_and_numbered_where_they_are_taken(stage: Stage) -> None:
    assert username_for("Nguyễn Văn  Đức") == "nguyen.van.duc"
    assert username_for("***") == "nhan.vien"
    Member.objects.create_user("nguyen.van.duc")
    assert username_for("Nguyễn Văn Đức") == "nguyen.van.duc2"


def test_a_password_somebody_else_has_seen_is_marked_until_its_owner_chose_one(stage: Stage) -> None:
    member = stage.staff.officer
    password = give_one_time_password(member, stage.now)
    assert (member.has_new_password, member.check_password(password)) == (True, True)
    with pytest.raises(Problem, match="password_weak"):
        set_own_password(member, "123")
    set_own_password(member, "mot cau that dai")
    stored = Member.objects.get(id=member.id)
    assert (stored.has_new_password, stored.password_expires_at) == (False, None)


def test_the_first_lead_is_made_on_the_machine_and_again_only_gets_a_password(
    db: None, own_keys: object
) -> None:
    said = StringIO()
    call_command("lead", "Nguyễn Thị Lan", stdout=said)
    made = Member.objects.get(username="nguyen.thi.lan")
    assert Grant.objects.filter(member=made.id, facility="", role="lead").exists()
    again = StringIO()
    call_command("lead", "nguyen.thi.lan", renew=True, stdout=again)
    assert said.getvalue() != again.getvalue()
    assert Member.objects.filter(full_name="Nguyễn Thị Lan").count() == 1
    with pytest.raises(CommandError):
        call_command("lead", "khong.co", renew=True)
    with pytest.raises(CommandError):
        call_command("lead", "123")


def test_an_act_is_asked_once_more_before_anything_is_recorded(lead: Client) -> None:
    lead.post(page("facilities"), FACILITY)
    code, before = Facility.objects.get(name=FACILITY["facility_name"]).code, Entry.objects.count()
    asked = lead.post(f"{page('facilities')}/{code}", {"act": "suspend"})
    assert (asked.status_code, b'name="sure"' in asked.content) == (HTTPStatus.OK, True)
    assert Entry.objects.count() == before
    nothing = lead.post(f"{page('facilities')}/{code}", {"act": "reinstate"})
    assert nothing.status_code == HTTPStatus.NOT_FOUND


def test_the_first_lead_of_an_empty_province_finds_tests_and_kits(stage: Stage) -> None:
    assert missing_tests() == [], "a register that lists tests is left as it is"
    Kit.objects.all().delete()
    ListedTest.objects.all().delete()
    call_command("lead", "Nguyễn Thị Đầu", stdout=StringIO())
    listed = {each.method: each for each in ListedTest.objects.all()}
    assert {method: test.largest_pool for method, test in listed.items()} == {"ag_rapid": 1, "rt_pcr": 10}
    assert set(Kit.objects.values_list("test", flat=True)) == {listed["ag_rapid"].id}


def test_what_results_mean_is_enacted_and_repealed_by_page(lead: Client) -> None:
    """Field rule A3: both sets ship, and an empty province begins with that of July 2021."""
    typed = {
        "standing": "january-2022",
        "meaning_reference": "Định nghĩa ca bệnh COVID-19 (Bộ Y tế, 12/2021)",
        "rule_document": "11042/BYT-DP ngày 29/12/2021",
        "effective_from": "29/12/2021",
        "effective_to": "",
    }
    assert lead.post(page("meanings"), typed).status_code == HTTPStatus.SEE_OTHER
    enacted = Meaning.objects.get(standing="january-2022")
    shown = lead.get(page("meanings")).content.decode()
    assert "11042/BYT-DP ngày 29/12/2021" in shown
    assert "Tháng 1/2022: xét nghiệm nhanh dương tính do nhân viên y tế thực hiện là ca bệnh" in shown
    act = {"act": "annul_meaning", "sure": "1"}
    assert lead.post(f"{page('meanings')}/{enacted.id}", act).status_code == HTTPStatus.SEE_OTHER
    assert Meaning.objects.get(id=enacted.id).effective_to == enacted.effective_from


def test_the_first_lead_of_an_empty_province_finds_what_results_mean(stage: Stage) -> None:
    assert not Meaning.objects.exists()
    call_command("lead", "Nguyễn Thị Đầu", stdout=StringIO())
    assert Meaning.objects.get().standing == "july-2021"
    assert missing_meanings() == []
