"""Taking over in the browser what the origin of a fork changed: looked at, conflicts decided, then sent.

It ends in the next version where one decides alone, and in a proposal where others have a say.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from policies.errors import MalformedDocumentError
from policies.lint.wording import MOST_TOKENS
from policies.names import check_slug
from registry.services.errors import LintRefusedError, OvertakenError
from registry.services.taking_over import (
    Standing,
    decides_alone,
    look_beside,
    origin_of,
    propose_over,
    publish_over,
)
from registry.store.repository import Repository
from registry.web.acts_view import acts_path
from registry.web.answering import own
from registry.web.catalogue import Catalogue
from registry.web.desk import Desk
from registry.web.errors import refusal_of
from registry.web.form_acts import REFUSALS, carried_out, is_of_the_form
from registry.web.forms import Form
from registry.web.receipts import receipt_words
from registry.web.sent import read_form
from registry.web.shapes.acts import (
    receipt_shape,
)
from registry.web.site import Asked, Site, commons_name
from registry.web.upstream_view import MOST_FIELDS, Comes, chosen_by, comes_of, is_far_too_long, upstream_view
from registry.web.viewer import Scope, Viewer, known, require

_PATH = "/{commons:str}/{address:str}/upstream"
_DONE = {"take": "It is released as the next version of yours."}
_MOVED = (
    "Something was released meanwhile, here or where this began. Look at it again: what you chose is kept "
    "wherever both still say what they said."
)
_LONG = (
    f"Your own words are far too long: {MOST_TOKENS:,} tokens are workable for a whole policy. Shorten them."
)


class _Found(NamedTuple):
    """Where a fork stands. `standing` is None where it began on another site."""

    origin: str
    standing: Standing | None
    siblings: tuple[str, ...]
    alone: bool


@get(_PATH, include_in_schema=False)
async def upstream_form(
    request: Asked,
    site: NamedDependency[Site],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
    address: FromPath[str],
) -> Response[Any]:
    """What there is to take over, in a form. Raises `NotSignedInError`."""
    handle, name, slug = known(viewer).handle, commons_name(commons), check_slug(address)
    catalogue, asked = site.library.catalogue, request.query_params

    def look(repository: Repository) -> tuple[_Found, Comes | None, str | None]:
        found = _look(catalogue, repository, slug, handle, {})
        done = receipt_words(repository, handle, asked.get("done", ""), asked.get("event", ""), _DONE)
        return found, _comes(found), done

    found, comes, done = await site.acting.do(name, look)
    return _page(request, site, name, slug, found, Form(), comes, done=done)


@post(_PATH, include_in_schema=False)
async def take_over(
    request: Asked,
    site: NamedDependency[Site],
    desk: NamedDependency[Desk],
    viewer: NamedDependency[Viewer | None],
    commons: FromPath[str],
    address: FromPath[str],
) -> Response[Any]:
    """Looks at what was chosen, or sends it; what is in the way is shown beside it, and nothing is lost."""
    handle, name = require(viewer, Scope.PROPOSE).handle, commons_name(commons)
    slug = check_slug(address)
    typed = read_form(await request.body(), most=MOST_FIELDS)
    form, status = Form(typed), HTTPStatus.OK
    if is_far_too_long(typed):
        found = await site.acting.do(
            name, lambda repository: _look(site.library.catalogue, repository, slug, handle, {})
        )
        form, status = form.wrong("", _LONG), HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, site, name, slug, found, form, None, status, asked=True)
    if typed.get("do") == "send":
        try:
            return await carried_out(
                request.scope, desk, handle, typed, lambda: _send(site, name, slug, handle, typed)
            )
        except OvertakenError:
            form, status = form.wrong("", _MOVED), HTTPStatus.CONFLICT
        except (LintRefusedError, MalformedDocumentError):
            # What it is stands in the page that comes.
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        except REFUSALS as error:
            if not is_of_the_form(error):
                raise
            problem = refusal_of(error, f"/{name}/{slug}/upstream").problem
            form = form.wrong("", problem.detail or problem.title, problem.remedy or "")
            status = HTTPStatus(problem.status)
    found, comes, form = await site.acting.do(
        name, lambda repository: _look_again(site.library.catalogue, repository, slug, handle, form)
    )
    if status is HTTPStatus.OK and found.standing is not None:
        if typed.get("mark") != found.standing.mark:
            form, status = form.wrong("", _MOVED), HTTPStatus.CONFLICT
        elif comes is None or not comes.can_be_sent:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, site, name, slug, found, form, comes, status, asked=True)


async def _send(site: Site, name: str, slug: str, handle: str, typed: Mapping[str, str]) -> str:
    """Takes over exactly what was looked at; gives the address that says so."""
    catalogue = site.library.catalogue

    def act(repository: Repository) -> str:
        standing = _look(catalogue, repository, slug, handle, typed).standing
        if standing is None or standing.mark != typed.get("mark"):
            raise OvertakenError(f"{name}/{slug}")
        if decides_alone(repository.state(), handle):
            made = publish_over(repository, standing, actor=handle)
            return f"/{name}/{slug}/upstream?done=take&event={receipt_shape(made).seq}#done"
        opened = propose_over(
            repository,
            standing,
            actor=handle,
            title=f"Take over {standing.behind.theirs.address}",
            reason=typed.get("why"),
        )
        return f"{acts_path(name, opened.number)}?done=propose&event={receipt_shape(opened).seq}#done"

    return await site.acting.do(name, act)


def _look_again(
    catalogue: Catalogue, repository: Repository, slug: str, handle: str, form: Form
) -> tuple[_Found, Comes | None, Form]:
    """What was sent, looked at as it stands now, with what is wrong with it."""
    try:
        found = _look(catalogue, repository, slug, handle, form.values)
        return found, _comes(found), form
    except MalformedDocumentError as error:
        # Somebody's own words make no policy.
        said = form.wrong("", f"{error.findings[0].message} {error.findings[0].fix}")
        return _look(catalogue, repository, slug, handle, {}), None, said


def _look(
    catalogue: Catalogue, repository: Repository, slug: str, handle: str, typed: Mapping[str, str]
) -> _Found:
    state, origin = repository.state(), origin_of(repository, slug)
    siblings = tuple(other for other in state.policies if other != slug)
    alone = decides_alone(state, handle)
    resolved = catalogue.resolve(origin.split("/"))
    if resolved is None or len(resolved.rest) != 1:
        return _Found(origin, None, siblings, alone)
    with catalogue.lent(resolved.name) as other:
        standing = look_beside(repository, slug, other, resolved.rest[0], choose=chosen_by(typed))
    return _Found(origin, standing, siblings, alone)


def _comes(found: _Found) -> Comes | None:
    return None if found.standing is None else comes_of(found.standing, found.siblings)


def _page(
    request: Asked,
    site: Site,
    name: str,
    slug: str,
    found: _Found,
    form: Form,
    comes: Comes | None,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    asked: bool = False,
    done: str | None = None,
) -> Response[Any]:
    here = f"/{name}/{slug}"
    view = None
    if found.standing is not None:
        view = upstream_view(found.standing, f"{here}/upstream", form, comes, alone=found.alone, asked=asked)
    page = site.html(
        "upstream.html",
        sensitive=True,
        commons=name,
        slug=slug,
        origin=found.origin,
        view=view,
        done=done,
        base=str(request.base_url).rstrip("/"),
    )
    return own(page, status)


ROUTES: list[Any] = [upstream_form, take_over]
