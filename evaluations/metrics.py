"""Every figure of a run, from counted outcomes. Pure.

Two views of one count: `headline` takes answers that could not be read as wrong, `excluded` leaves
them out. `bounds` gives what the headline could have been. The average called macro is over the labels
for which a figure is defined, and says how many those are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluations.counting import CountedRows, count_rows
from evaluations.figures import mean, ratio, written
from evaluations.intervals import Proportion, proportion
from evaluations.outcomes import Outcome, Seen, Unread, is_right, label_of, violation_of
from evaluations.rates import (
    Bound,
    Counts,
    Rates,
    bounds_of,
    f1_of,
    precision_of,
    rates_of,
    readable,
    recall_of,
    summed,
)
from evaluations.rows import Row
from evaluations.statistics.kappa import weighted_kappa
from evaluations.suites import SuiteLabel
from evaluations.verdicts import Verdict
from policies.model import Labelling


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRates:
    """The rates of one label against all others, or of one flag."""

    code: str
    rates: Rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Average:
    """An average over `labels` labels or flags; None over none.

    It has no interval: one case counts in several labels, so a proportion's interval would be too
    narrow.
    """

    value: str | None
    labels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Averages:
    """Precision, recall and F1 over labels."""

    precision: Average
    recall: Average
    f1: Average


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Figures over `n` cases. `accuracy` asks for the exact label, or for every known flag.

    `binary` asks only whether the content violates. `micro` is None for single-label suites, where it
    equals accuracy. Where some answers are left out, `n` is their number over the repeats, rounded up.
    """

    n: int
    accuracy: Proportion
    binary: Rates
    labels: tuple[LabelRates, ...]
    macro: Averages
    micro: Averages | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionRow:
    """How the cases of one gold label were answered."""

    gold: str
    said: Mapping[str, int]
    unparsed: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceScores:
    """One slice of the suite; slices may overlap."""

    name: str
    n: int
    accuracy: Proportion
    unparsed: int
    failed: int
    binary: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoCount:
    """Known failures: how many there are, and how many came out right. In no other figure."""

    n: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """Quadratic-weighted kappa over `n` readable answers: a 3 called a 2 is a smaller mistake than a 0.

    None where gold and answers use one and the same label only.
    """

    kappa: str | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Everything a run's rows give.

    With repeats, figures are averaged within each case first: counts are of answers, `n` and intervals of
    cases. `todo` looks at the first answers. `self_agreement` counts the cases (todo ones too) on which
    all repeats give one verdict, and is None without repeats. `severity` is None for flags; records of
    format 1 do not have it.
    """

    headline: Scores
    excluded: Scores
    bounds: Mapping[str, Bound]
    unparsed: int
    failed: int
    confusion: tuple[ConfusionRow, ...] | None
    slices: tuple[SliceScores, ...]
    todo: TodoCount
    self_agreement: Proportion | None
    severity: Severity | None = None


def metrics_of(rows: Iterable[Row], labels: Sequence[SuiteLabel], labelling: Labelling) -> Metrics:
    """The figures of labelled rows; their order does not matter.

    Every row's gold label and verdict must be of the labelling and the labels given.
    """
    codes = tuple(label.code for label in labels)
    kept = tuple(rows)
    counted = count_rows(kept, codes)
    outcomes, repeats = counted.outcomes, counted.repeats
    single = labelling is Labelling.SINGLE
    right = _right(outcomes)
    unread = right[Unread.UNPARSED] + right[Unread.FAILED]
    answers = outcomes.total()
    accuracy = Bound(
        best=written(ratio(right[True] + unread, answers)), worst=written(ratio(right[True], answers))
    )
    return Metrics(
        headline=_scores(counted, labels, answers, lambda counts: counts, micro=not single),
        excluded=_scores(counted, labels, answers - unread, readable, micro=not single),
        bounds={"accuracy": accuracy, **bounds_of(_binary(outcomes, labels))},
        unparsed=right[Unread.UNPARSED],
        failed=right[Unread.FAILED],
        confusion=_confusion(outcomes, codes) if single else None,
        slices=tuple(
            _slice(name, counted.by_slice[name], labels, repeats) for name in sorted(counted.by_slice)
        ),
        todo=TodoCount(n=counted.todo.total(), right=_right(counted.todo)[True]),
        self_agreement=_agreement(kept) if repeats > 1 else None,
        severity=_severity(outcomes, codes) if single else None,
    )


def _scores(
    seen: CountedRows,
    labels: Sequence[SuiteLabel],
    answers: int,
    view: Callable[[Counts], Counts],
    *,
    micro: bool,
) -> Scores:
    outcomes, repeats = seen.outcomes, seen.repeats
    counted = [view(_label(outcomes, position, label.code)) for position, label in enumerate(labels)]
    return Scores(
        n=-(-answers // repeats),
        accuracy=proportion(_right(outcomes)[True], answers, repeats=repeats),
        binary=rates_of(view(_binary(outcomes, labels)), repeats),
        labels=tuple(
            LabelRates(code=label.code, rates=rates_of(counts, repeats))
            for label, counts in zip(labels, counted, strict=True)
        ),
        macro=_macro(counted),
        micro=_micro(counted) if micro else None,
    )


def _macro(counted: Sequence[Counts]) -> Averages:
    def over(figure: Callable[[Counts], Fraction | None]) -> Average:
        values = [figure(counts) for counts in counted]
        return Average(value=written(mean(values)), labels=sum(value is not None for value in values))

    return Averages(precision=over(precision_of), recall=over(recall_of), f1=over(f1_of))


def _micro(counted: Sequence[Counts]) -> Averages:
    total, n = summed(counted), len(counted)
    return Averages(
        precision=Average(value=written(precision_of(total)), labels=n),
        recall=Average(value=written(recall_of(total)), labels=n),
        f1=Average(value=written(f1_of(total)), labels=n),
    )


def _label(outcomes: Counter[Outcome], position: int, code: str) -> Counts:
    return _counts((label_of(outcome, position, code), n) for outcome, n in outcomes.items())


def _binary(outcomes: Counter[Outcome], labels: Sequence[SuiteLabel]) -> Counts:
    return _counts((violation_of(outcome, labels), n) for outcome, n in outcomes.items())


def _counts(seen: Iterable[tuple[Seen, int]]) -> Counts:
    cells: Counter[Seen] = Counter()
    for what, n in seen:
        cells[what] += n
    return Counts(
        tp=cells[Seen(True, True)],
        fp=cells[Seen(False, True)],
        fn=cells[Seen(True, False)],
        tn=cells[Seen(False, False)],
        unparsed_positive=cells[Seen(True, Unread.UNPARSED)],
        unparsed_negative=cells[Seen(False, Unread.UNPARSED)],
        failed_positive=cells[Seen(True, Unread.FAILED)],
        failed_negative=cells[Seen(False, Unread.FAILED)],
        unknown=sum(n for what, n in cells.items() if what.gold is None),
    )


def _right(outcomes: Counter[Outcome]) -> Counter[bool | Unread]:
    result: Counter[bool | Unread] = Counter()
    for outcome, n in outcomes.items():
        result[is_right(outcome)] += n
    return result


def _confusion(outcomes: Counter[Outcome], codes: Sequence[str]) -> tuple[ConfusionRow, ...]:
    return tuple(
        ConfusionRow(
            gold=gold,
            said={said: outcomes[Outcome(gold, said)] for said in codes},
            unparsed=outcomes[Outcome(gold, Unread.UNPARSED)],
            failed=outcomes[Outcome(gold, Unread.FAILED)],
        )
        for gold in codes
    )


def _slice(name: str, outcomes: Counter[Outcome], labels: Sequence[SuiteLabel], repeats: int) -> SliceScores:
    right = _right(outcomes)
    return SliceScores(
        name=name,
        n=-(-outcomes.total() // repeats),
        accuracy=proportion(right[True], outcomes.total(), repeats=repeats),
        unparsed=right[Unread.UNPARSED],
        failed=right[Unread.FAILED],
        binary=_binary(outcomes, labels),
    )


def _severity(outcomes: Counter[Outcome], codes: Sequence[str]) -> Severity:
    pairs: Counter[tuple[str, str]] = Counter()
    for (gold, said), n in outcomes.items():
        if isinstance(gold, str) and isinstance(said, str):
            pairs[gold, said] += n
    return Severity(kappa=written(weighted_kappa(pairs, codes)), n=pairs.total())


def _agreement(rows: Iterable[Row]) -> Proportion | None:
    verdicts: defaultdict[str, list[Verdict]] = defaultdict(list)
    for row in rows:
        verdicts[row.item.id].append(row.verdict)
    repeated = [given for given in verdicts.values() if len(given) > 1]
    if not repeated:
        return None
    agreeing = sum(all(verdict == given[0] for verdict in given) for given in repeated)
    return proportion(agreeing, len(repeated))
