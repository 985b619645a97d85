"""The API's runs: of a commons, of a policy, one of them, and its rows."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from evaluations.standing import RunClass
from governance.commons import RunState
from policies.names import check_slug
from registry.services.reading import find_policy, find_run, runs_of
from registry.web import rendered
from registry.web.handlers.api_parameters import (
    NOT_FOUND,
    NOT_FOUND_OR_BAD,
    PAGE,
    CommonsPath,
    Cursor,
    Limit,
    RunPath,
    SlugPath,
)
from registry.web.paging import after_key, part_of
from registry.web.rendered import Rendered
from registry.web.run_choice import check_choice, choice_query
from registry.web.run_parts import record_of, rows_of
from registry.web.run_rows import Choice, Show
from registry.web.score_section import in_posts
from registry.web.scores import series_of
from registry.web.shapes.base import Page
from registry.web.shapes.runs import RowShape, RunDetail, RunSummary, row_shape, run_detail, run_summary
from registry.web.shapes.scores import ScoresShape, VolumesShape, point_shape, series_shape
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visit, Visits
from registry.web.volume_query import POSTS, RATE, read_volume_query

_TAGS = ["Runs"]
_LAST_EVENT = 10**12

ShowQuery = Annotated[Show, QueryParameter(description="Which answers, judged by the case's label.")]
LabelQuery = Annotated[
    str | None, QueryParameter(description="Cases of this label, or with this flag.", max_length=64)
]
VerdictQuery = Annotated[
    str | None, QueryParameter(description="Cases said to be of this label, or flag.", max_length=64)
]
SliceQuery = Annotated[
    str | None, QueryParameter(name="slice", description="Cases of this slice.", max_length=200)
]
PostsQuery = Annotated[
    str, QueryParameter(description="Posts a day, 1 to 1,000,000,000,000.", pattern="^[0-9]{1,13}$")
]
RateQuery = Annotated[
    str,
    QueryParameter(
        description="Per cent of them that violate, 0 to 100.", pattern=r"^[0-9]{1,3}(\.[0-9]{1,6})?$"
    ),
]


@get(
    "/commons/{commons:str}/runs",
    sync_to_thread=True,
    tags=_TAGS,
    summary="List the runs of a commons",
    responses=NOT_FOUND_OR_BAD,
)
def list_runs(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response[Page[RunSummary]]:
    """Newest first."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        runs = tuple(sorted(visit.state.runs.values(), key=lambda run: run.seq, reverse=True))
        return _page(visit, runs, cursor, limit, "all")

    return site.page(request, make)


@get(
    "/commons/{commons:str}/policies/{slug:str}/runs",
    sync_to_thread=True,
    tags=_TAGS,
    summary="List the runs of a policy",
    responses=NOT_FOUND_OR_BAD,
)
def list_policy_runs(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    slug: SlugPath,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response[Page[RunSummary]]:
    """Newest first, of every version. A baseline's figures predict nothing about the model."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        find_policy(visit.state, check_slug(slug))
        return _page(visit, runs_of(visit.state, slug), cursor, limit, slug)

    return site.page(request, make)


@get(
    "/commons/{commons:str}/runs/{key:str}",
    sync_to_thread=True,
    tags=_TAGS,
    summary="Show a run",
    responses=NOT_FOUND,
)
def show_run(
    request: Asked, site: NamedDependency[Site], commons: CommonsPath, key: RunPath
) -> Response[RunDetail]:
    """A run with its whole record."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        return rendered.json(run_detail(visit, find_run(visit.state, key)))

    return site.page(request, make)


@get(
    "/commons/{commons:str}/runs/{key:str}/rows",
    sync_to_thread=True,
    tags=_TAGS,
    summary="List the rows of a run",
    responses=NOT_FOUND_OR_BAD,
)
def list_rows(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    key: RunPath,
    show: ShowQuery = Show.ALL,
    label: LabelQuery = None,
    verdict: VerdictQuery = None,
    slice_: SliceQuery = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response[Page[RowShape]]:
    """A row per case and repeat, with the model's words where they still exist."""
    choice = Choice(show=show, label=label, verdict=verdict, slice=slice_)

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        run = find_run(visit.state, key)
        rows = rows_of(visit, run)
        check_choice(choice, record_of(visit, run), rows)
        chosen = rows.chosen(choice)
        part = part_of(len(chosen), cursor, limit, f"rows {run.commit} {choice_query(choice)}")
        items = [
            row_shape(row, words.reasoning if words else None, words.output if words else None)
            for row, _, words in rows.answered(chosen[part.start : part.end])
        ]
        return rendered.json(Page(items=tuple(items), total=len(chosen), next=part.next))

    return site.page(request, make)


@get(
    "/commons/{commons:str}/policies/{slug:str}/scores",
    sync_to_thread=True,
    tags=_TAGS,
    summary="Show scores over versions",
    responses=NOT_FOUND,
)
def show_scores(
    request: Asked, site: NamedDependency[Site], commons: CommonsPath, slug: SlugPath
) -> Response[ScoresShape]:
    """A series for each engine, model, template and settings, with the newest run of each version.

    Points are comparable only while `cases_changed` is false, and a baseline's predict nothing about the
    model: never draw them on one axis with it.
    """

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        every = series_of(visit, check_slug(slug))
        shapes = tuple(
            series_shape(
                series, tuple(point_shape(point, run_summary(visit, point.run)) for point in series.points)
            )
            for series in every
        )
        tested = any(series.stands_for is RunClass.SHARED for series in every)
        return rendered.json(ScoresShape(policy=f"{visit.name}/{slug}", tested=tested, series=shapes))

    return site.page(request, make)


@get(
    "/commons/{commons:str}/runs/{key:str}/volumes",
    sync_to_thread=True,
    tags=_TAGS,
    summary="Say what a run means for a day's posts",
    responses=NOT_FOUND_OR_BAD,
)
def show_volumes(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    key: RunPath,
    posts: PostsQuery = POSTS,
    rate: RateQuery = RATE,
) -> Response[VolumesShape]:
    """Of `posts` a day, `rate` % violating: how many would be caught, missed and wrongly flagged.

    As if the posts were like the cases of the run. Suites are balanced, posts are not: where few violate,
    most of what is flagged may be wrong.
    """
    query = read_volume_query(posts, rate)

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        return rendered.json(in_posts(visit, find_run(visit.state, key), query).volumes)

    return site.page(request, make)


def _page(visit: Visit, runs: tuple[RunState, ...], cursor: str | None, limit: int, of: str) -> Rendered:
    # The cursor is the run's place in the log, counted down: runs that come in front do no harm.
    keys = [f"{_LAST_EVENT - run.seq:013d}" for run in runs]
    part = after_key(keys, cursor, limit, f"runs {visit.name} {of}")
    items = tuple(run_summary(visit, run) for run in runs[part.start : part.end])
    return rendered.json(Page(items=items, total=len(runs), next=part.next))


ROUTES: list[Any] = [list_runs, list_policy_runs, show_run, list_rows, show_scores, show_volumes]
