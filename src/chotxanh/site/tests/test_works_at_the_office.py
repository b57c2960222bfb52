"""Giving the works of a post at the office: a clear choice with a sentence each, named wherever members are listed."""

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.domain.kinds import Role
from chotxanh.domain.works import TESTERS
from chotxanh.language.texts import catalogue
from chotxanh.registers.staff.badges import give_badges
from chotxanh.registers.staff.models import Grant
from tests.cast import PASSWORD, QL51, hire
from tests.entering import enter
from tests.stage import Stage

GRANTS, STAFF = "/office/registers/grants", "/office/registers/staff"


@pytest.fixture
def office(stage: Stage, client: Client) -> Client:
    """The office, open to the lead of the province."""
    lead = stage.staff.lead
    lead.set_password(PASSWORD)
    lead.save(update_fields=["password"])
    enter(client, lead)
    return client


def words(role: Role, about: str = "") -> str:
    return catalogue()[f"registers.role.{role.value}{about}"]["vi"]


@pytest.mark.parametrize("page", [GRANTS, STAFF])
def test_each_role_is_a_choice_with_one_sentence_about_it(office: Client, page: str) -> None:
    shown = office.get(page).content.decode()
    for role in Role:
        assert f'value="{role.value}"' in shown
        assert f'{words(role)}<span class="choice-about">{words(role, "_about")}</span>' in shown


@pytest.mark.parametrize("role", Role)
def test_a_role_is_given_at_a_post_with_methods_where_it_says_results(
    office: Client, stage: Stage, role: Role
) -> None:
    member = hire(Role.OFFICER)
    sent = {"member": str(member.id), "role": role.value, "methods": ["ag_rapid"], "place": f"site:{QL51}"}
    assert office.post(GRANTS, sent).status_code == 303
    given = Grant.objects.filter(member=member.id).latest("valid_from")
    assert (given.role, given.site) == (role.value, QL51)
    assert given.methods == ("ag_rapid" if role in TESTERS else "")


def test_the_works_of_a_member_are_named_in_lists_and_on_the_badge(office: Client, stage: Stage) -> None:
    member = hire(Role.DATA_ENTRY)
    sent = {"member": str(member.id), "role": "traffic", "methods": ["none"], "place": f"site:{QL51}"}
    office.post(GRANTS, sent)
    give_badges([member.id], timezone.now())
    both = f"{words(Role.DATA_ENTRY)}, {words(Role.TRAFFIC)}"
    for page in (STAFF, "/office/badges", f"/office/badges/print?only={member.id}"):
        assert both in office.get(page).content.decode(), page
    assert words(Role.TRAFFIC) in office.get(GRANTS).content.decode()


def test_only_who_signs_comes_into_the_office_of_those_who_do_one_work(stage: Stage, client: Client) -> None:
    """Reading, sampling, declaring and the light are done at the post; a correction is countersigned here."""
    opened = set()
    for role in (Role.DATA_ENTRY, Role.SAMPLING, Role.READING, Role.SIGNING, Role.TRAFFIC):
        member = hire(role)
        client.force_login(member)
        if client.get("/office/corrections").status_code == 200:
            opened.add(role)
    assert opened == {Role.SIGNING}
