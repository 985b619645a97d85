"""Rates, with unread answers taken as wrong."""

from __future__ import annotations

from evaluations.rates import Bound, Counts, bounds_of, positives, rates_of, readable, summed

COUNTS = Counts(
    tp=6, fp=2, fn=1, tn=9, unparsed_positive=2, unparsed_negative=1, failed_positive=1, failed_negative=0
)


def test_an_unread_answer_lowers_recall_and_specificity_but_is_no_false_alarm() -> None:
    """6 of 10 positives are caught, 9 of 12 negatives pass, and 6 of 8 alarms are right."""
    rates = rates_of(COUNTS)
    assert (rates.recall.count, rates.recall.n) == (6, 10)
    assert (rates.false_negative_rate.count, rates.false_negative_rate.n) == (4, 10)
    assert (rates.false_positive_rate.count, rates.false_positive_rate.n) == (3, 12)
    assert (rates.precision.count, rates.precision.n) == (6, 8)
    assert (rates.accuracy.count, rates.accuracy.n) == (15, 22)
    assert rates.f1 == "0.666667"


def test_bounds_say_what_could_have_been() -> None:
    """The three lost positives could have been caught, the lost negative could have been flagged."""
    assert bounds_of(COUNTS) == {
        "precision": Bound(best="0.818182", worst="0.666667"),
        "recall": Bound(best="0.900000", worst="0.600000"),
        "false_positive_rate": Bound(best="0.166667", worst="0.250000"),
        "false_negative_rate": Bound(best="0.100000", worst="0.400000"),
    }


def test_figures_without_a_denominator_are_none() -> None:
    """With nothing counted no rate is 0, 1 or NaN."""
    rates = rates_of(Counts(unknown=3))
    assert rates.f1 is None
    assert {rates.accuracy.value, rates.precision.value, rates.recall.value} == {None}
    assert {bound.best for bound in bounds_of(Counts()).values()} == {None}


def test_a_label_that_is_never_given_has_recall_0_and_no_precision() -> None:
    """F1 is then 0, since there was something to find."""
    rates = rates_of(Counts(fn=4, tn=1))
    assert (rates.recall.value, rates.precision.value, rates.f1) == ("0.000000", None, "0.000000")


def test_readable_leaves_out_and_sums_add_up() -> None:
    """Without unread answers 7 positives are left; sums go cell by cell."""
    assert positives(readable(COUNTS)) == 7
    assert summed([COUNTS, COUNTS, Counts(unknown=1)]) == Counts(
        tp=12,
        fp=4,
        fn=2,
        tn=18,
        unparsed_positive=4,
        unparsed_negative=2,
        failed_positive=2,
        unknown=1,
    )
