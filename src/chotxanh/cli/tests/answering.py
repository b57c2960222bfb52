"""An application that answers every request with the number of its process."""

import os

from granian._granian import RSGIHTTPProtocol
from granian.rsgi import Scope


async def application(_scope: Scope, protocol: RSGIHTTPProtocol) -> None:
    """Answer a request (RSGI)."""
    protocol.response_bytes(200, [("content-type", "text/plain")], str(os.getpid()).encode())
