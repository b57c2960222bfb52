"""Disputed tubes: a lead says which sampling and which result stand, and when they really were."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chotxanh.domain.problems import Problem
from chotxanh.language.texts import problem_sentence
from chotxanh.registers.staff.models import Member
from chotxanh.results.decisions import TubeWord, resolve_collection, resolve_result
from chotxanh.results.queries import DisputedTube, disputed_tubes
from chotxanh.site.office.access import for_leads, led_facilities, said, say_next
from chotxanh.site.office.times import parse_moment
from chotxanh.site.office.tube_pages import tube_pages

LONGEST_FIELD = 120


@dataclass(frozen=True)
class Asked:
    """What a lead sent about one tube; `at` is as typed."""

    facility: str
    tube: str
    about: str
    stands: str
    at: str


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def disputed(request: HttpRequest, member: Member) -> HttpResponse:
    """List the tubes; record a decision on one."""
    if request.method != "POST":
        return _page(request, member)
    asked = _asked(request.POST)
    try:
        _decide(asked, member)
    except Problem as problem:
        return _page(request, member, asked, problem)
    say_next(request, f"office.resolved_{asked.about}", tube=asked.tube)
    return redirect("/office/disputed")


def _decide(asked: Asked, member: Member) -> None:
    tube = _tube_of(asked, member)
    times: dict[UUID, datetime]
    if asked.about == "collection":
        times = {each.id: each.sampled_at for each in tube.collections}
    else:
        times = {each.id: each.resulted_at for each in tube.results}
    stands = next((each for each in times if str(each) == asked.stands), None)
    if stands is None:
        raise Problem("choice_missing", HTTPStatus.UNPROCESSABLE_ENTITY)
    at = parse_moment(asked.at) if asked.at else times[stands]
    resolve = resolve_collection if asked.about == "collection" else resolve_result
    resolve(TubeWord(asked.facility, asked.tube, stands, at), member, timezone.now())


def _tube_of(asked: Asked, member: Member) -> DisputedTube:
    for tube in disputed_tubes(led_facilities(member)):
        if (tube.facility, tube.tube) == (asked.facility, asked.tube):
            return tube
    raise Problem("entry_unknown", HTTPStatus.NOT_FOUND)


def _asked(post: Mapping[str, str]) -> Asked:
    names = ("facility", "tube", "about", "stands", "at")
    facility, tube, about, stands, at = (post.get(name, "").strip()[:LONGEST_FIELD] for name in names)
    return Asked(facility, tube, "result" if about == "result" else "collection", stands, at)


def _page(
    request: HttpRequest, member: Member, asked: Asked | None = None, problem: Problem | None = None
) -> HttpResponse:
    context = {
        "page": "disputed",
        "member": member,
        "said": said(request),
        "tubes": tube_pages(disputed_tubes(led_facilities(member))),
        "asked": asked,
        "mistake": problem_sentence(problem.code, **problem.params) if problem else "",
    }
    status = problem.status if problem else HTTPStatus.OK
    return render(request, "office/disputed.html", context, status=status)
