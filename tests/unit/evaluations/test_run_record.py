"""Totals, percentiles and throughput."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from evaluations.rows import Row
from evaluations.run_record import Latency, latency_of, timing_of, tokens_of
from evaluations.suites import SuiteItem
from evaluations.verdicts import LabelVerdict, Tokens

ROW = Row(item=SuiteItem(id="x", input="0" * 64, gold="A"), repeat=1, verdict=LabelVerdict(code="A"))


def test_tokens_are_summed_and_unknown_kinds_stay_unknown() -> None:
    """A kind that no row states is None, and so is the whole without any."""
    rows = [replace(ROW, tokens=Tokens(input=3, output=1)), ROW, replace(ROW, tokens=Tokens(input=4))]
    assert tokens_of(rows) == Tokens(input=7, output=1)
    assert tokens_of([ROW]) is None


@pytest.mark.parametrize(
    ("latencies", "expected"),
    [
        (range(1, 101), Latency(p50=50, p95=95, p99=99, n=100)),
        ([7], Latency(p50=7, p95=7, p99=7, n=1)),
        ([4, 1, 3, 2], Latency(p50=2, p95=4, p99=4, n=4)),
        ([], None),
    ],
)
def test_percentiles_are_by_nearest_rank(latencies: list[int], expected: Latency | None) -> None:
    """A percentile is a latency that was measured, in whole milliseconds."""
    assert latency_of([ROW, *(replace(ROW, latency_ms=ms) for ms in latencies)]) == expected


def test_throughput_is_answers_per_second() -> None:
    """3,728 answers in 120 ms are 31,066.67 a second; in no time the rate is undefined."""
    assert timing_of(10, 120, 3_728).items_per_second == "31066.666667"
    assert timing_of(10, 0, 5).items_per_second is None
