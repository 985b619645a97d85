"""The API's policies: the list, one of them, its versions, cases and files."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from policies.names import check_slug, check_version
from registry.services.reading import find_policy, find_release
from registry.web import rendered
from registry.web.handlers.api_parameters import (
    NOT_FOUND,
    NOT_FOUND_OR_BAD,
    PAGE,
    CommonsPath,
    Cursor,
    FilePath,
    Limit,
    SlugPath,
    VersionPath,
    VersionQuery,
)
from registry.web.listing import policies_page
from registry.web.paging import part_of
from registry.web.refusals import NoSuchPageError
from registry.web.rendered import IMMUTABLE, REVALIDATE, Rendered
from registry.web.shapes.base import Page
from registry.web.shapes.cases import CaseShape, case_shape
from registry.web.shapes.listed import summary_of
from registry.web.shapes.policies import (
    PolicyDetail,
    PolicySummary,
    VersionShape,
    policy_detail,
    version_shape,
)
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits

_TAGS = ["Policies"]
_ONE = "/commons/{commons:str}/policies/{slug:str}"
_COMMIT_LENGTH = 40
_FILE_TYPES = {".md": "text/markdown", ".jsonl": "application/jsonl"}


@get(
    "/commons/{commons:str}/policies",
    sync_to_thread=True,
    tags=_TAGS,
    summary="List the policies of a commons",
    responses=NOT_FOUND_OR_BAD,
)
def list_policies(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response[Page[PolicySummary]]:
    """Each at its latest version, by name."""
    name = commons_name(commons)

    def make(visits: Visits) -> Rendered:
        listed = policies_page(visits, name, cursor, limit)
        items = tuple(map(summary_of, listed.entries))
        return rendered.json(Page(items=items, total=listed.total, next=listed.next))

    return site.page(request, make)


@get(_ONE, sync_to_thread=True, tags=_TAGS, summary="Show a policy", responses=NOT_FOUND)
def show_policy(
    request: Asked, site: NamedDependency[Site], commons: CommonsPath, slug: SlugPath
) -> Response[PolicyDetail]:
    """The latest version."""
    return site.page(request, lambda visits: _detail(visits, commons, slug, "latest"))


@get(f"{_ONE}/versions", sync_to_thread=True, tags=_TAGS, summary="List versions", responses=NOT_FOUND)
def list_versions(
    request: Asked, site: NamedDependency[Site], commons: CommonsPath, slug: SlugPath
) -> Response[Page[VersionShape]]:
    """All released versions, newest first."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        policy = find_policy(visit.state, check_slug(slug))
        items = tuple(version_shape(visit, policy, release) for release in reversed(policy.releases))
        return rendered.json(Page(items=items, total=len(items)))

    return site.page(request, make)


@get(
    f"{_ONE}/versions/{{version:str}}",
    sync_to_thread=True,
    tags=_TAGS,
    summary="Show one version",
    responses=NOT_FOUND,
)
def show_version(
    request: Asked, site: NamedDependency[Site], commons: CommonsPath, slug: SlugPath, version: VersionPath
) -> Response[PolicyDetail]:
    """A version by number, commit or as `latest`."""
    return site.page(request, lambda visits: _detail(visits, commons, slug, version))


@get(
    f"{_ONE}/versions/{{version:str}}/files/{{file:str}}",
    sync_to_thread=True,
    tags=_TAGS,
    summary="Fetch one file",
    media_type="text/markdown",
    responses=NOT_FOUND,
)
def show_file(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    slug: SlugPath,
    version: VersionPath,
    file: FilePath,
) -> Response[bytes]:
    """The exact bytes. By commit they never change, and caches may keep them for good."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        release = find_release(visit.state, check_slug(slug), check_version(version))
        raw = visit.file(release, file)
        if raw is None:
            raise NoSuchPageError("This version has no such file.", "`files` of the version lists them.")
        media_type = _FILE_TYPES.get(file[file.rfind(".") :], "text/plain")
        kept = IMMUTABLE if version == release.commit else REVALIDATE
        return Rendered.of(raw, media_type, {"cache-control": kept})

    return site.page(request, make)


@get(f"{_ONE}/cases", sync_to_thread=True, tags=_TAGS, summary="List cases", responses=NOT_FOUND_OR_BAD)
def list_cases(
    request: Asked,
    site: NamedDependency[Site],
    commons: CommonsPath,
    slug: SlugPath,
    version: VersionQuery = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response[Page[CaseShape]]:
    """In the order of the file. Hide the content of `sensitive` ones until a reader asks for it."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        release = find_release(visit.state, check_slug(slug), check_version(version) if version else None)
        cases = visit.folder(release).cases
        part = part_of(len(cases), cursor, limit, f"cases {release.folder}")
        items = tuple(map(case_shape, cases[part.start : part.end]))
        return rendered.json(Page(items=items, total=len(cases), next=part.next))

    return site.page(request, make)


def _detail(visits: Visits, commons: str, slug: str, version: str) -> Rendered:
    visit = visits.to(commons_name(commons))
    policy = find_policy(visit.state, check_slug(slug))
    release = find_release(visit.state, slug, check_version(version))
    return rendered.json(policy_detail(visit, policy, release))


ROUTES: list[Any] = [list_policies, show_policy, list_versions, show_version, show_file, list_cases]
