"""Papers to print: declarations and cards with codes that are nobody's yet, posters and leaflets with the address."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.beside.limits import OFFICE_PAPERS
from chotxanh.beside.throttle import take
from chotxanh.domain.phones import show_phone
from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import Number
from chotxanh.forms.form import Form
from chotxanh.papers.answers import pdf_answer
from chotxanh.papers.setting import set_paper
from chotxanh.registers.duties.entries import province_number
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.door import for_leads, said
from chotxanh.site.office.print_data import new_codes, with_address, with_codes

MOST_DECLARATIONS, MOST_CARDS, CARDS_A_PAGE = 100, 200, 10
DECLARATION, CARDS = "declaration", "cards"
# What a browser saves them as: plain letters, so that every system keeps them.
FILES = {DECLARATION: "to-khai-y-te", CARDS: "the-ma-so", "poster": "ap-phich-a3", "leaflet": "to-roi-a5"}


class PapersForm(Form):
    """Which papers with codes, and how many."""

    texts = "papers"

    paper = Choice(options=(DECLARATION, CARDS), missing="choice_missing")
    count = Number(least=1, most=MOST_CARDS)

    def clean(self) -> None:
        """Refuse more declarations than are set at once: each is a page."""
        super().clean()
        wanted = self.cleaned_data
        if wanted.get("paper") == DECLARATION and wanted.get("count", 0) > MOST_DECLARATIONS:
            self.refuse(Problem("number_invalid", least=1, most=MOST_DECLARATIONS), "count")


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def papers(request: HttpRequest, member: Member) -> HttpResponse:
    """Offer what can be printed; pressed, answer with declarations or cards as PDF. Raises Problem of the throttle.

    The answer to a press is the file itself and leads nowhere: nothing was recorded that a page could show, and whoever
    opened an address again would get other codes than those on the paper. Sent twice, it makes two papers, both good.
    """
    now = timezone.now()
    form = PapersForm(request.POST if request.method == "POST" else None, initial={"count": CARDS_A_PAGE})
    phone = show_phone(province_number(now))
    if form.is_valid():
        paper, count = form.cleaned_data["paper"], form.cleaned_data["count"]
        take(OFFICE_PAPERS, str(member.id), now)
        return pdf_answer(
            set_paper(paper, with_codes(new_codes(_whole(paper, count)), phone), now), FILES[paper]
        )
    context = {
        "page": "registers",
        "member": member,
        "said": said(request),
        "form": form,
        "address": _address(request),
        "has_phone": bool(phone),
    }
    return render(request, "office/papers.html", context, status=form.status)


@require_safe
@for_leads
def poster(request: HttpRequest, member: Member) -> HttpResponse:
    """Answer with the A3 poster as PDF. Raises Problem of the throttle."""
    return _with_address(request, member, "poster", timezone.now())


@require_safe
@for_leads
def leaflet(request: HttpRequest, member: Member) -> HttpResponse:
    """Answer with the A5 leaflet as PDF, both sides. Raises Problem of the throttle."""
    return _with_address(request, member, "leaflet", timezone.now())


def _with_address(request: HttpRequest, member: Member, paper: str, now: datetime) -> HttpResponse:
    take(OFFICE_PAPERS, str(member.id), now)
    data = with_address(_address(request), show_phone(province_number(now)))
    return pdf_answer(set_paper(paper, data, now), FILES[paper])


def _whole(paper: str, count: int) -> int:
    """Return how many are set: cards by whole pages, for half an empty sheet is cut all the same."""
    return -(-count // CARDS_A_PAGE) * CARDS_A_PAGE if paper == CARDS else count


def _address(request: HttpRequest) -> str:
    """Return where people declare: at this office's own host, which the page shows before anything is printed."""
    return request.build_absolute_uri(reverse("declare"))
