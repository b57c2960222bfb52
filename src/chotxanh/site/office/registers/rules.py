"""Rules of validity: enacted by a document from a day on, repealed, or annulled where they were recorded in error."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings

from chotxanh.declarations.choices import CATEGORIES
from chotxanh.domain.hcert.certificates import TEST_TYPE_CODES
from chotxanh.domain.units import PROVINCES
from chotxanh.domain.validity import Anchor
from chotxanh.forms.choices import Choice, Select
from chotxanh.forms.fields import Day, Number, Text
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.protocol.units import UnitCode
from chotxanh.registers.rules.entries import RuleEnacted
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
    record_all,
    start_of,
)
from chotxanh.site.office.registers.repealing import Repeals, acts_on, end_words

ANYBODY = "any"
TEST_TYPES = tuple(TEST_TYPE_CODES)


def category_options() -> list[Option]:
    """Return for whom a rule may be: everybody, or one category."""
    named = [Option(code, text(f"declare.category.{code}")) for code in CATEGORIES]
    return [Option(ANYBODY, text("registers.everybody")), *named]


def territory_options() -> list[Option]:
    """Return where a rule may hold if not everywhere: this province first, then the others."""
    named = [Option(f"{each.scheme}:{each.code}", each.name) for each in PROVINCES]
    return sorted(named, key=lambda option: option.value != settings.PROVINCE)


class RuleForm(Form):
    """How long a negative holds, from which event, for whom, by which document; where and by which test if not any."""

    texts = "registers"
    folded = ("test_type", "territory")
    folded_title = "registers.more_conditions"

    legal_reference = Text(longest=300)
    rule_document = Text(longest=100, is_optional=True, size="medium")
    category = Select(options=category_options)
    anchor = Choice(options=[each.value for each in Anchor], layout="choices-row")
    valid_for_hours = Number(least=1, most=10_000)
    effective_from = Day()
    effective_to = Day(is_optional=True)
    test_type = Select(
        options=TEST_TYPES, choose="registers.any_test", is_optional=True, words="registers.test"
    )
    territory = Select(options=territory_options, choose="registers.anywhere", is_optional=True)


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
        test_type=typed["test_type"] or None,
        effective_to=end_of(typed["effective_to"]),
        territory=_unit(typed["territory"]),
        document=typed["rule_document"] or None,
    )
    record_all([rule], member, now)
    return Said("registers.rule_added")


def _unit(typed: str) -> UnitCode | None:
    scheme, _, code = typed.partition(":")
    return UnitCode(scheme, code) if code else None


def _row(rule: Rule, now: datetime) -> Row:
    cells = (
        "; ".join(_conditions(rule)),
        text(f"registers.hours_from.{rule.anchor}", hours=rule.valid_for_hours),
        show_time(rule.effective_from),
        end_words(rule),
        rule.document,
    )
    acts = acts_on(rule, now, "repeal", "annul")
    return Row(str(rule.id), rule.legal_reference, cells, acts)


def _conditions(rule: Rule) -> Iterator[str]:
    """Say for whom, by which test and where a rule speaks, as far as it names them."""
    is_known = rule.category in CATEGORIES
    yield (
        text(f"declare.category.{rule.category}")
        if is_known
        else rule.category or text("registers.everybody")
    )
    if rule.test_type:
        key = f"registers.test.{rule.test_type}"
        yield text(key) if rule.test_type in TEST_TYPES else rule.test_type
    if rule.territory:
        names = {option.value: option.label for option in territory_options()}
        yield text("registers.only_in", place=names.get(rule.territory, rule.territory))


_REPEALS = Repeals(Rule)
REGISTER = Register(
    "rules",
    RuleForm,
    (
        "registers.category",
        "registers.holds",
        "registers.effective_from",
        "registers.ends",
        "registers.rule_document",
    ),
    kept,
    draw,
    add,
    {"repeal": _REPEALS.repeal, "annul": _REPEALS.annul},
)
