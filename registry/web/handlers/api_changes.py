"""The API's change feed: what happened in a commons, by number, for whoever keeps a copy."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from policies.names import check_slug
from registry.web import rendered
from registry.web.changes import changes_since
from registry.web.handlers.api_parameters import AHEAD, NOT_FOUND_OR_BAD, PAGE, CommonsPath, Limit
from registry.web.rendered import Rendered
from registry.web.shapes.changes import ChangesShape
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits

Since = Annotated[
    int,
    QueryParameter(
        description="Events after this one: 0 for all, then `next` of the answer before.",
        ge=0,
        le=10**9,
    ),
]
KnownCommit = Annotated[
    str | None,
    QueryParameter(
        description="`commit` of the answer before. A log that has another event there is refused (409).",
        pattern="^[0-9a-f]{40}$",
        required=False,
    ),
]
PolicyQuery = Annotated[
    str | None, QueryParameter(description="Only events about the policy of this name.", required=False)
]


@get(
    "/commons/{commons:str}/changes",
    sync_to_thread=True,
    tags=["Changes"],
    summary="Follow a commons",
    responses={**NOT_FOUND_OR_BAD, **AHEAD},
)
def list_changes(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    since: Since = 0,
    commit: KnownCommit = None,
    policy: PolicyQuery = None,
    limit: Limit = PAGE,
) -> Response[ChangesShape]:
    """What happened after an event, oldest first. Ask again with `since` = `next`, and nothing is missed.

    `events` in the list of commons is the last number of each, so one request says which have moved.
    """
    name = commons_name(commons)

    def make(visits: Visits) -> Rendered:
        slug = check_slug(policy) if policy else None
        return rendered.json(changes_since(visits, name, since, slug=slug, commit=commit, limit=limit))

    return site.page(request, make)


ROUTES: list[Any] = [list_changes]
