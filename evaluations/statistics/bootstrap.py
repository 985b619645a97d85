"""The paired bootstrap of F1 and other ratios of counts, drawn over cells instead of cases. Pure.

A resample of cases is a multinomial draw over the eight cells (gold, old answer, new answer), so ten
thousand resamples of any number of cases cost milliseconds. Reported, never decisive: it has no width
when nothing flips, and its random stream is not promised across versions of the library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from evaluations.intervals import LEVEL

RESAMPLES = 10_000
METHOD = "paired-bootstrap"

Side = Literal["old", "new"]
Draws = npt.NDArray[np.float64]
Figure = Callable[[Draws, Side], Draws]


class Multinomial(Protocol):
    """What draws: a seeded `numpy.random.Generator` of the caller's."""

    def multinomial(self, n: int, pvals: Draws, /, size: int) -> npt.NDArray[np.int64]:
        """`size` draws of `n` cases over cells with these probabilities."""
        ...


class Cell(NamedTuple):
    """A case by what is true of it and what each run said: violating or not."""

    gold: bool
    old: bool
    new: bool


CELLS = tuple(
    Cell(gold, old, new) for gold in (False, True) for old in (False, True) for new in (False, True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure of both runs and their difference (new less old) with its percentile interval.

    None where there is no denominator. `undefined` counts the resamples that had none and were left out.
    """

    old: str | None
    new: str | None
    value: str | None
    low: str | None
    high: str | None
    n: int
    resamples: int
    undefined: int
    level: str
    method: str


def f1_change(cells: Mapping[Cell, int], generator: Multinomial) -> Change:
    """The difference of the two F1 values."""
    return _change(cells, _f1, generator)


def recall_change(cells: Mapping[Cell, int], generator: Multinomial) -> Change:
    """The difference of the two recalls."""
    return _change(cells, _recall, generator)


def _change(cells: Mapping[Cell, int], figure: Figure, generator: Multinomial) -> Change:
    counts = np.array([cells.get(cell, 0) for cell in CELLS], dtype=np.int64)
    if (counts < 0).any():
        raise ValueError("a cell holds a negative number of cases")
    n = int(counts.sum())
    seen = counts[np.newaxis, :].astype(np.float64)
    old, new = float(figure(seen, "old")[0]), float(figure(seen, "new")[0])
    low = high = None
    undefined = 0
    if n and not np.isnan(new - old):
        draws = generator.multinomial(n, counts / n, size=RESAMPLES).astype(np.float64)
        changes = figure(draws, "new") - figure(draws, "old")
        defined = changes[~np.isnan(changes)]
        undefined = RESAMPLES - len(defined)
        tail = (1 - float(LEVEL)) / 2
        low, high = (float(bound) for bound in np.quantile(defined, (tail, 1 - tail)))
    return Change(
        old=_text(old),
        new=_text(new),
        value=_text(new - old),
        low=_text(low),
        high=_text(high),
        n=n,
        resamples=RESAMPLES,
        undefined=undefined,
        level=LEVEL,
        method=METHOD,
    )


def _f1(draws: Draws, side: Side) -> Draws:
    hit, said, true = _sums(draws, side)
    return _over(2 * hit, said + true)


def _recall(draws: Draws, side: Side) -> Draws:
    hit, _, true = _sums(draws, side)
    return _over(hit, true)


def _sums(draws: Draws, side: Side) -> tuple[Draws, Draws, Draws]:
    """Rightly said, said, and true, for each draw."""
    said = np.array([getattr(cell, side) for cell in CELLS])
    true = np.array([cell.gold for cell in CELLS])
    return draws[:, said & true].sum(axis=1), draws[:, said].sum(axis=1), draws[:, true].sum(axis=1)


def _over(count: Draws, n: Draws) -> Draws:
    return np.divide(count, n, out=np.full_like(count, np.nan), where=n > 0)


def _text(value: float | None) -> str | None:
    if value is None or np.isnan(value):
        return None
    return f"{value + 0.0:.6f}".replace("-0.000000", "0.000000")
