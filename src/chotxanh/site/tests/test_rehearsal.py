"""A rehearsal tells whose outcome a release changes, and changes nothing where it is asked."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chotxanh.certificates.models import Certificate
from chotxanh.domain.problems import Problem
from chotxanh.ledger.models import Entry
from chotxanh.registers.rules.models import Rule
from chotxanh.results.models import PersonResult
from chotxanh.site.meant_rules import MeantRule, read_meant_rules
from chotxanh.site.rebuilding import fingerprints
from chotxanh.site.rehearsing import Change, rehearse
from tests.cast import ASSISTANT, DRIVER, MORNING, PASSENGER
from tests.stage import Stage, set_the_stage

SHORT = {
    "code": "goods-driver-24h",
    "category": "goods_driver",
    "anchor": "resulted",
    "valid_for_hours": 24,
    "effective_from": "2030-01-01T00:00:00.000Z",
    "legal_reference": "Dự thảo",
}


def three_people() -> Stage:
    """Three people, each with a negative test of their own."""
    stage = set_the_stage()
    people = [DRIVER, ASSISTANT, PASSENGER]
    stage.must_apply(*(stage.station.register(person) for person in people))
    stage.must_apply(*(stage.station.declare(person) for person in people))
    for number, person in enumerate(people):
        stage.must_apply(stage.station.collect(f"BR{number}", [person]))
        stage.must_apply(stage.station.result(f"BR{number}", "negative"))
    return stage


def meant(kind: str, facts: dict[str, Any]) -> list[MeantRule]:
    """Read one rule that is meant, as from a file."""
    return read_meant_rules(msgspec.json.encode([{"kind": kind, "facts": facts}]))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_whose_outcome_another_release_changes_is_told_and_nothing_is_changed(own_keys: Path) -> None:
    three_people()
    # As if the release before had read the assistant's result otherwise, and given the driver no paper.
    PersonResult.objects.filter(person_code=ASSISTANT.code).update(value="invalid")
    forgotten = Certificate.objects.get(person_code=DRIVER.code)
    Entry.objects.filter(id=forgotten.entry).delete()
    forgotten.delete()
    before = fingerprints()

    changes = {change.person: change for change in rehearse(MORNING)}

    tube = PersonResult.objects.get(person_code=DRIVER.code).tube
    until = PersonResult.objects.get(person_code=DRIVER.code).resulted_at + timedelta(hours=72)
    missed = Change(tube, DRIVER.code, "negative", "negative", "none", "valid", None, until)
    assert changes[DRIVER.code] == missed
    assert (changes[ASSISTANT.code].before, changes[ASSISTANT.code].after) == ("invalid", "negative")
    assert set(changes) == {DRIVER.code, ASSISTANT.code}, "the passenger's outcome stays"
    assert fingerprints() == before


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_until_when_papers_would_hold_is_told_before_a_rule_is_enacted(own_keys: Path) -> None:
    three_people()
    before = fingerprints()
    changes = {change.person: change for change in rehearse(MORNING, meant("rule.enacted", SHORT))}
    assert fingerprints() == before
    drivers = PersonResult.objects.filter(category="goods_driver")
    assert set(changes) == set(drivers.values_list("person_code", flat=True)) != set()
    for person, change in changes.items():
        resulted_at = drivers.get(person_code=person).resulted_at
        assert change.until_before == resulted_at + timedelta(hours=72)
        assert change.until_after == resulted_at + timedelta(hours=24), "as if it had held since then"
        assert (change.paper_before, change.paper_after) == ("valid", "valid")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_rule_that_is_to_be_repealed_leaves_papers_without_an_end(own_keys: Path) -> None:
    three_people()
    rules = list(Rule.objects.values_list("id", flat=True))
    gone = [
        *(
            each
            for id in rules
            for each in meant("rule.repealed", {"rule": id, "at": SHORT["effective_from"]})
        )
    ]
    changes = {change.person: change for change in rehearse(MORNING, gone)}
    held = {person: change for person, change in changes.items() if change.until_before}
    assert held, "the cast's rules speak of somebody"
    assert {change.until_after for change in held.values()} == {None}


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"no JSON", "request_unreadable"),
        (b'[{"kind": "member.left", "facts": {}}]', "request_unreadable"),
        (b'[{"kind": "rule.enacted", "facts": {"code": "x"}}]', "request_unreadable"),
        (
            msgspec.json.encode([{"kind": "rule.enacted", "facts": SHORT | {"anchor": None}}]),
            "rule_says_nothing",
        ),
    ],
)
def test_a_file_of_rules_that_could_not_be_enacted_is_refused(file: bytes, code: str) -> None:
    with pytest.raises(Problem, match=code):
        read_meant_rules(file)
