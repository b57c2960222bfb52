"""A page is drawn once for each shape, and its gaps are filled for each reader: as if it had been drawn for them."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import product
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.codes import group
from chotxanh.language import gaps
from chotxanh.language.gaps import MOST_SHAPES, Gap, filled_page
from chotxanh.language.texts import use_language
from chotxanh.registers.rules.models import Rule
from chotxanh.site import person
from chotxanh.site.tests.test_person_page import OwnPage, own_page, page_of
from chotxanh.verification import views as verifying
from tests.cast import ASSISTANT, DRIVER, Person

__all__ = ["own_page"]

ROWS = "site/certificate_rows.html"


def drawn_alone(monkeypatch: pytest.MonkeyPatch, where: ModuleType) -> list[str]:
    """Each page that is asked for there, as Django draws it for its reader alone."""
    alone: list[str] = []

    def draw(template: str, context: Mapping[str, Any]) -> SafeString:
        alone.append(render_to_string(template, plain(dict(context)), HttpRequest()))
        return filled_page(template, context)

    monkeypatch.setattr(where, "filled_page", draw)
    return alone


VERSION = re.compile(r'(?<=data-version=")[^"]*')  # of the page as it is drawn
VALUES, OTHERS = ("", "negative", "positive"), ((), (ASSISTANT,))


class Told(NamedTuple):
    """What became of the driver, alone or in a tube with others, by a rule or none, and whether it is read at once."""

    value: str
    others: tuple[Person, ...]
    has_rule: bool
    is_today: bool

    def happens(self, own_page: OwnPage, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let it happen."""
        if self.is_today:
            monkeypatch.setattr(timezone, "now", lambda: own_page.stage.now)
        if not self.has_rule:
            Rule.objects.all().delete()
        if self.value:
            own_page.sample(self.value, *self.others)


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[tuple[object, ...], Any]]:
    """What is kept of pages, of which none was drawn before."""
    drawn: dict[tuple[object, ...], Any] = {}
    monkeypatch.setattr(gaps, "_drawn", drawn)
    use_language("vi")
    yield drawn
    use_language("vi")


def rows_of(key: str, said: str, **others: str) -> str:
    texts = {name: Gap(each) for name, each in others.items()}
    return str(filled_page(ROWS, {"card": {"facts": ((key, Gap(said)),), **texts}}))


def plain(value: Any) -> Any:
    """The values of a page as a template sees them that is drawn for one reader alone."""
    if isinstance(value, Gap):
        return value.text
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return tuple(map(plain, value)) if isinstance(value, tuple) else value


def test_what_people_wrote_is_escaped_in_a_gap_and_html_is_not() -> None:
    assert "<dd>&lt;b&gt; &amp; &quot;c&#x27;</dd>" in rows_of("verify.pool", "<b> & \"c'")
    assert "<dd><b></dd>" in rows_of("verify.pool", mark_safe("<b>"))


def test_a_shape_is_drawn_once_for_each_language_whatever_stands_in_its_gaps(kept: dict[Any, Any]) -> None:
    first, second = rows_of("verify.pool", "một"), rows_of("verify.pool", "hai")
    assert first.replace("một", "hai") == second
    assert len(kept) == 1
    use_language("en")
    assert rows_of("verify.pool", "hai") != second
    assert len(kept) == 2


def test_an_empty_gap_and_another_flag_are_another_shape(kept: dict[Any, Any]) -> None:
    assert "<dd>" not in rows_of("verify.pool", "")
    assert "<dd>" in rows_of("verify.pool", "một")
    assert rows_of("certificate.rule", "một") != rows_of("verify.pool", "một")
    assert len(kept) == 3


def test_more_shapes_than_are_kept_begin_anew(kept: dict[Any, Any]) -> None:
    for number in range(MOST_SHAPES + 3):
        filled_page(ROWS, {"card": {"facts": (), "number": number}})
    assert len(kept) == 3


def test_nothing_of_a_reader_is_kept(
    client: Client, own_page: OwnPage, kept: dict[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: own_page.stage.now)
    own_page.sample("negative")
    page = page_of(client, own_page)
    code = group(own_page.code)
    for said in (own_page.secret, code, DRIVER.full_name, str(DRIVER.plate), "ONG1", "data:image/png"):
        assert said in page
        assert said not in repr(kept)
    assert len(kept) == 1


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "told", [Told(*each) for each in product(VALUES, OTHERS, (True, False), (True, False))]
)
def test_every_own_page_is_what_django_draws_for_its_reader_alone(
    client: Client, own_page: OwnPage, monkeypatch: pytest.MonkeyPatch, language: str, told: Told
) -> None:
    told.happens(own_page, monkeypatch)
    alone = drawn_alone(monkeypatch, person)
    client.cookies["language"] = language
    for _ in range(2):
        assert VERSION.sub("", page_of(client, own_page)) == VERSION.sub("", alone[-1])
        client.post(f"/p/{own_page.secret}/result")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("is_today", [True, False])
def test_every_answer_of_a_check_is_what_django_draws_for_this_paper_alone(
    client: Client, own_page: OwnPage, monkeypatch: pytest.MonkeyPatch, language: str, *, is_today: bool
) -> None:
    own_page.sample("negative", ASSISTANT)
    genuine = certificates_of(own_page.code, own_page.stage.now)[0].text or ""
    if is_today:
        monkeypatch.setattr(timezone, "now", lambda: own_page.stage.now)
    client.cookies["language"] = language
    alone = drawn_alone(monkeypatch, verifying)

    def check(text: str) -> None:
        assert client.post("/verify", {"text": text}).content.decode() == alone[-1]
        assert escape(text) in alone[-1]

    for text in (genuine, genuine[:-1] + "0", "HC1:" + "6BF" * 90):
        check(text)
    own_page.stage.must_apply(own_page.stage.station.result("ONG1", "positive"))
    check(genuine)
    assert len(set(alone)) == 4
