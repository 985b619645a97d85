"""The page of the acts about who belongs to a commons: joining, vouching, keys, leaving."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from governance.membership.roll import belongs
from registry.accounts.errors import AccountsError
from registry.services.possible_membership import MembershipAct
from registry.web.act_fields import unchosen, wrong
from registry.web.acts_view import up_to_date
from registry.web.answering import own
from registry.web.desk import Desk
from registry.web.errors import refusal_of
from registry.web.form_acts import REFUSALS, carried_out, is_of_the_form
from registry.web.forms import Form
from registry.web.membership_forms import CONFIRMED, DONE, RUN, form_of, memberships_path, memberships_view
from registry.web.receipts import receipt_words
from registry.web.refusals import BadQueryError
from registry.web.refused_form import password_refused
from registry.web.sent import read_form
from registry.web.site import Asked, Site, commons_name
from registry.web.viewer import Viewer, known

_PATH = "/{commons:str}/members/act"


@get(_PATH, include_in_schema=False)
async def membership_page(
    request: Asked,
    site: NamedDependency[Site],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
) -> Response[Any]:
    """The forms. Raises `NotSignedInError`."""
    handle, name = known(viewer).handle, commons_name(commons)
    await up_to_date(site, name)
    asked, repository = request.query_params, site.library.catalogue.repository(name)
    said = {str(act): words for act, words in DONE.items()}
    if belongs(repository.state().people.members.get(handle)):
        said[MembershipAct.JOIN] = "You are a member now."
    done = await asyncio.to_thread(
        receipt_words, repository, handle, asked.get("done", ""), asked.get("event", ""), said
    )
    acts = await asyncio.to_thread(partial(memberships_view, repository, handle, done=done))
    return own(site.html("membership_acts.html", commons=name, acts=acts))


@post(_PATH, include_in_schema=False)
async def act_on_membership(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
) -> Response[Any]:
    """Takes one in, and leads back to the page; refused, the page again with what was typed."""
    handle, name = known(viewer).handle, commons_name(commons)
    typed = read_form(await request.body())
    if typed.get("act", "") not in set(MembershipAct):
        raise BadQueryError("The form does not say what it is for.", "Send it from the page.")
    act, path = MembershipAct(typed["act"]), memberships_path(name)
    repository = site.library.catalogue.repository(name)

    async def carry() -> str:
        if act in CONFIRMED:
            await desk.once_confirmed(request.scope, handle, typed.get("password", ""), lambda: None)
        acted = await site.acting.do(name, lambda commons: RUN[act](commons, handle, typed))
        return f"{path}?done={act}&event={acted.entry.event.seq}#done"

    asked = await asyncio.to_thread(lambda: form_of(repository.state(), handle, act))
    form, status, headers = unchosen(asked, typed), 422, dict[str, str]()
    if form is None:
        try:
            return await carried_out(request.scope, desk, handle, typed, carry)
        except AccountsError as error:
            shown = password_refused(Form(typed), error, path)
            form, status, headers = shown.form, shown.status, dict(shown.headers)
        except REFUSALS as error:
            if not is_of_the_form(error):
                raise
            refusal = refusal_of(error, path)
            form = wrong(asked, _without_secrets(typed), error, refusal)
            status, headers = refusal.status, dict(refusal.headers)
    acts = await asyncio.to_thread(partial(memberships_view, repository, handle, sent=act, typed=form))
    return own(site.html("membership_acts.html", commons=name, acts=acts), status, headers)


def _without_secrets(typed: Mapping[str, str]) -> Mapping[str, str]:
    """What was typed without the private half of a key, which people paste by mistake."""
    is_private = "private" in typed.get("public", "").lower()
    return {**typed, "public": ""} if is_private else typed


ROUTES: list[Any] = [membership_page, act_on_membership]
