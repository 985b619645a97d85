"""Making a token on a page, and revoking one."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from registry.accounts import tokens
from registry.accounts.errors import AccountsError
from registry.accounts.scopes import Scope
from registry.accounts.tokens import NewToken
from registry.web.account_view import token_line
from registry.web.answering import own, see_other
from registry.web.desk import Desk
from registry.web.forms import Form
from registry.web.refused_form import password_refused
from registry.web.rendered import Rendered
from registry.web.security import Act, Result
from registry.web.sent import read_form
from registry.web.site import Asked, Site
from registry.web.viewer import Viewer, known

PATH = "/account/tokens"
_MOST_FIELDS = 16


@get(PATH, include_in_schema=False)
async def token_form(site: NamedDependency[Site], viewer: NamedDependency[Viewer | None]) -> Response[Any]:
    """The form. Raises `NotSignedInError`."""
    known(viewer)
    return own(_page(site, Form()))


@post(PATH, include_in_schema=False)
async def make_token(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
) -> Response[Any]:
    """Makes it and shows it: in this answer, and never again."""
    handle = known(viewer).handle
    fields = read_form(await request.body(), most=_MOST_FIELDS)
    days = fields.get("days", "")
    verb = partial(
        tokens.create,
        desk.accounts,
        handle,
        fields.get("name", ""),
        frozenset(scope for scope in Scope if f"scope-{scope}" in fields),
        days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0,
    )
    try:
        made: NewToken = await desk.once_confirmed(request.scope, handle, fields.get("password", ""), verb)
    except AccountsError as error:
        shown = password_refused(Form(fields), error, PATH)
        desk.watch.note(Act.TOKEN_MADE, Result.REFUSED, handle=handle)
        return own(_page(site, shown.form), shown.status, shown.headers)
    desk.watch.note(Act.TOKEN_MADE, Result.DONE, handle=handle, token=made.listed.ref)
    page = site.html(
        "token_made.html",
        secret=made.secret,
        token=token_line(made.listed, desk.accounts.clock()),
        base=str(request.base_url).rstrip("/"),
    )
    return own(page)


@post(f"{PATH}/revoke", include_in_schema=False)
async def revoke_token(
    request: Asked, desk: NamedDependency[Desk], viewer: NamedDependency[Viewer | None]
) -> Response[Any]:
    """Revokes a token of theirs."""
    handle = known(viewer).handle
    ref = read_form(await request.body()).get("token", "")
    await desk.ask(partial(tokens.revoke, desk.accounts, ref, handle))
    desk.watch.note(Act.TOKEN_REVOKED, Result.DONE, handle=handle)
    return see_other("/account?done=token#tokens")


def _page(site: Site, form: Form) -> Rendered:
    return site.html("account_tokens.html", form=form, usual=str(tokens.USUAL_DAYS))


ROUTES: list[Any] = [token_form, make_token, revoke_token]
