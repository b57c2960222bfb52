"""The access log: who read which person's data, for what, and when."""

from datetime import datetime

from chotxanh.ledger.models import PersonalAccess
from chotxanh.registers.staff.models import Member

LONGEST_SUBJECT = 90


def note_access(member: Member, subject: str, purpose: str, now: datetime) -> None:
    """Write down one reading. `subject` is a person code or a range of cards, never a name; `now` is UTC."""
    PersonalAccess.objects.create(
        member=member.id, subject=subject[:LONGEST_SUBJECT], purpose=purpose, read_at=now
    )
