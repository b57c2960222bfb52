"""A province that is loaded has what a road has: papers, disputes, positives, strangers and lost numbers."""

import pytest

from benchmarks.operating import Desk
from benchmarks.place import Place
from benchmarks.product import Setting
from benchmarks.province import FILLS_A_PAGE, Province
from chotxanh.certificates.models import Certificate
from chotxanh.domain.kinds import Answer
from chotxanh.ledger.models import Entry, Log
from chotxanh.people.models import Registration
from chotxanh.results.models import RecollectionOrder, TubeResult


@pytest.mark.slow
def test_a_province_grows_to_its_size_with_every_trouble_in_it(desk: Desk) -> None:
    del desk  # the demonstration it stands in is what is wanted
    province = Province(Place(Setting({}, None), 200))
    province.grow_to(200)
    assert Registration.objects.count() == 200
    assert Certificate.objects.exists()
    assert TubeResult.objects.filter(is_disputed=True).exists()
    assert RecollectionOrder.objects.exists()
    assert Entry.objects.filter(answer=Answer.HELD).count() == 2 * FILLS_A_PAGE  # a new person is two entries
    log = Log.objects.get(id=province.desk.station.log)
    assert len(log.gaps) == FILLS_A_PAGE
    assert not province.desk.secrets
    assert not province.desk.station.written
    province.grow_to(300)
    assert Registration.objects.count() == 300
