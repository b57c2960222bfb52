"""The question that every decision of a lead asks: on what it rests (finding H10)."""

from chotxanh.domain.grounds import Grounds
from chotxanh.forms.choices import Choice
from chotxanh.forms.options import Option
from chotxanh.language.texts import text

OF_A_TUBE = [each.value for each in Grounds if each is not Grounds.SAW_THE_ROSTER]


def grounds_choice() -> Choice:
    """Return the question for a form about a tube; nothing is chosen beforehand."""
    return Choice(options=OF_A_TUBE, label="office.grounds", missing="choice_missing")


def grounds_listed() -> list[Option]:
    """Return every choice, for a list beside a button."""
    return [Option(each.value, text(f"office.grounds.{each.value}")) for each in Grounds]


def read_grounds(typed: str) -> Grounds | None:
    """Return what was chosen beside a button; None where nothing was."""
    return Grounds(typed) if typed in list(Grounds) else None
