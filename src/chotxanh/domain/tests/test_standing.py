"""What stands does not hang on the order in which anything came."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chotxanh.domain.standing.acts import Method, Sampling, Value, Word
from chotxanh.domain.standing.runs import runs_of
from chotxanh.domain.standing.times import Span, Window

SAMPLED = datetime(2021, 7, 25, 1, tzinfo=UTC)


def test_of_two_fillings_at_one_moment_the_same_one_is_always_the_first() -> None:
    for number in range(20):
        rapid = Sampling(f"T{number}", frozenset("a"), Method.AG_RAPID, Span.at(SAMPLED), Window(0, 0))
        read = Word(rapid.tube, Method.AG_RAPID, Value.NEGATIVE, Span.at(SAMPLED + timedelta(minutes=20)))
        confirming = replace(rapid, method=Method.RT_PCR, window=None)
        (run,) = runs_of([confirming, rapid], [read])
        assert (run.method, run.is_disputed, run.negative_since) == (Method.AG_RAPID, True, None)
        wider = replace(rapid, window=Window(15, 30))
        (run,) = runs_of([wider, rapid], [read])
        assert (run.is_disputed, run.negative_since) == (True, None)
