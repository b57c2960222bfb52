"""The fields of forms in which one chooses: one of several, several of many, yes or no."""

from collections.abc import Mapping
from typing import Any, Unpack

from django import forms

from chotxanh.domain.problems import Problem
from chotxanh.forms.fields import Field, Shape, TypedText
from chotxanh.forms.options import Options, may_choose


class Choice(Field):
    """One of a few, as radio buttons."""

    template = "forms/choice.html"
    widget = TypedText
    nothing = ""

    def __init__(self, *, options: Options, **shape: Unpack[Shape]) -> None:
        super().__init__(**shape)
        self.options = options

    def read(self, value: str) -> str:
        """Return the chosen value; anything that is no option counts as nothing chosen."""
        return value if may_choose(self.options, value) else str(self.read_nothing())


class Select(Choice):
    """One of many, as a list that opens; its options may have headings."""

    template = "forms/select.html"
    attributes = {"autocomplete": "off"}


class _TickedBoxes(forms.SelectMultiple):
    def value_from_datadict(self, data: Mapping[str, Any], _files: Any, name: str) -> list[str]:
        return list(data.getlist(name)) if hasattr(data, "getlist") else list(data.get(name, []))


class Boxes(Field):
    """Several of many; gives the ticked values in the order of the options.

    `none` is the value of a box that says "none of these": then no box at all is a mistake (`missing`), and that box
    beside another contradicts it (`contradicts`, the code of that problem).
    """

    template = "forms/boxes.html"
    widget = _TickedBoxes
    nothing = ()

    def __init__(
        self, *, options: Options, none: str = "", contradicts: str = "", **shape: Unpack[Shape]
    ) -> None:
        super().__init__(**shape)
        self.options, self.none, self.contradicts = options, none, contradicts

    def read(self, value: list[str]) -> tuple[str, ...]:
        """Return what was ticked; values that are no options count as not ticked. Raises Problem."""
        ticked = tuple(dict.fromkeys(each for each in value if may_choose(self.options, each)))
        has_none = bool(self.none) and self.none in value
        if ticked and has_none:
            raise Problem(self.contradicts)
        if not ticked and not has_none:
            return tuple(self.read_nothing())
        return ticked


class Tick(Field):
    """One box: yes or no."""

    template = "forms/tick.html"
    widget = forms.CheckboxInput
    nothing = False

    def __init__(self, **shape: Unpack[Shape]) -> None:
        shape.setdefault("is_optional", True)
        super().__init__(**shape)
