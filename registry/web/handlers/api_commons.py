"""The API's commons: the list, one of them, and its log."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from registry.web import rendered
from registry.web.handlers.api_parameters import (
    NOT_FOUND,
    NOT_FOUND_OR_BAD,
    PAGE,
    CommonsPath,
    Cursor,
    Limit,
)
from registry.web.log_pages import log_page
from registry.web.paging import after_key
from registry.web.rendered import Rendered
from registry.web.shapes.base import Page
from registry.web.shapes.commons import CommonsShape, EventShape, commons_shape
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits

_TAGS = ["Commons"]


@get("/commons", sync_to_thread=True, tags=_TAGS, summary="List the commons", responses=NOT_FOUND_OR_BAD)
def list_commons(
    request: Asked, site: NamedDependency[Site], cursor: Cursor = None, limit: Limit = PAGE
) -> Response[Page[CommonsShape]]:
    """Every commons that this server has, by name."""

    def make(visits: Visits) -> Rendered:
        names = visits.catalogue.names
        part = after_key(names, cursor, limit, "commons")
        items = tuple(commons_shape(visits.to(name)) for name in names[part.start : part.end])
        return rendered.json(Page(items=items, total=len(names), next=part.next))

    return site.page(request, make)


@get("/commons/{commons:str}", sync_to_thread=True, tags=_TAGS, summary="Show a commons", responses=NOT_FOUND)
def show_commons(request: Asked, site: NamedDependency[Site], commons: CommonsPath) -> Response[CommonsShape]:
    """Whose it is, how it decides, and what it holds."""

    def make(visits: Visits) -> Rendered:
        return rendered.json(commons_shape(visits.to(commons_name(commons))))

    return site.page(request, make)


@get(
    "/commons/{commons:str}/log",
    sync_to_thread=True,
    tags=_TAGS,
    summary="Read the log, newest first",
    responses=NOT_FOUND_OR_BAD,
)
def show_log(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response[Page[EventShape]]:
    """Everything decided or measured, each with its sentence and its facts."""

    def make(visits: Visits) -> Rendered:
        return rendered.json(log_page(visits.to(commons_name(commons)), cursor, limit))

    return site.page(request, make)


ROUTES: list[Any] = [list_commons, show_commons, show_log]
