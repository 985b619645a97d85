"""McNemar's test of paired answers, by mid-p. Pure.

Of the cases on which two runs differ, half would go either way if the change did nothing. The mid-p
counts the observed split by half (Fagerland, Lydersen, Laake: BMC Med. Res. Methodol. 13:91, 2013):
the exact test refuses too rarely to be worth its name at the small counts of policy work.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

from evaluations.intervals import written_decimal

_PRECISION = 50


def mid_p(fixed: int, broken: int) -> str:
    """Two-sided mid-p of `fixed` against `broken` discordant cases, with six decimals.

    `"1.000000"` when nothing differs: no evidence of anything. Symmetric in its arguments. Raises
    `ValueError` for a negative count.
    """
    if fixed < 0 or broken < 0:
        raise ValueError(f"{fixed} and {broken} are no counts; give two numbers of cases")
    return written_decimal(mid_p_value(fixed, broken))


def mid_p_value(fixed: int, broken: int) -> Decimal:
    """The same, unrounded, to 50 digits: what Holm's correction works on."""
    n, fewer = fixed + broken, min(fixed, broken)
    with localcontext(prec=_PRECISION):
        term = Decimal(2) ** -n  # P(X = 0) of X ~ Binomial(n, 1/2); Decimal does not underflow here.
        below = Decimal(0)
        for split in range(fewer):
            below += term
            term = term * (n - split) / (split + 1)
        return min(2 * below + term, Decimal(1))
