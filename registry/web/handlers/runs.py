"""The page of a run: its figures, what was taken for what, and every case with its verdict."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from governance.commons import RunState
from policies.model import Case
from registry.services.reading import find_run, runs_of
from registry.web.paging import part_of
from registry.web.rendered import Rendered
from registry.web.run_charts import label_charts, taken_chart
from registry.web.run_choice import check_choice, choice_query
from registry.web.run_parts import record_of, rows_of
from registry.web.run_rows import Choice, Show
from registry.web.run_view import (
    SHOWN,
    answer_view,
    confusion_lines,
    label_figures,
    left_out_reasons,
    slice_figures,
)
from registry.web.score_section import in_posts
from registry.web.shapes.runs import run_summary
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visit, Visits
from registry.web.volume_query import read_volume_query

ROWS = 50

OTHERS = 100
"""Runs that are offered to compare with: the newest."""


@get("/{commons:str}/runs/{key:str}", sync_to_thread=True, include_in_schema=False)
def run_page(
    request: Asked,
    site: NamedDependency[Site],
    commons: FromPath[str],
    key: FromPath[str],
    show: FromQuery[Show] = Show.ALL,
    label: FromQuery[str | None] = None,
    verdict: FromQuery[str | None] = None,
    slice_: Annotated[str | None, QueryParameter(name="slice")] = None,
    cursor: FromQuery[str | None] = None,
    posts: FromQuery[str | None] = None,
    rate: FromQuery[str | None] = None,
) -> Response[Any]:
    """One run; the answers that were chosen, in pages."""
    name = commons_name(commons)
    choice = Choice(show=show, label=label or None, verdict=verdict or None, slice=slice_ or None)
    query = read_volume_query(posts, rate)

    def make(visits: Visits) -> Rendered:
        visit = visits.to(name)
        run = find_run(visit.state, key)
        record, rows = record_of(visit, run), rows_of(visit, run)
        check_choice(choice, record, rows)
        chosen = rows.chosen(choice)
        asked = choice_query(choice)
        part = part_of(len(chosen), cursor, ROWS, f"rows {run.commit} {asked}")
        shown = rows.answered(chosen[part.start : part.end])
        cases = _cases(visit, run)
        wanted = {item.row.item.id for item in shown}
        by_id = {case.id: case for case in cases if case.id in wanted}
        titles = _titles(visit, run)
        return site.html(
            "run.html",
            sensitive=any(case.sensitive for case in cases),
            commons=visit.name,
            slug=run.slug,
            run=run_summary(visit, run),
            record=record,
            metrics=record.metrics,
            labels=label_figures(record.metrics, titles),
            label_charts=label_charts(visit, record),
            taken=taken_chart(visit, record),
            others=[
                run_summary(visit, other)
                for other in runs_of(visit.state, run.slug)
                if other.commit != run.commit
            ][:OTHERS],
            confusion=confusion_lines(record.metrics),
            slices=slice_figures(record.metrics, record.repeats),
            left_out=left_out_reasons(record),
            posts=in_posts(visit, run, query),
            query=query,
            rows=[answer_view(item, by_id) for item in shown],
            part=part,
            total=len(chosen),
            choice=choice,
            asked=asked,
            shows=[(show, words, rows.count(show)) for show, words in SHOWN.items()],
            row_slices=rows.slices,
        )

    return site.page(request, make)


def _cases(visit: Visit, run: RunState) -> tuple[Case, ...]:
    """The cases of the policy as it was run; none when that content is no longer there."""
    releases = visit.releases_of(run.slug, run.content)
    return visit.folder(releases[-1]).cases if releases else ()


def _titles(visit: Visit, run: RunState) -> dict[str, str]:
    releases = visit.releases_of(run.slug, run.content)
    return {label.code: label.title for label in visit.meta(releases[-1]).labels} if releases else {}
