"""Taking an edit that a comment suggests, by a button beside it on the proposal's page."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from policies.errors import PolicyError
from registry.services.take_edit import take_edit
from registry.web.answering import own
from registry.web.desk import Desk
from registry.web.errors import refusal_of
from registry.web.form_acts import REFUSALS, carried_out, is_of_the_form
from registry.web.proposal_page import proposal_values
from registry.web.proposals import proposal_seen, talk_of
from registry.web.refusals import BadQueryError
from registry.web.rendered import Rendered
from registry.web.sent import read_form
from registry.web.site import Asked, Site, commons_name
from registry.web.viewer import Scope, Viewer, require
from registry.web.visit import Visits


@post("/{commons:str}/proposals/{number:int}/take", include_in_schema=False)
async def take(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
    number: FromPath[int],
) -> Response[Any]:
    """Makes the revision and leads to its event; refused, the proposal's page with the reason beside it."""
    handle, name = require(viewer, Scope.PROPOSE).handle, commons_name(commons)
    typed = read_form(await request.body())
    said = typed.get("comment", "")
    if not (said.isascii() and said.isdigit() and len(said) < 17):
        raise BadQueryError("The form does not say which edit it is for.", "Send it from the page.")
    comment, content = int(said), typed.get("content") or None

    async def carry() -> str:
        talk = await asyncio.to_thread(lambda: talk_of(Visits(site.library), name, number))
        made = await site.acting.do(
            name,
            lambda repository: take_edit(
                repository, number, comment, actor=handle, content=content, events=talk
            ),
        )
        return f"/{name}/proposals/{number}#event-{made.acted.entry.event.seq}"

    try:
        return await carried_out(request.scope, desk, handle, typed, carry)
    except (*REFUSALS, PolicyError) as error:
        if not is_of_the_form(error):
            raise
        refusal = refusal_of(error, f"/{name}/proposals/{number}")
    problem = refusal.problem
    why = " ".join(filter(None, (problem.detail or problem.title, problem.remedy)))

    def make() -> Rendered:
        seen = proposal_seen(Visits(site.library), name, number)
        values = proposal_values(seen, site.viewer, refused=(comment, why))
        return site.html("proposal.html", base=str(request.base_url).rstrip("/"), **values)

    return own(await asyncio.to_thread(make), HTTPStatus(refusal.status), dict(refusal.headers))


ROUTES: list[Any] = [take]
