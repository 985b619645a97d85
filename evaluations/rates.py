"""Counts of right and wrong answers for one label, and the rates that follow. Pure.

An answer that could not be read, or never came, is wrong, whatever the case's label: it lowers recall
and specificity. It is not a false alarm, for it says nothing, so precision counts only what was said;
`bounds` shows what precision could have been.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction

from evaluations.figures import ratio, written
from evaluations.intervals import Proportion, proportion, written_decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Cases by what is true of a label and what was said of it.

    `positive` means that the label is the true one. `unknown` cases have no truth for this label and
    are in no denominator.
    """

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0
    unparsed_positive: int = 0
    unparsed_negative: int = 0
    failed_positive: int = 0
    failed_negative: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The rates of one label or view. A figure without a denominator is None.

    `mcc` is Matthews' correlation coefficient, -1 to 1; records of format 1 do not have it.
    """

    counts: Counts
    accuracy: Proportion
    precision: Proportion
    recall: Proportion
    f1: str | None
    false_positive_rate: Proportion
    false_negative_rate: Proportion
    mcc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A figure if every unread answer had been right, and if every one had been wrong."""

    best: str | None
    worst: str | None


def positives(counts: Counts) -> int:
    """Cases that have the label."""
    return counts.tp + counts.fn + counts.unparsed_positive + counts.failed_positive


def negatives(counts: Counts) -> int:
    """Cases known not to have it."""
    return counts.tn + counts.fp + counts.unparsed_negative + counts.failed_negative


def rates_of(counts: Counts, repeats: int = 1) -> Rates:
    """The rates that follow from `counts`, unread answers taken as wrong.

    `counts` are of answers, `repeats` to a case.
    """

    def share(count: int, n: int) -> Proportion:
        return proportion(count, n, repeats=repeats)

    n_positive, n_negative = positives(counts), negatives(counts)
    return Rates(
        counts=counts,
        accuracy=share(counts.tp + counts.tn, n_positive + n_negative),
        precision=share(counts.tp, counts.tp + counts.fp),
        recall=share(counts.tp, n_positive),
        f1=written(f1_of(counts)),
        false_positive_rate=share(n_negative - counts.tn, n_negative),
        false_negative_rate=share(n_positive - counts.tp, n_positive),
        mcc=mcc_of(counts),
    )


def f1_of(counts: Counts) -> Fraction | None:
    """The harmonic mean of precision and recall, exact; None when nothing has or was given the label."""
    return ratio(2 * counts.tp, counts.tp + counts.fp + positives(counts))


def precision_of(counts: Counts) -> Fraction | None:
    """Of those given the label, the share that has it; exact."""
    return ratio(counts.tp, counts.tp + counts.fp)


def recall_of(counts: Counts) -> Fraction | None:
    """Of those that have the label, the share that was given it; exact."""
    return ratio(counts.tp, positives(counts))


def mcc_of(counts: Counts) -> str | None:
    """Matthews' correlation coefficient; None where one side of the table is empty.

    Biochim. Biophys. Acta 405:442-451 (1975). An unread answer is the wrong one, as in the other rates.
    """
    n_positive, n_negative = positives(counts), negatives(counts)
    missed, alarms = n_positive - counts.tp, n_negative - counts.tn
    spread = (counts.tp + alarms) * n_positive * n_negative * (counts.tn + missed)
    if not spread:
        return None
    with localcontext(prec=50):
        return written_decimal(Decimal(counts.tp * counts.tn - alarms * missed) / Decimal(spread).sqrt())


def readable(counts: Counts) -> Counts:
    """`counts` without the answers that could not be read."""
    return replace(counts, unparsed_positive=0, unparsed_negative=0, failed_positive=0, failed_negative=0)


def summed(many: Iterable[Counts]) -> Counts:
    """Cell by cell."""
    total = Counts()
    for counts in many:
        total = Counts(
            tp=total.tp + counts.tp,
            fp=total.fp + counts.fp,
            fn=total.fn + counts.fn,
            tn=total.tn + counts.tn,
            unparsed_positive=total.unparsed_positive + counts.unparsed_positive,
            unparsed_negative=total.unparsed_negative + counts.unparsed_negative,
            failed_positive=total.failed_positive + counts.failed_positive,
            failed_negative=total.failed_negative + counts.failed_negative,
            unknown=total.unknown + counts.unknown,
        )
    return total


def bounds_of(counts: Counts) -> dict[str, Bound]:
    """What each rate could have been, had the unread answers been read. Keys are those of `Rates`."""
    lost_positive = counts.unparsed_positive + counts.failed_positive
    lost_negative = counts.unparsed_negative + counts.failed_negative
    n_positive, n_negative = positives(counts), negatives(counts)
    caught = counts.tp + lost_positive
    return {
        "precision": _bound(
            ratio(caught, caught + counts.fp), ratio(counts.tp, counts.tp + counts.fp + lost_negative)
        ),
        "recall": _bound(ratio(caught, n_positive), ratio(counts.tp, n_positive)),
        "false_positive_rate": _bound(
            ratio(counts.fp, n_negative), ratio(counts.fp + lost_negative, n_negative)
        ),
        "false_negative_rate": _bound(
            ratio(counts.fn, n_positive), ratio(counts.fn + lost_positive, n_positive)
        ),
    }


def _bound(best: Fraction | None, worst: Fraction | None) -> Bound:
    return Bound(best=written(best), worst=written(worst))
