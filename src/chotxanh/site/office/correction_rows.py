"""What the office shows of corrections of positives: whose tube, what was changed, by whom, and who signed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args, get_type_hints

from chotxanh.domain.pools import ResultValue
from chotxanh.domain.tubes import tube_named
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.registers.facilities.entries import facility_names
from chotxanh.results.corrections.effects import Effect
from chotxanh.results.corrections.models import TakenBack
from chotxanh.results.payloads import ResultCorrected
from chotxanh.site.office.call_rows import callees_of, people_in
from chotxanh.site.office.names import NOBODY, Officer, officers_named

REASONS: tuple[str, ...] = get_args(get_type_hints(ResultCorrected)["reason"])
SIGNS = {Effect.WAITS: "wait", Effect.SIGNED: "valid", Effect.AFTER_TELLING: "revoked"}
TAGS = {Effect.WAITS: "state-wait", Effect.SIGNED: "state-valid", Effect.AFTER_TELLING: "state-over"}


@dataclass(frozen=True)
class CorrectionView:
    """One correction; `people` are those in the tube, `lines` tell what was done about it, in order."""

    correction: TakenBack
    people: tuple[str, ...]
    facility: str
    lines: tuple[str, ...]

    @property
    def barcode(self) -> str:
        """What stands on the tube."""
        return tube_named(self.correction.tube).barcode

    @property
    def change(self) -> str:
        """What stood, and what was said instead."""
        was, value = (_value(each) for each in (self.correction.was, self.correction.value))
        return text("corrections.change", was=was, value=value)

    @property
    def state(self) -> str:
        """What becomes of it."""
        return text(f"corrections.state.{self.correction.state}")

    @property
    def sign(self) -> str:
        """The drawing of its state."""
        return SIGNS[Effect(self.correction.state)]

    @property
    def tag(self) -> str:
        """The colours of its state."""
        return TAGS[Effect(self.correction.state)]


def correction_views(corrections: Sequence[TakenBack], *, masked: bool) -> list[CorrectionView]:
    """Every correction with its words, read with as many statements for twenty as for one."""
    members = people_in([each.tube for each in corrections])
    people = callees_of((code for codes in members.values() for code in codes), masked=masked)
    officers = officers_named(id for each in corrections for id in (each.corrector, each.signer))
    facilities = facility_names({each.facility for each in corrections})
    return [
        CorrectionView(
            each,
            tuple(_named(people[code].name, people[code].birth_year) for code in members[each.tube]),
            facilities.get(each.facility, each.facility),
            tuple(_lines(each, officers.get(each.corrector, NOBODY), officers.get(each.signer, NOBODY))),
        )
        for each in corrections
    ]


def codes_shown(corrections: Sequence[TakenBack]) -> set[str]:
    """Return whose names these corrections show."""
    members = people_in([each.tube for each in corrections])
    return {code for codes in members.values() for code in codes}


def _named(name: str, year: str) -> str:
    return f"{name}, {year}" if year else name


def _lines(correction: TakenBack, corrector: Officer, signer: Officer) -> Iterable[str]:
    by = corrector.name or text("office.nobody")
    yield text("corrections.by", name=by, time=show_time(correction.corrected_at))
    is_known = correction.reason in REASONS
    key = f"corrections.reason.{correction.reason if is_known else 'other'}"
    yield text(key, code=correction.reason)
    if correction.signed_at is not None:
        signed = signer.name or text("office.nobody")
        yield text("corrections.signed_by", name=signed, time=show_time(correction.signed_at))
    if correction.told_at is not None:
        yield text("corrections.told_at", time=show_time(correction.told_at))


def _value(value: str) -> str:
    is_late = value == ResultValue.READ_LATE
    return text("corrections.read_late") if is_late else text(f"verify.result.{value}").lower()
