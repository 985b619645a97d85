"""The API of deciding together, for reading: proposals, members, the charter."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import PathParameter, QueryParameter

from registry.web import rendered
from registry.web.handlers.api_parameters import (
    NOT_FOUND,
    NOT_FOUND_OR_BAD,
    PAGE,
    CommonsPath,
    Cursor,
    Limit,
)
from registry.web.handlers.proposals import choice
from registry.web.paging import part_of
from registry.web.proposals import chosen_proposals, proposal_line, proposal_seen
from registry.web.rendered import Rendered
from registry.web.revised import between
from registry.web.rules_view import charter_of, members_of
from registry.web.shapes.base import Page
from registry.web.shapes.proposals import (
    CharterShape,
    MembersShape,
    ProposalLineShape,
    ProposalShape,
    line_shape,
    proposal_shape,
)
from registry.web.shapes.revisions import BetweenShape, between_shape
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits

_TAGS = ["Deciding"]
_NumberPath = Annotated[
    int,
    PathParameter(
        title="number", description="A proposal's number.", ge=1, le=999_999_999, examples=[Example(value=1)]
    ),
]
_SpanPath = Annotated[
    str,
    PathParameter(
        title="span", description="Two revisions, counted from 1.", examples=[Example(value="1..1")]
    ),
]
_State = Annotated[
    str | None,
    QueryParameter(
        name="state",
        description="`open`, `over`, or a stage such as `voting`.",
        required=False,
        max_length=40,
    ),
]


@get(
    "/commons/{commons:str}/proposals",
    sync_to_thread=True,
    tags=_TAGS,
    summary="List proposals, open ones first",
    responses=NOT_FOUND_OR_BAD,
)
def list_proposals(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    which: _State = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response[Page[ProposalLineShape]]:
    """Each with where it stands and when its next step is due."""
    name = commons_name(commons)

    def make(visits: Visits) -> Rendered:
        visit = visits.to(name)
        chosen = choice(which)
        found = chosen_proposals(visit, chosen)
        part = part_of(len(found), cursor, limit, f"proposals {name} {chosen} {visit.head}")
        items = tuple(line_shape(name, proposal_line(visit, one)) for one in found[part.start : part.end])
        return rendered.json(Page(items=items, total=len(found), next=part.next))

    return site.page(request, make)


@get(
    "/commons/{commons:str}/proposals/{number:int}",
    sync_to_thread=True,
    tags=_TAGS,
    summary="Show a proposal",
    responses=NOT_FOUND_OR_BAD,
)
def show_proposal(
    request: Asked, site: NamedDependency[Site], commons: CommonsPath, number: _NumberPath
) -> Response[ProposalShape]:
    """Where it stands, what it waits for with the charter's lines, what was said, and how it was counted."""
    name = commons_name(commons)

    def make(visits: Visits) -> Rendered:
        seen = proposal_seen(visits, name, number)
        return rendered.json(proposal_shape(seen, proposal_line(seen.visit, seen.proposal)))

    return site.page(request, make)


@get(
    "/commons/{commons:str}/proposals/{number:int}/revisions/{span:str}",
    sync_to_thread=True,
    tags=_TAGS,
    summary="Compare two revisions of a proposal",
    responses=NOT_FOUND_OR_BAD,
)
def compare_revisions(
    request: Asked, site: NamedDependency[Site], commons: CommonsPath, number: _NumberPath, span: _SpanPath
) -> Response[BetweenShape]:
    """Text, labels, cases and rules: what whoever reviewed the one has to read of the other."""

    def make(visits: Visits) -> Rendered:
        return rendered.json(between_shape(between(visits, commons_name(commons), number, span)))

    return site.page(request, make)


@get(
    "/commons/{commons:str}/members",
    sync_to_thread=True,
    tags=_TAGS,
    summary="List the members",
    responses=NOT_FOUND,
)
def list_members(request: Asked, site: NamedDependency[Site], commons: CommonsPath) -> Response[MembersShape]:
    """Who belongs and can vote, as of the log's last event, and who waits to be admitted."""

    def make(visits: Visits) -> Rendered:
        return rendered.json(members_of(visits.to(commons_name(commons))))

    return site.page(request, make)


@get(
    "/commons/{commons:str}/charter",
    sync_to_thread=True,
    tags=_TAGS,
    summary="Show the charter",
    responses=NOT_FOUND,
)
def show_charter(request: Asked, site: NamedDependency[Site], commons: CommonsPath) -> Response[CharterShape]:
    """The rules in force, in plain words with the keys that say so, and as the file that they are."""

    def make(visits: Visits) -> Rendered:
        return rendered.json(charter_of(visits.to(commons_name(commons))))

    return site.page(request, make)


ROUTES: list[Any] = [list_proposals, show_proposal, compare_revisions, list_members, show_charter]
