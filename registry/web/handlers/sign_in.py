"""Signing in, and out again."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.di import NamedDependency

from registry.accounts import sessions
from registry.accounts.errors import SignInRefusedError, TooManyTriesError
from registry.accounts.sign_in import sign_in as begin
from registry.web.agents import agent_name
from registry.web.answering import own, see_other
from registry.web.desk import Desk
from registry.web.forms import Form
from registry.web.next_page import page_of_referer, safe_next
from registry.web.refused_form import refused
from registry.web.rendered import Rendered
from registry.web.security import Act, Result
from registry.web.sent import check_sent_from_here, read_form
from registry.web.session_cookie import begun, ended
from registry.web.site import Asked, Site
from registry.web.viewer import Viewer
from registry.web.visitors import visitor_of

PATH = "/sign-in"


@get(PATH, include_in_schema=False)
async def sign_in_form(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
) -> Response[Any]:
    """The form; whoever is signed in already goes on."""
    came_from = page_of_referer(request.headers.get("referer"), request.headers.get("host"))
    going = safe_next(request.query_params.get("next") or came_from)
    if viewer is not None:
        return see_other(going)
    return own(_page(site, desk, request, Form(), going))


@post(PATH, include_in_schema=False)
async def sign_in(request: Asked, site: NamedDependency[Site], desk: NamedDependency[Desk]) -> Response[Any]:
    """Begins a session."""
    check_sent_from_here(request.headers)
    fields = read_form(await request.body())
    going, address = safe_next(fields.get("next")), visitor_of(request.scope)
    verb = partial(
        begin,
        desk.accounts,
        fields.get("handle", ""),
        fields.get("password", ""),
        address=address,
        limits=desk.settings.tries,
        agent=agent_name(request.headers.get("user-agent")),
    )
    try:
        session = await desk.slowly(verb)
    except SignInRefusedError as error:
        desk.watch.note(Act.SIGN_IN, Result.REFUSED, handle=error.account, address=address)
        shown = refused(Form(fields), error, PATH)
    except TooManyTriesError as error:
        desk.watch.note(Act.SIGN_IN, Result.LIMITED, address=address)
        shown = refused(Form(fields), error, PATH)
    else:
        desk.watch.note(Act.SIGN_IN, Result.DONE, handle=session.handle, address=address)
        return see_other(going, {"set-cookie": begun(request.scope, session.secret)})
    return own(_page(site, desk, request, shown.form, going), shown.status, shown.headers)


@post("/sign-out", include_in_schema=False)
async def sign_out(
    request: Asked, desk: NamedDependency[Desk], viewer: NamedDependency[Viewer | None]
) -> Response[Any]:
    """Ends the session that asks. Whose session is over already is signed out as well."""
    # A form of another site brings no cookie, but what it is answered could take one back.
    check_sent_from_here(request.headers)
    session = await desk.session_of(request.scope)
    if session is not None and viewer is not None:
        await desk.ask(partial(sessions.end, desk.accounts, session.account, session.ref))
        desk.watch.note(Act.SIGN_OUT, Result.DONE, handle=session.handle)
    return see_other("/", {"set-cookie": ended(request.scope)})


def _page(site: Site, desk: Desk, request: Asked, form: Form, going: str) -> Rendered:
    return site.html(
        "sign_in.html",
        form=form,
        next=going,
        may_sign_up=desk.is_open(request.scope),
        sign_up="/sign-up" if going == "/" else f"/sign-up?next={quote(going, safe='/')}",
    )


ROUTES: list[Any] = [sign_in_form, sign_in, sign_out]
