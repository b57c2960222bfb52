"""The verify page: a photo or a pasted text in, the answer out. Nothing of it is kept, logged or put in an address."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chotxanh.beside.limits import VERIFICATIONS
from chotxanh.beside.networks import Network, network_of
from chotxanh.beside.throttle import take, take_ahead
from chotxanh.domain.problems import Problem
from chotxanh.language.choice import remember_language
from chotxanh.language.gaps import Gap, filled_page
from chotxanh.language.texts import LANGUAGES, problem_sentence, use_language
from chotxanh.protocol.bodies import longest_body, stated_length
from chotxanh.protocol.exchange import told_to_wait
from chotxanh.storage.prepared import sending_together
from chotxanh.verification.answers import PageAnswer, answer_of
from chotxanh.verification.checking import Verification, verify_certificate
from chotxanh.verification.pasted import LONGEST_TEXT, certificate_text
from chotxanh.verification.photos import LARGEST_PHOTO_MEGABYTES, qr_text_in


# Exempt because checking a paper changes nothing, and whoever checks may refuse cookies.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a certificate; answer whether it is genuine and in date, in one word first."""
    response = _answer(request) if request.method == "POST" else _form(request)
    response["Cache-Control"] = "no-store" if request.method == "POST" else "private, no-cache"
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    if (stated_length(request.META.get("CONTENT_LENGTH")) or 0) > longest_body(request.path_info):
        return _form(request, Problem("photo_too_large", megabytes=LARGEST_PHOTO_MEGABYTES), field="photo")
    photo = request.FILES.get("photo")
    field = "photo" if photo is not None and photo.size else "text"
    network, now = network_of(request), timezone.now()
    try:
        if photo is not None and photo.size:
            take(VERIFICATIONS, network, now)
            certificate = certificate_text(qr_text_in(photo, photo.size))
            found = verify_certificate(certificate, now)
        else:
            certificate, found = _checked(request.POST.get("text", ""), network, now)
    except Problem as mistake:
        return _form(request, mistake, field=field, text=request.POST.get("text", ""))
    language = request.POST.get("language", "")
    if language in LANGUAGES:
        use_language(language)
    context = {"answer": _shown(answer_of(found)), "text": Gap(certificate)}
    response = HttpResponse(filled_page("verification/answer.html", context))
    remember_language(response, language)
    return response


def _checked(pasted: str, network: Network, now: datetime) -> tuple[str, Verification]:
    """Check a pasted text; the token is asked for in the trip that asks about the paper. Raises Problem."""
    try:
        certificate = certificate_text(pasted)
    except Problem:
        take(VERIFICATIONS, network, now)
        raise
    with sending_together():
        permitted = take_ahead(VERIFICATIONS, network, now)
        found = verify_certificate(certificate, now)
        permitted()
    return certificate, found


def _shown(answer: PageAnswer) -> dict[str, Any]:
    """What the page is drawn by; what is said of this paper stands in its gaps."""
    gaps = ("word", "until", "whom", "about", "holder", "act", "checked")
    return {
        "style": answer.style,
        "sign": answer.sign,
        "is_proven": answer.is_proven,
        **{name: Gap(getattr(answer, name)) for name in gaps},
        "rows": tuple((row.label, Gap(row.value)) for row in answer.rows),
    }


def _form(
    request: HttpRequest, mistake: Problem | None = None, *, field: str = "", text: str = ""
) -> HttpResponse:
    context = {
        "mistake": problem_sentence(mistake.code, **mistake.params) if mistake else "",
        "mistaken_field": field,
        "text": text[:LONGEST_TEXT],
        "longest": LONGEST_TEXT,
    }
    response = render(request, "verification/question.html", context)
    return told_to_wait(response, mistake) if mistake else response
