"""What happens to results in a campaign after they were corrected: somebody signs, somebody is told."""

from typing import Any
from uuid import UUID

from tests.cast import TRAVELLERS, Staff

# What makes a rule of another one: it says what results mean, not how long they hold.
_NOT_SAID = dict.fromkeys(("anchor", "valid_for_hours", "category", "territory"))
WHAT_RESULTS_MEAN = [{**_NOT_SAID, "standing": each} for each in ("july-2021", "january-2022")]


class Signing:
    """A part of a campaign."""

    staff: Staff
    results: list[tuple[UUID, tuple[str, str]]]
    contacts: list[UUID]

    def keep_at_office(self, kind: str, facts: Any, actor: UUID | None, personal: Any = None) -> UUID:
        """Write one entry at the province's server."""
        raise NotImplementedError

    def countersign(self, one: int, two: int) -> None:
        """A correction is signed: by whoever made it, by a second account, or by a lead."""
        if self.results:
            correction, tube = self.results[one % len(self.results)]
            signer = (self.staff.officer, self.staff.technician, self.staff.lead)[two % 3]
            facts = {"facility": tube[0], "tube": tube[1], "correction": correction}
            self.keep_at_office("result.countersigned", facts, signer.id)

    def tell(self, one: int, two: int) -> None:
        """Somebody is told a result: by a call, or on their own page."""
        if self.results:
            result, tube = self.results[one % len(self.results)]
            person = TRAVELLERS[two % len(TRAVELLERS)].code
            facts = {"facility": tube[0], "tube": tube[1], "result": result, "person_code": person}
            way, actor = ("page", None) if two % 2 else ("call", self.staff.lead.id)
            self.contacts.append(self.keep_at_office("result.told", facts | {"way": way}, actor))
