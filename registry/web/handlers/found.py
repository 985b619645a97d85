"""The page on which somebody founds a commons."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from governance.errors import RefusedError
from registry.services.errors import InputRefusedError
from registry.services.founding import PRESET, wanted
from registry.web.answering import own
from registry.web.desk import Desk
from registry.web.errors import refusal_of
from registry.web.form_acts import REFUSALS, carried_out, is_of_the_form
from registry.web.forms import Form
from registry.web.founding import check_open, found_on
from registry.web.founding_view import found_view
from registry.web.sent import read_form
from registry.web.site import Asked, Site
from registry.web.viewer import Scope, Viewer, known, require

PATH = "/found"


@get(PATH, include_in_schema=False)
async def found_page(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
) -> Response[Any]:
    """The form; `within` names the commons that it is to be nested in. Raises `NotSignedInError`."""
    handle = known(viewer).handle
    check_open(desk)
    first = {"parent": request.query_params.get("within", ""), "preset": "solo"}
    return await _page(site, desk, handle, Form(first))


@post(PATH, include_in_schema=False)
async def found(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
) -> Response[Any]:
    """Founds it and leads to it; refused, the page again with what was typed."""
    handle = require(viewer, Scope.PROPOSE).handle
    typed = read_form(await request.body())

    async def make() -> str:
        asked = wanted(typed.get("name", ""), typed.get("parent"), typed.get("preset", ""))
        return f"/{(await found_on(site, desk, handle, asked)).wanted.name}"

    try:
        return await carried_out(request.scope, desk, handle, typed, make)
    except REFUSALS as error:
        if not is_of_the_form(error):
            raise
        refusal = refusal_of(error, PATH)
        form = _wrong(typed, error, refusal.problem.detail or refusal.problem.title, refusal.problem.remedy)
        return await _page(site, desk, handle, form, refusal.status, refusal.headers)


async def _page(
    site: Site,
    desk: Desk,
    handle: str,
    form: Form,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    quota = desk.settings.foundings.quota
    _, view = await asyncio.to_thread(
        site.library.fresh, lambda visits: found_view(visits, handle, quota, form)
    )
    return own(site.html("found.html", view=view), status, headers)


def _wrong(typed: Mapping[str, str], error: Exception, said: str, remedy: str | None) -> Form:
    """The form with what is wrong next to the field that it is about."""
    if isinstance(error, InputRefusedError):
        return Form(typed).wrong(error.place, error.rule[:1].upper() + error.rule[1:], error.remedy)
    at = PRESET if isinstance(error, RefusedError) and error.rule.startswith("the charter") else ""
    return Form(typed).wrong(at, said[:1].upper() + said[1:] if at else said, remedy or "")


ROUTES: list[Any] = [found_page, found]
