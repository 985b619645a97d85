"""Forks: the list of a policy's, and the button that makes one of somebody's own."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from policies.names import check_slug
from registry.services.reading import find_policy
from registry.web.desk import Desk
from registry.web.forking import fork_into_own
from registry.web.forks import forks_of
from registry.web.form_acts import carried_out
from registry.web.rendered import Rendered
from registry.web.sent import read_form
from registry.web.site import Asked, Site, commons_name
from registry.web.viewer import Scope, Viewer, require
from registry.web.visit import Visits


@get("/{commons:str}/{address:str}/forks", sync_to_thread=True, include_in_schema=False)
def forks_page(
    request: Asked, site: NamedDependency[Site], commons: FromPath[str], address: FromPath[str]
) -> Response[Any]:
    """Everybody's own versions of a policy, and what each changed."""
    name, slug = commons_name(commons), check_slug(address)

    def make(visits: Visits) -> Rendered:
        visit = visits.to(name)
        policy = find_policy(visit.state, slug)
        found, total = forks_of(visits, visit, slug)
        return site.html(
            "forks.html",
            commons=name,
            slug=slug,
            title=visit.meta(policy.latest).title,
            latest=policy.latest.version,
            forks=found,
            total=total,
            base=str(request.base_url).rstrip("/"),
        )

    return site.page(request, make)


@post("/{commons:str}/{address:str}/fork", include_in_schema=False)
async def fork(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
    address: FromPath[str],
) -> Response[Any]:
    """Makes one in the commons of whoever asks, which is founded where it is not there yet."""
    handle, name = require(viewer, Scope.PROPOSE).handle, commons_name(commons)
    slug = check_slug(address)
    typed = read_form(await request.body())
    catalogue = site.library.catalogue

    async def make() -> str:
        await site.acting.do(name, lambda source: fork_into_own(catalogue, source, slug, handle))
        return f"/~{handle}/{slug}"

    return await carried_out(request.scope, desk, handle, typed, make)


ROUTES: list[Any] = [forks_page, fork]
