"""Writes the generated pages of docs/ anew: every problem code and every address."""

from chotxanh.cli import documents
from chotxanh.cli.progress import say
from chotxanh.cli.stopped import Stopped


def run(arguments: list[str]) -> int:
    """Write them and name those that changed."""
    if arguments:
        raise Stopped("./chotxanh document takes no arguments.")
    changed = documents.write()
    say("\n".join(changed) or "Nothing has changed.")
    return 0
