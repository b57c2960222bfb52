"""Turns a request as granian tells it (RSGI) into what Django reads (WSGI, PEP 3333)."""

import sys
from typing import Any

from granian.rsgi import Scope

_BASE: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}
_BARE = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def environ_of(scope: Scope) -> dict[str, Any]:
    """Return the WSGI environment of a request, but for its body."""
    server, _, port = scope.server.rpartition(":")
    environ = {
        **_BASE,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # it would pass for the same name with a dash, such as a proxy's
            continue
        key = _BARE.get(name) or f"HTTP_{name.replace('-', '_').upper()}"
        known = environ.get(key)
        if known is None or key in _BARE.values():
            environ[key] = value
        else:
            environ[key] = f"{known}{';' if name == 'cookie' else ','}{value}"
    return environ
