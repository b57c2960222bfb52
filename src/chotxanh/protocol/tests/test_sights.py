"""What each work sees of a person, held by `contracts/sights.json` as the station's twin is."""

from datetime import datetime
from itertools import combinations
from typing import Any

import msgspec
import pytest

from chotxanh.domain.tests.contract import vectors
from chotxanh.domain.works import Work
from chotxanh.protocol.cards import PersonCard
from chotxanh.protocol.sights import EVERYTHING, SEES, SeenPerson, light_of, seen_by

TOLD = vectors("sights")
NOW = datetime.fromisoformat(TOLD["now"])
POSITIVE = {
    "value": "positive",
    "test_type": "ag_rapid",
    "sampled_at": "2021-07-25T01:05:00.000Z",
    "resulted_at": "2021-07-25T01:25:00.000Z",
    "valid_until": None,
    "has_certificate": False,
}
WHOLE: dict[str, Any] = {
    "person_code": "PZBJZMP6RKLFK4Q",
    "full_name": "Nguyễn Văn Đường",
    "birth_year": 1985,
    "sex": "male",
    "category": "goods_driver",
    "registration": "017adaf0-0000-7000-8000-000000000031",
    "declared_at": "2021-07-25T00:30:00.000Z",
    "plate": "72C-123.45",
    "state": "positive",
    "last_result": POSITIVE,
    "sampling": "rt_pcr",
    "may_be_same": True,
    "phone": "+84912345678",
    "id_ending": "0123",
    "vehicle_class": "truck",
    "direction": "in",
    "origin": "Thành phố Hồ Chí Minh",
    "destination": "Bà Rịa - Vũng Tàu",
    "symptoms": ["fever"],
    "exposures": ["contact_case"],
    "party": [{"person_code": "PZBJZMP6RKLFK4Q", "full_name": "Trần Thị Bé"}],
}


def card(**changed: Any) -> PersonCard:
    return msgspec.convert(WHOLE | changed, PersonCard)


def test_the_table_is_that_of_the_contract() -> None:
    assert {work.value: sorted(fields) for work, fields in SEES.items()} == TOLD["sees"]
    assert set(SEES) == set(Work)


@pytest.mark.parametrize("row", TOLD["lights"], ids=lambda row: row["why"])
def test_the_light_of_a_card(row: dict[str, Any]) -> None:
    light = light_of(card(**row["card"]), NOW)
    assert (light.colour.value, light.until) == (row["light"], row["until"])


@pytest.mark.parametrize("works", [*combinations(Work, 1), *combinations(Work, 2), ()], ids=str)
def test_a_work_is_answered_with_what_it_sees_and_nothing_else(works: tuple[Work, ...]) -> None:
    seen = frozenset[str]().union(*(SEES[work] for work in works))
    answered = msgspec.json.decode(msgspec.json.encode(seen_by(card(), works, NOW)))
    if seen >= EVERYTHING:
        assert answered == WHOLE
        return
    for field, value in WHOLE.items():
        if field in seen | {"person_code"}:
            assert answered[field] == value
        else:
            assert not answered[field] or (field, answered[field]) in NOTHING_TOLD
    assert (answered["light"] is not None) is ("light" in seen)


NOTHING_TOLD = {("state", "withheld"), ("sampling", "any")}


def test_who_waits_and_who_is_positive_show_the_police_the_same() -> None:
    waiting = card(state="sampled", last_result=None, sampling="any", may_be_same=False, phone=None)
    assert seen_by(card(), {Work.TRAFFIC}, NOW) == seen_by(waiting, {Work.TRAFFIC}, NOW)


def test_what_was_seen_narrowly_says_so() -> None:
    seen = seen_by(card(), {Work.DATA_ENTRY}, NOW)
    assert isinstance(seen, SeenPerson)
    assert (seen.state, seen.light) == ("withheld", None)
