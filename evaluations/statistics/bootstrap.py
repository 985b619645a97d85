"""The paired bootstrap of F1 and other ratios of counts, drawn over cells instead of cases. Pure.

A resample of cases is a multinomial draw over the eight cells (gold, old answer, new answer), so ten
thousand resamples of any number of cases cost milliseconds. Where cases come in clusters, whole clusters are
drawn, by what is in them. Reported, never decisive: it has no width when nothing flips, and its random
stream is not promised across versions of the library.
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
BY_CLUSTERS = "paired-cluster-bootstrap"
_AT_ONCE = 1_000_000

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


Content = tuple[int, ...]
"""What a cluster holds: how many cases (or pairs of answers) of each of the `CELLS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure of both runs and their difference (new less old) with its percentile interval.

    None where there is no denominator. `n` is what was drawn: cases, or clusters. `undefined` counts the
    resamples that had no denominator and were left out.
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


def f1_change(
    cells: Mapping[Cell, int], generator: Multinomial, clusters: Mapping[Content, int] | None = None
) -> Change:
    """The difference of the two F1 values, of cases by their cell and of clusters by what they hold."""
    return _change(cells, _f1, generator, clusters or {})


def recall_change(
    cells: Mapping[Cell, int], generator: Multinomial, clusters: Mapping[Content, int] | None = None
) -> Change:
    """The difference of the two recalls; the arguments are those of `f1_change`."""
    return _change(cells, _recall, generator, clusters or {})


def _change(
    cells: Mapping[Cell, int], figure: Figure, generator: Multinomial, clusters: Mapping[Content, int]
) -> Change:
    alone = np.eye(len(CELLS), dtype=np.float64)
    contents = np.array([*alone, *clusters], dtype=np.float64)
    counts = np.array([*(cells.get(cell, 0) for cell in CELLS), *clusters.values()], dtype=np.int64)
    if (counts < 0).any():
        raise ValueError("a cell holds a negative number of cases")
    n = int(counts.sum())
    seen = (counts @ contents)[np.newaxis, :]
    old, new = float(figure(seen, "old")[0]), float(figure(seen, "new")[0])
    low = high = None
    undefined = 0
    if n and not np.isnan(new - old):
        draws = _drawn(n, counts, contents, generator)
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
        method=BY_CLUSTERS if clusters else METHOD,
    )


def _drawn(n: int, counts: npt.NDArray[np.int64], contents: Draws, generator: Multinomial) -> Draws:
    """The cells of each resample; of many kinds of clusters a part at a time, which bounds the memory."""
    at_once = max(1, _AT_ONCE // len(counts))
    sizes = [min(at_once, RESAMPLES - done) for done in range(0, RESAMPLES, at_once)]
    drawn = [generator.multinomial(n, counts / n, size=size) @ contents for size in sizes]
    return np.concatenate(drawn)


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
