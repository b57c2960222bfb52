"""`./chotxanh read KIND`: what the declaration form and the station read in a text."""

import io
import json
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.cli import __main__ as command_line
from chotxanh.cli.commands import read
from chotxanh.cli.reading import READERS
from chotxanh.domain.problems import STATUSES
from chotxanh.language.texts import problem_sentence, use_language


def answers(monkeypatch: pytest.MonkeyPatch, kind: str, *lines: bytes) -> list[dict[str, Any]]:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"\n".join(lines))))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=written))
    assert command_line.main(["read", kind]) == 0
    return [json.loads(line) for line in written.getvalue().splitlines()]


def read_of(kind: str, text: str) -> dict[str, Any]:
    return dict(read.answer(READERS[kind], json.dumps(text).encode()))


def test_there_is_a_reader_for_each_kind() -> None:
    assert tuple(READERS) == read.KINDS


def test_each_line_is_answered_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [json.dumps(text).encode() for text in ("0912 345 678", "0912", "+66 81 234 5678")]
    assert answers(monkeypatch, "phone", *asked) == [
        {"value": "+84912345678", "problem": None, "warnings": []},
        {"value": None, "problem": "phone_invalid", "warnings": []},
        {"value": "+66812345678", "problem": None, "warnings": []},
    ]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("name", "  Nguye\u0302\u0303n   Văn An ", "Nguyễn Văn An"),
        ("birth", "5 / 3 / 1990", "1990-03-05"),
        ("birth", "1990", "1990"),
        ("phone", "tel:0912345678", "+84912345678"),
        ("id_number", "077 090 000 123", "077090000123"),
        ("plate", "72C-123.45 / 72R-000.11", ("72C12345", "72R00011")),
        ("tube", " rt0001 ", "RT0001"),
    ],
)
def test_a_value_is_as_it_is_kept(kind: str, text: str, value: object) -> None:
    assert read_of(kind, text) == {"value": value, "problem": None, "warnings": ()}


@pytest.mark.parametrize(
    ("kind", "text", "warning"),
    [("id_number", "003090000123", "id_province_unknown"), ("plate", "13C-123.45", "plate_unrecognised")],
)
def test_what_is_unusual_is_kept_with_a_warning(kind: str, text: str, warning: str) -> None:
    assert read_of(kind, text)["warnings"] == (warning,)


@pytest.mark.parametrize("kind", read.KINDS)
def test_nothing_is_missing_rather_than_wrong(kind: str) -> None:
    assert read_of(kind, " ")["problem"] in {f"{kind}_missing", "birth_date_missing", "tube_missing"}


@pytest.mark.parametrize("line", [b"", b"0912", b"null", b'"', b"\xff", b'["a"]', b"NaN", b"[" * 9_999])
def test_a_line_that_is_no_string_is_said_to_be_unreadable(line: bytes) -> None:
    answered = read.answer(READERS["phone"], line)
    assert answered == {"value": None, "problem": "request_unreadable", "warnings": []}


def test_a_line_longer_than_any_text_is_said_to_be_too_large() -> None:
    assert read.answer(READERS["name"], b'"' + b"a" * 99_999 + b'"')["problem"] == "too_large"


@pytest.mark.parametrize("kind", read.KINDS)
@given(text=st.text(max_size=60) | st.text("0123456789/.-+ OlCRTĐ\u202d\u00ad", max_size=30))
def test_every_text_is_read_or_refused_with_a_sentence(kind: str, text: str) -> None:
    answered = read_of(kind, text)
    assert json.loads(json.dumps(answered))
    if answered["value"] is None:
        assert answered["problem"] in STATUSES
    else:
        assert answered["problem"] is None


@pytest.fixture
def _vietnamese_again() -> Iterator[None]:
    yield
    use_language("vi")


@pytest.mark.usefixtures("_vietnamese_again")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_refusal_has_its_sentence(language: str) -> None:
    params = {"character": "&", "letter": "O", "digit": "0", "longest": 20}
    codes = [
        code
        for code in STATUSES
        if code.startswith(("name_", "birth_", "phone_", "id_number_", "plate_", "tube_"))
    ]
    use_language(language)
    assert all(problem_sentence(code, **params).endswith(".") for code in codes)
