"""Published texts: which notice people read, since when."""

from collections.abc import Sequence
from datetime import datetime

from chotxanh.domain.kinds import PROTECTORS
from chotxanh.forms.fields import Day
from chotxanh.forms.form import Form
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.registers.notices.models import PublishedText
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.notice import publication
from chotxanh.site.office.registers.register import Kept, Register, Row, Said, Typed, record_all, start_of


class NoticeForm(Form):
    """From when the present version is published."""

    texts = "registers"

    since = Day()


def kept(_now: datetime, _led: Led) -> Kept:
    """Return what was published, the latest first; none ends, a newer version follows it."""
    return Kept(PublishedText.objects.order_by("-since", "-id"), PublishedText.objects.none())


def draw(texts: Sequence[PublishedText], _now: datetime) -> list[Row]:
    """Draw publications."""
    return [
        Row(
            str(each.id),
            text(f"registers.notice_name.{each.name}", version=each.version),
            (show_time(each.since),),
        )
        for each in texts
    ]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """Publish the present version."""
    published = publication(start_of(typed["since"], now))
    record_all([published], member, now)
    return Said("registers.notice_published", {"version": published.version})


REGISTER = Register("notices", NoticeForm, ("registers.since",), kept, draw, add, readers=PROTECTORS)
