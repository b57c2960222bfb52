"""Times of keeping: for how many days each category of data is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from chotxanh.domain.kinds import PROTECTORS
from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Select
from chotxanh.forms.fields import Day, Number
from chotxanh.forms.form import Form
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.ledger.archiving import LEAST_DAYS as LEAST_DAYS_OF_FACTS
from chotxanh.registers.retention.entries import LEAST_DAYS, MOST_DAYS, Category, RetentionSet
from chotxanh.registers.retention.models import Retention
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.register import Kept, Register, Row, Said, Typed, record_all, start_of


class RetentionForm(Form):
    """For how many days a category is kept, from a day on."""

    texts = "registers"

    kept_category = Select(options=[each.value for each in Category], choose="registers.choose")
    days = Number(least=LEAST_DAYS, most=MOST_DAYS)
    since = Day(is_optional=True)

    def clean(self) -> dict[str, Any]:
        """Refuse to archive facts that the archive does not take yet."""
        read = self.cleaned_data
        if not self.errors and read["kept_category"] == Category.FACTS and read["days"] < LEAST_DAYS_OF_FACTS:
            self.refuse(Problem("number_invalid", least=LEAST_DAYS_OF_FACTS, most=MOST_DAYS), "days")
        return read


def kept(now: datetime, _led: Led) -> Kept:
    """Return what holds now or will, and what newer settings have followed."""
    newer = Retention.objects.filter(category=OuterRef("category"), since__lte=now)
    is_followed = Exists(
        newer.filter(Q(since__gt=OuterRef("since")) | Q(since=OuterRef("since"), id__gt=OuterRef("id")))
    )
    settings = Retention.objects.order_by("category", "-since", "-id")
    return Kept(settings.filter(~is_followed), settings.filter(is_followed))


def draw(settings: Sequence[Retention], _now: datetime) -> list[Row]:
    """Draw settings."""
    return [
        Row(
            str(each.id),
            text(f"registers.kept_category.{each.category}"),
            (text("registers.days_kept", days=each.days), show_time(each.since)),
        )
        for each in settings
    ]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """Set how long a category is kept."""
    category = Category(typed["kept_category"])
    record_all([RetentionSet(category, typed["days"], start_of(typed["since"], now))], member, now)
    return Said("registers.retention_added", {"name": text(f"registers.kept_category.{category}")})


REGISTER = Register(
    "retention", RetentionForm, ("registers.days", "registers.since"), kept, draw, add, readers=PROTECTORS
)
