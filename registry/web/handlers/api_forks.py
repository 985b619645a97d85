"""The API's acts on policies of one's own: forking one of somebody else's."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency

from policies.names import check_slug
from registry.web.acts import Acts
from registry.web.handlers.api_act_parameters import RELEASE_REFUSALS
from registry.web.handlers.api_parameters import SECURED, CommonsPath, SlugPath
from registry.web.shapes.acts import (
    ReleaseAct,
)

_TAG = ["Forking"]


@post(
    "/commons/{commons:str}/policies/{slug:str}/forks",
    tags=_TAG,
    summary="Fork a policy",
    security=SECURED,
    responses=RELEASE_REFUSALS,
)
async def fork(acts: NamedDependency[Acts], commons: CommonsPath, slug: SlugPath) -> Response[ReleaseAct]:
    """Its newest version, as yours, in `~you`: founded if it is not there yet. Takes the scope `propose`.

    `commons` of the answer says where it is. A second policy of the same name is refused (422).
    """
    return await acts.forking(commons, check_slug(slug))


ROUTES: list[Any] = [fork]
