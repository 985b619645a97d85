"""The pages on which a commons shows how it decides: proposals, members, the charter."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, PathParameter, QueryParameter

from registry.services.stage_words import STAGES
from registry.web.difference_view import shown_cases, shown_fields, shown_text
from registry.web.ostrom import ostrom_rows
from registry.web.paging import part_of
from registry.web.proposals import Seen, chosen_proposals, proposal_line, proposal_seen
from registry.web.refusals import BadQueryError
from registry.web.rendered import Rendered
from registry.web.rules_view import charter_of, members_of
from registry.web.shapes.base import moment
from registry.web.shapes.commons import commons_shape
from registry.web.shapes.proposals import line_shape
from registry.web.shapes.ways import GuardShape, guard_shapes, way_shapes
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits

PROPOSALS = 50
CASES = 12
"""Changed cases of a policy on a proposal's page."""

CHOICES = ("open", "over", *STAGES)
Which = Annotated[str | None, QueryParameter(name="state")]
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
    request: Asked, site: NamedDependency[Site], commons: FromPath[str], number: Number
) -> Response[Any]:
    """One proposal: where it stands and why, what it changes, and what was said."""
    name = commons_name(commons)

    def make(visits: Visits) -> Rendered:
        seen = proposal_seen(visits, name, number)
        return site.html(
            "proposal.html",
            sensitive=_is_sensitive(seen),
            commons=commons_shape(seen.visit),
            seen=seen,
            proposal=seen.proposal,
            explained=seen.explained,
            stage=STAGES[seen.proposal.stage],
            ways=way_shapes(seen.explained, seen.visit.state.at),
            arithmetic=_arithmetic(seen),
            changes=[_change(one) for one in seen.changes],
            evidence=[
                (shown, seen.is_as_asked(shown)) for shown in (seen.open.evidence if seen.open else ())
            ],
            moment=moment,
        )

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


def _change(one: Any) -> dict[str, Any]:
    made = one.made
    if made is None:
        return {"change": one.change, "title": one.title, "language": one.language, "made": None}
    sides = [label for item in made.labels for label in (item.old, item.new) if label is not None]
    return {
        "change": one.change,
        "title": one.title,
        "language": one.language,
        "made": made,
        "text": shown_text(made.text),
        "attachments": [(item, shown_text(item.text)) for item in made.attachments],
        "fields": shown_fields(made),
        "cases": shown_cases(made.cases[:CASES]),
        "more": max(0, len(made.cases) - CASES),
        "violating": sorted({label.code for label in sides if label.violates}),
    }


def _arithmetic(seen: Seen) -> tuple[GuardShape, ...]:
    """What a vote that is over was held to."""
    counted = seen.explained.counted
    return guard_shapes(counted.lines, seen.explained.source, seen.visit.state.at) if counted else ()


def _is_sensitive(seen: Seen) -> bool:
    """Whether search engines should leave the page out."""
    return any(case.sensitive for one in seen.changes if one.made is not None for case in one.made.cases)


ROUTES: list[Any] = [proposals_page, proposal_page, members_page, charter_page, ostrom_page]
