"""How a physician of the CDC ends a follow-up, or releases a contact: what is asked, and what is said by it."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import Hidden, LongText, Text
from chotxanh.forms.form import Form
from chotxanh.protocol.envelope import new_salt
from chotxanh.results.followups.closings import (
    MOST_CONSIDERED,
    ClosingOutcome,
    ClosingPersonal,
    FollowupClosed,
)
from chotxanh.results.followups.open import Said

# A contact was never ill.
OUTCOMES = [each.value for each in ClosingOutcome if each is not ClosingOutcome.RECOVERED]
# Of one test, with what stands between two of them.
LONGEST_NAME = 140


def as_shown(known: Collection[str]) -> str:
    """Write down which tests were known when a page was shown, for its form to carry."""
    return msgspec.json.encode(sorted(known)[:MOST_CONSIDERED]).decode()


def _read_shown(typed: str) -> frozenset[str]:
    """Read which tests were known. Raises Problem("request_unreadable")."""
    try:
        return frozenset(msgspec.json.decode(typed, type=list[str]))
    except msgspec.DecodeError:
        raise Problem("request_unreadable") from None


class ClosingForm(Form):
    """How a follow-up ends, and why."""

    texts = "followup"

    # Of what arrives while a physician decides, the decision does not speak.
    shown = Hidden(parse=_read_shown, longest=MOST_CONSIDERED * LONGEST_NAME)
    outcome = Choice(options=[each.value for each in ClosingOutcome], missing="choice_missing")
    reason = LongText(longest=300)
    paper = Text(longest=100, is_optional=True)


class ReleaseForm(ClosingForm):
    """How the follow-up of a contact ends, and why; whose it is stands in no address."""

    person_code = Hidden()
    outcome = Choice(options=OUTCOMES, words="followup.contact.outcome", missing="choice_missing")


def closing_said(person_code: str, form: Form, registration: UUID | None = None) -> Said:
    """Return how one of these forms, which is valid, ends the follow-up of somebody: of whom, where a test says it."""
    typed = form.cleaned_data
    outcome = ClosingOutcome(typed["outcome"])
    considered = sorted(typed["shown"])
    why = ClosingPersonal(new_salt(), typed["reason"], typed["paper"] or None)
    return Said(FollowupClosed(person_code, outcome, registration, considered), why)
