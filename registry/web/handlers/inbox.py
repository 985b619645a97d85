"""The inbox of whoever is signed in: as a page, and over the API."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from registry.web.answering import own
from registry.web.desk import Desk
from registry.web.inbox import inbox_of
from registry.web.shapes.inbox import inbox_shape
from registry.web.site import Site
from registry.web.viewer import Viewer, known


@get("/inbox", include_in_schema=False)
async def inbox_page(
    site: NamedDependency[Site], desk: NamedDependency[Desk], viewer: NamedDependency[Viewer | None]
) -> Response[Any]:
    """What waits for them, and news. Raises `NotSignedInError`."""
    found = await inbox_of(site, desk, known(viewer).handle)
    return own(site.html("inbox.html", inbox=inbox_shape(found), has_acted=found.has_acted))


ROUTES: list[Any] = [inbox_page]
