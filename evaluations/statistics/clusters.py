"""A paired difference whose cases come in clusters, such as contrast pairs. Pure.

Cases that were written together tend to be answered alike, so a hundred of them tell less than a hundred
strangers. By how much is estimated from how the clusters' sums vary against how single cases do (the design
effect: Kish, Survey Sampling, 1965; Rao and Scott, Biometrics 48:577-585, 1992), and Tango's interval is
taken over so many fewer cases. Never over more: that clusters part more than chance would is luck.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from evaluations.figures import written
from evaluations.statistics.tango import Difference, difference


class Cluster(NamedTuple):
    """A cluster's sum of differences, in steps of which a whole case has `per`, and its number of cases."""

    net: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustered:
    """The difference by clusters: how many there are, the design effect (1 or more), and the interval."""

    clusters: int
    design: str
    change: Difference


def clustered(change: Difference, steps: Mapping[int, int], clusters: Counter[Cluster]) -> Clustered | None:
    """`change` with an interval by clusters; None where no cluster has two cases.

    `steps` counts the cases by their difference, in the steps in which `change.fixed` counts. A case in no
    cluster is one by itself.
    """
    if not any(cluster.cases > 1 for cluster in clusters):
        return None
    design = max(Fraction(1), _design(change, steps, clusters))
    return Clustered(
        clusters=clusters.total(),
        design=written(design) or "",
        change=difference(change.fixed, change.broken, change.n, change.level, per=change.per, design=design),
    )


def _design(change: Difference, steps: Mapping[int, int], clusters: Counter[Cluster]) -> Fraction:
    n, k = change.n, clusters.total()
    mean = Fraction(change.fixed - change.broken, n)
    single = sum(cases * (step - mean) ** 2 for step, cases in steps.items())
    if single == 0 or k == 1 or n == 1:
        # Nothing varies, so nothing can be learned of it: as if whole clusters were answered as one.
        return Fraction(sum(count * cluster.cases**2 for cluster, count in clusters.items()), n)
    whole = sum(count * (cluster.net - mean * cluster.cases) ** 2 for cluster, count in clusters.items())
    return whole * k * (n - 1) / (single * n * (k - 1))
