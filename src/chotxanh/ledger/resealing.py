"""Seals what is stored again under the newest key, so that older keys can be dropped."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.db import models, transaction

from chotxanh.keys.checks import end_seal_keys
from chotxanh.keys.ring import key_ring
from chotxanh.keys.sealing import seal, seal_number, unsealed
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.models import SET_ASIDE_CONTEXT, Entry, SetAside
from chotxanh.ledger.unread import unread_context
from chotxanh.registers.staff.models import Badge, SecondFactor

PART = 500
SealedColumn = tuple[type[models.Model], str, Callable[[Any], bytes]]

# Every sealed column with the context that its bytes are bound to.
SEALED: tuple[SealedColumn, ...] = (
    (Entry, "personal", lambda id: id.bytes),
    (Entry, "unread", lambda id: unread_context(id.bytes)),
    (SetAside, "raw", lambda _id: SET_ASIDE_CONTEXT),
    (SecondFactor, "sealed", lambda member: member.bytes),
    (Badge, "sealed", lambda id: id.bytes),
)


def reseal_all() -> int:
    """Seal again what older keys sealed, part by part beside the work that goes on; return how many.

    It can be stopped and called again: what is sealed by the newest key already is left alone.
    """
    return sum(_reseal(column, part) for column in SEALED for part in _parts(column))


def drop_older_keys() -> None:
    """Forget every key but the newest, once nothing is sealed by them; nobody records meanwhile."""
    with transaction.atomic(), in_ledger(is_alone=True):
        reseal_all()
        end_seal_keys(key_ring().active)


def _parts(column: SealedColumn) -> Iterator[list[int | UUID]]:
    model, name, _ = column
    active, after = key_ring().active, None
    while True:
        rows = model._default_manager.filter(**{f"{name}__isnull": False}).order_by("pk")
        part = list((rows.filter(pk__gt=after) if after else rows).values_list("pk", name)[:PART])
        if not part:
            return
        after = part[-1][0]
        old = [pk for pk, sealed in part if sealed and seal_number(bytes(sealed)) != active]
        if old:
            yield old


def _reseal(column: SealedColumn, keys: list[int | UUID]) -> int:
    model, name, context_of = column
    with transaction.atomic():
        locked = model._default_manager.select_for_update().filter(pk__in=keys, **{f"{name}__isnull": False})
        rows = list(locked.order_by("pk"))
        for row in rows:
            context = context_of(row.pk)
            opened = unsealed(getattr(row, name), context)
            if opened is not None:  # what nothing opens is no loss when its key goes
                setattr(row, name, seal(opened, context))
        model._default_manager.bulk_update(rows, [name])
    return len(rows)
