"""The page that finds policies: by words and by filters."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from registry.web.cards import cards
from registry.web.excerpts import plain_excerpt
from registry.web.handlers.search_parameters import SEARCH
from registry.web.rendered import Rendered
from registry.web.search_page import filters_of, set_filters
from registry.web.searching import PATH, Search
from registry.web.site import Asked, Site
from registry.web.visit import Visits

RESULTS = 20


@get(PATH, sync_to_thread=True, include_in_schema=False, dependencies=SEARCH)
def search_page(
    request: Asked,
    site: NamedDependency[Site],
    search: NamedDependency[Search],
    cursor: FromQuery[str | None] = None,
) -> Response[Any]:
    """What was found, with the filters that narrow it."""

    def make(visits: Visits) -> Rendered:
        index = visits.index
        found = index.search(search.query(cursor, RESULTS))
        shown = cards((hit.policy for hit in found.hits), index.policy)
        return site.html(
            "search.html",
            search=search,
            found=found,
            set=set_filters(search),
            results=[(card, plain_excerpt(hit.excerpt)) for card, hit in zip(shown, found.hits, strict=True)],
            filters=filters_of(search, found),
            next=search.following(found),
            first=cursor is None,
        )

    return site.page(request, make)


ROUTES: list[Any] = [search_page]
