"""Recomputes what tubes mean for people: their own final results, and who must be sampled again."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from chotxanh.domain.standing.person import PaperState, State
from chotxanh.domain.standing.positives import Person
from chotxanh.ledger.locks import lock
from chotxanh.ledger.scopes import POST, post_scope, seen_until
from chotxanh.people.claims import foresee_names
from chotxanh.protocol.kinds import Touched
from chotxanh.protocol.ranks import Rank
from chotxanh.protocol.showings import CardName
from chotxanh.results.circles import circles_of
from chotxanh.results.contacts import contact_matter
from chotxanh.results.followups.calls import CALLS, Matter, recompute_calls
from chotxanh.results.followups.closings import foresee_closings
from chotxanh.results.followups.payloads import Reason
from chotxanh.results.models import PersonResult, RecollectionOrder, WhatStands
from chotxanh.results.samplings import LeftOut, Sampling
from chotxanh.results.standing import Found, StandingPerson, found_about
from chotxanh.specimens.households import foresee_households
from chotxanh.specimens.rows import MEMBERS
from chotxanh.storage.lookups import foresee, lookup
from chotxanh.storage.replacing import replace_rows
from chotxanh.storage.rows import Table


class PersonResultRow(NamedTuple):
    """A person's own final result; `paper` says what becomes of the paper of a negative (domain.standing).

    `waits_since` is when it came (UTC), where it waits for the department.
    """

    key: str
    person_code: str
    registration: UUID | None
    named_by: UUID | None
    born_by: UUID | None
    category: str
    tube: str
    facility: str
    test_type: str
    dcc_device: str
    pool_size: int
    value: str
    result: UUID
    sampled_at: datetime
    resulted_at: datetime
    paper: str
    waits_since: datetime | None


class _StandingRow(NamedTuple):
    person_code: str
    state: str
    order: str


class OrderRow(NamedTuple):
    """A person who must be tested again; `closed_by` is the result of their own that did, None while it is open."""

    key: str
    person_code: str
    tube: str
    reason: str
    opened_at: datetime
    closed_by: UUID | None


# The level of the deferred sums that count tubes; the floor that keeps them stands above.
COUNTED = "tube.counted"
PERSON_RESULTS = Table(PersonResult, PersonResultRow)
# The reasons of orders where a lead chose another sampling of the tube, and where a negative was read outside its
# window; otherwise it is the tube's result.
NOT_CHOSEN = "not_chosen"
OUTSIDE_WINDOW = "outside_window"
ORDERS = Table(RecollectionOrder, OrderRow)
_STANDINGS = Table(WhatStands, _StandingRow)
# What stands by person code, and by whose samplings under it these are.
Standings: TypeAlias = Mapping[tuple[str, UUID | None], StandingPerson]


def foresee_sampled(codes: set[str], _touched: Touched) -> None:
    """Ask ahead who of these people was sampled."""
    foresee(MEMBERS, "person_code", codes)


def foresee_papers(codes: set[str], _touched: Touched) -> None:
    """Ask ahead for what is said of these people, and for what stands: nearly always nobody else bears on them."""
    foresee_households(codes)
    foresee(MEMBERS, "person_code", codes)
    foresee_names(codes)
    foresee_closings(codes)
    for table in (PERSON_RESULTS, ORDERS, CALLS, _STANDINGS):
        foresee(table, "person_code", codes)


def recompute_people(codes: set[str], touched: Touched) -> None:
    """Touch the papers of these people, and of everybody on whom their results bear."""
    sampled = {member.person_code for member in lookup(MEMBERS, "person_code", codes)}
    for code in codes - sampled:
        touched.showings.show_only(CardName("person", code), POST, {})
    for circle in circles_of(sampled).values():
        touched.add(Rank.PAPERS, circle.everybody)


def recompute_company(codes: set[str], touched: Touched) -> None:
    """Touch the papers of everybody on whom these people bear: who is one person with whom has changed."""
    for circle in circles_of(codes).values():
        touched.add(Rank.PAPERS, circle.everybody)


def recompute_papers(codes: set[str], touched: Touched) -> None:
    """Recompute what stands for these people: their results, orders and calls, and what becomes of their papers.

    Who bears on whom was read before these locks were held. Whoever came in meanwhile is locked now: two transactions
    that then wait for each other are cancelled by the database, and tried again.
    """
    found = found_about(codes)
    missed = _missed(touched.keys[Rank.PERSON_CODE], found) - codes
    if missed:
        lock(Rank.PAPERS, missed)
        codes |= missed
        found = found_about(codes)
    standings = {
        (code, holder): found.standing_of(code, holder)
        for code in sorted(codes)
        for holder in found.samplings.holders(code)
    }
    of_owners = {code: standings[code, found.samplings.claims[code].owner] for code in sorted(codes)}
    _write_results(standings, found, touched)
    _write_orders(standings, found, touched)
    told = [
        _StandingRow(code, each.standing.state, each.standing.order or "")
        for code, each in of_owners.items()
        if each.standing.state is not State.NONE
    ]
    for row in replace_rows(_STANDINGS, "person_code", list(of_owners), told):
        _announce(row.person_code, found, touched)
    touched.people_to_decide.update(codes)
    for code in touched.keys[Rank.PERSON_CODE] & codes:
        held = {
            post_scope(site): seen_until(times) for site, times in found.samplings.where_seen(code).items()
        }
        touched.showings.show_only(CardName("person", code), POST, held)


def _missed(own: Collection[str], found: Found) -> set[str]:
    circles = (found.circles[code] for code in own if code in found.circles)
    return {each for circle in circles for each in circle.everybody}


def _announce(code: str, found: Found, touched: Touched) -> None:
    """A card shows the last result known of the person, or a doubt, under whichever code it was."""
    touched.showings.changed |= {CardName("person", each) for each in found.circles[code].same.all}


def _write_results(standings: Standings, found: Found, touched: Touched) -> None:
    codes = {code for code, _ in standings}
    rows = [
        _result_row(sampling, found, standings[code, sampling.registration])
        for code in sorted(codes)
        for sampling in found.samplings.by_code[code]
        if sampling.is_own
    ]
    changed = replace_rows(PERSON_RESULTS, "person_code", codes, rows)
    for code in {row.person_code for row in (*rows, *changed)} & touched.keys[Rank.PERSON_CODE]:
        _announce(code, found, touched)


def _write_orders(standings: Standings, found: Found, touched: Touched) -> None:
    codes = sorted({code for code, _ in standings})
    samplings = [each for code in codes for each in found.samplings.all_of(code)]
    orders = [
        _order_row(each, _of(each, standings, found).person, found)
        for each in samplings
        if each.run.needs_again
    ]
    for order in replace_rows(ORDERS, "person_code", codes, orders):
        touched.defer(COUNTED, order.tube)  # it counts as a recall of its tube, whichever tube closed it
    still_open = {order.key for order in orders if order.closed_by is None}
    matters = [
        replace(matter, told_with=found.samplings.told_with(each))
        for each in samplings
        if (matter := _matter(each, _of(each, standings, found), still_open)) is not None
    ]
    for code in codes:
        owner = found.samplings.claims[code].owner
        matter = contact_matter(code, standings[code, owner], found)
        matters += [matter] if matter else []
    recompute_calls(codes, matters, touched)


def _of(sampling: Sampling | LeftOut, standings: Standings, found: Found) -> StandingPerson:
    """Return what stands for whom a sampling is of; who was left out of a choice counts as the code's owner."""
    code = sampling.person_code
    if isinstance(sampling, LeftOut):
        return standings[code, found.samplings.claims[code].owner]
    return standings[code, sampling.registration]


def _matter(
    sampling: Sampling | LeftOut, standing: StandingPerson, still_open: Collection[str]
) -> Matter | None:
    """Return what a person must be told: a positive of their own, or that they must be sampled again."""
    if sampling.key in still_open:
        is_urgent = sampling.run.is_line_only  # a line that was read late: perhaps a positive
        return Matter(
            Reason.RECALL,
            sampling.person_code,
            sampling.tube,
            sampling.known_at,
            sampling.position,
            is_urgent=is_urgent,
        )
    if isinstance(sampling, Sampling) and sampling.is_own and standing.is_positive_by(sampling.run):
        return Matter(
            Reason.POSITIVE, sampling.person_code, sampling.tube, sampling.known_at, sampling.position
        )
    return None


def _result_row(sampling: Sampling, found: Found, person: StandingPerson) -> PersonResultRow:
    tube, outcome = sampling.tube, sampling.outcome
    assert outcome is not None
    named = found.samplings.claims[sampling.person_code].named(sampling.registration)
    papers = {paper.run.tube: paper.state for paper in person.standing.papers}
    is_waiting = outcome.key in person.waiting
    return PersonResultRow(
        key=sampling.key,
        person_code=sampling.person_code,
        registration=sampling.registration,
        named_by=named.by if named else None,
        born_by=named.born_by if named else None,
        category=sampling.category,
        tube=tube.key,
        facility=outcome.tested_by,
        test_type=outcome.method,
        dcc_device=outcome.dcc_device,
        pool_size=tube.size,
        value=outcome.value,
        result=outcome.result,
        sampled_at=tube.sampled_at,
        resulted_at=outcome.resulted_at,
        paper=PaperState.WITHHELD if is_waiting else papers.get(outcome.key, ""),
        waits_since=outcome.late_at if is_waiting else None,
    )


def _order_row(sampling: Sampling | LeftOut, person: Person, found: Found) -> OrderRow:
    run = sampling.run
    answer = person.later_result(run, run.needed_method)
    is_left_out = isinstance(sampling, LeftOut)
    return OrderRow(
        key=sampling.key,
        person_code=sampling.person_code,
        tube=sampling.tube.key,
        reason=NOT_CHOSEN if is_left_out else OUTSIDE_WINDOW if run.asks_again else str(run.value),
        opened_at=sampling.known_at,
        closed_by=found.samplings.outcomes[answer.tube].result if answer else None,
    )
