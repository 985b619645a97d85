"""Scores over versions, and what they mean for a stream of posts, as the API says them. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from evaluations.intervals import LEVEL
from evaluations.standing import RunClass
from evaluations.volumes import METHOD, Estimate, Share, Volumes
from registry.web.scores import Point, Series
from registry.web.shapes.base import Address, Digest, Shape
from registry.web.shapes.runs import Figure, RunSummary, engine_note
from registry.web.volume_query import VolumeQuery


class PointShape(Shape, frozen=True):
    """A version's newest run of a series."""

    version: Annotated[str, msgspec.Meta(examples=["1.2.0"])]
    cases_changed: Annotated[
        bool,
        msgspec.Meta(description="Over other cases or labels than the point before: not comparable with it."),
    ]
    suite: Digest
    run: RunSummary


class SeriesShape(Shape, frozen=True):
    """Runs between which nothing but the policy and its cases differs; oldest version first."""

    id: Annotated[str, msgspec.Meta(description="A digest of what they share.", examples=["9f86d081884c"])]
    stands_for: Annotated[RunClass, msgspec.Meta(examples=["shared-model"])]
    note: Annotated[str | None, msgspec.Meta(description="To be read before the figures of a baseline.")]
    engine: Annotated[str, msgspec.Meta(examples=["openai"])]
    model: Annotated[str, msgspec.Meta(examples=["openai/gpt-oss-safeguard-20b"])]
    template: Annotated[str | None, msgspec.Meta(examples=["safeguard-label@1"])]
    effort: Annotated[str | None, msgspec.Meta(examples=["low"])]
    settings: Annotated[
        dict[str, str | int | bool | None],
        msgspec.Meta(description="Sampling, and what the engine states of itself.", examples=[{"seed": 7}]),
    ]
    points: tuple[PointShape, ...]


class ScoresShape(Shape, frozen=True):
    """The shared model's series first, other models' next, baselines last. Each has an axis of its own."""

    policy: Address
    tested: Annotated[
        bool, msgspec.Meta(description="Whether any version was run on gpt-oss-safeguard here.")
    ]
    series: tuple[SeriesShape, ...]


class EstimateShape(Shape, frozen=True):
    """Whole posts a day with bounds."""

    value: Annotated[int, msgspec.Meta(examples=[95])]
    low: Annotated[int, msgspec.Meta(examples=[83])]
    high: Annotated[int, msgspec.Meta(examples=[99])]


class ShareShape(Shape, frozen=True):
    """A share with bounds; `value` is null where nothing would be flagged."""

    value: Figure | None
    low: Figure
    high: Figure


class VolumesShape(Shape, frozen=True):
    """What would become of a day's posts, were they like the cases of the run. Null is undefined."""

    posts: Annotated[int, msgspec.Meta(examples=[10000])]
    rate: Annotated[str, msgspec.Meta(description="Per cent of them that violate.", examples=["1"])]
    violating: Annotated[int, msgspec.Meta(examples=[100])]
    allowed: Annotated[int, msgspec.Meta(examples=[9900])]
    stands_for: Annotated[RunClass, msgspec.Meta(examples=["shared-model"])]
    note: Annotated[str | None, msgspec.Meta(description="To be read before the figures of a baseline.")]
    caught: EstimateShape | None
    missed: Annotated[
        EstimateShape | None, msgspec.Meta(description="With those whose answer could not be read.")
    ]
    wrongly_flagged: EstimateShape | None
    unread: Annotated[
        EstimateShape | None, msgspec.Meta(description="Posts whose answer could not be read, of both kinds.")
    ]
    right_when_flagged: Annotated[
        ShareShape | None, msgspec.Meta(description="Of the flagged posts, those that violate.")
    ]
    level: Annotated[str, msgspec.Meta(description="Of each rate's interval.", examples=[LEVEL])]
    method: Annotated[
        str,
        msgspec.Meta(
            description="`wilson-per-rate`: each bound of a rate times the posts, in whole posts; for "
            "`right_when_flagged` the unfavourable ends of both rates together.",
            examples=[METHOD],
        ),
    ]


def series_shape(series: Series, points: tuple[PointShape, ...]) -> SeriesShape:
    """A series with its points."""
    parts = series.parts
    return SeriesShape(
        id=series.id[:12],
        stands_for=series.stands_for,
        note=engine_note(parts.engine),
        engine=parts.engine,
        model=parts.model.id,
        template=parts.template,
        effort=parts.effort,
        settings=dict(series.settings),
        points=points,
    )


def point_shape(point: Point, run: RunSummary) -> PointShape:
    """A point with its run."""
    return PointShape(
        version=point.version, cases_changed=point.cases_changed, suite=point.record.suite.digest, run=run
    )


def volumes_shape(run: RunSummary, query: VolumeQuery, volumes: Volumes) -> VolumesShape:
    """What a run's figures mean for these posts."""
    return VolumesShape(
        posts=volumes.posts,
        rate=query.rate,
        violating=volumes.violating,
        allowed=volumes.allowed,
        stands_for=run.stands_for,
        note=run.note,
        caught=_estimate(volumes.caught),
        missed=_estimate(volumes.missed),
        wrongly_flagged=_estimate(volumes.wrongly_flagged),
        unread=_estimate(volumes.unread),
        right_when_flagged=_share(volumes.right_when_flagged),
        level=LEVEL,
        method=METHOD,
    )


def _estimate(estimate: Estimate | None) -> EstimateShape | None:
    if estimate is None:
        return None
    return EstimateShape(value=estimate.value, low=estimate.low, high=estimate.high)


def _share(share: Share | None) -> ShareShape | None:
    return None if share is None else ShareShape(value=share.value, low=share.low, high=share.high)
