"""Whose page a secret link opens, asked for by a browser: guessing is limited, holding a link is not."""

import re
from datetime import datetime

from django.http import HttpRequest

from chotxanh.beside.limits import OWN_PAGES, PAGE_SECRETS
from chotxanh.beside.networks import network_of
from chotxanh.beside.throttle import take
from chotxanh.people.queries import PageOwner, owner_of_page

_SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")


def owner_for(request: HttpRequest, secret: str, now: datetime) -> PageOwner | None:
    """Whose page it is (UTC `now`). Who holds a link is not kept from it by others who guess at the same address.

    Raises Problem of the throttle.
    """
    network = network_of(request)
    take(OWN_PAGES, network, now)
    owner = owner_of_page(secret) if _SECRET.fullmatch(secret) else None
    if owner is None:
        take(PAGE_SECRETS, network, now)
    return owner
