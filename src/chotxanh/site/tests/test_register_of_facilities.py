"""The register of facilities: what is offered is what lets a facility test again; what is known of it stays."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.domain.problems import Problem
from chotxanh.language.formats import VIETNAM
from chotxanh.registers.facilities.authority import authority_of
from chotxanh.registers.facilities.entries import AUTHORISED
from chotxanh.registers.facilities.models import Facility, FacilityEvent
from chotxanh.site.office.registers.register import Row

PAGE = "/office/registers/facilities"
NAME, ADDRESS = "Trạm y tế Long Sơn", "Thôn 2, Long Sơn"
TODAY = timezone.now().astimezone(VIETNAM).date()


def authorise(lead: Client, since: int | None = None, until: int | None = None, address: str = "") -> None:
    """Fill the form; days count from today."""
    days = {
        name: f"{TODAY + timedelta(days=number):%d/%m/%Y}"
        for name, number in (("since", since), ("until", until))
        if number is not None
    }
    typed = {
        "facility_name": NAME,
        "address": address,
        "document": "QĐ 12/QĐ-SYT",
        "methods": "ag_rapid",
    } | days
    assert lead.post(PAGE, typed).has_header("Location")


def row(lead: Client) -> Row:
    """The facility's line, wherever it stands."""
    context = lead.get(PAGE).context
    rows: list[Row] = [*context["in_force_rows"], *context["ended_rows"]]
    return next(row for row in rows if row.title == NAME)


def act(lead: Client, name: str) -> None:
    """Press, and be sure."""
    lead.post(f"{PAGE}/{row(lead).id}", {"act": name, "sure": "1"})


def may_test(lead: Client) -> bool:
    """Whether it may test now."""
    code = row(lead).id
    return authority_of([code])[code].is_authorised(timezone.now())


def test_an_authorisation_that_ran_out_is_not_reinstated_but_given_anew(lead: Client) -> None:
    authorise(lead, -9, -1, ADDRESS)
    assert row(lead).acts == ()
    assert lead.post(f"{PAGE}/{row(lead).id}", {"act": "reinstate", "sure": "1"}).status_code == 404
    link = f'{PAGE}?again={row(lead).id}#add"'
    assert link in lead.get(PAGE).content.decode()
    form = lead.get(f"{PAGE}?again={row(lead).id}").context["form"]
    assert (form["facility_name"].value(), form["address"].value()) == (NAME, ADDRESS)
    authorise(lead, 0, 30, form["address"].value())
    assert (may_test(lead), row(lead).acts, row(lead).anew) == (True, ("suspend",), {})


def test_one_that_is_suspended_is_let_back_once_its_document_holds(lead: Client) -> None:
    authorise(lead)
    act(lead, "suspend")
    assert row(lead).acts == ("reinstate",)
    act(lead, "reinstate")
    assert may_test(lead)


def test_one_that_was_suspended_and_ran_out_is_let_back_after_its_new_document(lead: Client) -> None:
    authorise(lead)
    act(lead, "suspend")
    FacilityEvent.objects.filter(facility=row(lead).id, what=AUTHORISED).update(until=timezone.now())
    assert row(lead).acts == ()
    authorise(lead)
    assert (may_test(lead), row(lead).acts) == (False, ("reinstate",))
    act(lead, "reinstate")
    assert may_test(lead)


def test_one_whose_document_does_not_hold_yet_is_not_let_back(lead: Client) -> None:
    authorise(lead, 5)
    assert row(lead).acts == ()
    assert row(lead).anew["facility_name"] == NAME


@pytest.mark.parametrize(
    ("since", "until", "state"), [(None, None, ""), (-9, -1, "đã hết hiệu lực"), (5, None, "chưa tới ngày")]
)
def test_a_line_says_why_a_facility_may_not_test(
    lead: Client, since: int | None, until: int | None, state: str
) -> None:
    authorise(lead, since, until)
    assert dict(row(lead).facts).get("registers.state", "") == state


def test_a_line_says_that_a_facility_is_suspended(lead: Client) -> None:
    authorise(lead)
    act(lead, "suspend")
    assert dict(row(lead).facts)["registers.state"] == "bị đình chỉ"
    assert "bị đình chỉ" in lead.get(PAGE).content.decode()


@pytest.mark.parametrize(("typed", "kept"), [("", ADDRESS), ("Thôn 5", "Thôn 5")])
def test_a_known_facility_keeps_its_address_where_none_is_typed(lead: Client, typed: str, kept: str) -> None:
    authorise(lead, address=ADDRESS)
    authorise(lead, address=typed)
    assert Facility.objects.get(name=NAME).address == kept


def test_what_is_not_known_cannot_be_recorded_anew(lead: Client) -> None:
    for id in ("khong-co", "x%00"):
        assert lead.get(f"{PAGE}?again={id}").status_code == Problem("entry_unknown").status
