"""What the worker does for certificates: stations hold cards that say until when, so a changed rule tells them anew."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from chotxanh.certificates.issuing_later import ISSUE_LATER, issue_now
from chotxanh.certificates.models import Certificate
from chotxanh.domain.validity import READABLE_FOR
from chotxanh.ledger.feed.writing import write_feed
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.worker.registry import AtRebuild, Outcome, Task, errand
from chotxanh.people.groups import codes_together
from chotxanh.protocol.showings import CardName, Showings
from chotxanh.registers.rules.entries import RULE_CHANGED
from chotxanh.registers.rules.models import Rule, RuleRepeal

SLICE = 500


def register_work() -> None:
    """Declare the errands that a changed rule asks for, and a clock that was behind.

    A rebuild begins the feed anew, which says every card; it issues nothing.
    """
    errand(RULE_CHANGED, announce_cards, leaves_house=False, at_rebuild=AtRebuild.DONE, is_at_once=True)
    errand(ISSUE_LATER, issue_now, leaves_house=False, at_rebuild=AtRebuild.KEPT, is_at_once=True)


def announce_cards(task: Task, now: datetime) -> Outcome:
    """Let the feed say anew the cards of whom a rule speaks, a slice a transaction; doing so twice does no harm.

    A rule that is not known yet announces them when it comes, with its repeal.
    """
    rule = Rule.objects.filter(id=task.key.partition("/")[0]).first()
    if rule is not None:
        for codes in _slices(_spoken_of(rule, _since(rule, task), now)):
            _announce(codes, now)
    return Outcome()


def _since(rule: Rule, task: Task) -> datetime:
    """From which result on something changed: for a repeal what became known before it stays as it was."""
    repeal = RuleRepeal.objects.filter(id=task.key.partition("/")[2]).first()
    return max(rule.effective_from, repeal.at) if repeal else rule.effective_from


def _spoken_of(rule: Rule, since: datetime, now: datetime) -> QuerySet[Certificate]:
    """The unrevoked certificates that the rule may speak of; those past their technical end hold on no card."""
    found = Certificate.objects.in_force()
    found = found.filter(resulted_at__gte=since, sampled_at__gt=now - READABLE_FOR)
    if rule.until is not None:
        found = found.filter(resulted_at__lt=rule.until)
    if rule.category:
        found = found.filter(category=rule.category)
    return found.filter(test_type=rule.test_type) if rule.test_type else found


def _slices(certificates: QuerySet[Certificate]) -> Iterator[set[str]]:
    """Give the codes of these people, and of whoever is the same person: their cards show the same result."""
    after: UUID | None = None
    while True:
        rest = certificates.filter(id__gt=after) if after else certificates
        part = list(rest.order_by("id").values_list("id", "person_code")[:SLICE])
        if not part:
            return
        after = part[-1][0]
        yield codes_together({code for _, code in part})


def _announce(codes: set[str], now: datetime) -> None:
    showings = Showings({CardName("person", code) for code in codes})

    def write() -> None:
        with in_ledger(is_alone=False):
            write_feed(showings, now)

    in_one_transaction(write)
