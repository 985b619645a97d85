"""Suggesting a change of a policy in the browser: text, metadata and cases in fields; looked at and sent.

It ends in the same service as `commons propose`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from policies.names import check_slug
from registry.services.follow_record import refuse_following
from registry.services.propose import propose
from registry.services.reading import find_release, release_folder
from registry.services.revisions import Draft
from registry.services.suggesting import suggested_files
from registry.store.repository import Repository
from registry.web.acts_view import acts_path
from registry.web.desk import Desk
from registry.web.sent import read_form
from registry.web.shapes.acts import (
    receipt_shape,
)
from registry.web.site import Asked, Site, commons_name
from registry.web.suggest_page import answered, first_page
from registry.web.suggest_view import MOST_FIELDS, Edited, suggested_by
from registry.web.viewer import Scope, Viewer, known, require

_PATH = "/{commons:str}/{address:str}/suggest"


@get(_PATH, include_in_schema=False)
async def suggest_form(
    site: NamedDependency[Site],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
    address: FromPath[str],
) -> Response[Any]:
    """The policy in a form. Raises `NotSignedInError`."""
    known(viewer)
    name, slug = commons_name(commons), check_slug(address)
    return first_page(site, await site.acting.do(name, lambda repository: _edited(repository, slug)))


@post(_PATH, include_in_schema=False)
async def suggest(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
    address: FromPath[str],
) -> Response[Any]:
    """Looks at it, or sends it; whatever is in the way is shown in the form, with what was typed."""
    handle, name = require(viewer, Scope.PROPOSE).handle, commons_name(commons)
    slug = check_slug(address)
    typed = read_form(await request.body(), most=MOST_FIELDS)
    edited = await site.acting.do(name, lambda repository: _edited(repository, slug))
    return await answered(
        request, site, desk, handle, typed, edited, lambda: _send(site, edited, handle, typed)
    )


async def _send(site: Site, edited: Edited, handle: str, typed: Mapping[str, str]) -> str:
    """Proposes it; gives the address that shows the proposal."""
    draft = Draft(folders={edited.folder.slug: suggested_files(edited.folder, suggested_by(typed))})
    subject, why = typed.get("subject", ""), typed.get("why", "")
    opened = await site.acting.do(
        edited.commons, lambda repository: propose(repository, draft, title=subject, reason=why, actor=handle)
    )
    return f"{acts_path(edited.commons, opened.number)}?done=propose&event={receipt_shape(opened).seq}#done"


def _edited(repository: Repository, slug: str) -> Edited:
    """Raises `UnknownPolicyError`, and `InputRefusedError` before anybody writes what could not be sent."""
    state = repository.state()
    refuse_following(repository.path, slug)
    release = find_release(state, check_slug(slug), None)
    siblings = tuple(other for other in state.policies if other != slug)
    folder = release_folder(repository, release)
    return Edited(state.name, folder, folder, release.version, release.content, siblings)


ROUTES: list[Any] = [suggest_form, suggest]
