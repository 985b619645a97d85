"""Signing up: a handle and a password, and an invitation where the site asks for one."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from registry.accounts import invitations
from registry.accounts.errors import FieldError, SignUpClosedError, TooManyTriesError
from registry.accounts.sign_up import sign_up as make
from registry.accounts.windows import Draw, draw
from registry.web.agents import agent_name
from registry.web.answering import own, see_other
from registry.web.desk import Desk
from registry.web.forms import Form
from registry.web.next_page import safe_next
from registry.web.refused_form import check_repeated, refused
from registry.web.rendered import Rendered
from registry.web.security import Act, Result
from registry.web.sent import check_sent_from_here, read_form
from registry.web.session_cookie import begun
from registry.web.site import Asked, Site
from registry.web.viewer import Viewer
from registry.web.visitors import visitor_of

PATH = "/sign-up"
_USUAL_NEXT = "/account"


@get(PATH, include_in_schema=False)
async def sign_up_form(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
) -> Response[Any]:
    """The form, or who may sign up here. Raises `LinkRefusedError` for an invitation that does not count."""
    if viewer is not None:
        return see_other(_USUAL_NEXT)
    going, code = safe_next(request.query_params.get("next"), _USUAL_NEXT), request.query_params.get("code")
    closed, promised = _closed(desk, request, code), None
    if closed is None and code:
        promised = await desk.ask(partial(invitations.promised, desk.accounts, code))
    return own(_page(site, Form(), going, code, promised, closed))


@post(PATH, include_in_schema=False)
async def sign_up(request: Asked, site: NamedDependency[Site], desk: NamedDependency[Desk]) -> Response[Any]:
    """Makes an account and begins a session."""
    check_sent_from_here(request.headers)
    fields = read_form(await request.body())
    code, address = fields.get("code") or None, visitor_of(request.scope)
    going = safe_next(fields.get("next"), _USUAL_NEXT)
    closed = _closed(desk, request, code)
    if closed is not None:
        raise closed
    await _draw(desk, address)
    _, in_use = await asyncio.to_thread(site.library.fresh, lambda visits: visits.index.actors())
    try:
        verb = partial(
            make,
            desk.accounts,
            fields.get("handle", ""),
            check_repeated(fields),
            in_use=in_use,
            invitation=code,
            agent=agent_name(request.headers.get("user-agent")),
        )
        session = await desk.slowly(verb)
    except FieldError as error:
        desk.watch.note(Act.SIGN_UP, Result.REFUSED, reason=error.place, address=address)
        shown = refused(Form(fields), error, PATH)
        return own(_page(site, shown.form, going, code), shown.status, shown.headers)
    desk.watch.note(Act.SIGN_UP, Result.DONE, handle=session.handle, address=address)
    return see_other(going, {"set-cookie": begun(request.scope, session.secret)})


def _closed(desk: Desk, request: Asked, code: str | None) -> SignUpClosedError | None:
    """Why whoever asks cannot sign up, if they cannot."""
    if not desk.takes_invitations:
        return SignUpClosedError(
            "sign-up", "Nobody can sign up here.", "The operator of this site can make an account for you."
        )
    if code or desk.is_open(request.scope):
        return None
    return SignUpClosedError(
        "sign-up", "Signing up here takes an invitation.", "Ask the operator of this site for one."
    )


async def _draw(desk: Desk, address: str) -> None:
    drawn = await desk.ask(partial(draw, desk.accounts, [Draw(desk.settings.sign_ups, address)]))
    if not drawn.allowed:
        desk.watch.note(Act.SIGN_UP, Result.LIMITED, address=address)
        raise TooManyTriesError(drawn.seconds)


def _page(
    site: Site,
    form: Form,
    going: str,
    code: str | None,
    promised: str | None = None,
    closed: SignUpClosedError | None = None,
) -> Rendered:
    return site.html("sign_up.html", form=form, next=going, code=code, promised=promised, closed=closed)


ROUTES: list[Any] = [sign_up_form, sign_up]
