"""The pieces that a page is put together of: texts that are fixed in one language, and functions for the rest."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from chotxanh.language.drawing.values import Scope, Value
from chotxanh.language.texts import current_language

MOST_REMEMBERED = 64
# Adds what it draws, in the scope of the page, to the end of the page.
Draw: TypeAlias = Callable[[Scope, list[str]], None]
BUILT_IN: dict[str, Any] = {"True": True, "False": False, "None": None}


class Fixed:
    """What is the same on every page in one language, put together when it is first drawn in it."""

    def __init__(self, parts: Sequence[Callable[[], str]]) -> None:
        self.parts = tuple(parts)
        self._by_language: dict[str, str] = {}

    def __call__(self, _scope: Scope, page: list[str]) -> None:
        """Add it."""
        language = current_language()
        text = self._by_language.get(language)
        if text is None:
            text = self._by_language[language] = "".join([part() for part in self.parts])
        page.append(text)


def in_a_row(pieces: Sequence[Draw]) -> Draw:
    """Draw pieces one after the other; fixed ones side by side become one."""
    joined: list[Draw] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        if isinstance(piece, Fixed) and isinstance(before, Fixed):
            joined[-1] = Fixed((*before.parts, *piece.parts))
        else:
            joined.append(piece)
    if len(joined) == 1:
        return joined[0]

    def draw(scope: Scope, page: list[str]) -> None:
        for piece in joined:
            piece(scope, page)

    return draw


def chosen(branches: Sequence[tuple[Value | None, Draw]]) -> Draw:
    """Draw the first branch whose condition holds; one without a condition always does."""

    def draw(scope: Scope, page: list[str]) -> None:
        for holds, branch in branches:
            if holds is None or holds(scope):
                branch(scope, page)
                return

    return draw


def within(names: dict[str, Value], body: Draw, *, is_alone: bool = False) -> Draw:
    """Draw with more names; `is_alone` if nothing else is seen inside."""

    def draw(scope: Scope, page: list[str]) -> None:
        around = BUILT_IN if is_alone else scope
        body({**around, **{name: value(scope) for name, value in names.items()}}, page)

    return draw


def remembered(names: Sequence[str], body: Draw) -> Draw:
    """Draw what sees these names alone once for each of their values in each language."""
    drawn: dict[tuple[object, ...], str] = {}

    def draw(scope: Scope, page: list[str]) -> None:
        values = [scope.get(name) for name in names]
        key = (current_language(), *values)
        text = drawn.get(key)
        if text is None:
            if len(drawn) >= MOST_REMEMBERED:
                drawn.clear()
            inside: list[str] = []
            body({**BUILT_IN, **dict(zip(names, values, strict=True))}, inside)
            text = drawn[key] = "".join(inside)
        page.append(text)

    return draw


def repeated(names: Sequence[str], values: Value, body: Draw, empty: Draw) -> Draw:
    """Draw `body` for each of the values, or `empty` where there are none."""

    def draw(scope: Scope, page: list[str]) -> None:
        found = values(scope)
        found = found if hasattr(found, "__len__") else list(found or ())
        if not len(found):
            empty(scope, page)
            return
        loop: dict[str, Any] = {"parentloop": scope.get("forloop", {})}
        inside = {**scope, "forloop": loop}
        for place, value in enumerate(found):
            left = len(found) - place
            loop |= {"counter0": place, "counter": place + 1, "revcounter0": left - 1, "revcounter": left}
            loop |= {"first": not place, "last": left == 1}
            if len(names) > 1:
                inside |= dict(zip(names, value, strict=True))
            else:
                inside[names[0]] = value
            body(inside, page)

    return draw
