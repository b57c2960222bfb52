"""Of a code that two people claim: a lead says which of them was sampled."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.http import HttpRequest

from chotxanh.domain.codes import group
from chotxanh.domain.grounds import Grounds
from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import Hidden
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.people.queries import personal_of, registrations_claiming
from chotxanh.registers.staff.models import Member
from chotxanh.results.resolutions import name_person
from chotxanh.site.office.grounds import grounds_choice
from chotxanh.specimens.entries import Named

ABOUT = "people"


class WhoForm(Form):
    """Which of those who claim a code was sampled under it."""

    texts = "office"

    about = Hidden()
    code = Hidden()
    who = Choice(options=(), label="office.who_was_sampled", missing="choice_missing")
    grounds = grounds_choice()


def who_forms(codes: Sequence[str], request: HttpRequest) -> list[WhoForm]:
    """The question about each code; the one that was answered keeps what was chosen."""
    claims = registrations_claiming(codes)
    details = personal_of([each.id for claiming in claims.values() for each in claiming])
    forms = []
    for code in codes:
        is_answered = request.POST.get("about") == ABOUT and request.POST.get("code") == code
        form = WhoForm(
            request.POST if is_answered else None, initial={"about": ABOUT, "code": code}, stem=f"{code}-"
        )
        options = []
        for each in claims.get(code, []):
            known = details.get(each.id)
            name = known.full_name if known else text("office.unknown_person")
            words = text(
                "office.claimant", name=name, year=each.birth_year, time=show_time(each.registered_at)
            )
            options.append(Option(str(each.id), words))
        form.offer("who", partial(tuple, options))
        form.fill_hint("who", code=group(code))
        forms.append(form)
    return forms


def say_who(form: WhoForm, tube: str, member: Member, now: datetime) -> str:
    """Record a lead's answer; return what was decided. Raises Problem: `entry_unknown`, `not_allowed`."""
    read = form.cleaned_data
    named = Named(read["code"], UUID(read["who"]))
    name_person(tube, named, member, now, Grounds(read["grounds"]))
    return ABOUT
