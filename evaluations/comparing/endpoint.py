"""One question on some paired cases: what each run has right, and what can be said of the difference. Pure.

Where cases were asked several times, answers are averaged within each case first: every old answer is held
against every new one, and each case counts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from evaluations.comparing.pairing import Both
from evaluations.intervals import Proportion, proportion, written_decimal
from evaluations.statistics.clusters import Cluster, Clustered, clustered
from evaluations.statistics.margins import Judgement, no_worse
from evaluations.statistics.power import Resolution, more_cases, resolution
from evaluations.statistics.signs import sign_flip_value
from evaluations.statistics.tango import Difference, difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One question on some cases: how many each run has right, and the paired difference.

    `p` is McNemar's mid-p, `adjusted` after Holm where several are looked at together. `judgement` holds
    the interval against the margin, and `more_cases` is how many further cases like these would settle
    it: 0 when it is settled, None when they would not. `clustered` is the difference with cases taken by
    their clusters, None where no two are in one.
    """

    old: Proportion
    new: Proportion
    change: Difference
    p: str
    adjusted: str | None = None
    judgement: Judgement
    more_cases: int | None
    resolution: Resolution
    clustered: Clustered | None = None

    @property
    def careful(self) -> Difference:
        """The difference with the interval to rely on: by clusters, where cases have them."""
        return self.change if self.clustered is None else self.clustered.change


@dataclass(frozen=True, slots=True)
class Seen:
    """Cases by what came out of them, and those of each cluster."""

    counted: Counter[Both] = field(default_factory=Counter)
    clusters: dict[str, list[Both]] = field(default_factory=dict)

    def in_cluster(self, both: Both, cluster: str | None) -> None:
        """Notes the cluster of a counted case, if it is in one."""
        if cluster is not None:
            self.clusters.setdefault(cluster, []).append(both)


class Right(NamedTuple):
    """How many of a case's old answers are right, and of its new ones."""

    old: int
    new: int


Ask: TypeAlias = Callable[[Both], Right | None]
"""What a question makes of a case; None where the case is not asked it."""


class Answered(NamedTuple):
    """An endpoint with its p unrounded, for corrections."""

    endpoint: Endpoint
    p: Decimal


def answered(seen: Seen, repeats: tuple[int, int], ask: Ask, margin: str) -> Answered:
    """The endpoint of a question. `repeats` are the answers to a case in the old run and in the new one."""
    before, after = repeats
    right = {both: said for both in seen.counted if (said := ask(both)) is not None}
    n = sum(seen.counted[both] for both in right)

    def total(of: Callable[[Right], int]) -> int:
        return sum(of(said) * seen.counted[both] for both, said in right.items())

    fixed = total(lambda said: (before - said.old) * said.new)
    broken = total(lambda said: said.old * (after - said.new))
    change = difference(fixed, broken, n, per=before * after)
    steps: Counter[int] = Counter()
    for both, said in right.items():
        steps[_step(said, repeats)] += seen.counted[both]
    p = sign_flip_value(steps)
    return Answered(
        Endpoint(
            old=proportion(total(lambda said: said.old), n * before, repeats=before),
            new=proportion(total(lambda said: said.new), n * after, repeats=after),
            change=change,
            p=written_decimal(p),
            judgement=no_worse(change, margin),
            more_cases=more_cases(fixed, broken, n, margin, before * after),
            resolution=resolution(n),
            clustered=clustered(change, steps, _clusters(seen, right, repeats, steps)),
        ),
        p,
    )


def _step(said: Right, repeats: tuple[int, int]) -> int:
    """A case's difference, of which a whole case has as many steps as it has pairs of answers."""
    return said.new * repeats[0] - said.old * repeats[1]


def _clusters(
    seen: Seen, right: Mapping[Both, Right], repeats: tuple[int, int], steps: Mapping[int, int]
) -> Counter[Cluster]:
    """The clusters that hold a case of the question; a case in none is one by itself."""
    alone = Counter(steps)
    found: Counter[Cluster] = Counter()
    for cases in seen.clusters.values():
        nets = [_step(right[both], repeats) for both in cases if both in right]
        alone.subtract(nets)
        if nets:
            found[Cluster(sum(nets), len(nets))] += 1
    for net, count in alone.items():
        found[Cluster(net, 1)] += count
    return found
