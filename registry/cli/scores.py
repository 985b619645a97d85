"""A run's figures for people: each with its interval and its count, and what is left out said aloud."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from registry.cli.console import Output, plural

if TYPE_CHECKING:
    from evaluations.intervals import Proportion
    from evaluations.run_record import RunRecord

UNTESTED = "Not yet tested with gpt-oss-safeguard."
SCRIPTED = "Answered by a script (commons mock): no model read the policy, and these figures mean nothing."
STAND_INS = frozenset(("lexical", "lexical-cv", "embedding", "replay"))
"""Engines that run no model: baselines, and answers that were recorded elsewhere."""


def show_scores(output: Output, record: RunRecord) -> None:
    """Prints the headline figures, the figures of each label, and what was not counted."""
    scores = record.metrics.headline
    binary = scores.binary
    rows: list[tuple[str, Proportion]] = [
        ("exact label" if record.metrics.confusion is not None else "every flag right", scores.accuracy),
        ("violating or not", binary.accuracy),
        ("  violations caught (recall)", binary.recall),
        ("  right when it said so (precision)", binary.precision),
        ("  wrongly flagged (false positives)", binary.false_positive_rate),
    ]
    output.table(
        ("figure", "value", "95 % interval", "count"),
        [(name, short(share.value), _interval(share), _count(share)) for name, share in rows],
        right=("value", "95 % interval", "count"),
    )
    output.line()
    output.table(
        ("label", "precision", "95 % interval", "recall", "95 % interval ", "F1", "cases"),
        [
            (
                label.code,
                short(label.rates.precision.value),
                _interval(label.rates.precision),
                short(label.rates.recall.value),
                _interval(label.rates.recall),
                short(label.rates.f1),
                label.rates.recall.n,
            )
            for label in scores.labels
        ],
        right=("precision", "95 % interval", "recall", "95 % interval ", "F1", "cases"),
    )
    for said in _uncounted(record):
        output.line(said)


def short(figure: str | None) -> str:
    """A figure to three decimals; a dash where it is undefined."""
    return "-" if figure is None else f"{float(figure):.3f}"


def _interval(share: Proportion) -> str:
    return f"{short(share.interval.low)} to {short(share.interval.high)}" if share.interval else "-"


def _count(share: Proportion) -> str:
    return f"{share.count:,} of {share.n:,}"


def _uncounted(record: RunRecord) -> list[str]:
    metrics = record.metrics
    reasons = Counter(left.reason.value.replace("-", " ") for left in record.left_out)
    said = [f"Left out: {plural(count, 'case')} {reason}." for reason, count in sorted(reasons.items())]
    if metrics.unparsed or metrics.failed:
        said.append(f"Counted as wrong: {metrics.unparsed:,} unparsed and {metrics.failed:,} failed answers.")
    if metrics.todo.n:
        said.append(
            f"Known failures, not counted: {metrics.todo.n:,}, of which {metrics.todo.right:,} right."
        )
    return said
