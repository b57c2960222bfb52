"""The address that was meant: links are passed on with a full stop behind them, or a slash too much or too little."""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from chotxanh.forms.redirects import SeeOther

# Greedy from the beginning: searched for from each place, a long row of dots took the square of its length.
_MEANT = re.compile(r".*[A-Za-z0-9_-]", re.DOTALL)
_READ_BY_MACHINES = "/api/"


def lead_nearby(request: HttpRequest) -> HttpResponse | None:
    """Lead to the page whose address this one is but for the signs at its end; None where there is none."""
    if request.method not in {"GET", "HEAD"} or request.path.startswith(_READ_BY_MACHINES):
        return None
    meant = meant_by(request.path)
    for address in (meant, f"{meant}/"):
        if address != request.path and _is_known(address):
            query = request.META.get("QUERY_STRING", "")
            response = SeeOther(f"{address}?{query}" if query else address)
            response["Referrer-Policy"] = "no-referrer"  # it may hold a person's secret
            return response
    return None


def meant_by(path: str) -> str:
    """Return the path without the signs at its end."""
    meant = _MEANT.match(path)
    return meant[0] if meant else ""


def _is_known(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
