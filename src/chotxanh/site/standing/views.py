"""The page for doctors: public, since physicians of hospitals and of the CDC read it without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chotxanh.site.standing.meanings import COLUMNS, meanings, principles, rule_sets
from chotxanh.site.standing.stories import chapters


@require_safe
def standing_rules(request: HttpRequest) -> HttpResponse:
    """Say in words what stands for a person: the states, the sets of rules, and every case as a story."""
    context = {
        "principles": principles(),
        "columns": COLUMNS,
        "meanings": meanings(),
        "rule_sets": rule_sets(),
        "chapters": chapters(),
    }
    return render(request, "site/standing_rules.html", context)
