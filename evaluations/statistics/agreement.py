"""How far annotators, or repeated runs, agree beyond chance. Pure.

Krippendorff's alpha takes any number of raters and any gaps (Content Analysis, 4th ed., chapter 12).
Where one label is rare its chance agreement is high and alpha falls although people agree; Gwet's AC1
(Br. J. Math. Stat. Psychol. 61:29-48, 2008) does not, so both are told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluations.figures import written

Ratings = Mapping[str, Mapping[str, str]]
"""Labels by case and rater; a case or rater may have any gaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement over the `cases` that two raters or more have labelled.

    Figures are None where they are undefined: no such case, or (alpha) only one label in use. `observed`
    is the share of agreeing pairs, `contested` the cases without an absolute majority, in order.
    `ceiling` is how often a rater gives the label that most of the others give: what a model can hope
    for; a case whose others are split in half is in no denominator.
    """

    cases: int
    raters: int
    alpha: str | None
    ac1: str | None
    observed: str | None
    ceiling: str | None
    contested: tuple[str, ...]


def agreement_of(ratings: Ratings) -> Agreement:
    """The figures for nominal labels."""
    counted = {case: Counter(by.values()) for case, by in ratings.items() if len(by) >= 2}
    units = list(counted.values())
    return Agreement(
        cases=len(counted),
        raters=len({rater for by in ratings.values() for rater in by}),
        alpha=written(alpha(units)),
        ac1=written(ac1(units, {label for by in ratings.values() for label in by.values()})),
        observed=written(_observed(units)),
        ceiling=written(ceiling(ratings.values())),
        contested=tuple(case for case, unit in counted.items() if majority(unit) is None),
    )


def alpha(units: Sequence[Counter[str]]) -> Fraction | None:
    """Krippendorff's alpha for nominal data, exact. `units` are label counts per case, two at least."""
    pairable = [unit for unit in units if unit.total() >= 2]
    totals: Counter[str] = Counter()
    disagreeing = Fraction(0)
    for unit, cases in _distinct(pairable):
        totals.update({label: cases * count for label, count in unit.items()})
        ratings = unit.total()
        disagreeing += cases * Fraction(ratings**2 - sum(count**2 for count in unit.values()), ratings - 1)
    n = totals.total()
    expected = n**2 - sum(count**2 for count in totals.values())
    if expected == 0:
        return None  # with a single label in use there is nothing that could disagree
    return 1 - disagreeing * (n - 1) / expected


def ac1(units: Sequence[Counter[str]], labels: Iterable[str]) -> Fraction | None:
    """Gwet's AC1 for nominal data, exact. `labels` are all that could be given; None below two."""
    known = set(labels)
    observed = _observed([unit for unit in units if unit.total() >= 2])
    rated = [unit for unit in units if unit.total()]
    distinct = _distinct(rated)
    if observed is None or len(known) < 2:
        return None
    chance = Fraction(0)
    for label in known:
        shares = (cases * Fraction(unit[label], unit.total()) for unit, cases in distinct)
        share = sum(shares, Fraction()) / len(rated)
        chance += share * (1 - share)
    chance /= len(known) - 1
    return (observed - chance) / (1 - chance)


def ceiling(ratings: Iterable[Mapping[str, str]]) -> Fraction | None:
    """The share of ratings that are what most of the case's other raters say."""
    same = asked = 0
    for unit, cases in _distinct([Counter(by.values()) for by in ratings]):
        for label, count in unit.items():
            # Whoever said this label sees the same others, whoever that is.
            most = (unit - Counter([label])).most_common(2)
            if not most or (len(most) == 2 and most[0][1] == most[1][1]):
                continue
            asked += cases * count
            same += cases * count * (label == most[0][0])
    return Fraction(same, asked) if asked else None


def majority(unit: Counter[str]) -> str | None:
    """The label that more than half gave, or None."""
    label, count = unit.most_common(1)[0]
    return label if 2 * count > unit.total() else None


def _pairs_agreeing(unit: Counter[str]) -> Fraction:
    ratings = unit.total()
    return Fraction(sum(count * (count - 1) for count in unit.values()), ratings * (ratings - 1))


def _observed(units: Sequence[Counter[str]]) -> Fraction | None:
    agreeing = (cases * _pairs_agreeing(unit) for unit, cases in _distinct(units))
    return sum(agreeing, Fraction()) / len(units) if units else None


def _distinct(units: Iterable[Counter[str]]) -> list[tuple[Counter[str], int]]:
    """Each way in which a case was labelled with how many were: of a hundred thousand, a few dozen."""
    ways = Counter(frozenset(unit.items()) for unit in units)
    return [(Counter(dict(way)), cases) for way, cases in ways.items()]
