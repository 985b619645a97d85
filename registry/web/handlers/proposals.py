"""The pages on which a commons shows how it decides: proposals, members, the charter."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, PathParameter, QueryParameter

from registry.services.stage_words import STAGES
from registry.web.ostrom import ostrom_rows
from registry.web.paging import part_of
from registry.web.proposal_page import proposal_values, revisions_values
from registry.web.proposals import chosen_proposals, proposal_line, proposal_seen
from registry.web.refusals import BadQueryError
from registry.web.rendered import Rendered
from registry.web.revised import between
from registry.web.rules_view import charter_of, members_of
from registry.web.shapes.commons import commons_shape
from registry.web.shapes.proposals import line_shape
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits

PROPOSALS = 50

CHOICES = ("open", "over", *STAGES)
Which = Annotated[str | None, QueryParameter(name="state")]
Upto = Annotated[int | None, QueryParameter(ge=1, le=999_999_999)]
Number = Annotated[int, PathParameter(ge=1, le=999_999_999)]


@get("/{commons:str}/proposals", sync_to_thread=True, include_in_schema=False)
def proposals_page(
    request: Asked,
    site: NamedDependency[Site],
    commons: FromPath[str],
    which: Which = None,
    cursor: FromQuery[str | None] = None,
) -> Response[Any]:
    """What is open, and what became of the rest."""
    name = commons_name(commons)

    def make(visits: Visits) -> Rendered:
        visit = visits.to(name)
        chosen = choice(which)
        found = chosen_proposals(visit, chosen)
        part = part_of(len(found), cursor, PROPOSALS, f"proposals {name} {chosen} {visit.head}")
        return site.html(
            "proposals.html",
            commons=commons_shape(visit),
            proposals=[line_shape(name, proposal_line(visit, one)) for one in found[part.start : part.end]],
            part=part,
            total=len(found),
            chosen=chosen,
        )

    return site.page(request, make)


@get("/{commons:str}/proposals/{number:int}", sync_to_thread=True, include_in_schema=False)
def proposal_page(
    request: Asked,
    site: NamedDependency[Site],
    commons: FromPath[str],
    number: Number,
    at: FromQuery[str | None] = None,
    upto: Upto = None,
) -> Response[Any]:
    """One proposal: where it stands and why, what it changes, and what was said.

    `at` opens a form there; with `upto`, only what its first events said.
    """
    name = commons_name(commons)

    def make(visits: Visits) -> Rendered:
        seen = proposal_seen(visits, name, number, upto)
        base = str(request.base_url).rstrip("/")
        return site.html("proposal.html", base=base, **proposal_values(seen, site.viewer, at))

    return site.page(request, make)


@get(
    "/{commons:str}/proposals/{number:int}/revisions/{span:str}", sync_to_thread=True, include_in_schema=False
)
def revisions_page(
    request: Asked, site: NamedDependency[Site], commons: FromPath[str], number: Number, span: FromPath[str]
) -> Response[Any]:
    """What changed from one revision of a proposal to another, as `1..2`."""

    def make(visits: Visits) -> Rendered:
        found = between(visits, commons_name(commons), number, span)
        return site.html("revisions.html", **revisions_values(found))

    return site.page(request, make)


@get("/{commons:str}/members", sync_to_thread=True, include_in_schema=False)
def members_page(request: Asked, site: NamedDependency[Site], commons: FromPath[str]) -> Response[Any]:
    """Who belongs, and who can vote."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        return site.html("members.html", commons=commons_shape(visit), people=members_of(visit))

    return site.page(request, make)


@get("/{commons:str}/charter", sync_to_thread=True, include_in_schema=False)
def charter_page(request: Asked, site: NamedDependency[Site], commons: FromPath[str]) -> Response[Any]:
    """The rules in force, in plain words."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        return site.html("charter.html", commons=commons_shape(visit), charter=charter_of(visit))

    return site.page(request, make)


@get("/{commons:str}/ostrom", sync_to_thread=True, include_in_schema=False)
def ostrom_page(request: Asked, site: NamedDependency[Site], commons: FromPath[str]) -> Response[Any]:
    """The eight principles: what enforces each here, and how often it was used."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        rows = ostrom_rows(visit.state, visits.index.types(visit.name))
        return site.html("ostrom.html", commons=commons_shape(visit), rows=rows)

    return site.page(request, make)


def choice(stated: str | None) -> str | None:
    """Which proposals are asked for. Raises `BadQueryError`."""
    if stated in (None, ""):
        return None
    if stated not in CHOICES:
        raise BadQueryError(
            f"There is no state “{stated[:40]}” of proposals.", f"Take one of {', '.join(CHOICES)}."
        )
    return stated


ROUTES: list[Any] = [proposals_page, proposal_page, revisions_page, members_page, charter_page, ostrom_page]
