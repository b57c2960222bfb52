"""Ends what `rule.enacted` enacted: from now on, or from its beginning; the register says which rows are its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from chotxanh.domain.problems import Problem
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.registers.rules.entries import RuleRepealed
from chotxanh.registers.rules.models import Meaning, Rule
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.register import Said, number_of, record_all


class Enacted(Protocol):
    """A row of either register: it holds from one time on, until another (None: without an end)."""

    id: UUID
    effective_from: datetime
    effective_to: datetime | None


@dataclass(frozen=True)
class Repeals:
    """The two acts of one register on its rows."""

    rows: type[Rule | Meaning]

    def repeal(self, id: str, member: Member, now: datetime) -> Said:
        """Repeal a row from now on. Raises Problem("entry_unknown")."""
        record_all([RuleRepealed(self._known(id).id, now)], member, now)
        return Said("registers.rule_repealed")

    def annul(self, id: str, member: Member, now: datetime) -> Said:
        """Repeal a row from its beginning: it never held. Raises Problem("entry_unknown")."""
        found = self._known(id)
        record_all([RuleRepealed(found.id, found.effective_from)], member, now)
        return Said("registers.rule_annulled")

    def _known(self, id: str) -> Enacted:
        found: Enacted | None = self.rows._default_manager.filter(id=number_of(id)).first()
        if found is None:
            raise Problem("entry_unknown")
        return found


def is_annulled(row: Enacted) -> bool:
    """Say whether it never held."""
    return row.effective_to is not None and row.effective_to <= row.effective_from


def end_words(row: Enacted) -> str:
    """Return until when it holds, or that it never did."""
    if is_annulled(row):
        return text("registers.annulled")
    return show_time(row.effective_to) if row.effective_to else text("registers.without_end")


def acts_on(row: Enacted, now: datetime, repeal: str, annul: str) -> tuple[str, ...]:
    """Return what may be done with it now: the names that its register gives to the two acts."""
    if row.effective_to is None or now < row.effective_to:
        return (repeal, annul)
    return () if is_annulled(row) else (annul,)
