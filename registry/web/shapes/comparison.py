"""Two runs compared, as the API says it. Touches nothing but what a visit reads."""

from __future__ import annotations

from typing import Annotated

import msgspec

from evaluations.comparing.endpoint import Endpoint
from evaluations.comparing.endpoints import Group, GroupKind, Question
from evaluations.comparing.pairing import Unequal
from evaluations.comparing.telling import sentence
from evaluations.statistics.bootstrap import Change
from evaluations.statistics.margins import Judgement
from evaluations.statistics.tango import Difference
from governance.commons import RunState
from registry.services.comparison_words import conditions
from registry.web.comparing import Held
from registry.web.shapes.base import Address, Page, Shape
from registry.web.shapes.flips import FlipShape
from registry.web.shapes.runs import ProportionShape, RunSummary, proportion_shape, run_summary
from registry.web.visit import Visit

Points = Annotated[str, msgspec.Meta(description="A share, -1 to 1, six decimals.", examples=["0.061000"])]
P = Annotated[str, msgspec.Meta(description="Six decimals.", examples=["0.021271"])]
MOST_IDS = 1_000


class DifferenceShape(Shape, frozen=True):
    """New less old, paired, with its 95 % interval. Of `n` cases, `fixed / per` became right."""

    fixed: int
    broken: int
    n: int
    per: Annotated[int, msgspec.Meta(description="1, or pairs of answers to a case that was asked again.")]
    value: Points | None
    low: Points | None
    high: Points | None
    method: Annotated[str, msgspec.Meta(examples=["tango"])]


class ByPairsShape(Shape, frozen=True):
    """The same difference with contrast pairs taken as a whole."""

    clusters: Annotated[int, msgspec.Meta(description="Pairs, and cases in none.", examples=[87])]
    design: Annotated[str, msgspec.Meta(description="The design effect.", examples=["1.310000"])]
    change: DifferenceShape


class EndpointShape(Shape, frozen=True):
    """One question: what each run has right, the difference, and its judgement against the margin."""

    old: ProportionShape
    new: ProportionShape
    change: DifferenceShape
    p: Annotated[P, msgspec.Meta(description="McNemar, mid-p.")]
    adjusted: Annotated[P | None, msgspec.Meta(description="After Holm; null for the primary question.")]
    judgement: Annotated[
        Judgement, msgspec.Meta(description="pass, block or inconclusive.", examples=["inconclusive"])
    ]
    more_cases: Annotated[
        int | None,
        msgspec.Meta(description="Further cases that would settle it, if the rates stay; null for none."),
    ]
    by_pairs: ByPairsShape | None


class GroupShape(Shape, frozen=True):
    """The exact label within a label or slice; all groups are corrected together by Holm."""

    kind: Annotated[GroupKind, msgspec.Meta(examples=["label"])]
    name: Annotated[str, msgspec.Meta(examples=["SP2"])]
    endpoint: EndpointShape


class UnequalShape(Shape, frozen=True):
    """Cases that are not the same in both runs and were left out, by id."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    edited: tuple[str, ...]
    relabelled: tuple[str, ...]


class NoiseShape(Shape, frozen=True):
    """Of `n` answers, so many changed when nothing did."""

    discordant: int
    n: int
    source: Annotated[
        str, msgspec.Meta(description="again, repeats, or promised by the engine.", examples=["again"])
    ]


class CostShape(Shape, frozen=True):
    """Tokens, and the median latency in milliseconds; null where unknown."""

    old_input: int | None
    new_input: int | None
    old_output: int | None
    new_output: int | None
    old_p50: int | None
    new_p50: int | None


class F1Shape(Shape, frozen=True):
    """F1 of violating or not, with a bootstrap interval. Decides nothing."""

    old: str | None
    new: str | None
    value: Points | None
    low: Points | None
    high: Points | None
    method: Annotated[str, msgspec.Meta(examples=["paired-bootstrap"])]


class ComparisonShape(Shape, frozen=True):
    """What `commons compare` says of two runs. A baseline decides nothing."""

    policy: Address
    old: RunSummary
    new: RunSummary
    sentence: Annotated[str, msgspec.Meta(description="What to take home.")]
    conditions: Annotated[str, msgspec.Meta(description="Whether only the policy differs, in words.")]
    same_conditions: bool
    baseline: bool
    blocks: Annotated[bool, msgspec.Meta(description="Whether a gate of this margin would stop it.")]
    n: Annotated[int, msgspec.Meta(description="Cases compared.")]
    repeats: Annotated[tuple[int, int], msgspec.Meta(description="How often each run asked a case.")]
    margin: Annotated[str, msgspec.Meta(examples=["0.03"])]
    primary: Annotated[Question, msgspec.Meta(examples=["missed-violations"])]
    exact: EndpointShape
    caught: Annotated[EndpointShape, msgspec.Meta(description="Violations caught.")]
    spared: Annotated[EndpointShape, msgspec.Meta(description="Harmless content left alone.")]
    groups: tuple[GroupShape, ...]
    left_out: Annotated[
        UnequalShape, msgspec.Meta(description=f"Empty unless `shared`; the first {MOST_IDS} ids of a kind.")
    ]
    noise: Annotated[NoiseShape | None, msgspec.Meta(description="Null where nobody ran it again.")]
    cost: CostShape
    f1: F1Shape
    flips: Annotated[Page[FlipShape], msgspec.Meta(description="Broken ones first.")]


def comparison_shape(
    visit: Visit, old: RunState, new: RunState, held: Held, flips: Page[FlipShape]
) -> ComparisonShape:
    """The whole of it; `flips` is the page of them that was asked for."""
    found = held.comparison
    ends = found.endpoints
    return ComparisonShape(
        policy=f"{visit.name}/{new.slug}",
        old=run_summary(visit, old),
        new=run_summary(visit, new),
        sentence=sentence(found),
        conditions=conditions(found, held.old, held.new),
        same_conditions=found.same_conditions,
        baseline=held.baseline,
        blocks=held.blocks,
        n=found.n,
        repeats=found.repeats,
        margin=found.margin,
        primary=ends.primary,
        exact=_endpoint(ends.exact),
        caught=_endpoint(ends.caught),
        spared=_endpoint(ends.spared),
        groups=tuple(map(_group, ends.groups)),
        left_out=_unequal(found.unequal),
        noise=None
        if found.noise is None
        else NoiseShape(discordant=found.noise.discordant, n=found.noise.n, source=found.noise.source),
        cost=CostShape(
            old_input=found.cost.old_input,
            new_input=found.cost.new_input,
            old_output=found.cost.old_output,
            new_output=found.cost.new_output,
            old_p50=found.cost.old_p50,
            new_p50=found.cost.new_p50,
        ),
        f1=_f1(found.f1),
        flips=flips,
    )


def _endpoint(end: Endpoint) -> EndpointShape:
    pairs = end.clustered
    return EndpointShape(
        old=proportion_shape(end.old),
        new=proportion_shape(end.new),
        change=_difference(end.change),
        p=end.p,
        adjusted=end.adjusted,
        judgement=end.judgement,
        more_cases=end.more_cases,
        by_pairs=None
        if pairs is None
        else ByPairsShape(clusters=pairs.clusters, design=pairs.design, change=_difference(pairs.change)),
    )


def _difference(change: Difference) -> DifferenceShape:
    return DifferenceShape(
        fixed=change.fixed,
        broken=change.broken,
        n=change.n,
        per=change.per,
        value=change.value,
        low=change.low,
        high=change.high,
        method=change.method,
    )


def _group(group: Group) -> GroupShape:
    return GroupShape(kind=group.kind, name=group.name, endpoint=_endpoint(group.endpoint))


def _unequal(unequal: Unequal) -> UnequalShape:
    return UnequalShape(
        added=unequal.added[:MOST_IDS],
        removed=unequal.removed[:MOST_IDS],
        edited=unequal.edited[:MOST_IDS],
        relabelled=unequal.relabelled[:MOST_IDS],
    )


def _f1(change: Change) -> F1Shape:
    return F1Shape(
        old=change.old,
        new=change.new,
        value=change.value,
        low=change.low,
        high=change.high,
        method=change.method,
    )
