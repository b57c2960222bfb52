"""Whoever registers with one identity again and again makes nobody read all of it for each of them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from chotxanh.domain.codes import CodeType, new_code
from chotxanh.results.samplings import Samplings
from tests.cast import DRIVER
from tests.stage import Stage


def codes(count: int) -> list[str]:
    return [new_code(CodeType.PERSON, number.to_bytes(16, "big")) for number in range(1, count + 1)]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each time that somebody's tests are put together."""
    asked = list[str]()
    runs_of: Callable[..., Any] = Samplings.runs_of

    def noting(samplings: Samplings, code: str, holder: UUID | None) -> Any:
        asked.append(code)
        return runs_of(samplings, code, holder)

    monkeypatch.setattr(Samplings, "runs_of", noting)
    return asked


def test_a_registration_among_many_alike_asks_once_for_each(
    declared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a photographed card, on the web: the three-hundredth cost three seconds of the one writer."""
    many = codes(30)
    for code in many[:-1]:
        declared.must_apply(declared.station.register(DRIVER, person_code=code))
    asked = counted(monkeypatch)
    declared.must_apply(declared.station.register(DRIVER, person_code=many[-1]))
    assert len(asked) <= 4 * len(many)
