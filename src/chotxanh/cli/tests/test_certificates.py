"""`./chotxanh certificates check`: a verdict for every line, with reason and steps."""

import base64
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chotxanh.cli import __main__ as command_line
from chotxanh.cli.commands import certificates
from chotxanh.keys.tests.test_public_vectors import judged, read_vectors


def answers(monkeypatch: pytest.MonkeyPatch, stdin: bytes) -> list[Any]:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=written))
    assert command_line.main(["certificates", "check"]) == 0
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_public_vectors_get_the_verdict_and_steps_of_the_rules(
    monkeypatch: pytest.MonkeyPatch, testdata: Path
) -> None:
    vectors = read_vectors(testdata)
    requests = [
        {
            "id": name,
            "text": vector["PREFIX"],
            "at": vector["TESTCTX"]["VALIDATIONCLOCK"],
            "certificate": vector["TESTCTX"]["CERTIFICATE"],
        }
        for name, vector in vectors.items()
    ]
    found = answers(monkeypatch, "\n".join(map(json.dumps, requests)).encode())
    assert [answer["id"] for answer in found] == list(vectors)
    for answer in found:
        expected = judged(vectors[answer["id"]])
        assert answer["verdict"] == ("valid" if expected.valid else "invalid")
        assert answer["steps"] == expected.steps


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "request_unreadable"),
        (b"[]", "request_unreadable"),
        (b"\xff", "request_unreadable"),
        (b"[" * 100_000, "request_unreadable"),
        (b'{"id": NaN}', "request_unreadable"),
        (b'{"id": "' + b"A" * 300_000 + b'"}', "request_too_long"),
        (b'{"id": 1}', "text_missing"),
        (b'{"id": 1, "text": 5}', "text_missing"),
        (b'{"id": 1, "text": "HC1:", "at": "yesterday"}', "time_unreadable"),
        (b'{"id": 1, "text": "HC1:", "at": 5}', "time_unreadable"),
        (b'{"id": 1, "text": "HC1:", "at": "0001-01-01T00:00+23:00"}', "time_unreadable"),
        (b'{"id": 1, "text": "HC2:"}', "prefix_missing"),
        (b'{"id": 1, "text": "\\ud800"}', "prefix_missing"),
        (b'{"id": 1, "text": "HC1:\\u0000"}', "base45_invalid"),
        (b'{"id": 1, "text": "HC1:\\ud800"}', "base45_invalid"),
    ],
)
def test_bad_lines_get_a_reason(monkeypatch: pytest.MonkeyPatch, line: bytes, reason: str) -> None:
    first, second = answers(monkeypatch, line + b'\n{"id": "\\ud800", "text": ""}\n')
    assert (first["verdict"], first["reason"]) == ("invalid", reason)
    assert (second["id"], second["reason"]) == ("\ud800", "prefix_missing")


@pytest.mark.parametrize("signer", ["", "AAAA", "!", "é", None, 7, base64.b64encode(b"0" * 500).decode()])
def test_a_signer_that_is_none_means_an_unknown_key(testdata: Path, signer: object) -> None:
    text = next(iter(read_vectors(testdata).values()))["PREFIX"]
    request = json.dumps({"id": 1, "text": text, "at": "2021-07-25T00:00:00Z", "certificate": signer})
    answered = certificates.answer(request.encode())
    assert answered["reason"] == "key_unknown"
    assert answered["steps"]["VERIFY"] is False  # type: ignore[index]


def test_another_action_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command_line.main(["certificates", "burn"])
    assert "invalid choice" in capsys.readouterr().err
