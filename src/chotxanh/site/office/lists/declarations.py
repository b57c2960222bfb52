"""People declared by a sheet, by whoever may declare for others: a company's drivers, a coach's passengers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chotxanh.declarations.lists.checking import check_rows, code_column, columns_at
from chotxanh.declarations.lists.columns import examples_at
from chotxanh.declarations.lists.submitting import submit_rows
from chotxanh.domain.works import DECLARERS
from chotxanh.language.formats import VIETNAM
from chotxanh.registers.staff.grants import has_role
from chotxanh.registers.staff.models import Member
from chotxanh.sheets.checked import Checked
from chotxanh.sheets.workbooks import MOST_ROWS
from chotxanh.site.office.lists.kinds import ListKind, Outcome


def may_declare(member: Member, now: datetime) -> bool:
    """Whether a member may declare for others now."""
    return has_role(member, DECLARERS, now)


def record_rows(
    rows: Sequence[Checked[Any]], member: Member, sent_at: datetime, now: datetime
) -> list[Outcome]:
    """Record the rows; whoever sends the same list again on the day it was sent declares nobody twice."""
    day = sent_at.astimezone(VIETNAM).date()
    recorded = submit_rows([row.read for row in rows if row.read is not None], day, member.id, now)
    return [Outcome([each.person_code] if each.person_code else [], each.problem) for each in recorded]


DECLARATIONS = ListKind(
    "declarations",
    MOST_ROWS,
    may_declare,
    columns_at,
    lambda: [code_column()],
    examples_at,
    check_rows,
    record_rows,
    has_codes=True,
)
