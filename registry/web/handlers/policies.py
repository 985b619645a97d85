"""The page of a policy at its latest or another version, and its cases."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from governance.charter.model import Mode
from governance.charter.words import DECIDED
from governance.commons import PolicyState
from governance.payloads import Release
from policies.folder import PolicyFolder
from policies.model import Case
from policies.names import check_slug, check_version
from registry.services.reading import find_policy, find_release
from registry.web.content import Shown, show_markdown
from registry.web.paging import part_of
from registry.web.proposals import open_on
from registry.web.refusals import BadQueryError
from registry.web.rendered import Rendered
from registry.web.score_section import score_section
from registry.web.shapes.cases import case_shape
from registry.web.shapes.policies import AttachmentShape, policy_detail
from registry.web.shapes.runs import reported_shapes
from registry.web.site import Asked, Site, commons_name
from registry.web.translations import original_of, translations_of
from registry.web.version_list import listed_versions
from registry.web.visit import Visit, Visits
from registry.web.volume_query import read_volume_query

SAMPLE = 8
"""Cases on the policy's own page."""

CASES = 50
_TITLE = 2


class _Annex(NamedTuple):
    file: str
    in_prompt: bool
    shown: Shown


@get("/{commons:str}/{address:str}", sync_to_thread=True, include_in_schema=False)
def policy_page(
    request: Asked,
    site: NamedDependency[Site],
    commons: FromPath[str],
    address: FromPath[str],
    posts: FromQuery[str | None] = None,
    rate: FromQuery[str | None] = None,
) -> Response[Any]:
    """Everything about one version of a policy; `posts` a day, `rate` % violating, are asked of its runs."""
    name = commons_name(commons)
    query = read_volume_query(posts, rate)

    def make(visits: Visits) -> Rendered:
        visit = visits.to(name)
        policy, release = _find(visit, address)
        folder = visit.folder(release)
        detail = policy_detail(visit, policy, release)
        text = folder.document.policy.body
        return site.html(
            "policy.html",
            sensitive=detail.cases.sensitive > 0 or bool(detail.content_warnings),
            commons=visit.name,
            decided=DECIDED[visit.state.mode],
            decided_by=policy.owner if visit.state.mode is Mode.OWNER else None,
            policy=detail,
            latest=policy.latest.version,
            pinned="@" in address,
            text=show_markdown(text, below=_TITLE),
            annexes=[_annex(folder, item) for item in detail.attachments],
            cases=[case_shape(case) for case in folder.cases[:SAMPLE]],
            proposals=open_on(visit, policy.slug),
            forks=len(visits.index.forks(visit.name, policy.slug)),
            versions=listed_versions(visit, policy),
            scores=score_section(visit, release, query),
            reported=reported_shapes(visit.state, policy.slug),
            original=original_of(visits, folder.document.policy.meta.translation_of),
            began=original_of(visits, folder.document.policy.meta.upstream),
            deciders=visit.state.stewards if visit.state.mode is Mode.OWNER else None,
            translations=translations_of(visits, visit, policy.slug),
            offered=site.trying.offered,
            most=site.trying.limits.characters,
            base=str(request.base_url).rstrip("/"),
        )

    return site.page(request, make)


@get("/{commons:str}/{address:str}/cases", sync_to_thread=True, include_in_schema=False)
def cases_page(
    request: Asked,
    site: NamedDependency[Site],
    commons: FromPath[str],
    address: FromPath[str],
    label: FromQuery[str | None] = None,
    slice_: Annotated[str | None, QueryParameter(name="slice")] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[Any]:
    """All cases of a version, or those with one label or slice, in pages."""
    name = commons_name(commons)

    def make(visits: Visits) -> Rendered:
        visit = visits.to(name)
        policy, release = _find(visit, address)
        folder = visit.folder(release)
        slices = sorted({slice_ for case in folder.cases for slice_ in case.slices})
        codes = folder.document.policy.meta.codes
        _check_choice("label", label, codes)
        _check_choice("slice", slice_, slices)
        chosen = [case for case in folder.cases if _fits(case, label or None, slice_ or None)]
        part = part_of(len(chosen), cursor, CASES, f"cases {release.folder} {label or ''} {slice_ or ''}")
        shown = chosen[part.start : part.end]
        return site.html(
            "cases.html",
            sensitive=any(case.sensitive for case in folder.cases),
            commons=visit.name,
            address=address,
            policy=policy_detail(visit, policy, release),
            cases=[case_shape(case) for case in shown],
            part=part,
            total=len(chosen),
            label=label or None,
            slice=slice_ or None,
            slices=slices,
        )

    return site.page(request, make)


def _find(visit: Visit, address: str) -> tuple[PolicyState, Release]:
    """The policy and version that the last part of an address names."""
    slug, at, version = address.partition("@")
    policy = find_policy(visit.state, check_slug(slug))
    return policy, find_release(visit.state, slug, check_version(version) if at else None)


def _annex(folder: PolicyFolder, item: AttachmentShape) -> _Annex:
    text = folder.files[item.file].decode("utf-8")
    return _Annex(
        item.file, item.in_prompt, show_markdown(text, below=3, prefix=item.file.removesuffix(".md"))
    )


def _fits(case: Case, label: str | None, slice_: str | None) -> bool:
    if slice_ is not None and slice_ not in case.slices:
        return False
    return label is None or case.label == label or bool((case.labels or {}).get(label))


def _check_choice(field: str, value: str | None, known: tuple[str, ...] | list[str]) -> None:
    if value and value not in known:
        raise BadQueryError(
            f"No {field} of this policy is called {value[:60]!r}.", "Choose one from the page."
        )
