"""A rehearsal tells whose outcome a release changes, and changes nothing where it is asked."""

from pathlib import Path

import pytest

from chotxanh.certificates.models import Certificate
from chotxanh.ledger.models import Entry
from chotxanh.results.models import PersonResult
from chotxanh.site.rebuilding import fingerprints
from chotxanh.site.rehearsing import Change, rehearse
from tests.cast import ASSISTANT, DRIVER, MORNING, PASSENGER
from tests.stage import set_the_stage


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_whose_outcome_another_release_changes_is_told_and_nothing_is_changed(own_keys: Path) -> None:
    stage = set_the_stage()
    people = [DRIVER, ASSISTANT, PASSENGER]
    stage.must_apply(*(stage.station.register(person) for person in people))
    stage.must_apply(*(stage.station.declare(person) for person in people))
    for number, person in enumerate(people):
        stage.must_apply(stage.station.collect(f"BR{number}", [person]))
        stage.must_apply(stage.station.result(f"BR{number}", "negative"))
    # As if the release before had read the assistant's result otherwise, and given the driver no paper.
    PersonResult.objects.filter(person_code=ASSISTANT.code).update(value="invalid")
    forgotten = Certificate.objects.get(person_code=DRIVER.code)
    Entry.objects.filter(id=forgotten.entry).delete()
    forgotten.delete()
    before = fingerprints()

    changes = {change.person: change for change in rehearse(MORNING)}

    tube = PersonResult.objects.get(person_code=DRIVER.code).tube
    assert changes[DRIVER.code] == Change(tube, DRIVER.code, "negative", "negative", "none", "valid")
    assert (changes[ASSISTANT.code].before, changes[ASSISTANT.code].after) == ("invalid", "negative")
    assert set(changes) == {DRIVER.code, ASSISTANT.code}, "the passenger's outcome stays"
    assert fingerprints() == before
