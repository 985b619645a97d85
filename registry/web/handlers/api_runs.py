"""The API's runs: of a commons, of a policy, one of them, and its rows."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

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
from registry.web.shapes.base import Page
from registry.web.shapes.runs import RowShape, RunDetail, RunSummary, row_shape, run_detail, run_summary
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visit, Visits

_TAGS = ["Runs"]
_LAST_EVENT = 10**12


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
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response[Page[RowShape]]:
    """A row per case and repeat, with the model's words where they still exist."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        run = find_run(visit.state, key)
        recorded = visit.recorded(run)
        part = part_of(len(recorded.rows), cursor, limit, f"rows {run.commit}")
        items = []
        for row in recorded.rows[part.start : part.end]:
            words = recorded.words.get((row.item.id, row.repeat))
            items.append(row_shape(row, words.reasoning if words else None, words.output if words else None))
        return rendered.json(Page(items=tuple(items), total=len(recorded.rows), next=part.next))

    return site.page(request, make)


def _page(visit: Visit, runs: tuple[RunState, ...], cursor: str | None, limit: int, of: str) -> Rendered:
    # The cursor is the run's place in the log, counted down: runs that come in front do no harm.
    keys = [f"{_LAST_EVENT - run.seq:013d}" for run in runs]
    part = after_key(keys, cursor, limit, f"runs {visit.name} {of}")
    items = tuple(run_summary(visit, run) for run in runs[part.start : part.end])
    return rendered.json(Page(items=items, total=len(runs), next=part.next))


ROUTES: list[Any] = [list_runs, list_policy_runs, show_run, list_rows]
