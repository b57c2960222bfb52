"""Where a campaign ends: what must not depend on any order, and that no paper stands without its ground."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from chotxanh.certificates.models import Certificate, Decision
from chotxanh.domain.marks import Mark, disputes_of, is_removed
from chotxanh.domain.tubes import normalise_tube, tube_key
from chotxanh.domain.validity import Stated
from chotxanh.ledger.models import Entry, Log
from chotxanh.ledger.worker.models import Errand
from chotxanh.ledger.worker.registry import asked_by_rebuild
from chotxanh.people.models import Registration
from chotxanh.protocol.envelope import wire_time
from chotxanh.registers.kits.known import tests_named
from chotxanh.registers.rules.book import RuleBook, rule_book
from chotxanh.results.corrections.models import ResultSignature
from chotxanh.results.models import ResultFact
from chotxanh.site.rebuilding import fingerprints
from chotxanh.specimens.models import Collection

DECIDED = {Certificate._meta.db_table, Decision._meta.db_table}
WORDS = ("specimen.resolved", "result.resolved")


@contextmanager
def undone() -> Iterator[None]:
    """Leave no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def state() -> dict[str, Any]:
    """Return everything that must not depend on the order in which entries arrived.

    Certificates are decisions at a moment, so of them only what each person holds now counts. Someone whose
    declaration was erased keeps what was issued before, and gets nothing after: no order can be the same.
    """
    tables = {name: rows for name, rows in fingerprints().items() if name not in DECIDED}
    entries = {
        entry.id: (
            *(entry.answer, entry.problem, entry.effective_at, entry.earliest_at),
            *(entry.marks, entry.personal is None),
        )
        for entry in Entry.objects.exclude(kind__startswith="certificate.")
    }
    logs = sorted(Log.objects.values_list("id", "device", "highest_seq", "gaps"))
    lasting = Errand.objects.filter(name__in=asked_by_rebuild())
    errands = sorted(lasting.values_list("name", "key"))
    found = {"tables": tables, "entries": entries, "logs": logs, "errands": errands}
    return found | {"certificates": certificates_in_force()}


def certificates_in_force() -> list[tuple[Any, ...]]:
    """Return what the certificates that stand say, and until when, without whose personal part was erased."""
    book = rule_book()
    return sorted(
        (
            each.person_code,
            each.tube,
            each.registration,
            each.category,
            each.named_by,
            each.born_by,
            each.result,
            each.sampled_at,
            each.resulted_at,
            _until(each, book),
        )
        for each in _unrevoked()
    )


def groundless_papers() -> set[str]:
    """Return the tubes whose papers stand though nobody who might has answered each reason against them.

    It is told from the entries alone: a record's mark, or a tube used twice, needs a lead's word that is not itself
    doubtful and that names it. Where a tube was used twice, so do its results, once a sampling was chosen;
    and where another post took its sampling back.
    """
    answered: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for word in Entry.objects.filter(kind__in=WORDS, answer="applied").order_by("effective_at", "id"):
        if not disputes_of(word.marks):
            facts = msgspec.json.decode(word.body)["facts"]
            on_tube = answered[tube_key(facts["facility"], normalise_tube(facts["tube"]) or "")]
            if word.kind == "specimen.resolved":
                on_tube -= {each for each in on_tube if each[1] == "its sampling"}
            said = {(each["entry"], reason) for each in facts["marked"] for reason in each["reasons"]}
            about = ("", "its sampling") if word.kind == "result.resolved" else ("",)
            said |= {(each, reason) for each in facts["considered"] for reason in about}
            on_tube |= {(each, reason) for each, reason in said if _may_say(word, each)}
    found = set()
    for tube in {certificate.tube for certificate in _unrevoked()}:
        everywhere = list(Collection.objects.filter(tube=tube))
        samplings = [each for each in everywhere if not is_removed(each.marks)]
        results = [each for each in ResultFact.objects.filter(tube=tube) if not is_removed(each.marks)]
        records: list[Collection | ResultFact] = [*samplings, *results]
        needed = {(str(each.id), str(reason)) for each in records for reason in disputes_of(each.marks)}
        if len(samplings) > 1:
            needed |= {(str(each.id), "") for each in samplings}
        if len(samplings) > 1 or {each.post for each in everywhere} - {each.post for each in samplings}:
            needed |= {(str(each.id), "its sampling") for each in results}
        if not needed <= answered[tube]:
            found.add(tube)
    return found


def _may_say(word: Entry, spoken_of: str) -> bool:
    """Whether the lead's grant named the way in which a result was tested; of a sampling any lead may say."""
    facts = {each.id: each for each in ResultFact.objects.all()}
    fact = facts.get(UUID(spoken_of))
    while fact is not None and fact.corrects is not None:
        fact = facts.get(fact.corrects)
    if fact is None or fact.test is None:
        return True
    denied = {"ag_rapid": Mark.NOT_FOR_AG_RAPID, "rt_pcr": Mark.NOT_FOR_RT_PCR}
    return denied[tests_named([fact.test])[fact.test].method] not in Mark(word.marks)


def papers_of_one_account() -> set[str]:
    """Return the tubes whose papers stand by a correction of a positive that one account made and no other signed.

    It is told from the entries alone. A paper of a reading is none of one account: two that differ are a lead's.
    """
    facts = {each.id: each for each in ResultFact.objects.all()}
    signers: dict[str, set[Any]] = defaultdict(set)
    removed = set(ResultSignature.objects.exclude(marks=0).values_list("id", flat=True))
    for entry in Entry.objects.filter(kind="result.countersigned", answer="applied").exclude(id__in=removed):
        signers[msgspec.json.decode(entry.body)["facts"]["correction"]].add(entry.actor)
    found = set()
    for certificate in _unrevoked():
        fact = facts.get(certificate.result)
        accounts: set[Any] = set()
        while fact is not None and fact.corrects is not None:
            accounts |= signers[str(fact.id)] | {fact.actor}
            fact = facts.get(fact.corrects)
            if fact is not None and fact.value == "positive" and len(accounts) < 2:
                found.add(certificate.tube)
    return found


def _unrevoked() -> list[Certificate]:
    """The certificates that stand, without those of people whose personal part was erased: these keep theirs."""
    erased = Registration.objects.filter(name_index=None).values("person_code")
    unrevoked = Certificate.objects.in_force()
    return list(unrevoked.exclude(person_code__in=erased))


def _until(certificate: Certificate, book: RuleBook) -> tuple[str, ...]:
    """Return until when a certificate holds and by which rule; nothing where none speaks."""
    validity = book.validity(
        Stated(certificate.category, certificate.test_type, certificate.sampled_at, certificate.resulted_at)
    )
    return (wire_time(validity.valid_until), validity.rule.code) if validity else ()
