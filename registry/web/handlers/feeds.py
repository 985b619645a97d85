"""Feeds of the site, of a commons, of a policy and of a person, as Atom and as JSON Feed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from policies.names import check_slug
from registry.services.reading import find_policy
from registry.web.feed_entries import commons_feed, person_feed, policy_feed, site_feed
from registry.web.feeds import ATOM, ATOM_FILE, JSON_FEED, JSON_FILE, Feed, atom, json_feed
from registry.web.rendered import REVALIDATE, Rendered
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits


@get(f"/{ATOM_FILE}", sync_to_thread=True, include_in_schema=False)
def site_atom(request: Asked, site: NamedDependency[Site]) -> Response[Any]:
    """What happened last in all commons."""
    return _answer(request, site, site_feed)


@get(f"/{JSON_FILE}", sync_to_thread=True, include_in_schema=False)
def site_json(request: Asked, site: NamedDependency[Site]) -> Response[Any]:
    """What happened last in all commons."""
    return _answer(request, site, site_feed)


@get(f"/{{commons:str}}/{ATOM_FILE}", sync_to_thread=True, include_in_schema=False)
def commons_atom(request: Asked, site: NamedDependency[Site], commons: FromPath[str]) -> Response[Any]:
    """What happened last in one."""
    return _answer(request, site, lambda visits: commons_feed(visits, commons_name(commons)))


@get(f"/{{commons:str}}/{JSON_FILE}", sync_to_thread=True, include_in_schema=False)
def commons_json(request: Asked, site: NamedDependency[Site], commons: FromPath[str]) -> Response[Any]:
    """What happened last in one."""
    return _answer(request, site, lambda visits: commons_feed(visits, commons_name(commons)))


@get(f"/{{commons:str}}/{{address:str}}/{ATOM_FILE}", sync_to_thread=True, include_in_schema=False)
def policy_atom(
    request: Asked, site: NamedDependency[Site], commons: FromPath[str], address: FromPath[str]
) -> Response[Any]:
    """What happened last to a policy."""
    return _answer(request, site, lambda visits: _policy(visits, commons, address))


@get(f"/{{commons:str}}/{{address:str}}/{JSON_FILE}", sync_to_thread=True, include_in_schema=False)
def policy_json(
    request: Asked, site: NamedDependency[Site], commons: FromPath[str], address: FromPath[str]
) -> Response[Any]:
    """What happened last to a policy."""
    return _answer(request, site, lambda visits: _policy(visits, commons, address))


@get(f"/members/{{handle:str}}/{ATOM_FILE}", sync_to_thread=True, include_in_schema=False)
def person_atom(request: Asked, site: NamedDependency[Site], handle: FromPath[str]) -> Response[Any]:
    """What somebody did last, in all commons."""
    return _answer(request, site, lambda visits: person_feed(visits, handle))


@get(f"/members/{{handle:str}}/{JSON_FILE}", sync_to_thread=True, include_in_schema=False)
def person_json(request: Asked, site: NamedDependency[Site], handle: FromPath[str]) -> Response[Any]:
    """What somebody did last, in all commons."""
    return _answer(request, site, lambda visits: person_feed(visits, handle))


def _policy(visits: Visits, commons: str, slug: str) -> Feed:
    visit = visits.to(commons_name(commons))
    find_policy(visit.state, check_slug(slug))
    return policy_feed(visits, visit.name, slug)


def _answer(request: Asked, site: Site, feed: Callable[[Visits], Feed]) -> Response[Any]:
    """The feed in the format that the end of its address names."""
    base = str(request.base_url).rstrip("/")
    as_atom = request.url.path.endswith(ATOM_FILE)
    write, media_type = (atom, f"{ATOM}; charset=utf-8") if as_atom else (json_feed, JSON_FEED)

    def make(visits: Visits) -> Rendered:
        return Rendered.of(write(feed(visits), base), media_type, {"cache-control": REVALIDATE})

    return site.page(request, make)


ROUTES: list[Any] = [
    site_atom,
    site_json,
    commons_atom,
    commons_json,
    policy_atom,
    policy_json,
    person_atom,
    person_json,
]
