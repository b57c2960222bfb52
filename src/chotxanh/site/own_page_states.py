"""Turns a person's standing into what the page shows: a style, a sign, and the steps of the road."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.wording import call_words, pool_words
from chotxanh.language.formats import show_time
from chotxanh.language.texts import catalogue, text
from chotxanh.registers.duties.entries import number_to_call
from chotxanh.results.orders import is_asked_for_rt_pcr
from chotxanh.results.queries import PersonStanding

# Style and sign by state. A positive is an ordinary card with a task: neither alarm nor colour.
OVER, NO_RULE = "negative_over", "negative_no_rule"
STYLES = {
    OVER: ("over", "over"),
    NO_RULE: ("wait", "wait"),
    "declared": ("plain", "task"),
    "sampled": ("wait", "wait"),
    "disputed": ("wait", "wait"),
    "recollect": ("plain", "task"),
    "contact": ("plain", "task"),
    "closed": ("plain", "task"),
    "negative": ("valid", "valid"),
    "positive": ("plain", "task"),
}


@dataclass(frozen=True)
class Style:
    """How a state looks; the word stands beside it always."""

    name: str
    sign: str


# In these somebody may have a question that a call answers; a green page asks the database for no number.
_ASKED_ABOUT = ("disputed", "recollect", "contact", "closed", "positive")


# What is said once the sample for RT-PCR that somebody waits for is taken.
_OF_SAMPLE_TAKEN = {"positive": "positive_taken"}


@dataclass(frozen=True)
class Task:
    """What the person must do now, and whom to call about it; empty where there is nothing to do, or no number."""

    act: str = ""
    call: SafeString | str = ""


@dataclass(frozen=True)
class Step:
    """One step of the road: `done`, `now` or `ahead`."""

    progress: str
    word: str
    at: datetime | None = None
    place: str = ""

    @property
    def sign(self) -> str:
        """The sign beside the word."""
        return {"done": "valid", "now": "wait"}.get(self.progress, "ahead")


def style_of(state: str) -> Style:
    """The style of a state; an unknown state is shown as an ordinary card."""
    return Style(*STYLES.get(state, ("plain", "task")))


def shown_state(standing: PersonStanding, certificates: Collection[Outcome]) -> str:
    """The state in the page's words: a negative whose certificates all ran out or were replaced lets nobody pass.

    Green is only a negative with a certificate that a rule lets hold, or one whose certificate is still to come.
    """
    if standing.state != "negative" or not certificates or Outcome.VALID in certificates:
        return str(standing.state)
    return NO_RULE if Outcome.NO_RULE in certificates else OVER


def advice_of(state: str, standing: PersonStanding, *, has_certificate: bool) -> str:
    """What the person should do now."""
    if state == "sampled" and standing.result_due_at is not None:
        return text("own_page.standing.sampled_due", time=show_time(standing.result_due_at))
    if state == "negative" and not has_certificate:
        return text("own_page.standing.negative_waiting_advice")
    said = by_test(state, standing)
    if standing.rt_pcr_taken_at is None:
        return text(f"own_page.standing.{said}_advice")
    said = _OF_SAMPLE_TAKEN.get(said, said)
    return text(f"own_page.standing.{said}_advice", time=show_time(standing.rt_pcr_taken_at))


def task_of(state: str, standing: PersonStanding, person_code: str, now: datetime) -> Task:
    """The one thing to do in this state, in words that do not tell why to whoever stands beside."""
    key = f"own_page.act.{state}"
    if state == "recollect" and is_asked_for_rt_pcr(person_code):
        key = f"{key}_rt_pcr"
    phone = number_to_call(standing.facility, now) if state in _ASKED_ABOUT else ""
    return Task(text(key) if key in catalogue() else "", call_words("own_page.call", phone) if phone else "")


def by_test(state: str, standing: PersonStanding) -> str:
    """The state in the words of its test: a rapid positive screens, one by RT-PCR does not; a sample may be taken."""
    if state == "contact" and standing.rt_pcr_taken_at is not None:
        return "contact_taken"
    return "positive_rt_pcr" if state == "positive" and standing.test_type == "rt_pcr" else state


def step_lines(standing: PersonStanding, declared_at: datetime, said: str) -> list[Step]:
    """Declared, sampled, result: which are done, which is now, which lie ahead; a result is told as it is `said`."""
    declared = Step("done", text("own_page.step.declared"), declared_at)
    to_result = Step("ahead", text("own_page.step.to_result"))
    if standing.is_code_shared:  # nobody knows who was sampled
        return [declared, Step("now", text("own_page.step.disputed")), to_result]
    if standing.state == "declared":
        return [declared, Step("ahead", text("own_page.step.to_sample")), to_result]
    words = (standing.facility_name, pool_words(standing.pool_size))
    place = ". ".join(each for each in words if each)
    sampled = Step("done", text("own_page.step.sampled"), standing.sampled_at, place)
    if standing.state in ("negative", "positive", "closed"):
        word = text(f"own_page.step.{'untold' if said == 'untold' else by_test(standing.state, standing)}")
        known = [declared, sampled, Step("done", word, standing.resulted_at)]
        return known + _steps_of_sample(standing) if said == "positive" else known
    if standing.state == "contact" and standing.rt_pcr_taken_at is not None:
        return [declared, *_steps_of_sample(standing)]
    if standing.state in ("recollect", "contact"):
        return [declared, sampled, Step("now", text(f"own_page.step.{standing.state}")), to_result]
    word = text("own_page.step.disputed" if standing.state == "disputed" else "own_page.step.awaiting")
    return [declared, sampled, Step("now", word)]


def _steps_of_sample(standing: PersonStanding) -> list[Step]:
    """The sample for RT-PCR whose result is awaited, if one is taken."""
    if standing.rt_pcr_taken_at is None:
        return []
    taken = Step("done", text("own_page.step.rt_pcr_taken"), standing.rt_pcr_taken_at)
    return [taken, Step("now", text("own_page.step.awaiting"))]
