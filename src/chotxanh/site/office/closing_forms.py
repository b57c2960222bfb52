"""How a physician of the CDC ends a follow-up, or releases a contact: what is asked, and what is said by it."""

from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import Hidden, LongText, Text
from chotxanh.forms.form import Form
from chotxanh.results.followups.closings import ClosingOutcome, FollowupClosed

# A contact was never ill.
OUTCOMES = [each.value for each in ClosingOutcome if each is not ClosingOutcome.RECOVERED]


class ClosingForm(Form):
    """How a follow-up ends, and why."""

    texts = "followup"

    outcome = Choice(options=[each.value for each in ClosingOutcome], missing="choice_missing")
    reason = LongText(longest=300)
    paper = Text(longest=100, is_optional=True)


class ReleaseForm(Form):
    """How the follow-up of a contact ends, and why; whose it is stands in no address."""

    texts = "followup"

    person_code = Hidden()
    outcome = Choice(options=OUTCOMES, words="followup.contact.outcome", missing="choice_missing")
    reason = LongText(longest=300)
    paper = Text(longest=100, is_optional=True)


def closing_said(person_code: str, form: Form) -> FollowupClosed:
    """Return how one of these forms, which is valid, ends the follow-up of somebody."""
    typed = form.cleaned_data
    outcome = ClosingOutcome(typed["outcome"])
    return FollowupClosed(person_code, outcome, typed["reason"], typed["paper"] or None)
