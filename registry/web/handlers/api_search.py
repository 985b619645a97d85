"""The API's search over every commons served."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from registry.web import rendered
from registry.web.handlers.api_parameters import BAD, PAGE, Cursor, Limit
from registry.web.handlers.search_parameters import SEARCH
from registry.web.rendered import Rendered
from registry.web.searching import Search
from registry.web.shapes.search import SearchShape, search_shape
from registry.web.site import Asked, Site
from registry.web.visit import Visits


@get(
    "/search",
    sync_to_thread=True,
    tags=["Policies"],
    summary="Search the policies of all commons",
    responses=BAD,
    dependencies=SEARCH,
)
def search_policies(
    request: Asked,
    site: NamedDependency[Site],
    search: NamedDependency[Search],
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response[SearchShape]:
    """Best first; without words every policy, the latest first.

    `facets` says how many results each value of a filter would leave.
    """

    def make(visits: Visits) -> Rendered:
        found = visits.index.search(search.query(cursor, limit))
        return rendered.json(search_shape(found, search.following(found)))

    return site.page(request, make)


ROUTES: list[Any] = [search_policies]
