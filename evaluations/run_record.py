"""A run record: what was run, on what, by what, and what came out. Pure.

The shape of `record.json`; reading, writing and checking it is `records.py`. Every figure is text with
six decimals or a whole number (`figures.py`), times are whole UTC seconds, durations milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evaluations.figures import ratio, written
from evaluations.keys import KeyParts, RunKey
from evaluations.metrics import Metrics
from evaluations.rows import Row
from evaluations.suites import LeftOut, SuiteLabel, Visibility
from evaluations.verdicts import Tokens
from policies.model import Labelling

FORMAT = 2
"""Format 1 is read as well: its figures have no `mcc` and no `severity` (`record_formats.py`)."""


class RunStatus(StrEnum):
    """Whether every case of the suite has its answers."""

    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRef:
    """The policy as it was run: its address, version and commit where it has them, and its digest."""

    address: str
    digest: str
    version: str | None = None
    commit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteRef:
    """The suite as it was run. `n` cases are counted, of which the share `prevalence` violates."""

    id: str
    version: str
    digest: str
    split: str
    visibility: Visibility
    labelling: Labelling
    labels: tuple[SuiteLabel, ...]
    n: int
    prevalence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where it ran: versions by library (with `policy-commons` as the runner), and the hardware."""

    versions: Mapping[str, str]
    hardware: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Nearest-rank percentiles over the rows that have a latency, in milliseconds."""

    p50: int
    p95: int
    p99: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Milliseconds to make the engine ready and to answer, and answers per second of the latter."""

    load_ms: int
    answer_ms: int
    items_per_second: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run: one policy revision, one suite, one model, one template.

    `rows` and `reasoning` are the SHA-256 of `predictions.jsonl` and `reasoning.jsonl`; the latter
    begins with a salt, so its digest says nothing about words that were erased.
    """

    v: int
    key: RunKey
    parts: KeyParts
    status: RunStatus
    started: int
    ended: int
    engine_version: str
    policy: PolicyRef
    suite: SuiteRef
    environment: Environment
    repeats: int
    left_out: tuple[LeftOut, ...]
    metrics: Metrics
    tokens: Tokens | None
    latency: Latency | None
    timing: Timing
    rows: str
    reasoning: str


def tokens_of(rows: Iterable[Row]) -> Tokens | None:
    """Token counts summed over rows; None for a kind that no row states, and if none states any."""
    given = [row.tokens for row in rows if row.tokens is not None]
    if not given:
        return None
    return Tokens(
        input=_sum(tokens.input for tokens in given),
        output=_sum(tokens.output for tokens in given),
        cached=_sum(tokens.cached for tokens in given),
        reasoning=_sum(tokens.reasoning for tokens in given),
    )


def latency_of(rows: Iterable[Row]) -> Latency | None:
    """Percentiles of the rows' latencies; None when no row has one."""
    ordered = sorted(row.latency_ms for row in rows if row.latency_ms is not None)
    if not ordered:
        return None
    return Latency(
        p50=_nearest(ordered, 50), p95=_nearest(ordered, 95), p99=_nearest(ordered, 99), n=len(ordered)
    )


def timing_of(load_ms: int, answer_ms: int, answers: int) -> Timing:
    """Durations with the throughput they give; undefined when answering took less than a millisecond."""
    rate = ratio(answers * 1000, answer_ms)
    return Timing(load_ms=load_ms, answer_ms=answer_ms, items_per_second=written(rate))


def _sum(counts: Iterable[int | None]) -> int | None:
    stated = [count for count in counts if count is not None]
    return sum(stated) if stated else None


def _nearest(ordered: Sequence[int], percent: int) -> int:
    # The smallest value with at least `percent` of all at or below it, in whole numbers.
    return ordered[-(-percent * len(ordered) // 100) - 1]
