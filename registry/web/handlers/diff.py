"""The pages that compare two versions of a policy: all of it, and every changed case."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from policies.model import Label
from policies.names import check_slug, check_version
from registry.services.differences import Side
from registry.services.reading import find_policy
from registry.web.difference_view import shown_cases, shown_fields, shown_runs, shown_text
from registry.web.differences import Difference, difference_of
from registry.web.paging import part_of
from registry.web.refusals import NoSuchPageError
from registry.web.rendered import Rendered
from registry.web.shapes.policies import version_shape
from registry.web.shapes.runs import is_tested
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visit, Visits

CASES = 12
"""Changed cases on the comparison's own page."""

ALL_CASES = 50

From = Annotated[str | None, QueryParameter(name="from")]


@get("/{commons:str}/{address:str}/diff", sync_to_thread=True, include_in_schema=False)
def diff_page(
    request: Asked,
    site: NamedDependency[Site],
    commons: FromPath[str],
    address: FromPath[str],
    from_: From = None,
    to: FromQuery[str | None] = None,
) -> Response[Any]:
    """Two versions side by side."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        found = _difference(visit, address, from_, to)
        return site.html("diff.html", **_frame(visit, found), **_contents(found), **_behaviour(found))

    return site.page(request, make)


@get("/{commons:str}/{address:str}/diff/cases", sync_to_thread=True, include_in_schema=False)
def diff_cases_page(
    request: Asked,
    site: NamedDependency[Site],
    commons: FromPath[str],
    address: FromPath[str],
    from_: From = None,
    to: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[Any]:
    """Every changed case, in pages."""

    def make(visits: Visits) -> Rendered:
        visit = visits.to(commons_name(commons))
        found = _difference(visit, address, from_, to)
        if found.comparison is None or found.old is None:
            raise NoSuchPageError(
                "These two versions cannot be compared.", "Choose others on the page above."
            )
        cases = found.comparison.cases
        of = f"case changes {found.old.release.folder} {found.new.release.folder}"
        part = part_of(len(cases), cursor, ALL_CASES, of)
        shown = shown_cases(cases[part.start : part.end])
        return site.html("diff_cases.html", **_frame(visit, found), cases=shown, part=part, total=len(cases))

    return site.page(request, make)


def _difference(visit: Visit, address: str, old: str | None, new: str | None) -> Difference:
    slug, at, version = address.partition("@")
    chosen = new or (version if at else None)
    return difference_of(
        visit,
        check_slug(slug),
        check_version(old) if old else None,
        check_version(chosen) if chosen else None,
    )


def _frame(visit: Visit, found: Difference) -> dict[str, Any]:
    """What both pages say of the two versions."""
    release = found.new.release
    policy = find_policy(visit.state, release.slug)
    folder = found.new.folder or (found.old.folder if found.old else None)
    meta = folder.document.policy.meta if folder else None
    sides = [side for side in (found.old, found.new) if side is not None]
    return {
        "commons": visit.name,
        "slug": release.slug,
        "title": meta.title if meta else release.slug,
        "language": meta.language if meta else "en",
        "sensitive": any(_is_sensitive(side) for side in sides),
        "old": version_shape(visit, policy, found.old.release) if found.old else None,
        "new": version_shape(visit, policy, release),
        "versions": [item.version for item in reversed(policy.releases)],
        "found": found,
        "untested": [
            side.release.version for side in sides if not is_tested(visit, release.slug, side.release)
        ],
        "violating": sorted({label.code for side in sides for label in _labels(side) if label.violates}),
    }


def _contents(found: Difference) -> dict[str, Any]:
    made = found.comparison
    if made is None or found.old is None:
        return {"made": None, "notice": made.notice if made else None}
    return {
        "made": made,
        "notice": made.notice,
        "text": shown_text(made.text),
        "attachments": [(item, shown_text(item.text)) for item in made.attachments],
        "fields": shown_fields(made),
        "cases": shown_cases(made.cases[:CASES]),
        "counts": Counter(change.event.value for change in made.cases),
    }


def _behaviour(found: Difference) -> dict[str, Any]:
    folder = found.new.folder
    runs = shown_runs(found.behaviour, folder.cases if folder else ())
    return {"behaviour": found.behaviour, "runs": runs}


def _labels(side: Side) -> tuple[Label, ...]:
    return side.folder.document.policy.meta.labels if side.folder else ()


def _is_sensitive(side: Side) -> bool:
    """Whether search engines should leave the page out."""
    if side.folder is None:
        return False
    warned = bool(side.folder.document.policy.meta.content_warnings)
    return warned or any(case.sensitive for case in side.folder.cases)


ROUTES: list[Any] = [diff_page, diff_cases_page]
