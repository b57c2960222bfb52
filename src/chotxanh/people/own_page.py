"""Whose page a secret link opens, asked for by a browser: guessing is limited, holding a link is not."""

import re
from datetime import datetime

from django.http import HttpRequest

from chotxanh.beside.limits import OWN_PAGES, PAGE_SECRETS
from chotxanh.beside.networks import network_of
from chotxanh.beside.throttle import take, take_ahead
from chotxanh.people.queries import PageOwner, owner_of_page_ahead
from chotxanh.storage.prepared import Ahead, sending_together

_SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")


def owner_for(request: HttpRequest, secret: str, now: datetime) -> PageOwner | None:
    """Whose page it is (UTC `now`). Who holds a link is not kept from it by others who guess at the same address.

    Raises Problem of the throttle.
    """
    with sending_together():
        return owner_ahead(request, secret, now)()


def owner_ahead(request: HttpRequest, secret: str, now: datetime) -> Ahead[PageOwner | None]:
    """Ask likewise, but wait for the answer only when it is asked for (in `sending_together`)."""
    network = network_of(request)
    permitted = take_ahead(OWN_PAGES, network, now)
    asked = owner_of_page_ahead(secret) if _SECRET.fullmatch(secret) else _nobody

    def owner() -> PageOwner | None:
        permitted()
        found = asked()
        if found is None:
            take(PAGE_SECRETS, network, now)
        return found

    return owner


def _nobody() -> None:
    return None
