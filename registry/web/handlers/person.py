"""The page of a person: where they belong and what they did, as the logs of this site say it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from registry.services.standing import standing_in
from registry.web.changes import page_of
from registry.web.feed_entries import deeds_of, person_page
from registry.web.rendered import Rendered
from registry.web.shapes.base import moment
from registry.web.site import Asked, Site
from registry.web.visit import Visits

_COMMONS = 20
"""Commons on the page: each has to be looked into."""


@get("/members/{handle:str}", sync_to_thread=True, include_in_schema=False)
def person(request: Asked, site: NamedDependency[Site], handle: FromPath[str]) -> Response[Any]:
    """What somebody did in public. Raises `NoSuchPageError` for whom no log names as acting."""

    def make(visits: Visits) -> Rendered:
        deeds = deeds_of(visits, handle)
        names = [name for name in visits.index.acted_in(handle) if name in visits.catalogue]
        standings = (standing_in(visits.to(name).state, handle) for name in names[:_COMMONS])
        return site.html(
            "person.html",
            handle=handle,
            page=person_page(handle),
            standings=[one for one in standings if one is not None],
            more=len(names) > _COMMONS,
            deeds=[(event, page_of(event, None), moment(event.at)) for event in deeds],
        )

    return site.page(request, make)


ROUTES: list[Any] = [person]
