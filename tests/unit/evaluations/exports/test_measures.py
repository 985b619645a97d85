"""A run's figures as a list."""

from __future__ import annotations

from evaluations.exports.measures import measure_named, measures_of
from tests.unit.evaluations.exports.exported import flags_run, labels_run


def test_every_share_goes_with_its_count_and_interval() -> None:
    """A share states count, n and Wilson bounds; averages and F1 state none; ids are unique."""
    metrics = labels_run(repeats=2).record.metrics
    found = {one.id: one for one in measures_of(metrics)}
    assert len(found) == len(measures_of(metrics))
    accuracy = found["accuracy"]
    assert (accuracy.value, accuracy.count, accuracy.n) == ("0.500000", 4, 8)
    assert accuracy.interval == metrics.headline.accuracy.interval
    assert (found["macro_f1"].count, found["macro_f1"].interval) == (None, None)
    assert accuracy.interval is not None
    assert accuracy.interval.n == 4
    assert found["accuracy[slice joke]"].n == 2
    assert found["self_agreement"].value == "1.000000"
    assert found["violating_false_negative_rate"].lower_is_better
    assert not found["violating_recall"].lower_is_better


def test_an_undefined_figure_stays_undefined() -> None:
    """Without a counted case of AD2 its recall is None, with n = 0, and not a number."""
    recall = measure_named(labels_run().record.metrics, "recall[AD2]")
    assert recall is not None
    assert (recall.value, recall.n, recall.interval) == (None, 0, None)
    assert measure_named(labels_run().record.metrics, "beauty") is None


def test_flags_have_micro_averages_and_single_labels_have_none() -> None:
    """For single labels micro averages equal accuracy, so they are not listed twice."""
    assert measure_named(flags_run().record.metrics, "micro_f1") is not None
    assert measure_named(labels_run().record.metrics, "micro_f1") is None
