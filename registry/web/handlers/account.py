"""The page of one's account: where one belongs, tokens, sessions."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from registry.accounts import sessions, tokens
from registry.services.standing import Standing, standing_in
from registry.web.account_view import NOTES, session_line, token_line
from registry.web.answering import own, see_other
from registry.web.desk import Desk
from registry.web.refusals import NotSignedInError
from registry.web.security import Act, Result
from registry.web.sent import read_form
from registry.web.site import Asked, Site
from registry.web.viewer import Viewer, known
from registry.web.visit import Visits

PATH = "/account"


@get(PATH, include_in_schema=False)
async def account_page(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
) -> Response[Any]:
    """What there is of it. Raises `NotSignedInError`."""
    handle = known(viewer).handle
    session = await desk.session_of(request.scope)
    if session is None:
        raise NotSignedInError
    now = desk.accounts.clock()
    kept = await desk.ask(partial(tokens.listed, desk.accounts, handle))
    begun = await desk.ask(partial(sessions.listed, desk.accounts, session.account))
    return own(
        site.html(
            "account.html",
            note=NOTES.get(request.query_params.get("done", "")),
            standings=await standings_of(site, handle),
            tokens=[token_line(token, now) for _, token in kept],
            sessions=[session_line(one, session.ref) for one in begun],
        )
    )


@post(f"{PATH}/sessions/end", include_in_schema=False)
async def end_session(
    request: Asked, desk: NamedDependency[Desk], viewer: NamedDependency[Viewer | None]
) -> Response[Any]:
    """Ends another session of theirs."""
    handle = known(viewer).handle
    fields = read_form(await request.body())
    session = await desk.session_of(request.scope)
    if session is not None:
        verb = partial(sessions.end, desk.accounts, session.account, fields.get("session", ""))
        await desk.ask(verb)
        desk.watch.note(Act.SESSION_ENDED, Result.DONE, handle=handle)
    return see_other(f"{PATH}?done=session#sessions")


async def standings_of(site: Site, handle: str) -> tuple[Standing, ...]:
    """What somebody is in each commons that is served here."""

    def make(visits: Visits) -> tuple[Standing, ...]:
        names = [name for name in visits.index.acted_in(handle) if name in visits.catalogue]
        found = (standing_in(visits.to(name).state, handle) for name in names)
        return tuple(stands for stands in found if stands is not None)

    return (await asyncio.to_thread(site.library.fresh, make))[1]


ROUTES: list[Any] = [account_page, end_session]
