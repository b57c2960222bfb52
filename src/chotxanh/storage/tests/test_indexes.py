"""No index is another's twin: each costs every record a page of its own, in random order."""

from collections import Counter

import pytest
from django.db import connection

from chotxanh.storage.statements import ask

_INDEXES = """
SELECT indrelid::regclass::text, indkey::text, coalesce(pg_get_expr(indpred, indrelid), '')
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
WHERE relnamespace = current_schema()::regnamespace AND NOT relname LIKE 'django%%'
"""


@pytest.mark.django_db
def test_no_two_indexes_are_over_the_same_columns_and_rows() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite makes none")
    found = Counter(ask(_INDEXES))
    assert found
    assert [index for index, count in found.items() if count > 1] == []
