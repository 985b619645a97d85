"""The page of a policy at its latest or another version, and its cases."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from evaluations.standing import RunClass
from governance.commons import PolicyState
from governance.payloads import Release
from policies.folder import PolicyFolder
from policies.model import Case
from policies.names import check_slug, check_version
from registry.services.reading import find_policy, find_release, runs_of
from registry.web.content import Shown, show_markdown
from registry.web.paging import part_of
from registry.web.refusals import BadQueryError
from registry.web.rendered import Rendered
from registry.web.shapes.cases import case_shape
from registry.web.shapes.policies import AttachmentShape, policy_detail, version_shape
from registry.web.shapes.runs import RunSummary, reported_shapes, run_summary
from registry.web.site import Asked, Site, commons_name
from registry.web.translations import original_of, translations_of
from registry.web.visit import Visit, Visits

SAMPLE = 8
"""Cases on the policy's own page."""

CASES = 50
_TITLE = 2


class _Annex(NamedTuple):
    file: str
    in_prompt: bool
    shown: Shown


class _Runs(NamedTuple):
    """Runs of exactly this content, by what their figures stand for, and how many there are of others."""

    shared: list[RunSummary]
    other: list[RunSummary]
    baseline: list[RunSummary]
    elsewhere: int


@get("/{commons:str}/{address:str}", sync_to_thread=True, include_in_schema=False)
def policy_page(
    request: Asked, site: NamedDependency[Site], commons: FromPath[str], address: FromPath[str]
) -> Response[Any]:
    """Everything about one version of a policy."""
    name = commons_name(commons)

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
            owner=policy.owner,
            policy=detail,
            latest=policy.latest.version,
            pinned="@" in address,
            text=show_markdown(text, below=_TITLE),
            annexes=[_annex(folder, item) for item in detail.attachments],
            cases=[case_shape(case) for case in folder.cases[:SAMPLE]],
            versions=[version_shape(visit, policy, item) for item in reversed(policy.releases)],
            runs=_runs(visit, release),
            reported=reported_shapes(visit.state, policy.slug),
            original=original_of(visits, folder.document.policy.meta),
            translations=translations_of(visit, policy.slug),
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


def _runs(visit: Visit, release: Release) -> _Runs:
    content = visit.state.current_content(release.content)
    found = runs_of(visit.state, release.slug)
    here = [run_summary(visit, run) for run in found if visit.state.current_content(run.content) == content]
    by_class = {kind: [run for run in here if run.stands_for is kind] for kind in RunClass}
    return _Runs(
        by_class[RunClass.SHARED],
        by_class[RunClass.OTHER],
        by_class[RunClass.BASELINE],
        len(found) - len(here),
    )


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
