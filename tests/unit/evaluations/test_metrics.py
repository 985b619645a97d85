"""Metrics, by hand on five cases and against scikit-learn on many."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sklearn.metrics import (
    cohen_kappa_score,
    confusion_matrix,
    f1_score,
    matthews_corrcoef,
    precision_recall_fscore_support,
)

from evaluations.intervals import proportion
from evaluations.metrics import Metrics, TodoCount, metrics_of
from evaluations.rates import Bound, Counts
from evaluations.rows import Row
from evaluations.suites import Gold, SuiteItem, SuiteLabel
from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict, Unparsed, UnparsedReason, Verdict
from policies.model import Labelling

LABELS = tuple(SuiteLabel(code=code, violates=code != "A") for code in "ABC")
LOST = Unparsed(reason=UnparsedReason.NOT_STOPPED)
FAILED = Failed(error="timeout")


def _row(
    case_id: str, gold: Gold, verdict: Verdict, *, repeat: int = 1, todo: bool = False, slices: str = ""
) -> Row:
    item = SuiteItem(id=case_id, input="0" * 64, gold=gold, todo=todo, slices=tuple(slices.split()))
    return Row(item=item, repeat=repeat, verdict=verdict)


def _single(rows: Sequence[Row]) -> Metrics:
    return metrics_of(rows, LABELS, Labelling.SINGLE)


ROWS = (
    _row("1", "A", LabelVerdict(code="A"), slices="short"),
    _row("2", "A", LabelVerdict(code="B"), slices="joke short"),
    _row("3", "B", LabelVerdict(code="B")),
    _row("4", "B", LOST, slices="joke"),
    _row("5", "C", FAILED),
    _row("6", "C", LabelVerdict(code="B"), todo=True),
    _row("7", "A", LabelVerdict(code="A"), todo=True),
)


def test_unread_answers_are_wrong_in_the_headline() -> None:
    """Two of five are right; of the three that could be read, two."""
    metrics = _single(ROWS)
    assert (metrics.unparsed, metrics.failed) == (1, 1)
    assert metrics.headline.accuracy == proportion(2, 5)
    assert metrics.excluded.accuracy == proportion(2, 3)
    assert metrics.bounds["accuracy"] == Bound(best="0.800000", worst="0.400000")
    assert metrics.bounds["recall"] == Bound(best="1.000000", worst="0.333333")


def test_the_binary_view_asks_only_whether_content_violates() -> None:
    """B and C violate: one of three is caught, one of two others is flagged."""
    metrics = _single(ROWS)
    expected = Counts(tp=1, fp=1, fn=0, tn=1, unparsed_positive=1, failed_positive=1)
    assert metrics.headline.binary.counts == expected
    assert metrics.headline.binary.recall == proportion(1, 3)
    assert metrics.excluded.binary.recall == proportion(1, 1)
    assert metrics.headline.binary.false_positive_rate == proportion(1, 2)


def test_macro_averages_say_over_how_many_labels() -> None:
    """C is never given, so it has no precision; its F1 is 0 because it was there to be found."""
    macro = _single(ROWS).headline.macro
    assert (macro.precision.value, macro.precision.labels) == ("0.750000", 2)
    assert (macro.recall.value, macro.recall.labels) == ("0.333333", 3)
    assert (macro.f1.value, macro.f1.labels) == ("0.388889", 3)


def test_todo_cases_are_reported_and_not_counted() -> None:
    """Two known failures, one of which came out right, are in no other figure."""
    metrics = _single(ROWS)
    assert metrics.todo == TodoCount(n=2, right=1)
    assert metrics.headline.n == 5


def test_slices_overlap() -> None:
    """A case counts in each of its slices, which come in the order of their names."""
    joke, short = _single(ROWS).slices
    assert (joke.name, joke.n, joke.accuracy.count, joke.unparsed) == ("joke", 2, 0, 1)
    assert (short.name, short.n, short.accuracy, short.binary) == (
        "short",
        2,
        proportion(1, 2),
        Counts(fp=1, tn=1),
    )


def test_the_confusion_matrix_has_every_label_and_the_unread() -> None:
    """Rows are gold labels in the schema's order."""
    confusion = _single(ROWS).confusion
    assert confusion is not None
    assert [(row.gold, dict(row.said), row.unparsed, row.failed) for row in confusion] == [
        ("A", {"A": 1, "B": 1, "C": 0}, 0, 0),
        ("B", {"A": 0, "B": 1, "C": 0}, 1, 0),
        ("C", {"A": 0, "B": 0, "C": 0}, 0, 1),
    ]


def test_of_no_rows_everything_is_undefined() -> None:
    """No figure of an empty run is 0 or 1."""
    metrics = _single([])
    assert (metrics.headline.accuracy.value, metrics.headline.macro.f1.value) == (None, None)
    assert metrics.bounds["accuracy"] == Bound(best=None, worst=None)
    assert metrics.self_agreement is None


def test_repeats_do_not_make_more_cases() -> None:
    """Answers are averaged within their case first: 3 of 4 answers, an interval of 2 cases."""
    rows = [
        _row("1", "A", LabelVerdict(code="A"), repeat=1),
        _row("1", "A", LabelVerdict(code="A"), repeat=2),
        _row("2", "A", LabelVerdict(code="B"), repeat=1),
        _row("2", "A", LabelVerdict(code="A"), repeat=2),
    ]
    metrics = _single(rows)
    accuracy = metrics.headline.accuracy
    assert (accuracy.count, accuracy.n, accuracy.value) == (3, 4, "0.750000")
    assert accuracy == proportion(3, 4, repeats=2)
    assert accuracy.interval is not None
    assert accuracy.interval.n == metrics.headline.n == 2
    assert metrics.self_agreement == proportion(1, 2)


def _many() -> tuple[list[str], list[str]]:
    """200 labels and answers in a fixed pattern; `-` is an answer that could not be read."""
    gold = ["ABC"[(n * n + n // 4) % 3] for n in range(200)]
    return gold, ["ABC-"[(n * 7 + n // 5) % 4] for n in range(200)]


def test_single_label_figures_agree_with_scikit_learn() -> None:
    """With the unread as a class of its own, all per-label and macro figures are scikit-learn's."""
    gold, answers = _many()
    rows = [
        _row(str(n), truth, LOST if answer == "-" else LabelVerdict(code=answer))
        for n, (truth, answer) in enumerate(zip(gold, answers, strict=True))
    ]
    metrics = _single(rows)
    precision, recall, f1, support = precision_recall_fscore_support(gold, answers, labels=list("ABC"))
    for index, label in enumerate(metrics.headline.labels):
        assert float(label.rates.precision.value or "nan") == pytest.approx(precision[index], abs=1e-6)
        assert float(label.rates.recall.value or "nan") == pytest.approx(recall[index], abs=1e-6)
        assert float(label.rates.f1 or "nan") == pytest.approx(f1[index], abs=1e-6)
        assert label.rates.recall.n == support[index]
    assert float(metrics.headline.macro.f1.value or "nan") == pytest.approx(f1.mean(), abs=1e-6)
    # Violating or not, with what could not be read as the wrong one.
    truth = [code != "A" for code in gold]
    told = [not was if answer == "-" else answer != "A" for was, answer in zip(truth, answers, strict=True)]
    assert float(metrics.headline.binary.mcc or "nan") == pytest.approx(
        matthews_corrcoef(truth, told), abs=1e-6
    )
    read = [(one, other) for one, other in zip(gold, answers, strict=True) if other != "-"]
    kappa = cohen_kappa_score(*zip(*read, strict=True), labels=list("ABC"), weights="quadratic")
    assert metrics.severity is not None
    assert float(metrics.severity.kappa or "nan") == pytest.approx(kappa, abs=1e-6)
    assert metrics.severity.n == len(read)
    expected = confusion_matrix(gold, answers, labels=list("ABC-"))[:3]
    assert metrics.confusion is not None
    assert [[*row.said.values(), row.unparsed] for row in metrics.confusion] == expected.tolist()


def test_multi_flag_figures_agree_with_scikit_learn() -> None:
    """Micro and macro F1 over flags without unknowns are scikit-learn's."""
    gold = [[(n >> bit) % 2 for bit in range(3)] for n in range(200)]
    answers = [[(n * 3 >> bit) % 2 for bit in range(3)] for n in range(200)]
    rows = [
        _row(
            str(n),
            {code: bool(flag) for code, flag in zip("ABC", truth, strict=True)},
            FlagsVerdict(flags={code: bool(flag) for code, flag in zip("ABC", answer, strict=True)}),
        )
        for n, (truth, answer) in enumerate(zip(gold, answers, strict=True))
    ]
    headline = metrics_of(rows, LABELS, Labelling.MULTI).headline
    assert headline.micro is not None
    assert float(headline.micro.f1.value or "nan") == pytest.approx(
        f1_score(gold, answers, average="micro"), abs=1e-6
    )
    assert float(headline.macro.f1.value or "nan") == pytest.approx(
        f1_score(gold, answers, average="macro"), abs=1e-6
    )
    assert headline.accuracy.count == sum(one == other for one, other in zip(gold, answers, strict=True))


def test_an_unknown_flag_is_in_no_denominator() -> None:
    """A flag's rates are over the cases in which it is known; multi-flag runs have no confusion matrix."""
    rows = [
        _row("1", {"A": True, "B": None, "C": False}, FlagsVerdict(flags={"A": True, "B": True, "C": False})),
        _row("2", {"A": False, "B": True, "C": None}, FlagsVerdict(flags={"A": False, "B": True, "C": True})),
        _row("3", {"A": None, "B": True, "C": None}, LOST),
    ]
    metrics = metrics_of(rows, LABELS, Labelling.MULTI)
    assert metrics.confusion is None
    assert metrics.headline.accuracy == proportion(2, 3)
    assert [label.rates.counts for label in metrics.headline.labels] == [
        Counts(tp=1, tn=1, unknown=1),
        Counts(tp=1, unparsed_positive=1, unknown=1),
        Counts(tn=1, unknown=2),
    ]
    assert metrics.headline.binary.counts == Counts(tp=1, unparsed_positive=1, unknown=1)
