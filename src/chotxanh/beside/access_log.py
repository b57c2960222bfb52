"""The access log: who read which person's data, for what, and when."""

from datetime import datetime
from uuid import UUID

from chotxanh.beside.models import PersonalAccess

LONGEST_SUBJECT = 90


def note_access(member: UUID, subject: str, purpose: str, now: datetime) -> None:
    """Write down one reading. `subject` is a person code or a range of cards, never a name; `now` is UTC."""
    PersonalAccess.objects.create(
        member=member, subject=subject[:LONGEST_SUBJECT], purpose=purpose, read_at=now
    )
