"""Changing one's password."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from registry.accounts.change_password import change_password
from registry.accounts.errors import AccountsError, PasswordRefusedError
from registry.web.answering import own, see_other
from registry.web.desk import Desk
from registry.web.forms import Form
from registry.web.refused_form import check_repeated, password_refused, refused
from registry.web.rendered import Rendered
from registry.web.security import Act, Result
from registry.web.sent import read_form
from registry.web.site import Asked, Site
from registry.web.viewer import Viewer, known

PATH = "/account/password"
_NEW = "new"


@get(PATH, include_in_schema=False)
async def password_form(site: NamedDependency[Site], viewer: NamedDependency[Viewer | None]) -> Response[Any]:
    """The form. Raises `NotSignedInError`."""
    known(viewer)
    return own(_page(site, Form()))


@post(PATH, include_in_schema=False)
async def change(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
) -> Response[Any]:
    """Changes it; every other session of theirs ends."""
    handle = known(viewer).handle
    fields = read_form(await request.body())
    session = await desk.session_of(request.scope)
    keep = session.ref if session is not None else None
    try:
        chosen = check_repeated(fields, _NEW)
        verb = partial(change_password, desk.accounts, handle, chosen, keep=keep)
        await desk.once_confirmed(request.scope, handle, fields.get("password", ""), verb)
    except PasswordRefusedError as error:
        # The error speaks of a password, which on this page is the old one.
        shown = refused(Form(), error, PATH, places={"password": _NEW})
    except AccountsError as error:
        desk.watch.note(Act.PASSWORD, Result.REFUSED, handle=handle)
        shown = password_refused(Form(), error, PATH)
    else:
        desk.watch.note(Act.PASSWORD, Result.DONE, handle=handle)
        return see_other("/account?done=password")
    return own(_page(site, shown.form), shown.status, shown.headers)


def _page(site: Site, form: Form) -> Rendered:
    return site.html("account_password.html", form=form)


ROUTES: list[Any] = [password_form, change]
