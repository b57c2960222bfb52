"""What a lead sees of every list is what `covers` reaches (B5: one rule for lists and for judging)."""

from itertools import product
from uuid import UUID

import pytest

from chotxanh.protocol.places import Place
from chotxanh.registers.staff.leading import WHOLE_PROVINCE, Led
from chotxanh.results.followups.models import OverdueTube
from tests.cast import MORNING

FACILITIES, SITES = ("", "x", "y"), ("", "a", "b")
POST = UUID(int=7)


@pytest.fixture
def places(db: None) -> list[Place]:
    """Rows at every place there can be."""
    places = [Place(facility, site) for facility, site in product(FACILITIES, SITES)]
    for place in places:
        OverdueTube.objects.create(
            tube=f"{place.facility}/{place.site}",
            facility=place.facility,
            site=place.site,
            sampled_at=MORNING,
        )
    return places


@pytest.mark.parametrize("reach", [Place(f, s, p) for f, s, p in product(FACILITIES, SITES, (None, POST))])
def test_a_list_shows_the_rows_that_covers_reaches(places: list[Place], reach: Place) -> None:
    led = Led((reach,), is_province=reach == Place())
    shown = {Place(row.facility, row.site) for row in led.within(OverdueTube.objects.all())}
    assert shown == {place for place in places if led.covers(place)}


def test_a_list_that_knows_no_sites_shows_the_facilitys_rows(places: list[Place]) -> None:
    led = Led((Place("x", "a"),))
    rows = led.within(OverdueTube.objects.filter(site=""), site=None)
    assert [row.facility for row in rows] == ["x"]


def test_several_grants_show_what_any_of_them_reaches(places: list[Place]) -> None:
    led = Led((Place("x"), Place("y", "b")))
    shown = {(row.facility, row.site) for row in led.within(OverdueTube.objects.all())}
    assert shown == {("x", ""), ("x", "a"), ("x", "b"), ("y", ""), ("y", "b"), ("", "b")}


def test_who_leads_nothing_sees_nothing_and_who_leads_the_province_everything(places: list[Place]) -> None:
    assert not Led().within(OverdueTube.objects.all()).exists()
    assert WHOLE_PROVINCE.within(OverdueTube.objects.all()).count() == len(places)
