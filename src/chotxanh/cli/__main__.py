"""Finds the command's module by its name and runs it."""

import difflib
import importlib
import pkgutil
import signal
import sys
from collections.abc import Sequence
from types import FrameType, ModuleType

from chotxanh.cli import commands
from chotxanh.cli.progress import say, tell
from chotxanh.cli.stopped import Stopped

INTERRUPTED = 130
TERMINATED = 143
MISUSED = 2


def main(arguments: Sequence[str]) -> int:
    """Run the command named first in `arguments` and return its exit status."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        say(overview())
        return 0 if arguments else MISUSED
    name = arguments[0]
    if name not in names():
        tell(unknown(name))
        return MISUSED
    try:
        status: int = command(name).run(list(arguments[1:]))
    except Stopped as reason:
        tell(str(reason))
        return 1
    except KeyboardInterrupt:
        tell()
        return INTERRUPTED
    return status


def names() -> list[str]:
    """Return every command's name; a new module in `commands` is a new command."""
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__) if not module.ispkg)


def command(name: str) -> ModuleType:
    """Return the module of a command, importing no other."""
    return importlib.import_module(f"{commands.__name__}.{name}")


def overview() -> str:
    """Return one line for each command."""
    lines = [f"  {name:<14}{summary(command(name))}" for name in names()]
    ending = "docs/commands.md describes each of them."
    return "\n".join(["Chốt Xanh: ./chotxanh COMMAND", "", *lines, "", ending])


def summary(module: ModuleType) -> str:
    """Return the first line of a command's docstring."""
    return (module.__doc__ or "").strip().splitlines()[0]


def unknown(name: str) -> str:
    """Return the sentence for a command that does not exist, with the nearest one that does."""
    near = difflib.get_close_matches(name, names(), n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"There is no command '{name}'.{hint} The commands are: {', '.join(names())}."


def _end_tidily(signal_number: int, frame: FrameType | None) -> None:
    del signal_number, frame
    raise SystemExit(TERMINATED)  # so that what was started is stopped on the way out


if __name__ == "__main__":
    for ending in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        if hasattr(signal, ending):
            signal.signal(getattr(signal, ending), _end_tidily)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born deaf to it
    sys.exit(main(sys.argv[1:]))
