"""The smallest application there is: it answers with its process number."""

import os
from collections.abc import Callable, Iterable
from typing import Any


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Say who answers."""
    start("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
