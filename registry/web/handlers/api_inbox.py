"""The API's inbox: what waits for whoever asks."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from registry.web import rendered
from registry.web.answering import own
from registry.web.desk import Desk
from registry.web.handlers.api_parameters import SECURED, TOKEN_REFUSALS
from registry.web.inbox import inbox_of
from registry.web.shapes.inbox import InboxShape, inbox_shape
from registry.web.site import Site
from registry.web.viewer import Scope, Viewer, require


@get(
    "/viewer/inbox",
    tags=["Accounts"],
    summary="What waits for you",
    security=SECURED,
    responses=TOKEN_REFUSALS,
)
async def show_inbox(
    site: NamedDependency[Site], desk: NamedDependency[Desk], viewer: NamedDependency[Viewer | None]
) -> Response[InboxShape]:
    """Votes, reviews, answers, revisions, applications, in all commons here. Takes the scope `read`."""
    handle = require(viewer, Scope.READ).handle
    return own(rendered.json(inbox_shape(await inbox_of(site, desk, handle))))


ROUTES: list[Any] = [show_inbox]
