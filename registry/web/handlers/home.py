"""The start page: every commons served, with its policies."""

from __future__ import annotations

from typing import Any, NamedTuple

from litestar import Response, get
from litestar.di import NamedDependency

from registry.web.rendered import Rendered
from registry.web.shapes.commons import CommonsShape, commons_shape
from registry.web.shapes.policies import PolicySummary, policy_summary
from registry.web.site import Asked, Site
from registry.web.visit import Visits

SHOWN = 24
"""Policies of one commons on the start page; the commons' own page has the rest."""


class _Shelf(NamedTuple):
    commons: CommonsShape
    policies: tuple[PolicySummary, ...]


@get("/", sync_to_thread=True, include_in_schema=False)
def home(request: Asked, site: NamedDependency[Site]) -> Response[Any]:
    """All commons, by name."""

    def make(visits: Visits) -> Rendered:
        return site.html("home.html", shelves=[_shelf(visits, name) for name in visits.catalogue.names])

    return site.page(request, make)


def _shelf(visits: Visits, name: str) -> _Shelf:
    visit = visits.to(name)
    policies = visit.state.policies
    shown = tuple(policy_summary(visit, policies[slug]) for slug in sorted(policies)[:SHOWN])
    return _Shelf(commons_shape(visit), shown)
