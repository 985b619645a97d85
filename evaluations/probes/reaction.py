"""How verdicts moved under a probe: which followed the changed text, and which did not. Pure.

Told from what the same engine said under the unchanged text, so an engine that errs may follow all the same.
Only whether content is flagged is looked at. A case without a readable answer under the unchanged text has
nothing to move from and is in no rate; one without a readable answer under the changed text did not follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluations.intervals import Proportion, exact_proportion
from evaluations.outcomes import violation_said
from evaluations.probes.base import Move
from evaluations.rows import Row
from evaluations.suites import SuiteLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The cases that were `flagged` (or let be) under the unchanged text and should now be flagged or not.

    `figure` counts those that are, `others` names those that are not.
    """

    move: Move
    flagged: bool
    wanted: bool
    figure: Proportion
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """`turned` of the verdicts that should turn, `stayed` of those that should stay, and each kind by itself.

    `no_start` cases had no readable answer to move from; `unread` of the others none under the changed text.
    """

    turned: Proportion
    stayed: Proportion
    moved: tuple[Moved, ...]
    no_start: int
    unread: int


def reaction(
    control: Iterable[Row], changed: Iterable[Row], moves: Mapping[str, Move], labels: Sequence[SuiteLabel]
) -> Reaction:
    """The reaction of the cases in `moves`, by the first answers of both runs; `labels` are those of both."""
    before, after = _flagged(control, labels), _flagged(changed, labels)
    kinds: dict[tuple[Move, bool], list[tuple[str, bool]]] = {}
    no_start = unread = 0
    for case, move in sorted(moves.items()):
        if case not in before or case not in after:
            continue
        was, is_ = before[case], after[case]
        if was is None:
            no_start += 1
            continue
        unread += is_ is None
        kinds.setdefault((move, was), []).append((case, is_ is _wanted(move, flagged=was)))
    moved = tuple(
        Moved(
            move=move,
            flagged=flagged,
            wanted=_wanted(move, flagged=flagged),
            figure=exact_proportion(sum(done for _, done in cases), len(cases)),
            others=tuple(case for case, done in cases if not done),
        )
        for (move, flagged), cases in sorted(kinds.items(), key=lambda kind: (kind[0][0], not kind[0][1]))
    )
    return Reaction(
        turned=_sum(one.figure for one in moved if one.wanted is not one.flagged),
        stayed=_sum(one.figure for one in moved if one.wanted is one.flagged),
        moved=moved,
        no_start=no_start,
        unread=unread,
    )


def _wanted(move: Move, *, flagged: bool) -> bool:
    """Whether content should be flagged under the changed text."""
    return {Move.TURN: not flagged, Move.ALLOW: False, Move.STAY: flagged}[move]


def _flagged(rows: Iterable[Row], labels: Sequence[SuiteLabel]) -> dict[str, bool | None]:
    return {row.item.id: violation_said(row.verdict, labels) for row in rows if row.repeat == 1}


def _sum(figures: Iterable[Proportion]) -> Proportion:
    found = list(figures)
    return exact_proportion(sum(one.count for one in found), sum(one.n for one in found))
