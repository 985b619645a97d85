"""The page of a commons, and its log as minutes."""

from __future__ import annotations

from itertools import groupby, islice
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from registry.index.entries import Query
from registry.services.follow_record import Following
from registry.store.log import newest_first
from registry.web.cards import cards
from registry.web.listing import policies_page
from registry.web.log_pages import log_page
from registry.web.proposals import chosen_proposals, proposal_line
from registry.web.rendered import Rendered
from registry.web.search_page import filters_of
from registry.web.searching import Search
from registry.web.shapes.base import moment
from registry.web.shapes.commons import EventShape, commons_shape, event_shape
from registry.web.shapes.proposals import ProposalLineShape, line_shape
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visit, Visits

POLICIES = 50
_RECENT = 8
_OPEN = 3
_ENTRIES = 50
_NARROWED_BY = ("status", "language", "label", "licence")


@get("/{commons:str}", sync_to_thread=True, include_in_schema=False)
def commons_page(
    request: Asked, site: NamedDependency[Site], commons: FromPath[str], cursor: FromQuery[str | None] = None
) -> Response[Any]:
    """Who founded it, how it decides, its policies and what happened last."""
    name = commons_name(commons)

    def make(visits: Visits) -> Rendered:
        visit, index = visits.to(name), visits.index
        listed = policies_page(visits, name, cursor, POLICIES)
        search = Search(words="", chosen={"commons": name})
        filters = filters_of(search, index.search(Query(commons=name, limit=1)))
        recent = islice(newest_first(visit.repository.reader, visit.head), _RECENT)
        return site.html(
            "commons.html",
            commons=commons_shape(visit),
            proposals=_being_decided(visit) if cursor is None else [],
            policies=cards(listed.entries, index.policy),
            total=listed.total,
            next=listed.next,
            first=cursor is None,
            search=search,
            filters=[each for each in filters if each.name in _NARROWED_BY],
            days=_by_day([event_shape(name, entry) for entry in recent]),
            following=_followed(visits.following(name)),
            nested=visits.catalogue.children(name),
            base=str(request.base_url).rstrip("/"),
        )

    return site.page(request, make)


@get("/{commons:str}/log", sync_to_thread=True, include_in_schema=False)
def log_minutes(
    request: Asked, site: NamedDependency[Site], commons: FromPath[str], cursor: FromQuery[str | None] = None
) -> Response[Any]:
    """Everything that was decided or measured, newest first."""
    name = commons_name(commons)

    def make(visits: Visits) -> Rendered:
        visit = visits.to(name)
        page = log_page(visit, cursor, _ENTRIES)
        return site.html(
            "log.html",
            commons=commons_shape(visit),
            days=_by_day(page.items),
            next=page.next,
            first=cursor is None,
            base=str(request.base_url).rstrip("/"),
        )

    return site.page(request, make)


def _followed(following: Following | None) -> dict[str, Any] | None:
    """What a commons follows, as its page says it."""
    if following is None:
        return None
    return {
        "shown": following.shown,
        "link": following.shown if following.shown.startswith(("https://", "http://")) else None,
        "branch": following.branch,
        "folder": following.folder,
        "since": moment(following.since),
        "looked_at": moment(following.looked_at),
        "trouble": following.public,
    }


def _being_decided(visit: Visit) -> list[ProposalLineShape]:
    """The newest open proposals."""
    found = chosen_proposals(visit, "open")[:_OPEN]
    return [line_shape(visit.name, proposal_line(visit, one)) for one in found]


def _by_day(events: list[EventShape] | tuple[EventShape, ...]) -> list[tuple[str, list[EventShape]]]:
    """Events in their order, gathered by day: the day's first moment and its events."""
    days = [list(found) for _, found in groupby(events, key=lambda event: event.at[:10])]
    return [(found[0].at, found) for found in days]
