"""Ways of testing as forms ask for them and as rows say them."""

from chotxanh.domain.methods import Method
from chotxanh.forms.choices import Boxes
from chotxanh.language.texts import text

NONE = "none"  # the box that says none at all


def method_boxes(label: str, *, is_optional: bool = False) -> Boxes:
    """Return the field for the ways of testing that somebody is allowed; `label` is the key of its words.

    None at all is said by a box of its own, unless it is optional: who forgot to tick would find every result disputed.
    """
    return Boxes(
        options=[each.value for each in Method],
        none=NONE,
        contradicts="methods_contradict",
        words="registers.test",
        label=label,
        is_optional=is_optional,
    )


def methods_shown(methods: str) -> str:
    """Return ways of testing, as rows of registers keep them, in the reader's language."""
    return ", ".join(text(f"registers.test.{each}") for each in methods.split())
