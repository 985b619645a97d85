"""What two runs say of a change as a commons records it: either way of being wrong, in exact counts. Pure.

The first answer to each case counts, on the cases that neither policy text quotes. Nothing is drawn, and
cases are taken one by one: anyone recounts it from the rows of the two runs.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from evaluations.comparing.comparison import Side
from evaluations.comparing.endpoint import Endpoint
from evaluations.comparing.endpoints import Schemas, endpoints_of
from evaluations.comparing.pairing import pair_rows
from evaluations.erasure import ERASED_INPUT
from evaluations.figures import PLACES, written
from evaluations.rows import Row

_LEAST = Fraction(1, 10**PLACES)
"""Margins are held to so many places, and an interval is told in as many."""


class Gate(NamedTuple):
    """`missed`: how violations fare; `flagged`: how harmless content does. `fixed` is for the better."""

    missed: Endpoint
    flagged: Endpoint


def gate(old: Side, new: Side, margin: Fraction) -> Gate:
    """The two endpoints, judged by a margin over 0, in cases; one of 1 lets almost anything pass.

    Raises `UnequalItemsError` when the runs were not asked the same.
    """
    outside = {left.item.id for side in (old, new) for left in side.record.left_out}
    schemas = Schemas(old=old.record.suite.labels, new=new.record.suite.labels)
    codes = [[label.code for label in labels] for labels in (schemas.old, schemas.new)]
    before, after = (_first(side.rows, outside) for side in (old, new))
    ends = endpoints_of(pair_rows(before, after, *codes), schemas, stated_margin(margin))
    return Gate(ends.caught, ends.spared)


def stated_margin(margin: Fraction) -> str:
    """A charter's margin as comparisons take it: over 0, under 1, with six decimals."""
    stated = written(min(max(margin, _LEAST), 1 - _LEAST))
    assert stated is not None
    return stated


def has_erased(side: Side) -> bool:
    """Whether a case of the run was redacted, so that nothing can be counted from it any more."""
    return any(row.item.input == ERASED_INPUT for row in side.rows)


def _first(rows: tuple[Row, ...], outside: set[str]) -> list[Row]:
    return [row for row in rows if row.repeat == 1 and row.item.id not in outside]
