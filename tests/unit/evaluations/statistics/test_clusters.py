"""Paired differences by clusters: by hand, against statsmodels, and how often the interval is right."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from evaluations.statistics.clusters import Cluster, Clustered, clustered
from evaluations.statistics.tango import Difference, difference


def _by(clusters: list[list[int]]) -> tuple[Difference, Clustered | None]:
    """Each inner list is a cluster: its cases' differences."""
    steps = Counter(step for cases in clusters for step in cases)
    change = difference(steps[1], steps[-1], steps.total())
    return change, clustered(change, steps, Counter(Cluster(sum(cases), len(cases)) for cases in clusters))


def test_without_two_cases_in_a_cluster_there_is_nothing_to_say() -> None:
    """Cases that stand alone are what Tango's interval takes them for."""
    assert _by([[1], [0], [-1]])[1] is None


def test_pairs_answered_as_one_count_as_one() -> None:
    """Fifty pairs whose two cases always do the same tell as much as fifty cases: a design effect of two."""
    pairs = [[1, 1]] * 8 + [[-1, -1]] * 3 + [[0, 0]] * 39
    change, found = _by(pairs)
    assert found is not None
    assert float(found.design) == pytest.approx(2 * 99 / 98, abs=1e-6)
    half = difference(8, 3, 50)
    assert float(found.change.low or 0) == pytest.approx(float(half.low or 0), abs=0.002)
    assert (found.change.value, found.clusters) == (change.value, 50)


def test_clusters_never_make_an_interval_narrower() -> None:
    """Pairs that part more than chance would are luck: the design effect is one, the bounds stay."""
    change, found = _by([[1, -1]] * 20 + [[0, 0]] * 30)
    assert found is not None
    assert (found.design, found.change.low, found.change.high) == ("1.000000", change.low, change.high)


def test_where_nothing_flips_pairs_are_taken_as_one() -> None:
    """Nothing can be learned of how alike they are, so the careful end is taken: Tango's bound of half."""
    _, found = _by([[0, 0]] * 40)
    assert found is not None
    assert (found.design, found.change.low) == ("2.000000", difference(0, 0, 40).low)


def test_the_design_effect_is_that_of_cluster_robust_errors() -> None:
    """The ratio of variances is statsmodels' of a mean with clustered errors to that of one without."""
    generator = np.random.Generator(np.random.PCG64(4))
    clusters = [
        [int(step) for step in generator.choice([-1, 0, 1], p=[0.1, 0.7, 0.2]) * np.ones(size, int)]
        for size in generator.integers(1, 6, 60)
    ]
    values = np.array([step for cases in clusters for step in cases], dtype=float)
    groups = np.array([at for at, cases in enumerate(clusters) for _ in cases])
    n, k = len(values), len(clusters)
    model = OLS(values, np.ones(n))
    robust = model.fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}).bse[0] ** 2
    single = ((values - values.mean()) ** 2).sum() / n**2
    expected = robust * k / (k - 1) / (single * n / (n - 1))
    found = _by(clusters)[1]
    assert found is not None
    assert float(found.design) == pytest.approx(expected, rel=1e-5)
    assert float(found.design) > 1.5


@pytest.mark.parametrize("alike", [0.0, 0.5, 1.0])
def test_the_interval_holds_the_truth_as_often_as_it_says(alike: float) -> None:
    """Of simulated suites of 60 pairs, answered alike in none to all, 93 % or more hold the true difference.

    Tango's interval over single cases falls to 85 % where pairs are answered as one.
    """
    generator = np.random.Generator(np.random.PCG64(11))
    chances, truth = [0.05, 0.8, 0.15], 0.10
    held = naive = 0
    for _ in range(240):
        first = generator.choice([-1, 0, 1], p=chances, size=60)
        second = np.where(
            generator.random(60) < alike, first, generator.choice([-1, 0, 1], p=chances, size=60)
        )
        change, found = _by([[int(one), int(other)] for one, other in zip(first, second, strict=True)])
        assert found is not None
        held += float(found.change.low or 0) <= truth <= float(found.change.high or 0)
        naive += float(change.low or 0) <= truth <= float(change.high or 0)
    assert held / 240 >= 0.93
    assert held >= naive
    if alike == 1.0:
        assert naive / 240 < 0.88
