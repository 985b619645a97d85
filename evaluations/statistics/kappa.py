"""Quadratic-weighted kappa: agreement on an ordered scale. Pure.

Cohen, Psychol. Bull. 70:213 (1968). For severity: calling a 3 a 2 is a smaller mistake than calling it a 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction


def weighted_kappa(pairs: Mapping[tuple[str, str], int], order: Sequence[str]) -> Fraction | None:
    """Kappa of (gold, said) counts, exact; `order` is the labels from mildest to worst.

    None without cases, or when both sides use one and the same label only. Raises `ValueError` for a
    label that is not in `order`.
    """
    place = {label: index for index, label in enumerate(order)}
    strange = sorted({label for pair in pairs for label in pair if label not in place})
    if strange:
        raise ValueError(f"the label {strange[0]} is not one of {', '.join(order)}")
    n = sum(pairs.values())
    gold, said = [0] * len(order), [0] * len(order)
    observed = 0
    for (true, told), count in pairs.items():
        gold[place[true]] += count
        said[place[told]] += count
        observed += count * (place[true] - place[told]) ** 2
    expected = sum(
        gold[row] * said[column] * (row - column) ** 2
        for row in range(len(order))
        for column in range(len(order))
    )
    if expected == 0:
        return None
    return 1 - Fraction(observed * n, expected)
