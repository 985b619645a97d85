"""Suggesting a change of a policy in the browser: text, metadata and cases in fields; looked at and sent.

It ends in the same service as `commons propose`.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from policies.errors import MalformedDocumentError
from policies.folder import PolicyFolder
from policies.names import check_slug
from registry.services.errors import InputRefusedError, LintRefusedError
from registry.services.follow_record import refuse_following
from registry.services.propose import propose
from registry.services.reading import find_release, release_folder
from registry.services.revisions import Draft
from registry.services.suggesting import suggested_files, table_of
from registry.store.repository import Repository
from registry.web.acts_view import acts_path
from registry.web.answering import own
from registry.web.desk import Desk
from registry.web.errors import refusal_of
from registry.web.form_acts import REFUSALS, carried_out, is_of_the_form
from registry.web.forms import Form
from registry.web.sent import read_form
from registry.web.shapes.acts import receipt_shape
from registry.web.site import Asked, Site, commons_name
from registry.web.suggest_view import (
    MOST_FIELDS,
    Looked,
    SuggestView,
    first_form,
    fresh_key,
    labels_of,
    looked_at,
    refused_at,
    rows_of,
    suggested_by,
    with_more_rows,
)
from registry.web.viewer import Scope, Viewer, known, require

_PATH = "/{commons:str}/{address:str}/suggest"
_MOVED = (
    "A new version was released since you began. Look at what changed, then look at yours again and send it."
)


class _Edited(NamedTuple):
    """The release that is edited; `siblings` are the other policies."""

    folder: PolicyFolder
    version: str
    content: str
    siblings: tuple[str, ...]


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
    edited = await site.acting.do(name, lambda repository: _edited(repository, slug))
    return own(site.html("suggest.html", **_page(name, edited, first_form(edited.folder))))


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
    form, looked, status = Form(typed), None, HTTPStatus.OK
    if typed.get("do") == "rows":
        form = with_more_rows(typed)
    elif typed.get("base") != edited.content:
        form, status = Form(typed).wrong("", _MOVED), HTTPStatus.CONFLICT
    else:
        try:
            looked = await site.acting.do(
                name, lambda _repository: looked_at(edited.folder, edited.siblings, suggested_by(typed))
            )
            if typed.get("do") == "send" and looked.can_be_sent:
                return await carried_out(
                    request.scope, desk, handle, typed, lambda: _send(site, name, edited, handle, typed)
                )
            status = HTTPStatus.OK if looked.can_be_sent else HTTPStatus.UNPROCESSABLE_ENTITY
        except (InputRefusedError, MalformedDocumentError) as error:
            form, status = refused_at(typed, error), HTTPStatus.UNPROCESSABLE_ENTITY
        except LintRefusedError:
            # Looked at a moment ago: a neighbour of another name was released meanwhile.
            form, status = Form(typed).wrong("", _MOVED), HTTPStatus.CONFLICT
        except REFUSALS as error:
            if not is_of_the_form(error):
                raise
            problem = refusal_of(error, f"/{name}/{slug}/suggest").problem
            form = form.wrong("", problem.detail or problem.title, problem.remedy or "")
            status = HTTPStatus(problem.status)
    return own(site.html("suggest.html", **_page(name, edited, form, looked)), status)


async def _send(site: Site, name: str, edited: _Edited, handle: str, typed: Mapping[str, str]) -> str:
    """Proposes it; gives the address that shows the proposal."""
    slug = edited.folder.slug
    draft = Draft(folders={slug: suggested_files(edited.folder, suggested_by(typed))})
    subject, why = typed.get("subject", ""), typed.get("why", "")
    opened = await site.acting.do(
        name, lambda repository: propose(repository, draft, title=subject, reason=why, actor=handle)
    )
    return f"{acts_path(name, opened.number)}?done=propose&event={receipt_shape(opened).seq}#done"


def _edited(repository: Repository, slug: str) -> _Edited:
    """Raises `UnknownPolicyError`, and `InputRefusedError` before anybody writes what could not be sent."""
    state = repository.state()
    refuse_following(repository.path, slug)
    release = find_release(state, check_slug(slug), None)
    siblings = tuple(other for other in state.policies if other != slug)
    return _Edited(release_folder(repository, release), release.version, release.content, siblings)


def _page(name: str, edited: _Edited, form: Form, looked: Looked | None = None) -> dict[str, Any]:
    folder = edited.folder
    view = SuggestView(
        action=f"/{name}/{folder.slug}/suggest",
        policy=folder.document.policy.meta.title,
        version=edited.version,
        base=edited.content,
        key=fresh_key(),
        codes=folder.document.policy.meta.codes,
        labels=labels_of(form.values),
        rows=rows_of(form.values),
        table=table_of(folder.cases),
        typed=form,
        looked=looked,
    )
    return {"commons": name, "slug": folder.slug, "view": view, "sensitive": True}


ROUTES: list[Any] = [suggest_form, suggest]
