"""Choosing a new password by a link that the operator made on the console."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from registry.accounts.change_password import reset_for, reset_password
from registry.accounts.errors import FieldError
from registry.web.agents import agent_name
from registry.web.answering import own, see_other
from registry.web.desk import Desk
from registry.web.forms import Form
from registry.web.refused_form import check_repeated, refused
from registry.web.rendered import Rendered
from registry.web.security import Act, Result
from registry.web.sent import check_sent_from_here, read_form
from registry.web.session_cookie import begun
from registry.web.site import Asked, Site
from registry.web.visitors import visitor_of

PATH = "/reset"


@get(PATH, include_in_schema=False)
async def reset_form(
    request: Asked, site: NamedDependency[Site], desk: NamedDependency[Desk]
) -> Response[Any]:
    """The form. Opening a link does not use it up. Raises `LinkRefusedError`."""
    code = request.query_params.get("code") or ""
    handle = await desk.ask(partial(reset_for, desk.accounts, code))
    return own(_page(site, Form(), code, handle))


@post(PATH, include_in_schema=False)
async def reset(request: Asked, site: NamedDependency[Site], desk: NamedDependency[Desk]) -> Response[Any]:
    """Sets the password, ends every session and begins one. Raises `LinkRefusedError`."""
    check_sent_from_here(request.headers)
    fields = read_form(await request.body())
    code, address = fields.get("code", ""), visitor_of(request.scope)
    handle = await desk.ask(partial(reset_for, desk.accounts, code))
    agent = agent_name(request.headers.get("user-agent"))
    try:
        verb = partial(reset_password, desk.accounts, code, check_repeated(fields), agent=agent)
        session = await desk.slowly(verb)
    except FieldError as error:
        shown = refused(Form(), error, PATH)
        return own(_page(site, shown.form, code, handle), shown.status, shown.headers)
    desk.watch.note(Act.RESET, Result.DONE, handle=handle, address=address)
    return see_other("/account", {"set-cookie": begun(request.scope, session.secret)})


def _page(site: Site, form: Form, code: str, handle: str) -> Rendered:
    return site.html("reset.html", form=form, code=code, handle=handle)


ROUTES: list[Any] = [reset_form, reset]
