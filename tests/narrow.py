"""Limits so narrow that a test reaches them at once, and so slow that no busy machine gets a token back meanwhile."""

from dataclasses import replace
from datetime import timedelta
from types import ModuleType

import pytest

from chotxanh.beside.limits import Limit

BURST = 3


def narrow(patch: pytest.MonkeyPatch, module: ModuleType, limit: Limit, burst: int = BURST) -> None:
    """Let `module` allow `burst` of `limit` a day."""
    name = next(name for name, value in vars(module).items() if value is limit)
    patch.setattr(module, name, replace(limit, burst=burst, per=timedelta(days=1)))
