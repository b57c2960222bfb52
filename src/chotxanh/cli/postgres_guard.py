"""Outlives whoever started a private PostgreSQL, to stop it and clear its folder however they died."""

import os
import shutil
import signal
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Wait until standard input closes, which is when the starter is gone; then leave nothing behind."""
    sys.stdin.buffer.read()
    stop_server(folder / "data" / "postmaster.pid")
    shutil.rmtree(folder, ignore_errors=True)


def stop_server(lock: Path) -> None:
    """Stop the server whose lock file this is at once; its data is not needed any more."""
    try:
        pid = int(lock.read_text(encoding="utf-8").splitlines()[0])
        os.kill(pid, signal.SIGTERM if os.name == "nt" else signal.SIGQUIT)
    except (OSError, ValueError, IndexError):
        return  # it stopped in order, as it nearly always does


if __name__ == "__main__":
    main(Path(sys.argv[1]))
