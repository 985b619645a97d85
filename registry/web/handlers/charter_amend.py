"""Amending the charter in the browser: by a preset, by its keys, or as a text; looked at, then sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from governance.charter.errors import InvalidCharterError, MalformedCharterError
from registry.accounts.errors import AccountsError
from registry.services.amend import amend_charter
from registry.services.amending import LookedAt, of_charter, wanted_charter
from registry.services.errors import InputRefusedError
from registry.services.propose import propose
from registry.services.revisions import Draft
from registry.store.repository import Repository
from registry.web.acts_view import acts_path, up_to_date
from registry.web.answering import own
from registry.web.charter_view import (
    KEYS,
    PRESET,
    TEXT,
    amend_view,
    looked_at,
    wanted_by,
    wrong_charter,
)
from registry.web.desk import Desk
from registry.web.errors import refusal_of
from registry.web.form_acts import REFUSALS, carried_out, is_of_the_form
from registry.web.forms import Form
from registry.web.refusals import BadQueryError
from registry.web.refused_form import password_refused
from registry.web.sent import read_form
from registry.web.shapes.acts import (
    receipt_shape,
)
from registry.web.shapes.commons import commons_shape
from registry.web.site import Asked, Site, commons_name
from registry.web.viewer import Scope, Viewer, known, require

_PATH = "/{commons:str}/charter/amend"
_MOST_FIELDS = 512
_WAYS = (PRESET, KEYS, TEXT)
_FORCE, _PROPOSE = "force", "propose"
_PLACES = {"the title": "title", "the reason": "reason"}


@get(_PATH, include_in_schema=False)
async def amend_form(
    site: NamedDependency[Site], viewer: NamedDependency[Viewer | None], commons: FromPath[str]
) -> Response[Any]:
    """The charter in force, in a form. Raises `NotSignedInError`."""
    known(viewer)
    name = commons_name(commons)
    await up_to_date(site, name)
    return await _page(site, name, Form())


@post(_PATH, include_in_schema=False)
async def amend(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
) -> Response[Any]:
    """Looks at a change, or sends it; whatever is in the way is shown in the form, with what was typed."""
    handle, name = require(viewer, Scope.PROPOSE).handle, commons_name(commons)
    typed = read_form(await request.body(), most=_MOST_FIELDS)
    do, way = typed.get("do", ""), typed.get("way", TEXT)
    if do not in (*_WAYS, _FORCE, _PROPOSE):
        raise BadQueryError("The form does not say what it is for.", "Send it from the page.")
    await up_to_date(site, name)
    try:
        if do == _FORCE:
            await desk.once_confirmed(request.scope, handle, typed.get("password", ""), lambda: None)
        if do in _WAYS:
            way = do
            looked = await site.acting.do(name, lambda repository: _looked(repository, way, handle, typed))
            return await _page(site, name, Form(typed), way=way, looked=looked)
        return await carried_out(request.scope, desk, handle, typed, lambda: _send(site, name, handle, typed))
    except (InvalidCharterError, MalformedCharterError) as error:
        return await _page(site, name, wrong_charter(typed, error), way=way, status=422)
    except AccountsError as error:
        shown = password_refused(Form(typed), error, _PATH)
        form, status, headers = shown.form, shown.status, shown.headers
    except REFUSALS as error:
        if not is_of_the_form(error):
            raise
        refusal = refusal_of(error, f"/{name}/charter/amend")
        problem = refusal.problem
        form = Form(typed).wrong("", problem.detail or problem.title, problem.remedy or "")
        if isinstance(error, InputRefusedError):
            said = error.rule[:1].upper() + error.rule[1:]
            form = Form(typed).wrong(_PLACES.get(error.place, ""), said, error.remedy)
        status, headers = refusal.status, refusal.headers
    again = None
    if do not in _WAYS:
        # What was sent is looked at once more, as things stand now.
        again = await site.acting.do(name, lambda repository: _looked_again(repository, handle, typed))
    return await _page(site, name, form, way=way, looked=again, status=status, headers=headers)


async def _send(site: Site, name: str, handle: str, typed: Mapping[str, str]) -> str:
    """Puts it in force, or proposes it; gives the address that shows what came of it."""
    raw, guard = typed.get("charter", "").encode(), of_charter(typed.get("base"))
    if typed.get("do") == _FORCE:
        await site.acting.do(
            name, lambda repository: amend_charter(repository, raw, actor=handle, guard=guard)
        )
        return f"/{name}/charter"
    title, reason = typed.get("title", ""), typed.get("reason", "")
    opened = await site.acting.do(
        name,
        lambda repository: propose(
            repository, Draft(charter=raw), title=title, reason=reason, actor=handle, guard=guard
        ),
    )
    return f"{acts_path(name, opened.number)}?done=propose&event={receipt_shape(opened).seq}#done"


def _looked(repository: Repository, way: str, handle: str, typed: Mapping[str, str]) -> LookedAt:
    return looked_at(repository, wanted_by(repository, way, typed), handle)


def _looked_again(repository: Repository, handle: str, typed: Mapping[str, str]) -> LookedAt | None:
    try:
        wanted = wanted_charter(repository, text=typed.get("charter", ""))
    except (InputRefusedError, MalformedCharterError):
        return None
    return looked_at(repository, wanted, handle)


async def _page(
    site: Site,
    name: str,
    form: Form,
    *,
    way: str = "",
    looked: LookedAt | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    visit = site.library.visit(name)
    view = await asyncio.to_thread(partial(amend_view, visit.repository, form, way=way, looked=looked))
    page = site.html("charter_amend.html", commons=commons_shape(visit), view=view)
    return own(page, status, headers)


ROUTES: list[Any] = [amend_form, amend]
