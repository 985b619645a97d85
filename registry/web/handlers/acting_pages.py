"""The page of the acts on a proposal: what is open to whoever looks, and the forms of it."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from registry.services.possible import ActName
from registry.web.act_fields import ActsView, unchosen, wrong
from registry.web.acts_view import Brief, acts_path, acts_view, brief, up_to_date
from registry.web.answering import own
from registry.web.desk import Desk
from registry.web.errors import refusal_of
from registry.web.form_acts import REFUSALS, carried_out, is_of_the_form
from registry.web.proposal_forms import FORMS, RUN, Sent
from registry.web.receipts import receipt_words
from registry.web.refusals import BadQueryError
from registry.web.rendered import Rendered
from registry.web.sent import read_form
from registry.web.shapes.acts import (
    receipt_shape,
)
from registry.web.site import Asked, Site, commons_name
from registry.web.viewer import Viewer, known

_PATH = "/{commons:str}/proposals/{number:int}/act"


@get(_PATH, include_in_schema=False)
async def acts_page(
    request: Asked,
    site: NamedDependency[Site],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
    number: FromPath[int],
) -> Response[Any]:
    """The forms. Raises `NotSignedInError`."""
    handle, name = known(viewer).handle, commons_name(commons)
    await up_to_date(site, name)
    asked = request.query_params

    def make() -> tuple[Brief, ActsView]:
        visit = site.library.visit(name)
        done = receipt_words(visit.repository, handle, asked.get("done", ""), asked.get("event", ""))
        return brief(visit, number), acts_view(visit.repository, number, handle, done=done)

    return own(_page(site, name, *await asyncio.to_thread(make)))


@post(_PATH, include_in_schema=False)
async def act(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
    number: FromPath[int],
) -> Response[Any]:
    """Takes one in, and leads back to the page; refused, the page again with what was typed."""
    handle, name = known(viewer).handle, commons_name(commons)
    typed = read_form(await request.body())
    chosen = typed.get("act", "")
    if chosen not in set(ActName):
        raise BadQueryError("The form does not say what it is for.", "Send it from the page.")
    done = ActName(chosen)
    sent = Sent(handle, number, typed.get("content") or None, typed)

    async def carry() -> str:
        left = await site.acting.do(name, lambda repository: RUN[done](repository, sent))
        seq = receipt_shape(left).seq
        if done is ActName.COMMENT and typed.get("at", "").strip():
            # Where it stands beside the lines that it is about, so that the next line is at hand.
            return f"/{name}/proposals/{number}#said-{seq}"
        return f"{acts_path(name, number)}?done={done}&event={seq}#done"

    form, status, headers = unchosen(FORMS[done], typed), 422, dict[str, str]()
    if form is None:
        try:
            return await carried_out(request.scope, desk, handle, typed, carry)
        except REFUSALS as error:
            if not is_of_the_form(error):
                raise
            refusal = refusal_of(error, acts_path(name, number))
            form = wrong(FORMS[done], typed, error, refusal)
            status, headers = refusal.status, dict(refusal.headers)

    def make() -> tuple[Brief, ActsView]:
        visit = site.library.visit(name)
        return brief(visit, number), acts_view(visit.repository, number, handle, sent=done, typed=form)

    return own(_page(site, name, *await asyncio.to_thread(make)), status, headers)


def _page(site: Site, commons: str, proposal: Brief, acts: ActsView) -> Rendered:
    return site.html("proposal_acts.html", commons=commons, proposal=proposal, acts=acts)


ROUTES: list[Any] = [acts_page, act]
