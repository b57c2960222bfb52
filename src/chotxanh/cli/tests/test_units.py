"""`./chotxanh units`: one JSON value, or one sentence and status 1."""

import json
from typing import Any

import pytest

from chotxanh.cli import __main__ as command_line


def asked(capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> Any:
    assert command_line.main(["units", *words]) == 0
    return json.loads(capfdbinary.readouterr().out)


def test_units_are_found_with_scheme_code_level_and_name(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    first, *others = asked(capfdbinary, "find", "p.", "phu", "my")
    assert first == {"scheme": "nso-2021", "code": "25762", "level": "commune", "name": "Phường Phú Mỹ"}
    assert len(others) <= 9
    assert asked(capfdbinary, "find", "paris") == []


def test_a_unit_is_followed_in_both_directions(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    told = asked(capfdbinary, "now", "nso-2021", "77")
    new = {"scheme": "nso-2025", "code": "79", "name": "Thành phố Hồ Chí Minh", "default": True}
    assert told == {
        "scheme": "nso-2021",
        "code": "77",
        "level": "province",
        "name": "Tỉnh Bà Rịa - Vũng Tàu",
        "now": [new],
    }
    told = asked(capfdbinary, "then", "nso-2025", "79")
    assert [(each["code"], each["default"]) for each in told["then"]] == [
        ("74", False),
        ("77", False),
        ("79", True),
    ]


def test_they_are_counted_by_scheme_and_level(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert asked(capfdbinary, "count")["nso-2025"] == {"province": 34, "commune": 3321}


@pytest.mark.parametrize("words", [["77"], ["nso-2021"], ["nso-2021", "99"], ["nso-2030", "77"], ["", ""]])
@pytest.mark.parametrize("task", ["now", "then"])
def test_an_unknown_unit_or_a_bare_code_gets_one_sentence(
    capfd: pytest.CaptureFixture[str], task: str, words: list[str]
) -> None:
    assert command_line.main(["units", task, *words]) == 1
    said = capfd.readouterr()
    assert not said.out
    assert len(said.err.strip().splitlines()) == 1
