"""The sign-flip test of paired differences, by mid-p: McNemar's where cases have several answers. Pure.

If a change did nothing, each case's difference could as well have come out with the other sign. Counted is
the share of all ways to set the signs in which the sum lies as far from zero as it does, those that lie
exactly as far by half (Fisher, The Design of Experiments, 1935, section 21). Where every difference is one
case, this is McNemar's test by mid-p.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from evaluations.statistics.mcnemar import mid_p_value


def sign_flip_value(differences: Mapping[int, int]) -> Decimal:
    """The two-sided mid-p. `differences` counts cases by their difference, in whole steps of one size."""
    sizes: Counter[int] = Counter()
    for step, cases in differences.items():
        if step:
            sizes[abs(step)] += cases
    if len(sizes) <= 1:
        up = sum(cases for step, cases in differences.items() if step > 0)
        down = sum(cases for step, cases in differences.items() if step < 0)
        return mid_p_value(up, down)
    chances, lowest = _sums(sizes)
    observed = abs(sum(step * cases for step, cases in differences.items()))
    beyond = sum(chance for place, chance in enumerate(chances) if abs(lowest + 2 * place) > observed)
    level = sum(chance for place, chance in enumerate(chances) if abs(lowest + 2 * place) == observed)
    return min(Decimal(beyond + level / 2), Decimal(1))


def _sums(sizes: Mapping[int, int]) -> tuple[list[float], int]:
    """The chance of each sum of `cases` differences of these sizes, were signs thrown with a fair coin.

    Sums run from the lowest, which is given, in steps of two: a turned sign moves them by an even number.
    """
    import numpy as np
    from scipy.stats import binom

    chances = np.ones(1)
    for size, cases in sizes.items():
        one = np.zeros(size * cases + 1)
        one[::size] = binom.pmf(np.arange(cases + 1), cases, 0.5)
        chances = np.convolve(chances, one)
    return [float(chance) for chance in chances], -sum(size * cases for size, cases in sizes.items())
