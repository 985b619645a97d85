"""The difference of two paired proportions with Tango's score interval. Pure.

Tango, Statistics in Medicine 17:891-908 (1998): the interval holds every difference that the score test
does not refuse. It keeps its level at small counts and has a width when nothing flips, which Wald's and
the bootstrap's have not: zero flips in ten cases prove little.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from evaluations.intervals import LEVEL, quantile, written_decimal

METHOD = "tango"
_NO_DESIGN = Fraction(1)
_PRECISION = 50
_STEPS = 60  # bisections of an interval two wide: 2 / 2**60 is far below the six decimals written


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """New less old, as a share of `n` cases, -1 to 1, with the interval's level and method.

    `fixed` cases were wrong and are right, `broken` the reverse. Where cases have several answers, both count
    pairs of an old and a new answer, of which each case has `per`. Values are None when `n` is 0.
    """

    fixed: int
    broken: int
    n: int
    per: int = 1
    value: str | None
    low: str | None
    high: str | None
    level: str
    method: str


def difference(
    fixed: int,
    broken: int,
    n: int,
    level: str = LEVEL,
    *,
    per: int = 1,
    design: Fraction = _NO_DESIGN,
) -> Difference:
    """The change in the share that is right, from the discordant counts. Raises `ValueError`.

    With several answers to a case, `fixed / per` cases count as fixed: the interval is then rather too wide,
    since it takes the answers' own wavering for a difference between cases. It rests on `n / design` cases.
    """
    if min(fixed, broken) < 0 or fixed + broken > n * per or per < 1:
        raise ValueError(f"{fixed} fixed and {broken} broken are not among {n} cases")
    value = low = high = None
    if n:
        with localcontext(prec=_PRECISION):
            value = written_decimal(Decimal(fixed - broken) / (n * per))
            fewer = Decimal(design.numerator) / design.denominator
            bounds = tango(
                Decimal(fixed) / per / fewer,
                Decimal(broken) / per / fewer,
                Decimal(n) / fewer,
                quantile(level),
            )
            low, high = (written_decimal(bound) for bound in bounds)
    method = METHOD if design == 1 else f"{METHOD}-design-effect"
    return Difference(
        fixed=fixed,
        broken=broken,
        n=n,
        per=per,
        value=value,
        low=low,
        high=high,
        level=level,
        method=method,
    )


def tango(fixed: Decimal, broken: Decimal, n: Decimal, z: Decimal) -> tuple[Decimal, Decimal]:
    """Both bounds. Counts may be fractional: planning asks for cases that do not exist yet."""
    with localcontext(prec=_PRECISION):
        middle = (fixed - broken) / n

        def refused(delta: Decimal) -> bool:
            return refuses(fixed, broken, n, delta, z)

        low = _edge(Decimal(-1), middle, refused)
        high = _edge(Decimal(1), middle, refused)
    return low, high


def refuses(fixed: Decimal, broken: Decimal, n: Decimal, delta: Decimal, z: Decimal) -> bool:
    """Whether a true difference of `delta` is refused: whether it lies outside the interval."""
    return abs(_score(fixed, broken, n, delta)) > z


def _edge(outer: Decimal, inner: Decimal, refused: Callable[[Decimal], bool]) -> Decimal:
    """Where the test begins to refuse, between a point it refuses (perhaps) and one it does not."""
    if not refused(outer):
        return outer
    for _ in range(_STEPS):
        between = (outer + inner) / 2
        if refused(between):
            outer = between
        else:
            inner = between
    return (outer + inner) / 2


def _score(fixed: Decimal, broken: Decimal, n: Decimal, delta: Decimal) -> Decimal:
    """The score statistic for a true difference of `delta`, with the nuisance parameter at its maximum."""
    numerator = fixed - broken - n * delta
    if numerator == 0:
        return Decimal(0)
    a = 2 * n
    b = -fixed - broken + (2 * n - fixed + broken) * delta
    c = -broken * delta * (1 - delta)
    # Exactly a square at the ends of the scale, where rounding may leave it a hair below zero.
    nuisance = (max(b * b - 4 * a * c, Decimal(0)).sqrt() - b) / (2 * a)
    variance = n * (2 * nuisance + delta * (1 - delta))
    # At the very ends nothing may vary: the difference is then refused outright.
    return numerator / variance.sqrt() if variance > 0 else Decimal("Infinity").copy_sign(numerator)
