"""Papers are set as they must be for printers and archives, and break on nothing that people are called."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from chotxanh.apart.turns import Turns
from chotxanh.domain.problems import Problem
from chotxanh.papers import setting
from chotxanh.papers.letters import plain_letters
from chotxanh.papers.setting import CannotSet, set_paper
from tests.printed import words_of

AT = datetime(2021, 7, 5, 7, 5, tzinfo=UTC)
BEGIN = '#let data = json(bytes(sys.inputs.data))\n#set document(title: "Giấy")\n'
FONT = '#set text(font: "Be Vietnam Pro", lang: "vi")\n'


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates of this test's own."""
    monkeypatch.setattr(setting, "TEMPLATES", tmp_path)
    return tmp_path


def put(templates: Path, body: str, font: str = FONT) -> None:
    (templates / "paper.typ").write_text(BEGIN + font + body, encoding="utf-8")


def test_a_paper_is_archived_tagged_and_says_its_language(templates: Path) -> None:
    put(templates, "= Giấy\n#data.name")
    pdf = set_paper("paper", {"name": "Điểu Thị Mơ"}, AT)
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf and b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf and b"/Lang(vi" in pdf
    assert "Điểu Thị Mơ" in words_of(pdf)


def test_the_same_data_at_the_same_time_gives_the_same_bytes(templates: Path) -> None:
    put(templates, "#data.name")
    first = set_paper("paper", {"name": "Mơ"}, AT)
    assert set_paper("paper", {"name": "Mơ"}, AT) == first
    assert set_paper("paper", {"name": "Na"}, AT) != first


def test_data_is_never_markup(templates: Path) -> None:
    put(templates, "#data.name")
    assert '#panic("x")' in words_of(set_paper("paper", {"name": '#panic("x")'}, AT))


def test_a_name_in_letters_that_the_typeface_lacks_is_written_as_in_a_passport(templates: Path) -> None:
    put(templates, "#data.name")
    assert "IVAN ?? Mơ" in words_of(set_paper("paper", {"name": "ИВАН 박이 Mơ"}, AT))


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Nguyễn Văn A", "Nguyễn Văn A"),
        ("H’Hen Niê", "H’Hen Niê"),
        ("Щука", "SHCHUKA"),
        ("ສົມ", "???"),
        ({"name": ["박", 1, None, True]}, {"name": ["?", 1, None, True]}),
    ],
)
def test_only_letters_of_other_scripts_give_way(written: Any, plain: Any) -> None:
    assert plain_letters(written) == plain


def test_a_typeface_that_is_missing_is_no_paper(templates: Path) -> None:
    put(templates, "x", font='#set text(font: "Nowhere Sans")\n')
    with pytest.raises(CannotSet, match="nowhere sans"):
        set_paper("paper", {}, AT)


def test_a_template_reads_nothing_outside_its_folder(templates: Path) -> None:
    put(templates, '#read("../secret.txt")')
    (templates.parent / "secret.txt").write_text("x")
    with pytest.raises(CannotSet):
        set_paper("paper", {}, AT)


def test_more_data_than_a_paper_may_have_is_refused_before_it_is_set(templates: Path) -> None:
    put(templates, "x")
    with pytest.raises(CannotSet, match="too many"):
        set_paper("paper", {"name": "x" * setting.MOST_BYTES}, AT)


def test_a_paper_that_takes_too_long_is_ended(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(templates, "#while true { }")
    monkeypatch.setattr(setting, "LONGEST_SECONDS", 0.01)
    with pytest.raises(CannotSet, match="TimeoutExpired"):
        set_paper("paper", {}, AT)


def test_threads_set_one_paper_after_the_other(templates: Path) -> None:
    put(templates, "#data.name")
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: set_paper("paper", {"name": f"Số {n}"}, AT), range(6)))
    assert all(f"Số {n}" in words_of(pdf) for n, pdf in enumerate(made))


def test_who_waits_too_long_for_a_turn_is_told_so(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(templates, "x")
    monkeypatch.setattr(setting, "LONGEST_WAIT_SECONDS", 0.0)
    # Another's turn: that of another process of this machine.
    with Turns().turn(settings.HOME / setting.TURN, 60), pytest.raises(Problem) as refused:
        set_paper("paper", {}, AT)
    assert refused.value.code == "papers_busy"
