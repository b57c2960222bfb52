"""What every page shows: the department first, the product small, the scenario said openly."""

import re
from functools import cache, partial

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from chotxanh.domain.kinds import PROTECTORS
from chotxanh.language.choice import other_language
from chotxanh.language.texts import current_language, text
from chotxanh.registers.staff.grants import has_role
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.door import leads, led_by
from chotxanh.site.office.lists.declarations import may_declare

PRODUCT = "Chốt Xanh"
_BEFORE_PLACE = re.compile(r" (?=(?:tỉnh|thành phố|TP\.) )")


def page(request: HttpRequest) -> dict[str, object]:
    """Return the values every template may use."""
    leads_province = cache(partial(_leads_province, request))  # a page asks several times
    return {
        "department": settings.DEPARTMENT,
        "department_parts": tuple(_BEFORE_PLACE.split(settings.DEPARTMENT, maxsplit=1)),
        "product": PRODUCT,
        "scenario": text("site.scenario") if settings.IS_DEMO else None,
        "language": current_language(),
        "other_language": other_language(),
        "leads_province": leads_province,
        "protects_alone": cache(lambda: not leads_province() and _protects_alone(request)),
        "may_declare_lists": cache(partial(_may_declare_lists, request)),
        "path": request.path,
        "path_with_query": request.get_full_path(),
    }


def _leads_province(request: HttpRequest) -> bool:
    """Whether who is signed in leads the whole province: what is theirs alone is shown to nobody else."""
    member = getattr(request, "user", None)
    return isinstance(member, Member) and led_by(member).is_province


def _may_declare_lists(request: HttpRequest) -> bool:
    """Whether who is signed in may declare for others, and so by list."""
    member = getattr(request, "user", None)
    return isinstance(member, Member) and may_declare(member, timezone.now())


def _protects_alone(request: HttpRequest) -> bool:
    """Whether who is signed in watches over personal data and leads nothing: their menu has their pages alone."""
    member = getattr(request, "user", None)
    return isinstance(member, Member) and not leads(member) and has_role(member, PROTECTORS, timezone.now())
