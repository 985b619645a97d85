"""Confidence intervals of proportions. Pure.

Computed in decimal arithmetic of 50 digits and written with six, so that every machine gives the same
text and a stored interval recomputes byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from types import MappingProxyType

from evaluations.figures import PLACES

LEVEL = "0.95"

# Quantiles of the standard normal distribution at (1 + level) / 2.
_QUANTILES = MappingProxyType(
    {
        "0.90": Decimal("1.644853626951472714863848907991632136083"),
        "0.95": Decimal("1.959963984540054235524594430520551527956"),
        "0.99": Decimal("2.575829303548900760978576748603814117306"),
    }
)
_STEP = Decimal(1).scaleb(-PLACES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Bounds of a proportion, 0 to 1, with what they rest on: level, method, and `n` observations."""

    low: str
    high: str
    level: str
    method: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """`count` of `n`, the value with six decimals and its interval; both None when `n` is 0."""

    count: int
    n: int
    value: str | None
    interval: Interval | None


def wilson(successes: int, n: int, level: str = LEVEL) -> Interval | None:
    """Wilson's score interval (JASA 22, 1927), without continuity correction; None when `n` is 0.

    `level` is `"0.90"`, `"0.95"` or `"0.99"`. Raises `ValueError` for another, or for a count outside
    0 to `n`.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a proportion; count 0 to n successes")
    if level not in _QUANTILES:
        raise ValueError(f"level {level!r} is not one of {', '.join(_QUANTILES)}")
    if n == 0:
        return None
    with localcontext(prec=50):
        z = _QUANTILES[level]
        k = Decimal(successes)
        middle = (k + z * z / 2) / (n + z * z)
        half = z * (k * (n - k) / n + z * z / 4).sqrt() / (n + z * z)
        # At the ends one bound is the proportion itself; rounding must not turn it into -0.000000.
        low = middle - half if successes else Decimal(0)
        high = middle + half if successes < n else Decimal(1)
        return Interval(low=_written(low), high=_written(high), level=level, method="wilson", n=n)


def proportion(count: int, n: int, level: str = LEVEL) -> Proportion:
    """`count` of `n` with its Wilson interval."""
    interval = wilson(count, n, level)
    with localcontext(prec=50):
        value = _written(Decimal(count) / n) if n else None
    return Proportion(count=count, n=n, value=value, interval=interval)


def _written(value: Decimal) -> str:
    return str(value.quantize(_STEP, rounding=ROUND_HALF_EVEN))
