"""Revising a proposal in the browser: the form of a suggestion, filled with what it proposes now.

It ends in the same service as `commons propose --revise`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from governance.errors import RefusedError
from policies.names import check_slug
from registry.services.at_hand import revise_policy
from registry.services.errors import UnknownPolicyError
from registry.services.evidence import (
    base_folder,
    head_folder,
)
from registry.services.proposals import open_proposal
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

_PATH = "/{commons:str}/proposals/{number:int}/revise/{slug:str}"


@get(_PATH, include_in_schema=False)
async def revise_form(
    site: NamedDependency[Site],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
    number: FromPath[int],
    slug: FromPath[str],
) -> Response[Any]:
    """A policy as it is proposed, in a form. Raises `NotSignedInError`."""
    handle, name = known(viewer).handle, commons_name(commons)
    edited = await site.acting.do(name, lambda repository: _edited(repository, number, slug, handle))
    return first_page(site, edited)


@post(_PATH, include_in_schema=False)
async def revise(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
    number: FromPath[int],
    slug: FromPath[str],
) -> Response[Any]:
    """Looks at it, or sends it; whatever is in the way is shown in the form, with what was typed."""
    handle, name = require(viewer, Scope.PROPOSE).handle, commons_name(commons)
    typed = read_form(await request.body(), most=MOST_FIELDS)
    edited = await site.acting.do(name, lambda repository: _edited(repository, number, slug, handle))
    return await answered(
        request, site, desk, handle, typed, edited, lambda: _send(site, edited, number, handle, typed)
    )


async def _send(site: Site, edited: Edited, number: int, handle: str, typed: Mapping[str, str]) -> str:
    """Revises it; gives the address that shows the proposal."""
    slug = edited.folder.slug
    files = suggested_files(edited.folder, suggested_by(typed))
    made = await site.acting.do(
        edited.commons,
        lambda repository: revise_policy(repository, number, slug, files, actor=handle, content=edited.base),
    )
    return f"{acts_path(edited.commons, number)}?done=revise&event={receipt_shape(made).seq}#done"


def _edited(repository: Repository, number: int, slug: str, handle: str) -> Edited:
    """Raises `UnknownProposalError`, `UnknownPolicyError`, `RefusedError`."""
    state = repository.state()
    proposal = open_proposal(state, number)
    if handle not in (proposal.author, proposal.sponsor):
        # The rules would say so once it is sent: nobody should fill in the form before.
        raise RefusedError(
            f"{handle} is neither the author of proposal {number} nor stands behind it.",
            f"Ask {proposal.author}, suggest an edit in a comment, or open your own.",
        )
    revision = proposal.revision
    found = (
        next((one for one in revision.changes if one.slug == check_slug(slug)), None) if revision else None
    )
    if revision is None or found is None:
        raise UnknownPolicyError(f"{slug[:64]} in proposal {number}", "It does not change this policy.")
    return Edited(
        commons=state.name,
        folder=head_folder(repository, state, revision, found),
        against=None if found.base is None else base_folder(repository, state, found),
        version=None,
        base=proposal.content,
        siblings=tuple(other for other in state.policies if other != slug),
        number=number,
    )


ROUTES: list[Any] = [revise_form, revise]
