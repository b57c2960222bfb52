"""Rules of validity: enacted by a document from a day on, and repealed."""

from collections.abc import Sequence
from datetime import datetime

from chotxanh.declarations.choices import CATEGORIES
from chotxanh.domain.problems import Problem
from chotxanh.domain.validity import Anchor
from chotxanh.forms.choices import Choice, Select
from chotxanh.forms.fields import Day, Number, Text
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.registers.rules.entries import RuleEnacted, RuleRepealed
from chotxanh.registers.rules.models import Rule
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.register import (
    Kept,
    Register,
    Row,
    Said,
    Typed,
    code_from,
    end_of,
    kept_until,
    number_of,
    record_all,
    start_of,
)

ANYBODY = "any"


def category_options() -> list[Option]:
    """Return for whom a rule may be: everybody, or one category."""
    named = [Option(code, text(f"declare.category.{code}")) for code in CATEGORIES]
    return [Option(ANYBODY, text("registers.everybody")), *named]


class RuleForm(Form):
    """How long a negative holds, from which event, for whom, by which document."""

    texts = "registers"

    legal_reference = Text(longest=300)
    category = Select(options=category_options)
    anchor = Choice(options=[each.value for each in Anchor], layout="choices-row")
    valid_for_hours = Number(least=1, most=10_000)
    effective_from = Day()
    effective_to = Day(is_optional=True)


def kept(now: datetime, _led: Led) -> Kept:
    """Return every rule: those in force or to come, and those that are over."""
    return kept_until(Rule.objects.order_by("-effective_from", "code", "id"), "effective_to", now)


def draw(rules: Sequence[Rule], now: datetime) -> list[Row]:
    """Draw rules."""
    return [_row(rule, now) for rule in rules]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """Enact a rule."""
    category = typed["category"]
    codes = list(Rule.objects.values_list("code", flat=True))
    rule = RuleEnacted(
        code=code_from(f"{category} {typed['valid_for_hours']}h", codes),
        anchor=Anchor(typed["anchor"]),
        valid_for_hours=typed["valid_for_hours"],
        effective_from=start_of(typed["effective_from"], now),
        legal_reference=typed["legal_reference"],
        category=None if category == ANYBODY else category,
        effective_to=end_of(typed["effective_to"]),
    )
    record_all([rule], member, now)
    return Said("registers.rule_added")


def repeal(id: str, member: Member, now: datetime) -> Said:
    """Repeal a rule from now on. Raises Problem("entry_unknown")."""
    found = Rule.objects.filter(id=number_of(id)).first()
    if found is None:
        raise Problem("entry_unknown")
    record_all([RuleRepealed(found.id, now)], member, now)
    return Said("registers.rule_repealed")


def _row(rule: Rule, now: datetime) -> Row:
    is_in_force = rule.effective_to is None or now < rule.effective_to
    category = f"declare.category.{rule.category}" if rule.category in CATEGORIES else ""
    cells = (
        text(category) if category else (rule.category or text("registers.everybody")),
        text(
            "registers.hours_from", hours=rule.valid_for_hours, anchor=text(f"registers.anchor.{rule.anchor}")
        ),
        show_time(rule.effective_from),
        show_time(rule.effective_to) if rule.effective_to else text("registers.without_end"),
    )
    return Row(str(rule.id), rule.legal_reference, cells, ("repeal",) if is_in_force else ())


REGISTER = Register(
    "rules",
    RuleForm,
    ("registers.category", "registers.holds", "registers.effective_from", "registers.effective_to"),
    kept,
    draw,
    add,
    {"repeal": repeal},
)
