"""Rules as the office enacts and repeals them: payloads and storing, in any order of arrival.

A rule says until when a negative holds, or (`standing`) what results mean by a set of the ministry.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.problems import Problem
from chotxanh.domain.validity import Anchor
from chotxanh.protocol.envelope import Code, Line, Time
from chotxanh.protocol.kinds import Happening, KindRow, Touched, follow, register
from chotxanh.protocol.units import UnitCode
from chotxanh.registers.dated import OFFICE, Endings, check_times
from chotxanh.registers.rules.models import Meaning, Rule, RuleRepeal
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, add_missing, upsert

# The errand, with the rule and the entry in its key, after which stations know what cards say now.
RULE_CHANGED = "rule_changed"
# The same for what results mean, after which it is decided again what stands.
MEANING_CHANGED = "meaning_changed"
Standing: TypeAlias = Literal["july-2021", "january-2022"]


class RuleEnacted(msgspec.Struct, frozen=True):
    """How long a negative result holds, from which event on, for whom and where; or what results mean (`standing`).

    `legal_reference` says in words what was enacted and by whom, `document` is its number and symbol. A rule without
    a `territory` holds everywhere.
    """

    code: Code
    anchor: Anchor | None
    valid_for_hours: Annotated[int, Meta(ge=1, le=10_000)] | None
    effective_from: Time
    legal_reference: Annotated[Line, Meta(min_length=1, max_length=300)]
    category: Annotated[Code, Meta(max_length=20)] | None = None
    test_type: Annotated[Code, Meta(max_length=20)] | None = None
    effective_to: Time | None = None
    territory: UnitCode | None = None
    document: Annotated[Line, Meta(min_length=1, max_length=100)] | None = None
    standing: Standing | None = None


class RuleRepealed(msgspec.Struct, frozen=True):
    """A rule ended; what it said of results known before stays said."""

    rule: UUID
    at: Time


class RuleRow(NamedTuple):
    """One rule as it stands."""

    id: UUID
    code: str
    category: str
    test_type: str
    territory: str
    anchor: str
    valid_for_hours: int
    effective_from: datetime
    until: datetime | None
    effective_to: datetime | None
    legal_reference: str
    document: str


class MeaningRow(NamedTuple):
    """One rule that says what results mean, as it stands."""

    id: UUID
    standing: str
    effective_from: datetime
    until: datetime | None
    effective_to: datetime | None
    legal_reference: str
    document: str


class _RepealRow(NamedTuple):
    id: UUID
    rule: UUID
    at: datetime


RULES = Table(Rule, RuleRow)
MEANINGS = Table(Meaning, MeaningRow)
_REPEALS = Endings(Table(RuleRepeal, _RepealRow), of="rule")


def check_enacted(facts: RuleEnacted, personal: None) -> None:
    """Check that a rule says one thing: until when, or what results mean. Raises Problem: `rule_says_nothing`, ..."""
    check_times(facts, personal)
    says_until = facts.anchor is not None and facts.valid_for_hours is not None
    is_half = (facts.anchor is None) is not (facts.valid_for_hours is None)
    has_conditions = any((facts.category, facts.test_type, facts.territory))
    if is_half or says_until is (facts.standing is not None) or (facts.standing and has_conditions):
        raise Problem("rule_says_nothing")


def apply_enacted(happenings: Sequence[Happening[RuleEnacted, None]], touched: Touched) -> None:
    """Store rules. No certificate is touched: until when one holds is computed where it is asked.

    Where what results mean has changed, the worker decides again what stands.
    """
    of_meaning = [item for item in happenings if item.facts.standing]
    of_validity = [item for item in happenings if not item.facts.standing]
    add_missing(RULES, [_row(item) for item in of_validity])
    add_missing(MEANINGS, [_meaning(item) for item in of_meaning])
    _reckon([item.id for item in happenings])
    for item in happenings:
        errand = MEANING_CHANGED if item.facts.standing else RULE_CHANGED
        touched.ask(errand, f"{item.id}/{item.id}", item.effective_at)


def apply_repealed(happenings: Sequence[Happening[RuleRepealed, None]], touched: Touched) -> None:
    """Store repeals; one that comes before its rule waits for it."""
    _REPEALS.store([_RepealRow(item.id, item.facts.rule, item.facts.at) for item in happenings])
    _reckon([item.facts.rule for item in happenings])
    for item in happenings:  # of which sort a rule is that has not arrived nobody knows
        touched.ask(RULE_CHANGED, f"{item.facts.rule}/{item.id}", item.effective_at)
        touched.ask(MEANING_CHANGED, f"{item.facts.rule}/{item.id}", item.effective_at)


def register_kinds() -> None:
    """Declare the kinds this register owns."""
    register(ENACTED, REPEALED)
    follow([RuleEnacted], apply_enacted)
    follow([RuleRepealed], apply_repealed)


def _reckon(ids: Collection[UUID]) -> None:
    """Reckon anew until when each of these rules is in force."""
    repealed_at = _REPEALS.earliest(ids)
    _end(RULES, repealed_at)
    _end(MEANINGS, repealed_at)


def _end(table: Table[Any], repealed_at: Mapping[UUID, datetime]) -> None:
    changed = []
    for rule in lookup(table, "id", list(repealed_at)):
        effective_to = min(repealed_at[rule.id], rule.until or repealed_at[rule.id])
        if effective_to != rule.effective_to:
            changed.append(rule._replace(effective_to=effective_to))
    upsert(table, changed)


def _meaning(item: Happening[RuleEnacted, None]) -> MeaningRow:
    facts = item.facts
    return MeaningRow(
        id=item.id,
        standing=facts.standing or "",
        effective_from=facts.effective_from,
        until=facts.effective_to,
        effective_to=facts.effective_to,
        legal_reference=facts.legal_reference,
        document=facts.document or "",
    )


def _row(item: Happening[RuleEnacted, None]) -> RuleRow:
    facts = item.facts
    assert facts.anchor is not None and facts.valid_for_hours is not None
    return RuleRow(
        id=item.id,
        code=facts.code,
        category=facts.category or "",
        test_type=facts.test_type or "",
        territory=str(facts.territory or ""),
        anchor=facts.anchor.value,
        valid_for_hours=facts.valid_for_hours,
        effective_from=facts.effective_from,
        until=facts.effective_to,
        effective_to=facts.effective_to,
        legal_reference=facts.legal_reference,
        document=facts.document or "",
    )


ENACTED = KindRow(
    "rule.enacted",
    RuleEnacted,
    OFFICE,
    "How long a negative result holds, for whom and by which document; or what results mean.",
    ("Ban hành quy định", "Rule enacted"),
    {
        "code": "goods-driver-72h",
        "anchor": "resulted",
        "valid_for_hours": 72,
        "effective_from": "2021-07-01T00:00:00.000Z",
        "legal_reference": "Bộ GTVT, Bộ Y tế, 7/2021",
        "category": "goods_driver",
        "test_type": None,
        "effective_to": None,
        "territory": {"scheme": "nso-2021", "code": "77"},
        "document": "1234/UBND-VP",
        "standing": None,
    },
    check=check_enacted,
)
REPEALED = KindRow(
    "rule.repealed",
    RuleRepealed,
    OFFICE,
    "A rule ended.",
    ("Bãi bỏ quy định", "Rule repealed"),
    {"rule": "017adaf0-0000-7000-8000-000000000047", "at": "2021-08-01T00:00:00.000Z"},
    check=check_times,
)
