"""What holds of every run's metrics."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.intervals import Proportion, proportion
from evaluations.metrics import metrics_of
from evaluations.rates import negatives, positives
from policies.model import Labelling
from tests.property.evaluations.strategies import LABELS, runs

LABELLINGS = pytest.mark.parametrize("labelling", list(Labelling))


@LABELLINGS
@given(data=st.data())
def test_the_order_of_rows_does_not_matter(labelling: Labelling, data: st.DataObject) -> None:
    """Any permutation of the rows gives equal metrics."""
    rows = data.draw(runs(labelling))
    assert metrics_of(data.draw(st.permutations(rows)), LABELS, labelling) == metrics_of(
        rows, LABELS, labelling
    )


@LABELLINGS
@given(data=st.data())
def test_every_case_is_in_one_cell(labelling: Labelling, data: st.DataObject) -> None:
    """For each label, positives, negatives and unknowns add up to the cases counted."""
    rows = data.draw(runs(labelling))
    metrics = metrics_of(rows, LABELS, labelling)
    for label in metrics.headline.labels:
        counts = label.rates.counts
        repeats = max(row.repeat for row in rows)
        assert positives(counts) + negatives(counts) + counts.unknown == metrics.headline.n * repeats
    assert metrics.headline.n + metrics.todo.n == sum(row.repeat == 1 for row in rows)


@LABELLINGS
@given(data=st.data())
def test_the_headline_is_the_worst_case_and_never_beats_the_excluded_view(
    labelling: Labelling, data: st.DataObject
) -> None:
    """Taking unread answers as wrong gives the lower bound; leaving them out lies between the bounds."""
    metrics = metrics_of(data.draw(runs(labelling)), LABELS, labelling)
    bound, headline, excluded = (
        metrics.bounds["accuracy"],
        metrics.headline.accuracy,
        metrics.excluded.accuracy,
    )
    assert bound.worst == headline.value
    if headline.value is not None and bound.best is not None:
        assert Decimal(headline.value) <= Decimal(bound.best)
        if excluded.value is not None:
            assert Decimal(headline.value) <= Decimal(excluded.value) <= Decimal(bound.best)


@given(n=st.integers(1, 10**6), data=st.data(), level=st.sampled_from(["0.90", "0.95", "0.99"]))
def test_an_interval_holds_its_proportion(n: int, data: st.DataObject, level: str) -> None:
    """Low <= value <= high, within 0 and 1, and a mirror image for the failures."""
    successes = data.draw(st.integers(0, n))
    found, mirrored = proportion(successes, n, level), proportion(n - successes, n, level)
    assert found.value is not None
    low, high = _bounds(found)
    assert 0 <= low <= Decimal(found.value) <= high <= 1
    assert tuple(1 - bound for bound in reversed(_bounds(mirrored))) == pytest.approx(
        (low, high), abs=Decimal("1e-6")
    )


def _bounds(found: Proportion) -> tuple[Decimal, Decimal]:
    assert found.interval is not None
    return Decimal(found.interval.low), Decimal(found.interval.high)
