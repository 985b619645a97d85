"""The API's act of founding a commons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody

from registry.web.acts import Acts
from registry.web.handlers.api_act_parameters import ACT_REFUSALS
from registry.web.handlers.api_parameters import SECURED, refused
from registry.web.shapes.commons_acts import (
    FoundingAct,
)
from registry.web.shapes.commons_requests import (
    FoundingRequest,
)
from registry.web.shapes.problems import Problem

_INSTANCE = "/api/v1/commons"

_REFUSALS: Mapping[int, ResponseSpec] = {
    **ACT_REFUSALS,
    403: refused(
        "The token lacks a scope, or there is a rule against it: the charter's, or the parent's.",
        Problem(
            type="/api/v1/docs#against-the-rules",
            title="The rules do not allow this",
            status=403,
            detail="cleo is no owner of roost.",
            instance=_INSTANCE,
            remedy="Ask ana, or fork.",
        ),
    ),
    429: refused(
        "You founded as many as an account may within a day; `Retry-After` says when to come back.",
        Problem(
            type="/api/v1/docs#daily-limit",
            title="Enough for today",
            status=429,
            detail="An account may found 5 commons a day here, and you have.",
            instance=_INSTANCE,
            remedy="The next one is in 7 hours.",
        ),
    ),
}


@post("/commons", tags=["Commons"], summary="Found a commons", security=SECURED, responses=_REFUSALS)
async def found(acts: NamedDependency[Acts], data: JSONBody[FoundingRequest]) -> Response[FoundingAct]:
    """You own it, and its rules are those of the preset. Takes the scope `admin`."""
    return await acts.founding(data)


ROUTES: list[Any] = [found]
