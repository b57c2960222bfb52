"""What a campaign counts as lost and as doubled: a row taken away is found, and so is one too many."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import models

from benchmarks.faults.counting import Claims, count_losses
from benchmarks.operating import Desk
from chotxanh.certificates.models import Certificate
from chotxanh.ledger.models import Entry
from chotxanh.people.models import Registration
from chotxanh.results.models import PersonResult


@pytest.fixture
def claims(desk: Desk) -> Claims:
    """Ten people in two tubes, all of it acknowledged."""
    codes = desk.tested_people(10, 5)
    tubes = sorted(set(PersonResult.objects.values_list("tube", flat=True)))
    return Claims([desk.station], codes, dict(zip(tubes, (codes[:5], codes[5:]), strict=True)), [])


def counts(claims: Claims) -> tuple[int, int]:
    findings = count_losses(claims)
    return len(findings.lost), len(findings.duplicated)


def test_nothing_is_missed_where_all_is_there(claims: Claims) -> None:
    assert counts(claims) == (0, 0)


@pytest.mark.parametrize("model", [Entry, Registration, PersonResult, Certificate])
def test_a_row_that_is_gone_is_lost(claims: Claims, model: type[models.Model]) -> None:
    rows = model._default_manager.order_by("pk")
    if model is Entry:
        rows = rows.filter(kind="result.recorded")
    rows[0].delete()
    assert counts(claims) == (1, 0)


@pytest.mark.parametrize("model", [Registration, Certificate])
def test_a_row_that_is_there_twice_is_doubled(claims: Claims, model: type[models.Model]) -> None:
    row = model._default_manager.order_by("pk")[0]
    row.pk = uuid4()
    row._state.adding = True
    if isinstance(row, Certificate):
        row.uvci, row.entry, row.signature_hash = "another", uuid4(), b"another"
    row.save(force_insert=True)
    assert counts(claims)[1] >= 1


def test_a_citizen_whose_page_is_unknown_is_lost(claims: Claims) -> None:
    assert counts(replace(claims, secrets=["a-secret-that-was-given"])) == (1, 0)


def test_an_entry_without_a_receipt_is_lost(claims: Claims) -> None:
    station = claims.stations[0]
    station.write("clock.jumped", {"by": 5}, 1)
    assert counts(claims) == (2, 0)  # it is not in the ledger, and nobody said it was
