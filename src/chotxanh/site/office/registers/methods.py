"""Ways of testing as forms ask for them and as rows say them."""

from chotxanh.domain.methods import Method
from chotxanh.forms.choices import Boxes
from chotxanh.language.texts import text


def method_boxes(label: str) -> Boxes:
    """Return the field for the ways of testing that somebody is allowed; `label` is the key of its words.

    None at all is said by a box of its own: who forgot to tick would find every result disputed.
    """
    options = [each.value for each in Method]
    words, none = "registers.test", "none"
    return Boxes(options=options, none=none, contradicts="methods_contradict", words=words, label=label)


def methods_shown(methods: str) -> str:
    """Return ways of testing, as rows of registers keep them, in the reader's language."""
    return ", ".join(text(f"registers.test.{each}") for each in methods.split())
