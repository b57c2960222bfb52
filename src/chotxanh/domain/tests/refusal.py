"""What a test says of text that must be refused."""

from collections.abc import Callable

import pytest

from chotxanh.domain.problems import Problem


def refused_as(call: Callable[[], object]) -> str:
    """The problem code that `call` raises."""
    with pytest.raises(Problem) as caught:
        call()
    return caught.value.code
