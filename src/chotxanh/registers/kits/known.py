"""The tests and kits that deeds name: what never changes of them, so that each is asked once in a process."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Generic, NamedTuple
from uuid import UUID

from chotxanh.domain.methods import largest_pool
from chotxanh.domain.standing.times import Window
from chotxanh.registers.kits.models import Kit, ListedTest
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Row, Table

MOST_KEPT = 10_000


class KnownTest(NamedTuple):
    """What a test is."""

    id: UUID
    method: str
    largest_pool: int
    dcc_device: str


class KnownKit(NamedTuple):
    """What a kit is; `largest_pool` is that of an approved protocol, None without one."""

    id: UUID
    test: UUID
    earliest: int
    latest: int
    dcc_device: str
    largest_pool: int | None

    @property
    def window(self) -> Window:
        """When its line may be read."""
        return Window(self.earliest, self.latest)


@dataclass
class _Register(Generic[Row]):
    """One register's rows as they were first read. Whether they were withdrawn meanwhile, only the register tells."""

    table: Table[Row]
    rows: dict[UUID, Row] = field(default_factory=dict)

    def named(self, ids: Collection[UUID]) -> dict[UUID, Row]:
        unknown = [id for id in ids if id not in self.rows]
        if len(self.rows) + len(unknown) > MOST_KEPT:
            self.rows.clear()
            unknown = list(ids)
        self.rows.update((row[0], row) for row in lookup(self.table, "id", unknown))
        return {id: self.rows[id] for id in ids if id in self.rows}


_tests = _Register(Table(ListedTest, KnownTest))
_kits = _Register(Table(Kit, KnownKit))


def tests_named(ids: Collection[UUID]) -> dict[UUID, KnownTest]:
    """Return the tests with these numbers, as far as this node holds them."""
    return _tests.named(ids)


def kits_named(ids: Collection[UUID]) -> dict[UUID, KnownKit]:
    """Return the kits with these numbers, as far as this node holds them."""
    return _kits.named(ids)


def most_in_pool(test: KnownTest, kit: KnownKit | None) -> int:
    """Return how many people may share a tube that is tested so."""
    return largest_pool(test.largest_pool, kit.largest_pool if kit else None)
