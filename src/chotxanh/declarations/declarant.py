"""Who declares on the web: somebody new, or whoever holds the link to their own page."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from chotxanh.people.own_page import owner_ahead
from chotxanh.people.queries import PageOwner
from chotxanh.storage.prepared import Ahead, sending_together


@dataclass(frozen=True)
class Declarant:
    """Who declares: somebody new, or whoever holds the secret of the own page of `owner`."""

    page: str = ""
    owner: PageOwner | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether a secret was given that opens no page."""
        return bool(self.page) and self.owner is None

    @property
    def holder(self) -> str:
        """Name and year of birth of whom is registered; empty for somebody new."""
        details = self.owner.details if self.owner else None
        return f"{details.full_name}, {self.owner.birth_year}" if details and self.owner else ""


SOMEBODY_NEW = Declarant()


def declarant_of(request: HttpRequest, page: str, now: datetime) -> Declarant:
    """Who declares (UTC `now`): the web takes a code only from the page behind its own secret, `page`."""
    with sending_together():
        return declarant_ahead(request, page, now)()


def declarant_ahead(request: HttpRequest, page: str, now: datetime) -> Ahead[Declarant]:
    """Ask likewise, but wait for the answer only when it is asked for (in `sending_together`)."""
    if not page:
        return lambda: SOMEBODY_NEW
    asked = owner_ahead(request, page, now)
    return lambda: Declarant(page, asked())
