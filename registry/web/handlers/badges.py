"""A policy's badge, for the README of whoever uses it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from policies.names import check_slug
from registry.services.reading import find_policy
from registry.web.badge_facts import Shown, badge_of
from registry.web.badges import BADGE_FILE, SVG, svg
from registry.web.rendered import Rendered
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits

# Code hosts fetch pictures through caches of their own, which keep them for as long as this says.
_MINUTES = "public, max-age=300"


@get(f"/{{commons:str}}/{{address:str}}/{BADGE_FILE}", sync_to_thread=True, include_in_schema=False)
def badge(
    request: Asked,
    site: NamedDependency[Site],
    commons: FromPath[str],
    address: FromPath[str],
    show: FromQuery[Shown] = Shown.VERSION,
) -> Response[Any]:
    """Its version, status, licence, or score with the shared model, as SVG."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        policy = find_policy(visit.state, check_slug(address))
        return Rendered.of(svg(badge_of(visit, policy, show)), SVG, {"cache-control": _MINUTES})

    return site.page(request, make)


ROUTES: list[Any] = [badge]
