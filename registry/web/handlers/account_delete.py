"""Deleting one's account: out of every commons first, then the account."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from governance.errors import RefusedError
from registry.accounts.deleting import delete_account
from registry.accounts.errors import AccountsError
from registry.accounts.handles import typed
from registry.services.errors import StewardError
from registry.services.standing import Standing, check_can_leave, leave_everywhere
from registry.web.answering import own, see_other
from registry.web.desk import Desk
from registry.web.forms import Form
from registry.web.handlers.account import standings_of
from registry.web.refused_form import Refused, password_refused
from registry.web.rendered import Rendered
from registry.web.security import Act, Result
from registry.web.sent import read_form
from registry.web.session_cookie import ended
from registry.web.site import Asked, Site
from registry.web.viewer import Viewer, known

PATH = "/account/delete"


@get(PATH, include_in_schema=False)
async def delete_form(site: NamedDependency[Site], viewer: NamedDependency[Viewer | None]) -> Response[Any]:
    """What it means, and the form. Raises `NotSignedInError`."""
    return own(_page(site, Form(), await standings_of(site, known(viewer).handle)))


@post(PATH, include_in_schema=False)
async def delete(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
) -> Response[Any]:
    """Leaves every commons and deletes the account; cut off in between, the same form goes on."""
    handle = known(viewer).handle
    fields = read_form(await request.body())
    form, standings = Form(fields), await standings_of(site, handle)
    if typed(fields.get("handle", "")) != handle:
        shown = Refused(form.wrong("handle", "This is not your handle."), HTTPStatus.UNPROCESSABLE_ENTITY, {})
        return own(_page(site, shown.form, standings), shown.status)
    try:
        await desk.once_confirmed(request.scope, handle, fields.get("password", ""), lambda: None)
        await asyncio.to_thread(_leave, site, standings, handle)
        await desk.ask(partial(delete_account, desk.accounts, handle))
    except AccountsError as error:
        shown = password_refused(form, error, PATH)
    except (StewardError, RefusedError) as error:
        if isinstance(error, RefusedError) and error.seq is not None:
            # Not the leaving is refused: a log holds what no rule can have let in.
            raise
        shown = Refused(form.wrong("", error.rule, error.remedy), HTTPStatus.CONFLICT, {})
    else:
        desk.watch.note(Act.DELETED, Result.DONE, handle=handle)
        return see_other("/", {"set-cookie": ended(request.scope)})
    desk.watch.note(Act.DELETED, Result.REFUSED, handle=handle)
    return own(_page(site, shown.form, standings), shown.status, shown.headers)


def _leave(site: Site, standings: Sequence[Standing], handle: str) -> None:
    """Leaves all of them, unless they look after one: then none is left."""
    check_can_leave(standings)
    for stands in standings:
        # One at a time: the site keeps a few commons open, and somebody may belong to more.
        leave_everywhere([site.library.catalogue.repository(stands.commons)], handle)


def _page(site: Site, form: Form, standings: tuple[Standing, ...]) -> Rendered:
    return site.html("account_delete.html", form=form, standings=standings)


ROUTES: list[Any] = [delete_form, delete]
