"""Pages drawn once for each shape they can have; what differs from reader to reader stands in their gaps.

Drawing a template costs more than all that a page asks of the database. A template sees of a gap only whether something
stands in it, so that what is kept of a page, by its shape, holds nothing of the reader for whom it was drawn.
"""

import re
import secrets
from collections.abc import Mapping
from html import escape
from itertools import count
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from chotxanh.language.texts import current_language

MOST_SHAPES = 128  # of about 10 kB
# Stands where a gap is while the page is drawn: escaping, addresses and capitals leave it as it is.
_MARK = f"G{secrets.token_hex(8).upper()}N"
_MARKED = re.compile(rf"{_MARK}(\d+)Z")


class Gap(NamedTuple):
    """A text of this reader alone, or HTML that is safe already. No filter and no comparison in a template sees it."""

    text: str


class _Drawn(NamedTuple):
    """What stands before each gap, the number of each, and what stands behind the last."""

    before: tuple[tuple[str, int], ...]
    behind: str


_drawn: dict[tuple[object, ...], _Drawn] = {}


def filled_page(template: str, context: Mapping[str, Any]) -> SafeString:
    """Return the page with its gaps filled.

    `context` consists of mappings, tuples, gaps, and what else the template decides by, which is the page's shape.
    """
    texts: list[str] = []
    key = (template, current_language(), _shape_of(context, texts))
    drawn = _drawn.get(key)
    if drawn is None:
        if len(_drawn) >= MOST_SHAPES:
            _drawn.clear()
        drawn = _drawn[key] = _draw(template, context)
    said = [text if isinstance(text, SafeString) else escape(text) for text in texts]
    parts = [part for before, number in drawn.before for part in (before, said[number])]
    return mark_safe("".join([*parts, drawn.behind]))  # noqa: S308


def _shape_of(value: Any, texts: list[str]) -> Any:
    """Return what a template sees of a value, to be compared; what stands in its gaps goes to the end of `texts`."""
    kind = type(value)
    if kind is Gap:
        if value.text:
            texts.append(value.text)
        return bool(value.text)
    if kind is dict:
        return tuple([(name, _shape_of(each, texts)) for name, each in value.items()])
    return tuple([_shape_of(each, texts) for each in value]) if kind is tuple else value


def _draw(template: str, context: Mapping[str, Any]) -> _Drawn:
    """Draw it for a request of nobody, so that nothing of one reader can stand in the page of the next."""
    page = render_to_string(template, _with_marks(context, count()), HttpRequest())
    *before, behind = _MARKED.split(page)
    return _Drawn(tuple(zip(before[::2], map(int, before[1::2]), strict=True)), behind)


def _with_marks(value: Any, numbers: "count[int]") -> Any:
    kind = type(value)
    if kind is Gap:
        return mark_safe(f"{_MARK}{next(numbers)}Z") if value.text else ""  # noqa: S308
    if kind is dict:
        return {name: _with_marks(each, numbers) for name, each in value.items()}
    return tuple([_with_marks(each, numbers) for each in value]) if kind is tuple else value
