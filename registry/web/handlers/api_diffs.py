"""The API's comparisons: two versions side by side, and what one release changes for its users."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from policies.names import check_slug, check_version
from registry.services.reading import find_release
from registry.web import rendered
from registry.web.differences import Difference, difference_of, notice_of_release
from registry.web.handlers.api_parameters import (
    NOT_FOUND,
    NOT_FOUND_OR_BAD,
    PAGE,
    CommonsPath,
    Cursor,
    Limit,
    SlugPath,
    VersionPath,
)
from registry.web.paging import part_of
from registry.web.rendered import Rendered
from registry.web.shapes.base import Page
from registry.web.shapes.differences import (
    CaseChangeShape,
    DifferenceShape,
    NoticeShape,
    case_change_shape,
    difference_shape,
    notice_shape,
)
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits

_TAGS = ["Changes"]
_ONE = "/commons/{commons:str}/policies/{slug:str}"

From = Annotated[
    str | None,
    QueryParameter(
        name="from", description="A version, a commit or `latest`; left out, the one before `to`."
    ),
]
To = Annotated[
    str | None,
    QueryParameter(name="to", description="A version, a commit or `latest`; left out, the latest."),
]


@get(
    f"{_ONE}/diff",
    sync_to_thread=True,
    tags=_TAGS,
    summary="Compare two versions",
    responses=NOT_FOUND_OR_BAD,
)
def compare_versions(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    slug: SlugPath,
    from_: From = None,
    to: To = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response[DifferenceShape]:
    """Notice, labels, text, cases and flips. `cursor` and `limit` page through the cases.

    Never `immutable`, even by commits: runs may be added, and a redaction must take hold at once. The
    ETag makes asking again cheap.
    """

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        found = difference_of(visit, check_slug(slug), _version(from_), _version(to))
        return rendered.json(difference_shape(visit, slug, found, _cases(found, cursor, limit)))

    return site.page(request, make)


@get(
    f"{_ONE}/versions/{{version:str}}/notice",
    sync_to_thread=True,
    tags=_TAGS,
    summary="Say what a release changes",
    responses=NOT_FOUND,
)
def show_notice(
    request: Asked, site: NamedDependency[Site], commons: CommonsPath, slug: SlugPath, version: VersionPath
) -> Response[NoticeShape]:
    """In plain words, against the release before it."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        release = find_release(visit.state, check_slug(slug), check_version(version))
        return rendered.json(notice_shape(notice_of_release(visit, release)))

    return site.page(request, make)


def _version(text: str | None) -> str | None:
    return check_version(text) if text else None


def _cases(found: Difference, cursor: str | None, limit: int) -> Page[CaseChangeShape] | None:
    if found.comparison is None:
        return None
    changes = found.comparison.cases
    old = found.old.release.folder if found.old else ""
    part = part_of(len(changes), cursor, limit, f"case changes {old} {found.new.release.folder}")
    items = tuple(map(case_change_shape, changes[part.start : part.end]))
    return Page(items=items, total=len(changes), next=part.next)


ROUTES: list[Any] = [compare_versions, show_notice]
