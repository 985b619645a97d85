"""What a suite can resolve, told before anything runs, and how many more cases would settle it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

from evaluations.intervals import LEVEL, quantile, written_decimal
from evaluations.statistics.tango import refuses, tango

POWER = "0.80"
DISCORDANCE = "0.10"
"""The share of cases assumed to change their answer where no earlier run says otherwise."""

_POWER_QUANTILE = Decimal("0.841621233572914205178707153046")
_PRECISION, _STEPS = 50, 60
_MOST_CASES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What `n` cases can tell.

    `unseen` is how large a loss could stay unseen when not a single case flips (Tango's bound).
    `detectable` is the smallest true net change in the share that is right, found with `power` when the
    share `discordance` of the cases flips (Connor, Biometrics 43:207-211, 1987; an approximation that is
    rough below some 30 cases); None when not even all of them flipping one way would be found.
    """

    n: int
    unseen: str | None
    detectable: str | None
    discordance: str
    power: str


def resolution(n: int, discordance: str = DISCORDANCE) -> Resolution:
    """What a comparison on `n` cases can resolve at the 5 % level."""
    unseen = None
    if n:
        low, _ = tango(Decimal(0), Decimal(0), Decimal(n), quantile(LEVEL))
        unseen = written_decimal(-low)
    return Resolution(
        n=n,
        unseen=unseen,
        detectable=_detectable(n, discordance),
        discordance=discordance,
        power=POWER,
    )


def more_cases(fixed: int, broken: int, n: int, margin: str, per: int = 1) -> int | None:
    """How many further cases like these would tell whether the loss is within `margin`.

    0 when these settle it already; None when even a million would not: the change stands at the margin.
    The rates are taken as they were seen, which is the best there is and no promise. `per` is that of a
    `Difference`.
    """
    if n == 0:
        return None
    limit, z = Decimal(margin), quantile(LEVEL)

    def settles(cases: int) -> bool:
        scale = Decimal(cases) / (n * per)
        # Settled is what lies outside the interval, on either side.
        return refuses(fixed * scale, broken * scale, Decimal(cases), -limit, z)

    if settles(n):
        return 0
    most = n
    while not settles(most):
        most *= 2
        if most > _MOST_CASES:
            return None
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        if settles(middle):
            most = middle
        else:
            least = middle
    return most - n


def _detectable(n: int, discordance: str) -> str | None:
    """The net change at which a normal approximation gives the power; found by bisection."""
    flips = Decimal(discordance)
    if not 0 < flips <= 1:
        raise ValueError(f"the share {discordance} of cases that flip is not between 0 and 1")
    with localcontext(prec=_PRECISION):

        def needed(net: Decimal) -> Decimal:
            spread = quantile(LEVEL) * flips.sqrt() + _POWER_QUANTILE * (flips - net * net).sqrt()
            return (spread / net) ** 2

        low, high = Decimal(0), min(flips, flips.sqrt())
        if n < needed(high):
            return None
        for _ in range(_STEPS):
            middle = (low + high) / 2
            if needed(middle) <= n:
                high = middle
            else:
                low = middle
        return written_decimal(high)
