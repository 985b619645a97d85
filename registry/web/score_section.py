"""The Scores section of a policy's page: of this version, and over all of them. Reads through a visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from evaluations.standing import RunClass
from evaluations.volumes import volumes_of
from governance.commons import RunState
from governance.payloads import Release
from registry.services.reading import runs_of
from registry.web.charts import MOST, Chart, Mark
from registry.web.drawn import drawn
from registry.web.run_parts import record_of
from registry.web.scores import Point, Series, series_of
from registry.web.shapes.runs import RunSummary, run_summary
from registry.web.shapes.scores import (
    PointShape,
    SeriesShape,
    VolumesShape,
    point_shape,
    series_shape,
    volumes_shape,
)
from registry.web.visit import Visit
from registry.web.volume_query import VolumeQuery

MOST_SERIES = 6
"""Of one class on a page; the API gives all."""


class Drawn(NamedTuple):
    """A chart with the name of its figure and what that is a share of."""

    name: str
    note: str
    svg: Markup


class OverVersions(NamedTuple):
    """A series as it is shown: newest point first, `more` older ones left out.

    `parted` says that figures stand on both sides of a change of cases.
    """

    commons: str
    slug: str
    series: SeriesShape
    points: tuple[PointShape, ...]
    more: int
    parted: bool
    charts: tuple[Drawn, ...]


class InPosts(NamedTuple):
    """A run of this version with what its figures mean for the posts that the visitor has."""

    run: RunSummary
    volumes: VolumesShape
    unread: int


class Group(NamedTuple):
    """What was measured of one class: runs of this very content, newest first, and series over versions."""

    runs: tuple[RunSummary, ...]
    series: tuple[OverVersions, ...]
    more_series: int
    posts: tuple[InPosts, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What the engines say of their own figures, each once."""
        said = [run.note for run in self.runs] + [item.series.note for item in self.series]
        return tuple(dict.fromkeys(note for note in said if note))

    @property
    def told(self) -> int:
        """Runs that are shown."""
        keys = {run.key for run in self.runs}
        return len(keys | {point.run.key for item in self.series for point in item.points})


class ScoreSection(NamedTuple):
    """All of it; `query` is what the visitor asked for, `all_runs` how many there are of any version, and
    `unreleased` how many are of what is no version any more."""

    shared: Group
    other: Group
    baseline: Group
    query: VolumeQuery
    all_runs: int
    unreleased: int
    api: str

    @property
    def open_baseline(self) -> bool:
        """Whether a visitor asked something that only a baseline's figures can answer."""
        return self.query.given and not (self.shared.posts or self.other.posts)


def score_section(visit: Visit, release: Release, query: VolumeQuery) -> ScoreSection:
    """What there is to say about the scores of a version."""
    runs = runs_of(visit.state, release.slug)
    here: dict[RunClass, list[InPosts]] = {kind: [] for kind in RunClass}
    for run in of_content(visit, runs, release):
        found = in_posts(visit, run, query)
        here[found.run.stands_for].append(found)
    # A series of this version alone says nothing more than its run does.
    over = [
        series
        for series in series_of(visit, release.slug)
        if {point.version for point in series.points} != {release.version}
    ]

    def group(kind: RunClass) -> Group:
        chosen = [series for series in over if series.stands_for is kind]
        shown = tuple(over_versions(visit, release.slug, series) for series in chosen[:MOST_SERIES])
        posts = tuple(here[kind])
        return Group(tuple(item.run for item in posts), shown, len(chosen) - len(shown), posts)

    return ScoreSection(
        shared=group(RunClass.SHARED),
        other=group(RunClass.OTHER),
        baseline=group(RunClass.BASELINE),
        query=query,
        all_runs=len(runs),
        unreleased=sum(not visit.releases_of(run.slug, run.content) for run in runs),
        api=f"/api/v1/commons/{visit.name}/policies/{release.slug}/scores",
    )


def of_content(visit: Visit, runs: Sequence[RunState], release: Release) -> list[RunState]:
    """Those of exactly what a version says."""
    content = visit.state.current_content(release.content)
    return [run for run in runs if visit.state.current_content(run.content) == content]


def in_posts(visit: Visit, run: RunState, query: VolumeQuery) -> InPosts:
    """A run with what its figures mean for these posts."""
    record = record_of(visit, run)
    metrics = record.metrics
    volumes = volumes_of(metrics.headline.binary.counts, query.posts, query.share, record.repeats)
    summary = run_summary(visit, run)
    return InPosts(summary, volumes_shape(summary, query, volumes), metrics.unparsed + metrics.failed)


def over_versions(visit: Visit, slug: str, series: Series) -> OverVersions:
    """A series with its charts, which are kept by their digest."""
    shown = series.points[-MOST:]
    return OverVersions(
        commons=visit.name,
        slug=slug,
        series=series_shape(series, ()),
        points=tuple(point_shape(point, run_summary(visit, point.run)) for point in reversed(shown)),
        more=len(series.points) - len(shown),
        parted=any(point.cases_changed for point in shown[1:]),
        charts=tuple(_charts(visit, series, shown)),
    )


def _charts(visit: Visit, series: Series, points: Sequence[Point]) -> Iterator[Drawn]:
    """One for each figure; none where there are not two points to draw."""
    rates = [point.record.metrics.headline.binary for point in points]
    figures = (
        ("Caught", "of violating cases", [rate.recall for rate in rates]),
        ("Wrongly flagged", "of allowed cases", [rate.false_positive_rate for rate in rates]),
    )
    for name, note, values in figures:
        if sum(figure.n > 0 for figure in values) > 1:
            marks = [
                Mark(point.version, figure, point.cases_changed)
                for point, figure in zip(points, values, strict=True)
            ]
            title = f"{name}, {note}, by version: {series.parts.model.id}"
            chart = Chart(f"{series.id}-{name}", title, "The table has the same figures.", tuple(marks))
            yield Drawn(name, note, drawn(visit, chart))
