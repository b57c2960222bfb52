"""Contacts: storing what was noted of calls."""

from collections.abc import Sequence

from chotxanh.domain.tubes import key_written
from chotxanh.protocol.kinds import Happening, Touched, follow, register
from chotxanh.protocol.ranks import Rank
from chotxanh.results.followups.calls import CONTACTS, ContactRow
from chotxanh.results.followups.payloads import CONTACTED, FollowupContacted
from chotxanh.storage.rows import upsert


def apply_contacts(happenings: Sequence[Happening[FollowupContacted, None]], touched: Touched) -> None:
    """Store contacts; the calls of the people they speak of are recomputed."""
    upsert(
        CONTACTS,
        [
            ContactRow(
                id=item.id,
                tube=key_written(item.facts.facility, item.facts.tube) or "",
                person_code=item.facts.person_code or "",
                reason=item.facts.reason.value,
                outcome=item.facts.outcome.value,
                actor=item.actor,
                contacted_at=item.effective_at,
                marks=int(item.marks),
            )
            for item in happenings
        ],
    )
    touched.add(Rank.PERSON_CODE, {item.facts.person_code for item in happenings if item.facts.person_code})


def register_kinds() -> None:
    """Declare the kind this part owns."""
    register(CONTACTED)
    follow([FollowupContacted], apply_contacts)
