"""Where two sequences agree: a longest common subsequence, within a bound. Pure.

RapidFuzz computes it with bit-parallel rows, so the time follows from the two lengths alone: repetitions
and shuffled parts, which slow down a difference by search, cost nothing extra. `difflib` takes cubic time
at worst, and misses lines that repeat often.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

MAX_CELLS = 400_000_000
"""Length times length, of what is left between a common beginning and end: about 0.15 s and 50 MB."""


class Run(NamedTuple):
    """A stretch `old[old_start:old_end]` that stands against `new[new_start:new_end]`; `same` if equal."""

    same: bool
    old_start: int
    old_end: int
    new_start: int
    new_end: int


class Alignment(NamedTuple):
    """The runs in order, same and different ones in turn; `whole` is False where the bound cut it short."""

    runs: tuple[Run, ...]
    whole: bool


def align(old: Sequence[Hashable], new: Sequence[Hashable], max_cells: int = MAX_CELLS) -> Alignment:
    """The two sequences as runs that agree and runs that differ.

    Beyond `max_cells` what lies between the common beginning and the common end is one run that differs.
    """
    head = _common(old, new)
    tail = _common(
        old[: head - len(old) - 1 : -1] if head < len(old) else (),
        new[: head - len(new) - 1 : -1] if head < len(new) else (),
    )
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    runs: list[Run] = []
    _add(runs, Run(same=True, old_start=0, old_end=head, new_start=0, new_end=head))
    whole = len(inner_old) * len(inner_new) <= max_cells
    if whole:
        for step in LCSseq.opcodes(*_numbered(inner_old, inner_new)):
            _add(
                runs,
                Run(
                    step.tag == "equal",
                    head + step.src_start,
                    head + step.src_end,
                    head + step.dest_start,
                    head + step.dest_end,
                ),
            )
    else:
        _add(runs, Run(False, head, len(old) - tail, head, len(new) - tail))
    _add(runs, Run(True, len(old) - tail, len(old), len(new) - tail, len(new)))
    return Alignment(tuple(runs), whole)


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """How many items both begin with."""
    pairs = zip(old, new, strict=False)
    shorter = min(len(old), len(new))
    return next((place for place, (one, other) in enumerate(pairs) if one != other), shorter)


def _numbered(*sequences: Sequence[Hashable]) -> list[list[int]]:
    """Each item as a small number: two items that share a hash must not pass for one another."""
    numbers: dict[Hashable, int] = {}
    return [[numbers.setdefault(item, len(numbers)) for item in items] for items in sequences]


def _add(runs: list[Run], run: Run) -> None:
    """Adds a run, joined with the one before where both agree or both differ; empty ones are left out."""
    if run.old_start == run.old_end and run.new_start == run.new_end:
        return
    if runs and runs[-1].same == run.same:
        before = runs.pop()
        run = Run(run.same, before.old_start, run.old_end, before.new_start, run.new_end)
    runs.append(run)
