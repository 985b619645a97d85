"""How often the intervals hold the truth and the tests cry wolf: counted over every outcome, or simulated.

What is counted is exact: each possible table with its probability. Simulations have fixed seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pytest
from scipy.stats import binom, multinomial

from evaluations.intervals import Interval, clopper_pearson, wilson
from evaluations.statistics.bootstrap import CELLS, Cell, f1_change
from evaluations.statistics.margins import Judgement, no_worse
from evaluations.statistics.mcnemar import mid_p
from evaluations.statistics.signs import sign_flip_value
from evaluations.statistics.tango import Difference, difference

FLIPS = [(0.05, 0.05), (0.10, 0.02), (0.02, 0.10), (0.01, 0.01), (0.20, 0.15)]


@cache
def _difference(fixed: int, broken: int, n: int) -> Difference:
    return difference(fixed, broken, n)


def _tables(n: int, up: float, down: float) -> Iterator[tuple[int, int, float]]:
    """Every (fixed, broken) of `n` cases that is not beyond all odds, with its probability."""
    found = multinomial(n, [up, down, 1 - up - down])
    for fixed in range(n + 1):
        for broken in range(n + 1 - fixed):
            chance = float(found.pmf([fixed, broken, n - fixed - broken]))
            if chance > 1e-7:
                yield fixed, broken, chance


@pytest.mark.parametrize("n", [40, 100])
@pytest.mark.parametrize(("up", "down"), FLIPS)
def test_tangos_interval_holds_the_true_difference(n: int, up: float, down: float) -> None:
    """Of all outcomes, 93.5 % or more of their probability gives an interval with the truth in it."""
    held = sum(
        chance
        for fixed, broken, chance in _tables(n, up, down)
        if float(_difference(fixed, broken, n).low or 0) - 1e-9
        <= up - down
        <= float(_difference(fixed, broken, n).high or 0) + 1e-9
    )
    assert held >= 0.935


@pytest.mark.parametrize("n", [40, 100])
@pytest.mark.parametrize("flips", [0.02, 0.1, 0.3])
def test_mid_p_cries_wolf_no_more_often_than_it_says(n: int, flips: float) -> None:
    """Where only chance is at work, a p below 0.05 comes in 5 % of outcomes at most, give or take a half."""
    alarms = sum(
        chance
        for fixed, broken, chance in _tables(n, flips / 2, flips / 2)
        if float(mid_p(fixed, broken)) < 0.05
    )
    assert alarms <= 0.055


@pytest.mark.parametrize("n", [100, 200])
@pytest.mark.parametrize("flips", [0.05, 0.12])
def test_a_loss_of_the_margin_rarely_passes(n: int, flips: float) -> None:
    """Where the true loss is exactly the margin, a pass comes in 3.5 % of outcomes at most, a block in 4.5 %:
    the score interval is exact in neither tail when few cases flip."""
    margin = 0.03
    judged = dict.fromkeys(Judgement, 0.0)
    for fixed, broken, chance in _tables(n, (flips - margin) / 2, (flips + margin) / 2):
        judged[no_worse(_difference(fixed, broken, n), "0.03")] += chance
    assert judged[Judgement.PASS] <= 0.035
    assert judged[Judgement.BLOCK] <= 0.045


def _covered(make: Callable[[int, int], Interval | None], n: int, share: float) -> float:
    held = 0.0
    for count in range(n + 1):
        found = make(count, n)
        assert found is not None
        if float(found.low) - 1e-9 <= share <= float(found.high) + 1e-9:
            held += float(binom.pmf(count, n, share))
    return held


@pytest.mark.parametrize("n", [10, 40, 120])
def test_wilson_is_right_on_average_and_clopper_pearson_always(n: int) -> None:
    """Over shares from 2 % to 98 %, Wilson's mean coverage is about 95 %; the exact one's is never less."""
    shares = np.linspace(0.02, 0.98, 49)
    found = [_covered(wilson, n, float(share)) for share in shares]
    assert 0.94 <= float(np.mean(found)) <= 0.97
    assert min(_covered(clopper_pearson, n, float(share)) for share in shares) >= 0.95


def test_the_bootstrap_of_f1_is_about_right() -> None:
    """Of 150 simulated suites of 120 cases, 90 % or more hold the true change of F1: it decides nothing."""
    generator = np.random.Generator(np.random.PCG64(21))
    chances = np.array([0.30, 0.05, 0.08, 0.12, 0.04, 0.12, 0.05, 0.24])
    truth = _f1(chances, "new") - _f1(chances, "old")
    held = 0
    for _ in range(150):
        cells = dict(zip(CELLS, map(int, generator.multinomial(120, chances)), strict=True))
        found = f1_change(cells, np.random.Generator(np.random.PCG64(1)))
        held += float(found.low or 0) <= truth <= float(found.high or 0)
    assert 0.90 <= held / 150 <= 1.0


def _f1(chances: np.ndarray, side: str) -> float:
    table: dict[Cell, float] = dict(zip(CELLS, map(float, chances), strict=True))
    hit = sum(chance for cell, chance in table.items() if cell.gold and getattr(cell, side))
    said = sum(chance for cell, chance in table.items() if getattr(cell, side))
    true = sum(chance for cell, chance in table.items() if cell.gold)
    return 2 * hit / (said + true)


def test_averaged_repeats_are_told_from_chance_no_more_often_than_said() -> None:
    """Two versions that waver alike, three answers to a case: an interval without zero, or a p below 0.05,
    comes in no more than 5.5 % of 600 suites, though every case is asked six times."""
    generator = np.random.Generator(np.random.PCG64(31))
    outside = alarms = 0
    for _ in range(600):
        # Each case has its own chance of a right answer, the same under both texts.
        chance = generator.beta(0.6, 0.3, size=60)
        old, new = generator.binomial(3, chance), generator.binomial(3, chance)
        fixed, broken = int(((3 - old) * new).sum()), int((old * (3 - new)).sum())
        found = difference(fixed, broken, 60, per=9)
        outside += float(found.low or 0) > 0 or float(found.high or 0) < 0
        steps: dict[int, int] = {}
        for step in (int(moved) * 3 for moved in new - old):
            steps[step] = steps.get(step, 0) + 1
        alarms += sign_flip_value(steps) < 0.05
    assert outside / 600 <= 0.055
    assert alarms / 600 <= 0.065
