"""Says what stands for a person: one JSON object for each history on a line of standard input.

In: `{"person", "at", "events": [{"what", "at", …}]}`, events in any order, times in ISO 8601. Out: `{"state",
"certificates": [{"tube", "state", "valid_until"}], "order"}`, by the rules of July 2021, or of January 2022 where the
line says `"rules": "january-2022"`; papers hold 72 hours from the result. A line that cannot be read is answered with
`{"problem": "request_unreadable"}`.
"""

import argparse
from datetime import datetime, timedelta

import msgspec

from chotxanh.cli import json_lines, standing_events
from chotxanh.domain.standing.history import standing_in
from chotxanh.domain.standing.person import Paper, PaperState

LONGEST_LINE = 4_000_000
HOLDS_FOR = timedelta(hours=72)
_SHOWN = (PaperState.SUSPENDED, PaperState.REVOKED)


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    return argparse.ArgumentParser(prog="./chotxanh stands", description=__doc__)


def run(arguments: list[str]) -> int:
    """Answer every line as it comes."""
    parser().parse_args(arguments)
    return json_lines.answer_each(answer, longest=LONGEST_LINE)


def answer(line: bytes) -> json_lines.Answer:
    """Say what stands for the person a line asks of."""
    try:
        asked = standing_events.read(line)
    except (msgspec.DecodeError, OverflowError):
        return {"problem": "request_unreadable"}
    standing = standing_in(asked.history, asked.person, asked.rules)
    papers = [paper for paper in standing.papers if paper.state is not PaperState.WITHHELD]
    return {
        "state": standing.state,
        "certificates": [_certificate(paper, asked.at) for paper in papers],
        "order": standing.order,
    }


def _certificate(paper: Paper, at: datetime) -> dict[str, str]:
    since = paper.run.paper_since or paper.run.sampled
    until = since.earliest + HOLDS_FOR
    state = paper.state.value if paper.state in _SHOWN else "valid" if at < until else "expired"
    return {"tube": paper.run.tube, "state": state, "valid_until": until.isoformat().replace("+00:00", "Z")}
