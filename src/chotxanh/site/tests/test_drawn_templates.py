"""Templates are drawn as Django draws them, by what they were turned into; what is not turned is left to Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.template import Context, Template, engines
from django.utils.safestring import mark_safe

from chotxanh.language.drawing import backend
from chotxanh.language.drawing.nodes import drawing_of
from chotxanh.language.drawing.pieces import Draw
from chotxanh.language.drawing.values import LeftToDjango
from chotxanh.language.texts import use_language
from chotxanh.site.context import page

# Each has something in it that is not drawn here: a base's block, a name given by a tag, a filter told of escaping.
LEFT = frozenset(
    {
        *(
            "board",
            "clock",
            "correction",
            "corrections",
            "disputed_tube",
            "followup",
            "followups",
            "overview",
        ),
        *("person_act", "record", "registers", "revoke", "sign_correction", "stands", "steps", "withdraw"),
    }
)


class Pair(NamedTuple):
    """A row with names."""

    word: str
    number: int


@dataclass(frozen=True)
class Card:
    """Something with attributes, a property and a method."""

    name: str
    rows: tuple[Pair, ...] = ()

    @property
    def shout(self) -> str:
        """The name in capitals."""
        return self.name.upper()

    def greeting(self) -> str:
        """Say something."""
        return f"<{self.name}>"


VALUES: Mapping[str, Any] = {
    "mark": "<b>\"'&",
    "html": mark_safe("<b>"),
    "year": 1985,
    "share": 1234.5,
    "nothing": None,
    "no": False,
    "card": Card("Mai", (Pair("một & hai", 1), Pair("hai", 2))),
    "words": {"name": "key", "items": ["<i>", "j"]},
    "pairs": [("a", 1), ("b", 2)],
    "empty": [],
    "each": iter(()),
}
SOURCES = (
    "{{ mark }} {{ html }} {{ year }} {{ share }} {{ nothing }} {{ no }} {{ unknown }} {{ card.unknown }}",
    "{{ card.name }} {{ card.shout }} {{ card.greeting }} {{ card.rows.0.word }} {{ card.rows.1.number }}",
    "{{ words.name }} {{ words.items }} {{ words.items.0 }} {{ pairs.0.1 }} {{ mark|upper }} {{ html|upper }}",
    "{{ mark|default:'x' }} {{ unknown|default:mark }} {{ nothing|default:'<p>' }} {{ card.rows|length }}",
    "{{ year|add:5 }} {{ mark|safe }} {{ mark|urlencode }} {{ 'a<b' }} {{ 3 }} {{ share|vn_number }}",
    "{% if no %}1{% elif card.name == 'Mai' %}2{% else %}3{% endif %}{% if not unknown %}4{% endif %}",
    "{% if year in empty or 'j' in words.items and year != 1 %}5{% endif %}{% if no in nothing %}6{% endif %}",
    "{% if year > 1900 and year <= 1985 %}7{% endif %}{% if mark < 3 %}8{% endif %}{% if True %}9{% endif %}",
    "{% for row in card.rows %}{{ forloop.counter }}{{ row.word }}{% if forloop.last %}!{% endif %}{% endfor %}",
    "{% for key, value in pairs %}{% for row in card.rows %}{{ key }}{{ forloop.parentloop.counter0 }}"
    "{{ value }}{{ row.number }}{% endfor %}{% endfor %}{% for row in empty %}{% empty %}none{% endfor %}",
    "{% for row in unknown %}x{% endfor %}{% for row in each %}x{% empty %}nobody{% endfor %}",
    "{% with name=mark other=card.name %}{{ name }}{{ other }}{% endwith %}{{ name }}{# not said #}",
    "{% t 'site.home' %} {% t 'verify.duty_number' as said %}{{ said }}",
    "{% t 'own_page.qr_label' code=mark %} {% url 'person' 'abcdefghijklmnopqrst' %} {% url 'declare' %}",
    "{% url 'person' words.name %} {% problem 'too_often' seconds=year %} {% language_code %}",
    "{% include 'site/sign.html' with sign='valid' %}{% sign 'over' %}{% facts empty %}",
    "{% once html %}{{ html }}{{ mark }}{% endonce %}{% once %}<p>{% endonce %}",
    "{% extends 'site/base.html' %}{% block title %}{{ mark }}{% endblock %}{% block content %}1{% endblock %}",
)


def templates() -> backend.DrawnTemplates:
    found = engines["django"]
    assert isinstance(found, backend.DrawnTemplates)
    return found


def as_django_draws(source: str, values: Mapping[str, Any]) -> str:
    return str(templates().engine.from_string(source).render(Context({**page(HttpRequest()), **values})))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("source", SOURCES)
def test_a_page_is_what_django_would_make_of_it(source: str, language: str) -> None:
    use_language(language)
    drawn = templates().from_string(source).render(VALUES, HttpRequest())
    assert str(drawn) == as_django_draws(source, VALUES)
    use_language("vi")


def test_what_people_wrote_is_escaped_wherever_it_stands() -> None:
    source = "{{ mark }}{% for row in rows %}{{ row }}{% endfor %}{% with a=mark %}{{ a }}{% endwith %}"
    drawn = templates().from_string(source).render({"mark": "<script>", "rows": ["<script>"]})
    assert str(drawn) == "&lt;script&gt;" * 3


@pytest.mark.parametrize(
    "source", ["{% t 'site.home' as x %}{{ x }}", "{{ rows|join:'<' }}", "{% now 'Y' %}"]
)
def test_what_is_not_known_here_is_left_to_django(source: str) -> None:
    template = templates().from_string(source)
    with pytest.raises(LeftToDjango):
        drawing_of(template.template)
    assert str(template.render({"rows": ["<", ">"]}))


def test_only_pages_of_the_office_are_left_to_django() -> None:
    root = Path(settings.PROJECT_ROOT, "src", "chotxanh")
    names = [each.as_posix().rpartition("/templates/")[2] for each in root.rglob("templates/**/*.html")]
    left = set()
    for name in names:
        try:
            drawing_of(templates().engine.get_template(name))
        except LeftToDjango:
            left.add(name)
    assert {name.removesuffix(".html") for name in left} == {f"office/{each}" for each in LEFT}


def test_a_template_is_turned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    turned: list[Template] = []

    def turn(template: Template) -> Draw:
        turned.append(template)
        return drawing_of(template)

    monkeypatch.setattr(backend, "drawing_of", turn)
    template = templates().from_string("{{ mark }}")
    assert [str(template.render({"mark": number})) for number in range(3)] == ["0", "1", "2"]
    assert len(turned) == 1
