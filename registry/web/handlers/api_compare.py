"""The API's comparison of two runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import QueryParameter

from evaluations.comparing.endpoints import Question
from policies.names import check_slug
from registry.services.reading import find_policy
from registry.web import rendered
from registry.web.comparing import held_comparison, read_terms, run_of
from registry.web.handlers.api_parameters import (
    NOT_FOUND_OR_BAD,
    PAGE,
    UNEQUAL,
    CommonsPath,
    Cursor,
    Limit,
    SlugPath,
)
from registry.web.paging import part_of
from registry.web.rendered import Rendered
from registry.web.shapes.base import Page
from registry.web.shapes.comparison import ComparisonShape, comparison_shape
from registry.web.shapes.flips import flip_shape
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits

OldQuery = Annotated[
    str, QueryParameter(name="old", description="Key of the run before, or 6 digits of it.", max_length=64)
]
NewQuery = Annotated[
    str, QueryParameter(name="new", description="Key of the run after, or 6 digits of it.", max_length=64)
]
MarginQuery = Annotated[
    str,
    QueryParameter(
        description="The share of cases that is too large a loss, 0.001 to 0.5.",
        pattern=r"^0\.[0-9]{1,6}$",
    ),
]
PrimaryQuery = Annotated[
    Question, QueryParameter(description="The question that comes first; the others are corrected.")
]
SharedQuery = Annotated[
    bool, QueryParameter(description="Compare the cases that both were asked, and leave out the others.")
]
_RESPONSES: Mapping[int, ResponseSpec] = {**NOT_FOUND_OR_BAD, **UNEQUAL}


@get(
    "/commons/{commons:str}/policies/{slug:str}/compare",
    sync_to_thread=True,
    tags=["Runs"],
    summary="Compare two runs",
    responses=_RESPONSES,
)
def compare_runs(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    slug: SlugPath,
    old: OldQuery,
    new: NewQuery,
    margin: MarginQuery = "0.03",
    primary: PrimaryQuery = Question.MISSED,
    shared: SharedQuery = False,  # noqa: FBT002 - a query has no positions
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response[ComparisonShape]:
    """Missed violations and over-enforcement apart, with intervals; groups with Holm; flips in pages.

    Two runs that were not asked the same are a 409, unless `shared`. The texts of cases are not part of it.
    """

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        find_policy(visit.state, check_slug(slug))
        before, after = run_of(visit, slug, old), run_of(visit, slug, new)
        terms = read_terms(margin, primary.value)
        held = held_comparison(visit, before, after, terms, shared_only=shared)
        of = f"compared {before.commit} {after.commit} {terms.margin} {terms.primary} {shared}"
        part = part_of(len(held.flips), cursor, limit, of)
        flips = Page(
            items=tuple(flip_shape(at.flip) for at in held.flips[part.start : part.end]),
            total=len(held.flips),
            next=part.next,
        )
        return rendered.json(comparison_shape(visit, before, after, held, flips))

    return site.page(request, make)


ROUTES: list[Any] = [compare_runs]
