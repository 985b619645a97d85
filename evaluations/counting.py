"""Rows counted by how they came out, which is all that scoring needs of them. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from evaluations.outcomes import Outcome, outcome_of
from evaluations.rows import Row


class CountedRows(NamedTuple):
    """Answers that count, all of them and by slice, and the first answers to known failures."""

    outcomes: Counter[Outcome]
    by_slice: Mapping[str, Counter[Outcome]]
    todo: Counter[Outcome]
    repeats: int


def count_rows(rows: Iterable[Row], codes: Sequence[str]) -> CountedRows:
    """Counts labelled rows; their order does not matter."""
    repeats = 1
    # A hundred thousand rows share a few dozen of these; found by identity, which costs least.
    ways: dict[tuple[int, int, int, bool], list[Row]] = {}
    for row in rows:
        item = row.item
        way = (id(item.gold), id(row.verdict), id(item.slices), item.todo)
        if way in ways:
            ways[way].append(row)
        else:
            ways[way] = [row]
        repeats = max(repeats, row.repeat)
    outcomes: Counter[Outcome] = Counter()
    by_slice: defaultdict[str, Counter[Outcome]] = defaultdict(Counter)
    todo: Counter[Outcome] = Counter()
    for alike in ways.values():
        outcome = outcome_of(alike[0], codes)
        if alike[0].item.todo:
            todo[outcome] += sum(row.repeat == 1 for row in alike)
            continue
        outcomes[outcome] += len(alike)
        for name in alike[0].item.slices:
            by_slice[name][outcome] += len(alike)
    return CountedRows(outcomes, by_slice, todo, repeats)
