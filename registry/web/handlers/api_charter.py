"""The API's charter: what another one would mean, and putting one in force where that is its owner's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody

from governance.charter.codec import CharterFile
from registry.services.amend import amend_charter
from registry.services.amending import of_charter, wanted_charter
from registry.services.charters import check_charter
from registry.store.repository import Acted, Repository
from registry.web import rendered
from registry.web.acts import Acts
from registry.web.handlers.api_act_parameters import ACT_REFUSALS, CONTENT_REFUSALS
from registry.web.handlers.api_parameters import NOT_FOUND_OR_BAD, SECURED, CommonsPath
from registry.web.rendered import respond
from registry.web.shapes.commons_acts import (
    CharterAct,
    CharterCheck,
    charter_check,
)
from registry.web.shapes.commons_requests import (
    CharterRequest,
    charter_changes,
)
from registry.web.site import Site, commons_name

_TAG = ["Charter"]
_CHECK_REFUSALS: Mapping[int, ResponseSpec] = {
    **NOT_FOUND_OR_BAD,
    412: CONTENT_REFUSALS[412],
    422: ACT_REFUSALS[422],
}


@post(
    "/commons/{commons:str}/charter/check",
    tags=_TAG,
    summary="See what another charter would mean",
    responses=_CHECK_REFUSALS,
    status_code=200,
)
async def check(
    site: NamedDependency[Site], commons: CommonsPath, data: JSONBody[CharterRequest]
) -> Response[CharterCheck]:
    """In plain words, with who decides and what its members could not live by. Records nothing."""

    def look(repository: Repository) -> CharterCheck:
        of_charter(data.base)(repository.state())
        return charter_check(repository.state(), check_charter(repository, _wanted(repository, data)))

    repository = site.library.visit(commons_name(commons)).repository
    return respond(rendered.json(await asyncio.to_thread(look, repository)))


@post(
    "/commons/{commons:str}/charter",
    tags=_TAG,
    summary="Put a charter in force",
    security=SECURED,
    responses=CONTENT_REFUSALS,
)
async def amend(
    acts: NamedDependency[Acts], commons: CommonsPath, data: JSONBody[CharterRequest]
) -> Response[CharterAct]:
    """Where it is the owner's to do; elsewhere it is proposed. Takes the scope `admin`."""

    def act(repository: Repository, actor: str) -> Acted:
        raw = _wanted(repository, data).text.encode()
        return amend_charter(repository, raw, actor=actor, guard=of_charter(data.base))

    return await acts.on_charter(commons, act)


def _wanted(repository: Repository, data: CharterRequest) -> CharterFile:
    return wanted_charter(repository, changes=charter_changes(data), text=data.charter)


ROUTES: list[Any] = [check, amend]
