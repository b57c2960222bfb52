"""What the office shows of tubes: what was recorded, by whom, where, about whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chotxanh.domain.marks import Mark, disputes_of, is_removed
from chotxanh.domain.pools import ResultValue
from chotxanh.language.formats import show_exact_time
from chotxanh.language.texts import text
from chotxanh.ledger.queries import Withdrawal, device_names_of, withdrawals_of
from chotxanh.registers.facilities.entries import facility_names
from chotxanh.registers.kits.known import tests_named
from chotxanh.registers.posts.entries import PostRow
from chotxanh.registers.posts.sites import posts_named, site_names
from chotxanh.results.disputes import RecordedTube
from chotxanh.results.models import ResultFact
from chotxanh.results.resolutions import Seen
from chotxanh.site.office.names import NOBODY, Officer, officers_named, people_named, reason_words
from chotxanh.specimens.models import Collection

Fact = Collection | ResultFact


@dataclass(frozen=True)
class Recorded:
    """One sampling or one result: what it says, who recorded it where on what, and what is doubtful about it.

    `withdrawn` says who took it back, when and why; it is empty while nobody did. One that is withdrawn without effect
    `is_kept`: a positive, or a line seen late, stands in the tube.
    """

    seen: Seen
    about: str
    word: str
    at: datetime
    officer: Officer
    place: tuple[str, ...]
    marks: tuple[str, ...]
    people: tuple[str, ...] = ()
    withdrawn: str = ""
    is_kept: bool = False
    may_be_withdrawn: bool = True

    @property
    def id(self) -> UUID:
        """Its entry."""
        return self.seen.entry

    @property
    def is_withdrawn(self) -> bool:
        """Whether it counts no longer; it is still shown."""
        return bool(self.withdrawn) and not self.is_kept


@dataclass(frozen=True)
class TubeLine:
    """One disputed tube in the list."""

    facility: str
    barcode: str
    place: str
    reasons: tuple[str, ...]
    since: datetime
    samplings: int
    results: int


@dataclass(frozen=True)
class TubePage:
    """One tube; `open` says on what a lead must decide: its `collection`, its `result`.

    Of the codes in `waiting` a lead must say who was sampled under them.
    """

    facility: str
    barcode: str
    place: str
    reasons: tuple[str, ...]
    open: frozenset[str]
    records: tuple[Recorded, ...]
    waiting: tuple[str, ...] = ()

    def not_withdrawn(self, about: str) -> list[Recorded]:
        """Return the samplings or the results that were not withdrawn."""
        return [each for each in self.records if each.about == about and not each.is_withdrawn]

    @property
    def told(self) -> list[Recorded]:
        """What stands and is not asked about."""
        return [each for each in self.records if each.about not in self.open and not each.is_withdrawn]

    @property
    def withdrawn(self) -> list[Recorded]:
        """What was taken back and still belongs to the history."""
        return [each for each in self.records if each.is_withdrawn]

    @property
    def withdrawable(self) -> list[Recorded]:
        """What a lead may take back."""
        return [each for each in self.records if each.may_be_withdrawn and not each.withdrawn]


@dataclass(frozen=True)
class _Names:
    """Names of everything a tube mentions, read at once."""

    posts: dict[UUID, PostRow]
    devices: dict[UUID, str]
    officers: dict[UUID | None, Officer]
    people: dict[str, str]
    withdrawals: dict[UUID, str]

    def place(self, fact: Fact) -> tuple[str, ...]:
        """Where an entry was made, as far as it says: site, post, device."""
        known = self.posts.get(fact.post) if isinstance(fact, Collection) else None
        words: tuple[str, ...] = (known.site_name, known.name) if known else ()
        return tuple(word for word in (*words, self.devices.get(fact.id, "")) if word)


def tube_lines(tubes: Sequence[RecordedTube]) -> list[TubeLine]:
    """Every tube as the list shows it."""
    sites, facilities = site_names(), facility_names({tube.facility for tube in tubes})
    return [
        TubeLine(
            facility=tube.facility,
            barcode=tube.name,
            place=_place(tube, sites, facilities),
            reasons=reason_words(tube.reasons),
            since=min([each.sampled_at for each in tube.collections] or [tube.results[0].resulted_at]),
            samplings=len(tube.collections),
            results=len(tube.results),
        )
        for tube in tubes
    ]


def tube_page(tube: RecordedTube) -> TubePage:
    """One tube with the words a lead needs to decide."""
    names = _names(tube)
    has_warning = any(_warns(each) for each in tube.results)
    samplings = [
        _sampling(each, tube.members[each.id], names, has_warning=has_warning) for each in tube.collections
    ]
    return TubePage(
        facility=tube.facility,
        barcode=tube.name,
        place=_place(tube, site_names(), facility_names([tube.facility])),
        reasons=reason_words(tube.reasons),
        open=tube.open,
        records=(*samplings, *(_result(each, names) for each in tube.results)),
        waiting=tuple(tube.waiting),
    )


def _sampling(fact: Collection, codes: Sequence[str], names: _Names, *, has_warning: bool) -> Recorded:
    """One sampling; that under a positive, or a line, is never taken back: it would be a correction."""
    return Recorded(
        seen=Seen(fact.id, fact.marks),
        about="collection",
        word=text("office.sampling_of", count=len(codes)),
        at=fact.sampled_at,
        officer=names.officers.get(fact.actor, NOBODY),
        place=names.place(fact),
        marks=reason_words((*disputes_of(fact.marks), *_other_marks(fact))),
        people=tuple(names.people[code] for code in codes),
        withdrawn=names.withdrawals.get(fact.id, "") if is_removed(fact.marks) else "",
        is_kept=has_warning,
        may_be_withdrawn=not has_warning,
    )


def _result(fact: ResultFact, names: _Names) -> Recorded:
    return Recorded(
        seen=Seen(fact.id, fact.marks),
        about="result",
        word=_result_words(fact),
        at=fact.resulted_at,
        officer=names.officers.get(fact.actor, NOBODY),
        place=names.place(fact),
        marks=reason_words((*disputes_of(fact.marks), *_other_marks(fact))),
        withdrawn=names.withdrawals.get(fact.id, "") if is_removed(fact.marks) else "",
        may_be_withdrawn=not _warns(fact),
    )


def _warns(fact: ResultFact) -> bool:
    return fact.value == ResultValue.POSITIVE or fact.line_seen is True


def _result_words(fact: ResultFact) -> str:
    """What was said, and of which test; a correction is of the test that it corrects."""
    value = text("office.read_late_line") if fact.line_seen else text(f"verify.result.{fact.value}")
    test = tests_named([fact.test]).get(fact.test) if fact.test else None
    return f"{value} · {text(f'verify.test_type.{test.method}')}" if test else value


def _other_marks(fact: Fact) -> list[str]:
    """What else is to be known of it: nobody has to decide about that."""
    marks = Mark(fact.marks)
    return [
        mark.name.lower()
        for mark in (Mark.TIME_DOUBTFUL, Mark.OUTSIDE_WINDOW, Mark.POOL_TOO_LARGE)
        if mark in marks and mark.name
    ]


def _names(tube: RecordedTube) -> _Names:
    facts: list[Fact] = [*tube.collections, *tube.results]
    withdrawals = withdrawals_of([each.id for each in facts if is_removed(each.marks)])
    actors = [each.actor for each in facts] + [each.actor for each in withdrawals.values()]
    officers = officers_named(actors)
    return _Names(
        posts=posts_named({each.post for each in tube.collections}),
        devices=device_names_of([each.id for each in facts]),
        officers=officers,
        people=people_named(people_in(tube)),
        withdrawals={id: _withdrawal(each, officers) for id, each in withdrawals.items()},
    )


def people_in(tube: RecordedTube) -> set[str]:
    """Return the codes of everybody who was sampled into a tube by any of its samplings."""
    return {code for members in tube.members.values() for code in members}


def _withdrawal(withdrawal: Withdrawal, officers: dict[UUID | None, Officer]) -> str:
    return text(
        "office.withdrawn_by",
        name=officers.get(withdrawal.actor, NOBODY).name or text("office.nobody"),
        time=show_exact_time(withdrawal.at),
        reason=text(f"office.withdraw_reason.{withdrawal.reason}"),
    )


def _place(tube: RecordedTube, sites: dict[str, str], facilities: dict[str, str]) -> str:
    """Site and facility by their names, or as written where they are unknown."""
    words: Iterable[str] = (
        sites.get(tube.site, tube.site),
        facilities.get(tube.facility, tube.facility),
    )
    return " · ".join(word for word in words if word)
