"""The first page, the privacy notice, the choice of language and the pages for what went wrong."""

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.forms.redirects import SeeOther
from chotxanh.language.choice import remember_language
from chotxanh.site.notice import notice_at


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Ask what the visitor wants to do."""
    return render(request, "site/home.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice; entries name its version."""
    return render(request, "site/privacy.html", {"notice": notice_at(timezone.now())})


# Exempt because it only changes the language a page is written in.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def choose_language(request: HttpRequest, language: str) -> HttpResponse:
    """Remember the language and go back to the page it was chosen on, with its query; it must be one of ours."""
    response = SeeOther(_local(request.POST.get("next") or request.GET.get("next") or ""))
    response["Cache-Control"] = "no-store"
    remember_language(response, language)
    return response


def _local(address: str) -> str:
    is_local = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    if not is_local:
        return reverse("home")
    _, _, path, query, _ = urlsplit(address)
    return urlunsplit(("", "", path, query, ""))
