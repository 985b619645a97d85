"""The stylesheet and the icon."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from registry.web.refusals import NoSuchPageError
from registry.web.rendered import respond
from registry.web.site import Site


@get("/static/{name:str}", sync_to_thread=False, include_in_schema=False)
def asset(site: NamedDependency[Site], name: FromPath[str], v: FromQuery[str | None] = None) -> Response[Any]:
    """A file of the site itself."""
    found = site.static.get(name, v)
    if found is None:
        raise NoSuchPageError
    return respond(found)
