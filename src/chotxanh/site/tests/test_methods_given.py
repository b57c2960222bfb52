"""Who gives which way of testing to whom, at the office: asked for, shown, and never more than one's own."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.domain.kinds import Role
from chotxanh.domain.works import TESTERS
from chotxanh.registers.facilities.authority import authority_of
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.staff.models import Grant
from chotxanh.site.office.registers.register import Row
from tests.cast import change_grants
from tests.stage import Stage

FACILITY = {"facility_name": "Trạm y tế Long Sơn", "document": "QĐ 12/QĐ-SYT"}
GRANTS = "/office/registers/grants"


def given(lead: Client, member: object, **typed: object) -> HTTPStatus:
    """Give a role in the whole province."""
    form = {"member": str(member), "role": "technician", "place": "province", "methods": ["rt_pcr"]} | typed
    return HTTPStatus(lead.post(GRANTS, form).status_code)


def row_of(lead: Client, page: str, title: str) -> Row:
    rows: list[Row] = lead.get(page).context["in_force_rows"]
    return next(row for row in rows if row.title == title)


@pytest.mark.parametrize(
    ("ticked", "shown"),
    [
        ([], "Chỉ lấy mẫu"),
        (["ag_rapid"], "Kháng nguyên nhanh"),
        (["rt_pcr", "ag_rapid"], "Kháng nguyên nhanh, RT-PCR"),
    ],
)
def test_a_facility_is_authorised_for_the_methods_of_its_document(
    lead: Client, ticked: list[str], shown: str
) -> None:
    page = "/office/registers/facilities"
    lead.post(page, FACILITY | {"methods": ticked or ["none"]})
    code = Facility.objects.get(name=FACILITY["facility_name"]).code
    assert authority_of([code])[code].methods(timezone.now()) == set(ticked)
    assert shown in row_of(lead, page, FACILITY["facility_name"]).cells


@pytest.mark.parametrize(
    ("role", "ticked", "shown"),
    [
        ("technician", ["rt_pcr"], "RT-PCR"),
        ("officer", [], "Không nhập kết quả"),
        ("data_protection", ["rt_pcr"], ""),
    ],
)
def test_a_role_names_the_methods_whose_results_are_entered(
    lead: Client, stage: Stage, role: str, ticked: list[str], shown: str
) -> None:
    member = stage.staff.physician
    assert given(lead, member.id, role=role, methods=ticked or ["none"]) is HTTPStatus.SEE_OTHER
    assert row_of(lead, GRANTS, str(member)).cells[1] == shown


@pytest.mark.parametrize("role", ["physician", "data_protection"])
def test_no_lead_appoints_themselves_to_what_checks_them(lead: Client, stage: Stage, role: str) -> None:
    assert given(lead, stage.staff.lead.id, role=role, methods=["none"]) is HTTPStatus.FORBIDDEN
    assert not Grant.objects.filter(member=stage.staff.lead.id, role=role).exists()
    assert given(lead, stage.staff.officer.id, role=role, methods=["none"]) is HTTPStatus.SEE_OTHER


def test_nobody_gives_a_method_that_their_own_role_does_not_have(lead: Client, stage: Stage) -> None:
    change_grants(stage.staff.lead, methods="ag_rapid")
    for member in (stage.staff.lead, stage.staff.officer):
        assert given(lead, member.id) is HTTPStatus.FORBIDDEN
        assert given(lead, member.id, methods=["ag_rapid"]) is HTTPStatus.SEE_OTHER
    new = {"full_name": "Đỗ Thị Bích", "phone": "", "role": "officer", "place": "province"}
    answer = lead.post("/office/registers/staff", new | {"methods": ["rt_pcr"]})
    assert (answer.status_code, list(answer.context["form"].codes)) == (HTTPStatus.FORBIDDEN, ["methods"])


@pytest.mark.parametrize("ticked", [[], ["rt_pcr", "none"]])
def test_methods_are_never_left_out_by_oversight(lead: Client, stage: Stage, ticked: list[str]) -> None:
    """Every result of somebody without a method is disputed."""
    assert given(lead, stage.staff.physician.id, methods=ticked) is HTTPStatus.UNPROCESSABLE_ENTITY
    answer = lead.post("/office/registers/facilities", FACILITY | {"methods": ticked})
    assert list(answer.context["form"].codes) == ["methods"]


@pytest.mark.parametrize("role", Role)
def test_methods_are_asked_for_only_of_a_role_that_tests(lead: Client, stage: Stage, role: Role) -> None:
    """A policeman could not be given traffic control without saying which tests he enters."""
    typed: dict[str, object] = {"role": role.value, "methods": []}
    expected = HTTPStatus.UNPROCESSABLE_ENTITY if role in TESTERS else HTTPStatus.SEE_OTHER
    assert given(lead, stage.staff.officer.id, **typed) is expected
    new = {"full_name": "Đỗ Thị Bích", "phone": "", "place": "province"}
    answer = lead.post("/office/registers/staff", new | typed)
    assert answer.status_code == expected
    if role in TESTERS:
        assert list(answer.context["form"].codes) == ["methods"]
