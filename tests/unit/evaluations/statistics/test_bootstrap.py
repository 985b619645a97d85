"""The bootstrap over cells, against one over cases and scikit-learn's figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, recall_score

from evaluations.statistics.bootstrap import CELLS, Cell, f1_change, recall_change

TABLES = st.lists(st.integers(0, 40), min_size=8, max_size=8).map(
    lambda counts: dict(zip(CELLS, counts, strict=True))
)


def _seeded(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@given(TABLES)
def test_the_figures_are_those_of_scikit_learn(cells: dict[Cell, int]) -> None:
    """F1 and recall of both runs agree with scikit-learn on the cases themselves."""
    cases = [cell for cell, count in cells.items() for _ in range(count)]
    assume(any(cell.gold for cell in cases))
    gold = [cell.gold for cell in cases]
    f1, recall = f1_change(cells, _seeded(1)), recall_change(cells, _seeded(1))
    for side in ("old", "new"):
        said = [getattr(cell, side) for cell in cases]
        assert float(getattr(f1, side)) == pytest.approx(f1_score(gold, said), abs=6e-7)
        assert float(getattr(recall, side)) == pytest.approx(recall_score(gold, said), abs=6e-7)


def test_drawing_cells_is_drawing_cases() -> None:
    """The interval is that of a plain bootstrap over the cases, up to the noise of drawing."""
    cells = {Cell(True, True, True): 50, Cell(True, False, True): 12, Cell(False, False, True): 6}
    cells |= {Cell(True, False, False): 10, Cell(False, False, False): 90, Cell(False, True, False): 9}
    cases = np.array([cell for cell, count in cells.items() for _ in range(count)])
    generator = np.random.Generator(np.random.PCG64(3))
    changes = []
    for _ in range(4_000):
        gold, old, new = cases[generator.integers(0, len(cases), len(cases))].T
        changes.append(_f1(gold, new) - _f1(gold, old))
    found = f1_change(cells, _seeded(5))
    assert float(found.low or 0) == pytest.approx(np.quantile(changes, 0.025), abs=0.006)
    assert float(found.high or 0) == pytest.approx(np.quantile(changes, 0.975), abs=0.006)


def test_one_seed_gives_one_answer() -> None:
    """The same seed repeats, another moves within the noise."""
    cells = {Cell(True, True, True): 400, Cell(True, False, True): 90, Cell(True, True, False): 71}
    cells |= {Cell(False, True, False): 203, Cell(False, False, True): 150, Cell(False, False, False): 500}
    assert f1_change(cells, _seeded(1)) == f1_change(cells, _seeded(1))
    assert f1_change(cells, _seeded(1)) != f1_change(cells, _seeded(2))


def test_what_is_undefined_is_none_and_counted() -> None:
    """Without violating cases recall is None; resamples without any are left out and counted."""
    none = recall_change({Cell(False, False, True): 5}, _seeded(1))
    assert (none.old, none.value, none.low) == (None, None, None)
    rare = recall_change({Cell(True, False, True): 1, Cell(False, False, False): 3}, _seeded(1))
    assert rare.value == "1.000000"
    assert 2_900 < rare.undefined < 3_400  # (3/4)^4 of ten thousand


def test_nothing_flips_has_no_width() -> None:
    """Why it never decides: identical runs give an interval of zero width, however few the cases."""
    found = f1_change({Cell(True, True, True): 2, Cell(False, False, False): 2}, _seeded(1))
    assert (found.value, found.low, found.high) == ("0.000000", "0.000000", "0.000000")


def _f1(gold: np.ndarray, said: np.ndarray) -> float:
    return 2 * float((gold & said).sum()) / float(gold.sum() + said.sum())
