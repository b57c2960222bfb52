"""The person's own page behind a secret link: the code, where things stand, the certificates."""

import re
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import HeldCertificate, certificates_ahead
from chotxanh.certificates.wording import (
    anchor_words,
    pool_words,
    province_name,
    rule_words,
    until_words,
    whom_words,
)
from chotxanh.declarations.queries import last_journeys_ahead
from chotxanh.domain.codes import group
from chotxanh.domain.names import mask_id_number, mask_phone
from chotxanh.forms.redirects import see_other
from chotxanh.language.formats import show_date, show_time
from chotxanh.language.texts import catalogue, problem_sentence, text
from chotxanh.people.own_page import owner_for
from chotxanh.people.queries import details_ahead
from chotxanh.pictures.drawing import qr_image, qr_svg
from chotxanh.results.corrections.telling import tell_on_page, untold_of
from chotxanh.results.queries import standing_ahead
from chotxanh.site.own_page_states import (
    advice_of,
    by_test,
    shown_state,
    step_lines,
    style_of,
    task_of,
)
from chotxanh.storage.prepared import sending_together

LONGEST_LINK = 500
MOST_PICTURES = 256  # of about 2 kB, in this process's memory alone
# A paper without a time of its own is shown all the same: who reads it judges by the times it states.
USABLE = ("valid", "no_rule")
# In characters; above it level Q needs more modules than an old phone's camera resolves.
LONGEST_AT_LEVEL_Q = 620

# Style and sign of a certificate by its status; one that is over looks like neither of these.
_LOOKS = {
    Outcome.VALID: ("valid", "valid"),
    Outcome.NO_RULE: ("wait", "wait"),
    Outcome.SUSPENDED: ("wait", "wait"),
    Outcome.SUPERSEDED: ("over", "replaced"),
    Outcome.REVOKED: ("not-genuine", "revoked"),
}

_LINK = re.compile(r"(?:^|/p/)([A-Za-z0-9_-]{16,64})/?(?:[?#].*)?$")


@dataclass(frozen=True)
class CertificateCard:
    """A certificate as its holder sees it; only one that can be used carries its QR."""

    held: HeldCertificate
    qr: SafeString | None

    @property
    def sign(self) -> str:
        """The sign of its status."""
        return _LOOKS.get(self.held.status, ("over", "over"))[1]

    @property
    def style(self) -> str:
        """The style of its status."""
        return _LOOKS.get(self.held.status, ("over", "over"))[0]

    @property
    def word(self) -> str:
        """The key of the status in words."""
        return f"certificate.{self.held.status}"

    @property
    def until(self) -> str:
        """Until when it holds, for a certificate in force."""
        if self.held.status != "valid" or self.held.valid_until is None:
            return ""
        return until_words(self.held.valid_until)

    @property
    def whom(self) -> str:
        """For whom it holds and by what, for a certificate in force."""
        return whom_words(self.held.category, self.held.rule) if self.held.status == "valid" else ""

    @property
    def is_judged(self) -> bool:
        """Whether until when it holds, or held, still says something."""
        return self.held.status in (*USABLE, Outcome.OVER)

    @property
    def is_suspended(self) -> bool:
        """Whether it is being checked again."""
        return self.held.status == Outcome.SUSPENDED

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What it says: the key of each label, and the words; what it does not say is empty."""
        held = self.held
        until = show_time(held.valid_until) if held.valid_until else text("certificate.no_rule")
        is_said = bool(self.whom)  # the state's own box says until when and by what, and so does the paper
        return (
            ("certificate.category", self.category),
            ("certificate.result", text(f"certificate.negative.{held.test_type}")),
            ("verify.pool", pool_words(held.pool_size)),
            ("certificate.sampled_at", show_time(held.sampled_at)),
            ("certificate.resulted_at", show_time(held.resulted_at)),
            ("certificate.valid_until", until if self.is_judged and not is_said else ""),
            ("certificate.rule", rule_words(held.rule) if self.is_judged and not is_said else ""),
            ("certificate.anchor", anchor_words(held.rule) if self.is_judged else ""),
            ("certificate.facility", held.facility_name),
        )

    @property
    def category(self) -> str:
        """Of which group its holder was tested, in words, or as written."""
        key = f"declare.category.{self.held.category}"
        return text(key) if key in catalogue() else self.held.category

    @property
    def number(self) -> str:
        """Its number, as letters and digits are read out."""
        return group(self.held.number)

    @property
    def place_and_date(self) -> str:
        """Where and on which day the result became known, as administrative papers write it (Nghị định 30).

        There a day below 10 and the months 1 and 2 alone have a zero before them.
        """
        day, month, year = show_date(self.held.resulted_at).split("/")
        month = month if month in ("01", "02") else month.removeprefix("0")
        return text("print.place_and_date", place=province_name(), day=day, month=month, year=year)


@require_safe
def person_page(request: HttpRequest, secret: str) -> HttpResponse:
    """Show everything that is known to the person who holds the link, and to nobody else."""
    registration = owner_for(request, secret, timezone.now())
    if registration is None:
        return _private(render(request, "site/person_unknown.html", status=HTTPStatus.NOT_FOUND))
    code = registration.person_code
    with sending_together():
        asked_papers = certificates_ahead(code, timezone.now(), registration.id)
        asked_details = details_ahead(registration.id)
        asked_journeys = last_journeys_ahead([registration.id])
        standing = standing_ahead(registration)()
    certificates = [_card(each) for each in asked_papers()] if not standing.is_code_shared else []
    current = [card for card in certificates if card.held.status in USABLE]
    earlier = [card for card in certificates if card.held.status not in USABLE]
    state = shown_state(standing, [card.held.status for card in certificates])
    is_untold = state == "positive" and bool(untold_of(registration.id))
    said = "untold" if is_untold else by_test(state, standing)
    details, journey = asked_details(), asked_journeys().get(registration.id)
    declared_at = journey.declared_at if journey else registration.registered_at
    context = {
        "secret": secret,
        "code": group(code),
        "code_qr": mark_safe(qr_svg(code, label=text("own_page.qr_label", code=group(code)))),  # noqa: S308
        "registration": registration,
        "details": details,
        "plate": journey.plate if journey else None,
        "masked_phone": mask_phone(details.phone) if details and details.phone else "",
        "masked_id_number": mask_id_number(details.id_number) if details and details.id_number else "",
        "standing": standing,
        "standing_style": style_of(state),
        "standing_word": text(f"own_page.standing.{said}"),
        "advice": text("own_page.standing.untold_advice")
        if is_untold
        else advice_of(state, standing, has_certificate=bool(current)),
        "is_untold": is_untold,
        "task": task_of(state, standing, code, timezone.now()),
        "steps": step_lines(standing, declared_at, said),
        "current": current,
        "earlier": earlier,
        "has_suspended": any(card.is_suspended for card in earlier),
        "address": request.build_absolute_uri(request.path),
        "verify_address": request.build_absolute_uri(reverse("verify")),
    }
    return _private(render(request, "site/person.html", context))


# Exempt because who holds the secret may look, with or without cookies; it is written once.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def see_result(request: HttpRequest, secret: str) -> HttpResponse:
    """Show somebody their positive before the call that is on its way, and write down that they know."""
    now = timezone.now()
    registration = owner_for(request, secret, now)
    if registration is not None and request.method == "POST":
        tell_on_page(registration.id, now)
    return _private(see_other("person", secret=secret))


# Exempt because finding one's own page by its secret changes nothing, and must work without cookies.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def my_page(request: HttpRequest) -> HttpResponse:
    """Open a person's page from a pasted link."""
    link = request.POST.get("link", "").strip()[:LONGEST_LINK] if request.method == "POST" else ""
    found = _LINK.search(link)
    if found and owner_for(request, found[1], timezone.now()) is not None:
        return _private(see_other("person", secret=found[1]))
    mistake = ""
    if request.method == "POST":
        mistake = problem_sentence("page_link_unknown" if link else "page_link_missing")
    context = {
        "link": link,
        "mistake": mistake,
        "example": request.build_absolute_uri(reverse("my_page")) + "…",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return _private(render(request, "site/my_page.html", context, status=status))


def certificate_qr(certificate: str) -> SafeString:
    """The certificate as a QR code: level Q as the format recommends, M where Q would be too dense to read."""
    return _drawn(certificate, text("certificate.qr_label"))


@lru_cache(maxsize=MOST_PICTURES)
def _drawn(certificate: str, label: str) -> SafeString:
    """Draw it; who waits for a gate to open looks at the page again and again."""
    level = "Q" if len(certificate) <= LONGEST_AT_LEVEL_Q else "M"
    return mark_safe(qr_image(certificate, label=label, error_correction=level))  # noqa: S308


def _card(held: HeldCertificate) -> CertificateCard:
    return CertificateCard(held, certificate_qr(held.text) if held.status in USABLE and held.text else None)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
