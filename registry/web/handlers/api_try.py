"""The API's way to try a text on a policy."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from policies.names import check_slug, check_version
from registry.services.reading import find_release
from registry.web.handlers.api_parameters import TRY_REFUSALS, CommonsPath, SlugPath
from registry.web.rendered import JSON, NOT_KEPT, Rendered, respond
from registry.web.sent import check_same_site
from registry.web.shapes.trying import TryAnswer, TryRequest, try_answer
from registry.web.site import Asked, Site, commons_name
from registry.web.trying import Subject
from registry.web.visit import Visits


@post(
    "/commons/{commons:str}/policies/{slug:str}/try",
    status_code=200,
    tags=["Policies"],
    summary="Try a text",
    responses=TRY_REFUSALS,
)
async def try_text(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    slug: SlugPath,
    data: JSONBody[TryRequest],
) -> Response[TryAnswer]:
    """What an engine says of a text under this policy. The text is neither stored nor logged."""
    check_same_site(request.headers)
    engine = site.trying.engine(data.engine)
    site.trying.check(data.text)

    def find(visits: Visits) -> tuple[Subject, str]:
        visit = visits.to(commons_name(commons))
        release = find_release(
            visit.state, check_slug(slug), check_version(data.version) if data.version else None
        )
        subject = Subject(visit.folder(release), visit.name, release.content, visit.stamp)
        return subject, release.version

    _, (subject, version) = await asyncio.to_thread(site.library.fresh, find)
    judged = await site.trying.judge(engine, subject, data.text)
    answer = try_answer(f"{subject.commons}/{slug}", version, engine, judged)
    return respond(Rendered.of(msgspec.json.encode(answer), JSON, {"cache-control": NOT_KEPT}))


ROUTES: list[Any] = [try_text]
