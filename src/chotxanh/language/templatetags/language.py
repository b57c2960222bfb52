"""Template tags `{% t "key" name=value %}` and `{% once %}`; filters `vn_time`, `vn_exact_time`, `vn_date` ..."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from html import escape

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from chotxanh.language.formats import show_date, show_exact_time, show_number, show_time
from chotxanh.language.texts import current_language, problem_sentence, text

MOST_DRAWN = 64

register = template.Library()


@register.simple_tag
def t(key: str, **params: object) -> str:
    """Write the text for `key` in the reader's language."""
    return text(key, **params)


@register.simple_tag
def problem(code: str, **params: object) -> str:
    """Write the sentence for a problem code."""
    return problem_sentence(code, **params)


@register.simple_tag
def sign(name: str) -> SafeString:
    """Draw a sign of the visual language, `site/sign.html`: an include of it would cost three times as much."""
    return _sign(name)


@lru_cache(maxsize=MOST_DRAWN)
def _sign(name: str) -> SafeString:
    return mark_safe(render_to_string("site/sign.html", {"sign": name}).rstrip("\n"))  # noqa: S308


@register.simple_tag
def facts(rows: Iterable[tuple[str, str]]) -> SafeString:
    """Write the rows of a list of facts: the key of each label, and what is said; empty ones are left out."""
    said = [(escape(text(label)), escape(value)) for label, value in rows if value]
    return mark_safe("\n".join([f"<div><dt>{label}</dt><dd>{value}</dd></div>" for label, value in said]))  # noqa: S308


@register.simple_tag
def language_code() -> str:
    """Write `vi` or `en`."""
    return current_language()


@register.filter
def vn_time(moment: datetime) -> str:
    """Write a time as `14:05 05/07/2021`."""
    return show_time(moment)


@register.filter
def vn_exact_time(moment: datetime) -> str:
    """Write a time as `14:05:09 05/07/2021`."""
    return show_exact_time(moment)


@register.filter
def vn_date(moment: datetime) -> str:
    """Write a date as `05/07/2021`."""
    return show_date(moment)


@register.filter
def vn_number(number: float) -> str:
    """Write a number as `1.234`, in English as `1,234`."""
    return show_number(number)


class _Once(template.Node):
    """Draws what stands in it for nobody: it sees only the values that it is told of, and they are its key."""

    def __init__(self, nodelist: NodeList, names: tuple[str, ...]) -> None:
        self.nodelist = nodelist
        self._names = names
        self._drawn: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        """Return what was drawn for this language and these values, or draw it."""
        values = tuple(context.get(name) for name in self._names)
        key = (current_language(), *values)
        drawn = self._drawn.get(key)
        if drawn is None:
            if len(self._drawn) >= MOST_DRAWN:
                self._drawn.clear()
            seen = context.new(dict(zip(self._names, values, strict=True)))
            drawn = self._drawn[key] = self.nodelist.render(seen)
        return drawn


@register.tag
def once(parser: Parser, token: Token) -> _Once:
    """Write `{% once %}...{% endonce %}`, drawn once for each language; `{% once sign %}` for each `sign` too.

    Nothing but the names given is seen inside, so that nothing of one reader stands in the page of the next.
    """
    names = token.split_contents()[1:]
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return _Once(nodelist, tuple(names))
