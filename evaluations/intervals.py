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
    """`count` of `n`, the value with six decimals and its interval; both None when `n` is 0.

    Where each case was asked several times, `count` and `n` count answers and `interval.n` counts cases:
    asking the same again tells no more about the cases that were never asked.
    """

    count: int
    n: int
    value: str | None
    interval: Interval | None


def wilson(successes: int, n: int, level: str = LEVEL) -> Interval | None:
    """Wilson's score interval (JASA 22, 1927), without continuity correction; None when `n` is 0.

    `level` is `"0.90"`, `"0.95"` or `"0.99"`. Raises `ValueError` for another, or for a count outside
    0 to `n`.
    """
    return _wilson(Decimal(successes), n, level)


def _wilson(k: Decimal, n: int, level: str) -> Interval | None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is not a proportion; count 0 to n successes")
    z = quantile(level)
    if n == 0:
        return None
    with localcontext(prec=50):
        middle = (k + z * z / 2) / (n + z * z)
        half = z * (k * (n - k) / n + z * z / 4).sqrt() / (n + z * z)
        # At the ends one bound is the proportion itself; rounding must not turn it into -0.000000.
        low = middle - half if k else Decimal(0)
        high = middle + half if k < n else Decimal(1)
        return Interval(
            low=written_decimal(low), high=written_decimal(high), level=level, method="wilson", n=n
        )


def clopper_pearson(successes: int, n: int, level: str = LEVEL) -> Interval | None:
    """The exact interval (Biometrika 26:404, 1934), for hard gates at small n; None when `n` is 0.

    Never narrower than its level promises, and wider than needed on average. Raises `ValueError` as
    `wilson` does.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a proportion; count 0 to n successes")
    quantile(level)
    if n == 0:
        return None
    tail = (1 - float(level)) / 2
    # Imported here: whoever reads a stored interval should not wait for scipy.
    from scipy.special import betaincinv

    low = betaincinv(successes, n - successes + 1, tail) if successes else 0.0
    high = betaincinv(successes + 1, n - successes, 1 - tail) if successes < n else 1.0
    return Interval(low=f"{low:.6f}", high=f"{high:.6f}", level=level, method="clopper-pearson", n=n)


def proportion(count: int, n: int, level: str = LEVEL, *, repeats: int = 1) -> Proportion:
    """`count` of `n` answers with its Wilson interval, which rests on `n / repeats` cases, rounded up."""
    if repeats < 1:
        raise ValueError(f"{repeats} repeats are no run; use at least 1")
    cases = -(-n // repeats)
    with localcontext(prec=50):
        value = written_decimal(Decimal(count) / n) if n else None
        # Averaged within a case first: the share of each case's answers counts as a part of one success.
        successes = Decimal(count) * cases / n if repeats > 1 and n else Decimal(count)
    return Proportion(count=count, n=n, value=value, interval=_wilson(successes, cases, level))


def exact_proportion(count: int, n: int, level: str = LEVEL) -> Proportion:
    """`count` of `n` with its Clopper-Pearson interval, for the few cases of a gate or a probe."""
    with localcontext(prec=50):
        value = written_decimal(Decimal(count) / n) if n else None
    return Proportion(count=count, n=n, value=value, interval=clopper_pearson(count, n, level))


def quantile(level: str) -> Decimal:
    """The standard normal quantile of a two-sided level. Raises `ValueError` for one that is not kept."""
    if level not in _QUANTILES:
        raise ValueError(f"level {level!r} is not one of {', '.join(_QUANTILES)}")
    return _QUANTILES[level]


def written_decimal(value: Decimal) -> str:
    """A decimal with six places, half to even; a zero carries no sign."""
    rounded = value.quantize(_STEP, rounding=ROUND_HALF_EVEN)
    return str(abs(rounded) if rounded.is_zero() else rounded)
