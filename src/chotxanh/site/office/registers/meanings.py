"""What results mean: the ministry's sets that ship, enacted by a document from a day on, repealed, or annulled."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from chotxanh.domain.standing.rules import RULE_SETS
from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import Day, Text
from chotxanh.forms.form import Form
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.registers.rules.entries import RuleEnacted, Standing
from chotxanh.registers.rules.models import Meaning
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.register import (
    Kept,
    Register,
    Row,
    Said,
    Typed,
    end_of,
    kept_until,
    record_all,
    start_of,
)
from chotxanh.site.office.registers.repealing import Repeals, acts_on, end_words


class MeaningForm(Form):
    """Which of the sets, by which document, from when on."""

    texts = "registers"

    standing = Choice(options=get_args(Standing), missing="choice_missing")
    meaning_reference = Text(longest=300)
    rule_document = Text(longest=100, is_optional=True, size="medium")
    effective_from = Day()
    effective_to = Day(is_optional=True)


def kept(now: datetime, _led: Led) -> Kept:
    """Return every enacted set: those in force or to come, and those that are over."""
    return kept_until(Meaning.objects.order_by("-effective_from", "id"), "effective_to", now)


def draw(rules: Sequence[Meaning], now: datetime) -> list[Row]:
    """Draw enacted sets."""
    return [_row(rule, now) for rule in rules]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """Enact a set; from then on the worker decides again what stands."""
    rule = RuleEnacted(
        code=typed["standing"],
        anchor=None,
        valid_for_hours=None,
        effective_from=start_of(typed["effective_from"], now),
        legal_reference=typed["meaning_reference"],
        effective_to=end_of(typed["effective_to"]),
        document=typed["rule_document"] or None,
        standing=typed["standing"],
    )
    record_all([rule], member, now)
    return Said("registers.meaning_added")


def _row(rule: Meaning, now: datetime) -> Row:
    is_known = rule.standing in RULE_SETS
    cells = (
        rule.legal_reference,
        show_time(rule.effective_from),
        end_words(rule),
        rule.document,
    )
    acts = acts_on(rule, now, "repeal_meaning", "annul_meaning")
    title = text(f"registers.standing.{rule.standing}") if is_known else rule.standing
    return Row(str(rule.id), title, cells, acts)


_REPEALS = Repeals(Meaning)
REGISTER = Register(
    "meanings",
    MeaningForm,
    ("registers.meaning_reference", "registers.effective_from", "registers.ends", "registers.rule_document"),
    kept,
    draw,
    add,
    {"repeal_meaning": _REPEALS.repeal, "annul_meaning": _REPEALS.annul},
)
