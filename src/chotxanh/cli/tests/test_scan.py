"""`./chotxanh scan`: one JSON object for a text or for each line, whatever bytes come in."""

import io
import json
import os
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.cli import __main__ as command_line
from chotxanh.cli.commands import scan
from chotxanh.domain.scan import LONGEST_SCAN
from chotxanh.domain.tests.contract import vectors


def answers(monkeypatch: pytest.MonkeyPatch, arguments: list[str], stdin: bytes = b"") -> list[object]:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=written))
    assert command_line.main(["scan", *arguments]) == 0
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_text_is_answered_with_kind_fields_and_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers(monkeypatch, ["kchtx nh11h"]) == [
        {"kind": "command", "fields": {"command": "negative"}, "warnings": []}
    ]


def test_a_text_may_begin_with_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers(monkeypatch, ["-5"]) == [{"kind": "unknown", "fields": {}, "warnings": []}]


def test_every_line_has_an_answer_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = vectors("scan")["cases"]
    one_line = [case for case in cases if "\n" not in case["text"]]
    lines = "\n".join(case["text"] for case in one_line).encode("utf-8", "replace")
    found = answers(monkeypatch, [], lines)
    assert found == [{name: case[name] for name in ("kind", "fields", "warnings")} for case in one_line]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\x00",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"A" * 100_000,
        b"\xf0\x9f\x98\x80" * 30_000,
        b"|" * 100_000,
    ],
)
def test_any_line_is_answered_and_the_next_one_too(monkeypatch: pytest.MonkeyPatch, line: bytes) -> None:
    first, second = answers(monkeypatch, [], line + b"\nKCHTXNH11H\n")
    assert isinstance(first, dict)
    assert first["kind"] == "unknown"
    assert second == {"kind": "command", "fields": {"command": "negative"}, "warnings": []}


def test_what_is_longer_than_any_scan_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    (answered,) = answers(monkeypatch, [], b"7" * (5 * LONGEST_SCAN))
    assert answered == {"kind": "unknown", "fields": {}, "warnings": ["too_long"]}


@given(st.binary(max_size=300).filter(lambda line: b"\n" not in line))
def test_every_answer_can_be_written(line: bytes) -> None:
    answered = scan.answer(line)
    assert json.loads(json.dumps(answered, ensure_ascii=False).encode()) == {
        **answered,
        "warnings": list(map(str, answered["warnings"])),  # type: ignore[call-overload]
    }


def test_a_reader_that_stops_early_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.BytesIO):
        def write(self, _text: object) -> int:
            raise BrokenPipeError

    closed: list[tuple[int, int]] = []
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"1\n2\n")))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=Closed(), fileno=lambda: 1))
    monkeypatch.setattr(os, "dup2", lambda new, old: closed.append((new, old)))
    assert command_line.main(["scan"]) == 0
    assert [old for _, old in closed] == [1]


def test_recognising_needs_neither_django_nor_cryptography() -> None:
    def imported(module: str, seen: set[str]) -> Iterator[str]:
        for name, value in vars(sys.modules[module]).items():
            owner = getattr(value, "__module__", None) or getattr(value, "__name__", "")
            if name[:2] != "__" and str(owner).startswith("chotxanh.") and owner not in seen:
                seen.add(str(owner))
                yield str(owner)
                yield from imported(str(owner), seen)
            elif str(owner).split(".")[0] in ("django", "cryptography"):
                yield str(owner)

    used = set(imported(scan.__name__, set()))
    assert {name.split(".")[0] for name in used} == {"chotxanh"}
