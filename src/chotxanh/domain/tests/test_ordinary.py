"""What is recognised without the schema is what the schema accepts: on public vectors and on any change."""

import copy
import json
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.domain.hcert import schema
from chotxanh.domain.hcert.certificates import payload
from chotxanh.domain.hcert.ordinary import is_ordinary_test
from chotxanh.domain.tests.certificate_cast import CERTIFICATE

ORDINARY = payload(CERTIFICATE)
FEWEST_ORDINARY_VECTORS = 50

PLACES = [
    *((key,) for key in ("ver", "nam", "dob", "t", "v", "r", "other")),
    *(("nam", key) for key in ("fn", "fnt", "gn", "gnt", "other")),
    *(("t", 0, key) for key in ("tg", "tt", "nm", "ma", "sc", "tr", "tc", "co", "is", "ci", "other")),
    ("t", 0),
]
EDGES = [
    *(
        "",
        "\0",
        "A\0B",
        "X" * 80,
        "X" * 81,
        "ABC\n",
        "A<B",
        "Ậ",
        "١.٣.٠",
        "1.3.0",
        "1.3.0\n",
        "1x3x0",
        "vn",
        "VN",
        "VNx",
    ),
    *(
        "1990",
        "1990-03",
        "1990-03-05",
        "1890",
        "1990-3",
        "2021-07-25",
        "2021-07-25T07:05:00",
        "2021-07-25T07:05:00Z\n",
    ),
    *(
        "2021-07-25T07:05:00+07:00",
        "2021-07-25T07:05:00+0700",
        "2021-07-25T07:05:60Z",
        "2021-07-25t07:05:00z",
    ),
    *("2021-07-25T24:00:00Z", "0000-07-25T07:05:00Z", "2021-00-01T07:05:00Z", "2021-13-01T07:05:00Z"),
]
ANYTHING = (
    st.sampled_from(EDGES) | st.text() | st.none() | st.booleans() | st.integers() | st.lists(st.none())
)
CHANGES = st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING | st.just(...)), max_size=3)


def changed(changes: list[tuple[tuple[Any, ...], Any]]) -> dict[str, Any]:
    """An ordinary certificate with texts, other things or nothing (`...`) in some places."""
    content = copy.deepcopy(ORDINARY)
    for (*way, key), value in changes:
        parent: Any = content
        for step in way:
            parent = _member(parent, step)
        if isinstance(parent, dict) and value is ...:
            parent.pop(key, None)
        elif isinstance(parent, dict) or (isinstance(parent, list) and parent and key == 0):
            parent[key] = value
    return content


def _member(parent: Any, step: str | int) -> Any:
    try:
        return parent[step]
    except (KeyError, IndexError, TypeError):
        return None


def is_right_by_schema(content: dict[str, Any]) -> bool:
    """Whether both the strict and the tolerant schema accept `content`."""
    try:
        schema.check_issue(content)
        schema.check_reading(content)
    except fastjsonschema.JsonSchemaException:
        return False
    return sum(group in content for group in schema.GROUPS) == 1


def test_what_is_issued_here_is_ordinary() -> None:
    assert is_ordinary_test(ORDINARY)
    assert is_ordinary_test(payload(CERTIFICATE._replace(given_name="", test_type="rt_pcr", birth_date="")))


@pytest.mark.parametrize("place", PLACES)
def test_no_change_in_one_place_is_ordinary_and_against_the_schema(place: tuple[Any, ...]) -> None:
    values: list[Any] = [*EDGES, None, True, 7, [], {}, ...]
    for value in values:
        content = changed([(place, value)])
        assert is_right_by_schema(content) or not is_ordinary_test(content)


@given(CHANGES)
def test_no_changes_are_ordinary_and_against_the_schema(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    content = changed(changes)
    assert is_right_by_schema(content) or not is_ordinary_test(content)


@pytest.mark.parametrize("year", ["2020", "2021", "1999"])
def test_every_day_is_ordinary_only_if_the_calendar_has_it(year: str) -> None:
    days = [f"{year}-{month:02}-{day:02}" for month in range(14) for day in range(33)]
    contents = [changed([(("t", 0, "sc"), f"{day}T07:05:00Z")]) for day in days]
    assert sum(map(is_ordinary_test, contents)) == 365
    assert all(is_right_by_schema(content) for content in contents if is_ordinary_test(content))


def test_public_vectors_are_ordinary_only_if_right_by_the_schema(testdata: Path) -> None:
    files = (testdata / "dgc" / "vectors").rglob("*.json")
    contents = [json.loads(file.read_text(encoding="utf-8")).get("JSON") for file in files if file.is_file()]
    found = [content for content in contents if isinstance(content, dict) and is_ordinary_test(content)]
    assert len(found) >= FEWEST_ORDINARY_VECTORS
    assert all(map(is_right_by_schema, found))
