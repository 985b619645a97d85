"""Try a text on a policy: a form, and what an engine says. Nothing of a text is stored or remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from policies.names import check_slug, check_version
from registry.services.classify import Judgement
from registry.services.reading import find_policy, find_release
from registry.services.verdict_words import why_not
from registry.web.errors import Refusal, refusal_of
from registry.web.refusals import WebError
from registry.web.rendered import NOT_KEPT, Rendered, respond
from registry.web.sent import check_same_site, read_form
from registry.web.shapes.policies import PolicyDetail, policy_detail
from registry.web.site import Asked, Site, commons_name
from registry.web.trying import Offered, Subject
from registry.web.visit import Visits


class Tried(NamedTuple):
    """A text with what came of it: a judgement, or a refusal."""

    text: str
    engine: Offered | None
    judged: Judgement | None = None
    refusal: Refusal | None = None

    @property
    def status(self) -> int:
        """That of the refusal, if there is one."""
        return 200 if self.refusal is None else self.refusal.status

    @property
    def headers(self) -> Mapping[str, str]:
        """Those of the refusal."""
        return {} if self.refusal is None else self.refusal.headers


class _Found(NamedTuple):
    subject: Subject
    detail: PolicyDetail
    latest: str


# Not `sync_to_thread`: of two handlers of one address Litestar 2.25 registers the first one twice, and wraps
# it in a thread each time.
@get("/{commons:str}/{address:str}/try", include_in_schema=False)
async def try_form(
    request: Asked, site: NamedDependency[Site], commons: FromPath[str], address: FromPath[str]
) -> Response[Any]:
    """The form."""
    name = commons_name(commons)
    return await asyncio.to_thread(
        site.page, request, lambda visits: _page(site, _find(visits, name, address), address, None)
    )


@post("/{commons:str}/{address:str}/try", status_code=200, include_in_schema=False)
async def try_text(
    request: Asked, site: NamedDependency[Site], commons: FromPath[str], address: FromPath[str]
) -> Response[Any]:
    """The form with what an engine says of its text."""
    check_same_site(request.headers)
    form = read_form(await request.body())
    name = commons_name(commons)
    _, found = await asyncio.to_thread(site.library.fresh, lambda visits: _find(visits, name, address))
    path = f"/{name}/{address}/try"
    tried = await _try(site, found.subject, form.get("text", ""), form.get("engine") or None, path)
    page = _page(site, found, address, tried)
    headers = {**page.headers, **tried.headers, "cache-control": NOT_KEPT}
    return respond(page._replace(headers=headers), tried.status)


async def _try(site: Site, subject: Subject, text: str, engine: str | None, path: str) -> Tried:
    """A refusal of ours is shown on the page of the form, so that nobody loses what they wrote."""
    chosen = None
    try:
        chosen = site.trying.engine(engine)
        site.trying.check(text)
        return Tried(text, chosen, await site.trying.judge(chosen, subject, text))
    except WebError as error:
        return Tried(text, chosen, refusal=refusal_of(error, path))


def _find(visits: Visits, name: str, address: str) -> _Found:
    visit = visits.to(name)
    slug, at, version = address.partition("@")
    policy = find_policy(visit.state, check_slug(slug))
    release = find_release(visit.state, slug, check_version(version) if at else None)
    subject = Subject(visit.folder(release), visit.name, release.content, visit.stamp)
    return _Found(subject, policy_detail(visit, policy, release), policy.latest.version)


def _page(site: Site, found: _Found, address: str, tried: Tried | None) -> Rendered:
    judged = tried.judged if tried else None
    return site.html(
        "try.html",
        sensitive=tried is not None or bool(found.detail.content_warnings),
        commons=found.subject.commons,
        address=address,
        policy=found.detail,
        latest=found.latest,
        offered=site.trying.offered,
        most=site.trying.limits.characters,
        tried=tried,
        why_not=why_not(judged.verdict) if judged else None,
    )


ROUTES: list[Any] = [try_form, try_text]
