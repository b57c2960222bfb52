"""Answers each line of standard input with one JSON object, whatever bytes the line holds."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO

Answer = Mapping[str, object]


def answer_each(respond: Callable[[bytes], Answer], *, longest: int) -> int:
    """Write `respond(line)` for each line as soon as it is there; returns the exit status.

    A line comes without its line end and with at most `longest` + 1 bytes: what is longer is not kept.
    """
    try:
        for line in _lines(sys.stdin.buffer, longest):
            write(respond(line))
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def write(answer: Answer | Sequence[Answer]) -> None:
    """Write one object, or a list of them, on a line of its own: as UTF-8, or escaped where that cannot be."""
    try:
        encoded = json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair
        encoded = json.dumps(answer, allow_nan=False).encode()
    sys.stdout.buffer.write(encoded + b"\n")
    sys.stdout.buffer.flush()


def _lines(stream: BinaryIO, longest: int) -> Iterator[bytes]:
    while line := stream.readline(longest + 2):
        while not line.endswith(b"\n") and (rest := stream.readline(longest + 2)):
            line = line[: longest + 1] + rest[-1:]
        yield line.removesuffix(b"\n")[: longest + 1]
