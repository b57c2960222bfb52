"""The codes for the loss of one's authenticator: shown after they were made, until their owner says they are kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chotxanh.forms.redirects import SeeOther, see_other
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.door import for_members, office_headers, office_page
from chotxanh.site.office.entering import first_page

KEPT_CODES, KEPT_NEXT = "kept_codes", "kept_next"  # where a session, which lies sealed, keeps them meanwhile


def keep_codes(request: HttpRequest, codes: list[str], following: str) -> HttpResponse:
    """Lead to the page that shows these codes once, and then on."""
    request.session[KEPT_CODES], request.session[KEPT_NEXT] = codes, following
    return office_headers(see_other("office_kept_codes"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def kept_codes(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the codes; pressed, they are gone from this server but for their digests."""
    if request.method == "POST" or KEPT_CODES not in request.session:
        request.session.pop(KEPT_CODES, None)
        following = office_page(request.session.pop(KEPT_NEXT, ""))
        return SeeOther(first_page(member, following, timezone.now()))
    context = {"member": member, "codes": request.session[KEPT_CODES]}
    return render(request, "office/kept_codes.html", context)
