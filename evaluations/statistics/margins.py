"""Whether a change is no worse than a margin allows: pass, block, or not known. Pure.

The two-sided 95 % interval against the margin, as in non-inferiority trials (ICH E9, 3.3.2). A test that
did not find harm is not read as "no harm": what the interval cannot exclude stays open.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from evaluations.statistics.tango import Difference


class Judgement(StrEnum):
    """What the interval says of a margin."""

    PASS = "pass"  # noqa: S105 - a judgement, no password
    BLOCK = "block"
    INCONCLUSIVE = "inconclusive"


def no_worse(change: Difference, margin: str) -> Judgement:
    """Whether the share that is right fell by less than `margin` (0 to 1, such as `"0.03"`).

    Pass: all of the interval lies above minus the margin. Block: all of it lies below. Of no cases
    nothing is known. Raises `ValueError` for a margin that is no share.
    """
    limit = Decimal(margin)
    if not 0 < limit < 1:
        raise ValueError(f"the margin {margin} is not between 0 and 1")
    if change.low is None or change.high is None:
        return Judgement.INCONCLUSIVE
    if Decimal(change.low) > -limit:
        return Judgement.PASS
    return Judgement.BLOCK if Decimal(change.high) < -limit else Judgement.INCONCLUSIVE
