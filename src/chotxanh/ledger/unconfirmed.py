"""Words of the office whose lead's grant had ended by then, as became known later: another lead confirms them."""

from django.db.models import F, QuerySet

from chotxanh.domain.kinds import Answer
from chotxanh.domain.marks import Mark
from chotxanh.ledger.held import within_places
from chotxanh.ledger.models import Entry
from chotxanh.protocol.kinds import kinds_where
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member

# Their own entries are marked instead, which are decided on where they are shown.
_RULINGS = frozenset({"entry.admitted", "entry.refused"})


def unconfirmed_words(led: Led, member: Member) -> QuerySet[Entry]:
    """Return the words of others that wait for a lead's confirmation in the part that is led, the oldest first."""
    return within_places(words_of_others(member), led).order_by("received_at", "id")


def words_of_others(member: Member) -> QuerySet[Entry]:
    """Return every word that waits for a confirmation, without the member's own."""
    kinds = kinds_where(lambda row: row.who.is_offices) - _RULINGS
    words = Entry.objects.filter(
        seq=None, actor__isnull=False, marks__gt=0, answer=Answer.APPLIED, kind__in=kinds
    )
    ended = words.annotate(ended=F("marks").bitand(int(Mark.AUTHORITY_ENDED))).filter(ended__gt=0)
    return ended.exclude(actor=member.id).exclude(body="")
