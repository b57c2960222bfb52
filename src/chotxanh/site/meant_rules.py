"""Rules that are only meant: read from a file, to be rehearsed before anybody enacts or repeals them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, cast

import msgspec
from msgspec.structs import replace

from chotxanh.domain.problems import Problem
from chotxanh.protocol.exchange import UNREADABLE
from chotxanh.protocol.kinds import newest, reader_of
from chotxanh.registers.rules.entries import RuleEnacted, RuleRepealed


class MeantRule(msgspec.Struct, frozen=True):
    """A rule's entry as the office would record it: its kind and its facts (contracts/kinds)."""

    kind: Literal["rule.enacted", "rule.repealed"]
    facts: msgspec.Raw


_files = msgspec.json.Decoder(list[MeantRule])


def read_meant_rules(text: bytes) -> list[MeantRule]:
    """Read a file of meant rules. Raises Problem: `request_unreadable`, `rule_says_nothing`, `period_invalid`."""
    try:
        rules = _files.decode(text)
        for rule in rules:
            _facts_of(rule)
    except UNREADABLE as error:
        raise Problem("request_unreadable") from error
    return rules


def as_if_since(rules: Sequence[MeantRule], since: datetime) -> list[RuleEnacted | RuleRepealed]:
    """Return what to record so that the rules hold, or are repealed, from a time (UTC) on."""
    return [
        replace(facts, effective_from=since) if isinstance(facts, RuleEnacted) else replace(facts, at=since)
        for facts in map(_facts_of, rules)
    ]


def _facts_of(rule: MeantRule) -> RuleEnacted | RuleRepealed:
    row = newest(rule.kind)
    reader = reader_of(row.kind, row.version)
    assert reader is not None
    reader.facts.decode(rule.facts)  # as strictly as the door
    facts = cast(RuleEnacted | RuleRepealed, msgspec.json.decode(rule.facts, type=row.facts))
    if row.check is not None:
        row.check(facts, None)
    return facts
