"""The catalogue: every text a page asks for exists, in both languages, with the same placeholders."""

import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from chotxanh.language.formats import show_date, show_number
from chotxanh.language.texts import LANGUAGES, catalogue
from chotxanh.ledger.judging import TICKET_OVER, WAITS_FOR_SHIFT

SOURCE = Path(settings.PROJECT_ROOT, "src", "chotxanh")
IN_TEMPLATE = re.compile(r"""{% t ['"]([a-z0-9_.]+)['"]""")
HELD = re.compile(r"""Answer\.HELD, "([a-z_]+)"\)""")
PROBLEM = re.compile(r"""Problem\(\s*"([a-z0-9_]+)\"""")


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def found(pattern: re.Pattern[str], *suffixes: str) -> Iterator[str]:
    for suffix in suffixes:
        for file in SOURCE.rglob(f"*{suffix}"):
            if "tests" not in file.parts:
                yield from pattern.findall(file.read_text(encoding="utf-8"))


def test_every_text_is_there_in_both_languages_with_the_same_placeholders() -> None:
    for key, sentences in catalogue().items():
        assert set(sentences) == set(LANGUAGES), key
        assert all(sentence.strip() for sentence in sentences.values()), key
        assert placeholders(sentences["vi"]) == placeholders(sentences["en"]), key


def test_every_text_a_template_asks_for_exists() -> None:
    assert set(found(IN_TEMPLATE, ".html")) <= set(catalogue())


def test_every_problem_has_its_sentence() -> None:
    codes = {f"problem.{code}" for code in found(PROBLEM, ".py")}
    assert codes - set(catalogue()) == set()


def test_every_reason_to_hold_an_entry_has_a_leads_words() -> None:
    reasons = {*found(HELD, "judging.py"), TICKET_OVER, WAITS_FOR_SHIFT} - {
        "refused",
        "kind_unknown",
    }  # not for a lead
    assert {"actor_missing", "device_revoked"} < reasons
    assert {f"office.held_reason.{reason}" for reason in reasons} <= set(catalogue())


@pytest.mark.parametrize(
    ("language", "shown", "date"),
    [("vi", ("85.962", "0,5", "1.234,5"), "05/07/2021"), ("en", ("85,962", "0.5", "1,234.5"), "05/07/2021")],
)
def test_numbers_are_written_as_the_reader_writes_them(
    language: str, shown: tuple[str, ...], date: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An English sentence said "85.962 seconds" of a day: dates are the same in both, for papers carry them."""
    monkeypatch.setattr("chotxanh.language.formats.current_language", lambda: language)
    assert (show_number(85962.0), show_number(0.5, 1), show_number(1234.5, 1)) == shown
    assert show_date(datetime(2021, 7, 5, tzinfo=UTC)) == date
